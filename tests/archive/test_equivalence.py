"""Random filters against a slow, obvious reading of the same filter.

A small desk is held in memory; every filter is asked of both. What a row lacks is its
type's zero; a date that it lacks is neither before nor after anything.
"""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import skranke.app
from skranke.archive.lexer import FilterSource
from skranke.archive.parser import parse_filter
from skranke.archive.syntax_tree import Comparison, Junction, Node, Not
from skranke.core.base_locale import base_locale
from skranke.core.cache import ReferenceCache
from skranke.core.context import RequestContext
from skranke.core.settings import Settings
from skranke.core.text_fold import text_fold
from skranke.db import database
from tests.archive.make import find_keys
from tests.cast import ANNA, NOW

assert skranke.app  # importing it is what lends every provider
OSLO = ZoneInfo("Europe/Oslo")
LOCALE = base_locale(Settings(timezone="Europe/Oslo"))
TITLES = ["", "a", "A", "ab", "Ab%", "b_", "B\\", "it's", "Åse", "ÅSE", "éa", "zz top"]
PERSONS = {None: "", 7: "Kari Kunde", 8: "Ola Kunde"}
COLUMNS = (
    "id",
    "title",
    "created_at",
    "deadline",
    "num_messages",
    "cust_id",
    "has_attachment",
    "tags",
    "status",
)
Row = dict[str, Any]


def desk(size: int) -> list[Row]:
    """Rows as they lie in the table, in the order of their ids."""
    rng = Random(7)
    return [
        {
            "id": 1000 + n,
            "title": rng.choice(TITLES),
            "created_at": NOW + timedelta(hours=rng.randint(-9000, 2000)),
            "deadline": rng.choice([None, NOW + timedelta(minutes=rng.randint(-90_000, 90_000))]),
            "num_messages": rng.randint(0, 3),
            "cust_id": rng.choice([None, 7, 8]),
            "has_attachment": rng.random() < 0.5,
            "tags": rng.sample([1, 2, 3], rng.randint(0, 3)),
            "status": rng.choice([1, 2, 3]),
        }
        for n in range(size)
    ]


ROWS = desk(120)
INSERT = """
INSERT INTO ticket (id, title, created_at, deadline, num_messages, cust_id,
    has_attachment, tags, status, created_by, owned_by, category, orig_category, slevel,
    priority, orig_priority, ticket_status, origin, read_status, ticket_type)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 3, 3, 1, 1, 2, 2, 2, 1, 1, 1, 1)
"""


@pytest.fixture
async def context(own_database_url: str) -> AsyncIterator[RequestContext]:
    """Anna's, at a desk that holds ROWS; what commits stays out of other tests."""
    pool = await database.connect(own_database_url, size=1)
    async with pool.acquire() as db:
        for row in ROWS:
            await db.execute(INSERT, *(row[name] for name in COLUMNS))
        yield RequestContext(
            db=db,
            user=ANNA,
            now=NOW,
            settings=Settings(),
            cache=ReferenceCache(),
            rng=Random(1),
            locale=LOCALE,
        )
    await pool.close()


FIELDS: dict[str, Callable[[Row], Any]] = {
    "title": lambda r: text_fold(r["title"]),
    "person/fullName": lambda r: text_fold(PERSONS[r["cust_id"]]),
    "personId": lambda r: r["cust_id"] or 0,
    "numberOfMessages": lambda r: r["num_messages"],
    "status": lambda r: r["status"],
    "has_attachment": lambda r: r["has_attachment"],
    "createdAt": lambda r: r["created_at"],
    "deadline": lambda r: r["deadline"],
    "tags": lambda r: set(r["tags"]),
}
TEXTS: dict[str, Callable[[str, list[str]], bool]] = {
    "=": lambda x, v: x == v[0],
    "unequals": lambda x, v: x != v[0],
    "begins": lambda x, v: x.startswith(v[0]),
    "contains": lambda x, v: v[0] in x,
    "ends": lambda x, v: x.endswith(v[0]),
    "notBegins": lambda x, v: not x.startswith(v[0]),
    "notContains": lambda x, v: v[0] not in x,
    "in": lambda x, v: x in v,
    "between": lambda x, v: v[0] <= x <= v[1],
    "isNull": lambda x, v: x == "",
    "isNotNull": lambda x, v: x != "",
}
NUMBERS: dict[str, Callable[[int, list[int]], bool]] = {
    "=": lambda x, v: x == v[0],
    "unequals": lambda x, v: x != v[0],
    "<": lambda x, v: x < v[0],
    "greater": lambda x, v: x > v[0],
    "le": lambda x, v: x <= v[0],
    "ge": lambda x, v: x >= v[0],
    "between": lambda x, v: v[0] <= x <= v[1],
    "in": lambda x, v: x in v,
    "isNull": lambda x, v: x == 0,
    "set": lambda x, v: x != 0,
}
LIST_OPERATORS: dict[str, Callable[[int, list[int]], bool]] = {
    "=": lambda x, v: x == v[0],
    "oneOf": lambda x, v: x in v,
    "notOneOf": lambda x, v: x not in v,
}
TAGS: dict[str, Callable[[set[int], list[int]], bool]] = {
    "intArrayOneOf": lambda x, v: bool(x & set(v)),
    "intArrayAllOf": lambda x, v: x >= set(v),
    "intArrayNotAllOf": lambda x, v: not x >= set(v),
    "intArrayNotAnyOf": lambda x, v: not x & set(v),
}
TRUTHS: dict[str, Callable[[bool, list[bool]], bool]] = {
    "=": lambda x, v: x is v[0],
    "set": lambda x, v: x is v[0],
    "unequals": lambda x, v: x is not v[0],
}


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), OSLO).astimezone(UTC)


TODAY = NOW.astimezone(OSLO).date()
MONDAY = TODAY - timedelta(days=TODAY.weekday())
CALENDAR_PERIODS: dict[str, tuple[date, date]] = {
    "today": (TODAY, TODAY + timedelta(days=1)),
    "thisWeek": (MONDAY, MONDAY + timedelta(days=7)),
    "lastWeek": (MONDAY - timedelta(days=7), MONDAY),
    "thisMonth": (date(2026, 3, 1), date(2026, 4, 1)),
    "thisQuarter": (date(2026, 1, 1), date(2026, 4, 1)),
    "thisHalf": (date(2026, 1, 1), date(2026, 7, 1)),
    "thisYear": (date(2026, 1, 1), date(2027, 1, 1)),
}
DAYS: dict[str, Callable[[datetime, list[date]], bool]] = {
    "before": lambda x, v: x < midnight(v[0]),
    "from": lambda x, v: x >= midnight(v[0]),
    "after": lambda x, v: x >= midnight(v[0] + timedelta(days=1)),
    "to": lambda x, v: x < midnight(v[0] + timedelta(days=1)),
    "date": lambda x, v: x.astimezone(OSLO).date() == v[0],
    "=": lambda x, v: x.astimezone(OSLO).date() == v[0],
    "between": lambda x, v: v[0] <= x.astimezone(OSLO).date() <= v[1],
}


def holds(row: Row, node: Node) -> bool:
    """Whether a row is what the filter asks, read off the row itself."""
    if isinstance(node, Junction):
        parts = [holds(row, part) for part in node.parts]
        return all(parts) if node.word == "and" else any(parts)
    if isinstance(node, Not):
        return not holds(row, node.inner)
    assert isinstance(node, Comparison)
    return condition_holds(FIELDS[node.column](row), node)


def condition_holds(value: Any, asked: Comparison) -> bool:
    operator, said = asked.operator, asked.values
    if asked.column in ("title", "person/fullName"):
        return TEXTS[operator](value, [text_fold(v) for v in said])
    if asked.column in ("personId", "numberOfMessages"):
        return NUMBERS[operator](value, [int(v) for v in said])
    if asked.column == "status":
        return LIST_OPERATORS[operator](value, [int(v) for v in said])
    if asked.column == "tags":
        return TAGS[operator](value, [int(v) for v in said])
    if asked.column == "has_attachment":
        return TRUTHS[operator](value, [v == "true" for v in said])
    if operator in ("isNull", "isNotNull"):
        return (value is None) is (operator == "isNull")
    if value is None:
        return False
    if operator in CALENDAR_PERIODS:
        first, last = CALENDAR_PERIODS[operator]
        return midnight(first) <= value < midnight(last)
    return DAYS[operator](value, [date.fromisoformat(v) for v in said])


def quote(text: str) -> str:
    doubled = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"


def counts(operator: str) -> tuple[int, int]:
    """The fewest and the most values that an operator is given."""
    if operator in CALENDAR_PERIODS or operator in ("isNull", "isNotNull", "set"):
        return (0, 0)
    if operator == "between":
        return (2, 2)
    many = operator in ("in", "oneOf", "notOneOf") or operator.startswith("intArray")
    return (1, 3) if many else (1, 1)


@st.composite
def conditions(draw: st.DrawFn) -> str:
    """One condition, as a client writes it."""
    column = draw(st.sampled_from(sorted(FIELDS)))
    tables: dict[str, tuple[list[str], st.SearchStrategy[str]]] = {
        "title": (sorted(TEXTS), TEXT_VALUES),
        "person/fullName": (sorted(TEXTS), TEXT_VALUES),
        "personId": (sorted(NUMBERS), st.sampled_from(["0", "7", "8", "9", "-1"])),
        "numberOfMessages": (sorted(NUMBERS), st.sampled_from(["0", "1", "2", "5"])),
        "status": (sorted(LIST_OPERATORS), st.sampled_from(["0", "1", "2", "3"])),
        "tags": (sorted(TAGS), st.sampled_from(["1", "2", "3", "4"])),
        "has_attachment": (["=", "unequals"], st.sampled_from(["true", "false"])),
    }
    dates = ([*sorted(DAYS), *sorted(CALENDAR_PERIODS), "isNull", "isNotNull"], DATE_VALUES)
    operators, values = tables.get(column, dates)
    operator = draw(st.sampled_from(operators))
    fewest, most = counts(operator)
    said = draw(st.lists(values, min_size=fewest, max_size=most))
    if len(said) == 1 and draw(st.booleans()):
        return f"{column} {operator} {said[0]}"
    return f"{column} {operator} ({','.join(said)})" if said else f"{column} {operator}"


TEXT_VALUES = st.sampled_from([*TITLES, "kari kunde", "ola", "kunde", "%", "_", "\\"]).map(quote)
DATE_VALUES = st.integers(-400, 100).map(
    lambda days: quote((TODAY + timedelta(days=days)).isoformat())
)
FILTERS = st.recursive(
    conditions(),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or", "AND"]), inner).map(" ".join),
        inner.map("({})".format),
        inner.map("not ({})".format),
    ),
    max_leaves=6,
)


async def test_a_filter_finds_what_it_says(context: RequestContext):
    found = 0

    async def check(text: str) -> int:
        node = parse_filter(FilterSource("$filter", text))
        assert node is not None
        wanted = [row["id"] for row in ROWS if holds(row, node)]
        assert await find_keys(context, text) == wanted, text
        return len(wanted)

    chosen: list[str] = []

    @given(FILTERS)
    @settings(
        max_examples=300,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    def choose(text: str) -> None:
        chosen.append(text)

    choose()
    for text in chosen:
        found += await check(text)
    assert found > len(ROWS)
