"""Functions among the columns: `GroupBy(status):Footer`, `DatePart(createdAt):Year`.

Modifiers stand behind a colon, or a comma where no list is split by it. Source:
reference, data aggregation of the archive providers; the texts of date parts are ours.
"""

import re
from collections.abc import Iterable
from typing import LiteralString

from msgspec import Struct
from msgspec.structs import replace

from skranke.archive.columns import Column, plain_name
from skranke.archive.query import Columns, require_column
from skranke.core.errors import BadValue
from skranke.http.formats.scalars import shorten

CALL_PATTERN = re.compile(r"\s*(\w+)\s*\((.+)\)\s*((?:[:,]\s*\w+\s*)*)", re.DOTALL)
MAX_GROUPS = 4
TOTALS: dict[str, LiteralString] = {
    "count": "count(DISTINCT {})",
    "countall": "count({})",
    "sum": "coalesce(sum({}), 0)::float8",
    "avg": "coalesce(avg({}), 0)::float8",
    "median": "coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY {}), 0)::float8",
}
NUMBERS = ("int", "decimal")
EXTRACT_FIELDS: dict[str, LiteralString] = {
    "year": "year",
    "quarter": "quarter",
    "month": "month",
    "day": "day",
    "dayofyear": "doy",
    "dayofweek": "dow",
    "dayofweekfrommonday": "isodow",
    "hour": "hour",
    "weekno": "week",
}
TEXT_FORMATS: dict[str, LiteralString] = {
    "yearmonth": "YYYY-MM",
    "yearweekno": "IYYY-IW",
    "yearquarter": "YYYY-Q",
    "isodate": "YYYY-MM-DD",
    "isodatehour": 'YYYY-MM-DD"T"HH24',
}
MODIFIERS = frozenset({"header", "footer", "hidedetail", *map(str, range(10))})


class TotalColumn(Struct, frozen=True):
    """A function over the rows of a group; the column is what its result shows as."""

    column: Column
    sql: LiteralString
    of: Column
    header: bool
    footer: bool


class GroupColumn(Struct, frozen=True):
    """A column whose equal values make a group."""

    column: Column
    of: Column
    header: bool
    footer: bool
    hides_detail: bool


class Selection(Struct, frozen=True, kw_only=True):
    """The columns of a question, plain ones and functions."""

    plain: list[Column]
    groups: list[GroupColumn]
    totals: list[TotalColumn]
    unknown: list[str] = []  # names of no column

    @property
    def details(self) -> bool:
        """Whether rows of the provider itself are shown."""
        if not self.groups:
            return bool(self.plain)
        return any(not group.hides_detail for group in self.groups)

    @property
    def is_total(self) -> bool:
        """Whether there is nothing to show but functions over all rows."""
        return bool(self.totals) and not (self.plain or self.groups)


def rejoin_calls(names: Iterable[str]) -> list[str]:
    """The names of a list that was split at every comma, modifiers with their own."""
    whole: list[str] = []
    for name in names:
        if whole and "(" in whole[-1] and name.strip().lower() in MODIFIERS:
            whole[-1] += f":{name}"
        else:
            whole.append(name)
    return whole


def parse_selection(known: Columns, names: list[str], zone: str) -> Selection:
    """What the names ask for; BadValue for a function that isn't there.

    A column that isn't there is passed over, as SuperOffice does.
    """
    told = Selection(plain=[], groups=[], totals=[])
    for name in names:
        match = CALL_PATTERN.fullmatch(name)
        if match is None and plain_name(name) not in known:
            told.unknown.append(name)
            continue
        if match is None or match[1].lower() == "datepart":
            told.plain.append(find_computed_column(known, name, zone))
            continue
        words = {w.strip().lower() for w in re.split("[:,]", match[3]) if w.strip()}
        of = find_computed_column(known, match[2], zone)
        if match[1].lower() == "groupby":
            told.groups.append(_group(name, of, words))
        else:
            told.totals.append(_total(name, match[1], of, words))
    if len(told.groups) > MAX_GROUPS:
        raise BadValue("Columns", f"more than {MAX_GROUPS} groups")
    return told


def _group(name: str, of: Column, words: set[str]) -> GroupColumn:
    column = replace(of, name=name.strip())
    header, footer = "header" in words, "footer" in words
    return GroupColumn(column, of, header, footer or not header, "hidedetail" in words)


def _total(name: str, function: str, of: Column, words: set[str]) -> TotalColumn:
    sql = TOTALS.get(function.lower())
    if sql is None:
        raise BadValue("Columns", f"there is no function {shorten(function)!r}")
    counts = function.lower().startswith("count")
    if not counts and of.kind not in NUMBERS:
        raise BadValue("Columns", f"{of.name} is not a number, which {function} needs")
    column = Column(name=name.strip(), sql="", type="int" if counts else "decimal")
    header = "header" in words
    return TotalColumn(column, sql, of, header, "footer" in words or not header)


def find_computed_column(known: Columns, name: str, zone: str) -> Column:
    """A column by its name, or a part of its date: `DatePart(createdAt):YearMonth`."""
    match = CALL_PATTERN.fullmatch(name)
    if match is None or match[1].lower() != "datepart":
        return require_column(known, name, "Columns")
    of = require_column(known, match[2], "Columns")
    if of.kind != "moment":
        raise BadValue("Columns", f"{of.name} is not a date, which DatePart needs")
    part = match[3].strip(": ").lower()
    kind, sql = _part(of, part)
    return Column(
        name=name.strip(),
        sql=sql,
        type=kind,
        joins=of.joins,
        parameters=of.parameters or ("", zone),
    )


def _part(of: Column, part: str) -> tuple[str, LiteralString]:
    """The type and the SQL of a part of a date, on the caller's wall."""
    wall: LiteralString = f"(({of.sql}) AT TIME ZONE {{1}}::text)"
    if part in EXTRACT_FIELDS:
        return "int", f"extract({EXTRACT_FIELDS[part]} FROM {wall})::int"
    if part == "yearweekasisodate":
        return "string", f"to_char(date_trunc('week', {wall}), 'YYYY-MM-DD')"
    if part in TEXT_FORMATS:
        return "string", f"to_char({wall}, '{TEXT_FORMATS[part]}')"
    raise BadValue("Columns", f"{shorten(part)!r} is not a part of a date")
