"""Every operator of every restriction type, as the condition that it puts into SQL.

What a row lacks counts as zero, so a comparison that zero stands must find it: then,
and only then, the value is taken with its default, which no index could serve. A date
that a row lacks is neither before nor after anything. Texts compare in any case.

Source: reference, operators of the OData filters and of the archive lists.
"""

import operator as compare
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, LiteralString

from msgspec import Struct

from skranke.search import periods, values
from skranke.search.columns import Column
from skranke.search.lending import Bind
from skranke.search.tree import Asked
from skranke.search.values import Moment
from skranke.wire.call import Call
from skranke.wire.scalars import short

WILDCARD = re.compile(r"([\\%_])")
CASTS: dict[str, LiteralString] = {
    "int": "::bigint", "decimal": "::float8", "bool": "::boolean", "text": "::text",
}  # fmt: skip
ZEROS: dict[str, Any] = {"int": 0, "decimal": 0.0, "bool": False, "text": ""}
READERS: dict[str, Callable[[str], Any]] = {
    "int": values.integer, "decimal": values.decimal, "bool": values.truth,
    "text": values.text,
}  # fmt: skip
MOST_PERIODS = 10_000


class Condition(Struct, frozen=True):
    """One condition on its way into SQL: who asks what of which column."""

    call: Call
    bind: Bind
    column: Column
    asked: Asked

    @property
    def sql(self) -> LiteralString:
        return self.bind.value_of(self.column)

    def read(self, reader: Callable[[str], Any]) -> list[Any]:
        """The values; BadValue at the first that can't be read."""
        found: list[Any] = []
        for said in self.asked.values:
            try:
                found.append(reader(said))
            except ValueError as fault:
                raise self.asked.misfit(f"{short(said)!r} {fault}") from None
        return found

    def plain(self) -> list[Any]:
        return self.read(READERS[self.column.kind])

    def moments(self) -> list[Moment]:
        zone = self.call.locale.zone
        return self.read(lambda said: values.moment(said, zone))

    def operand(self, *, zero_counts: bool) -> LiteralString:
        """The value, with its default where a row that lacks it may be meant."""
        sql = self.sql
        if zero_counts and self.column.nullable:
            sql = f"coalesce({sql}, {self.column.zero})"
        return f"lower({sql})" if self.column.kind == "text" else sql

    def bound(self, value: Any) -> LiteralString:
        """The parameter to compare with."""
        placed: LiteralString = f"{self.bind(value)}{CASTS[self.column.kind]}"
        return f"lower({placed})" if self.column.kind == "text" else placed

    @property
    def today(self) -> date:
        return self.call.now.astimezone(self.call.locale.zone).date()

    def between_days(self, days: periods.Period) -> LiteralString:
        """From the midnight that begins the first day to that of the other."""
        zone = self.call.locale.zone
        begins, ends = (values.midnight(day, zone) for day in days)
        return self.within(Moment(begins, ends))

    def within(self, moment: Moment) -> LiteralString:
        """At or after the beginning, before the end."""
        if moment.begins is None or moment.ends is None:
            return f"{self.sql} IS NULL"
        begins, ends = self.bind(moment.begins), self.bind(moment.ends)
        return f"({self.sql} >= {begins} AND {self.sql} < {ends})"


Build = Callable[[Condition], LiteralString]


class Operator(Struct, frozen=True):
    """An operator by its own name, and how many values it takes; None: any number."""

    name: str
    least: int
    most: int | None
    build: Build


def compared(symbol: LiteralString, holds: Callable[[Any, Any], bool]) -> Build:
    def build(c: Condition) -> LiteralString:
        [value] = c.plain()
        zero_counts = holds(ZEROS[c.column.kind], value)
        return f"{c.operand(zero_counts=zero_counts)} {symbol} {c.bound(value)}"

    return build


def between(c: Condition) -> LiteralString:
    low, high = c.plain()
    operand = c.operand(zero_counts=low <= ZEROS[c.column.kind] <= high)
    return f"({operand} >= {c.bound(low)} AND {operand} <= {c.bound(high)})"


def among(c: Condition) -> LiteralString:
    wanted = _several(c)
    operand = c.operand(zero_counts=ZEROS[c.column.kind] in wanted)
    return f"{operand} = ANY ({_array(c, wanted)})"


def not_among(c: Condition) -> LiteralString:
    unwanted = _several(c)
    operand = c.operand(zero_counts=ZEROS[c.column.kind] not in unwanted)
    return f"{operand} <> ALL ({_array(c, unwanted)})"


def _several(c: Condition) -> list[Any]:
    if c.column.kind != "int":
        return c.plain()
    return [number for several in c.read(values.integers) for number in several]


def _array(c: Condition, wanted: list[Any]) -> LiteralString:
    placed = c.bind(wanted)
    if c.column.kind == "text":
        return f"ARRAY(SELECT lower(w) FROM unnest({placed}::text[]) w)"
    return f"{placed}{CASTS[c.column.kind]}[]"


def like(before: str, after: str, *, negated: bool = False) -> Build:
    def build(c: Condition) -> LiteralString:
        [sought] = c.plain()
        literal = WILDCARD.sub(r"\\\1", sought)
        operand = c.operand(zero_counts=negated or not sought)
        pattern = c.bound(f"{before}{literal}{after}")
        word: LiteralString = "NOT LIKE" if negated else "LIKE"
        return f"{operand} {word} {pattern}"

    return build


def empty(*, negated: bool) -> Build:
    def build(c: Condition) -> LiteralString:
        wanted = c.read(values.truth) or [True]
        is_empty: LiteralString = f"{c.sql} IS NULL"
        if c.column.kind != "moment":
            is_empty = f"coalesce({c.sql}, {c.column.zero}) = {c.column.zero}"
        return f"({is_empty})" if wanted[0] is not negated else f"(NOT ({is_empty}))"

    return build


def is_set(c: Condition) -> LiteralString:
    [wanted] = c.read(values.truth) or [True]
    zero = c.column.zero
    compared_with: LiteralString = "<>" if wanted else "="
    return f"coalesce({c.sql}, {zero}) {compared_with} {zero}"


def current_user(c: Condition) -> LiteralString:
    caller = c.call.caller
    service = c.column.restriction == "ejUser"
    return f"{c.sql} = {c.bound(caller.ej_user_id if service else caller.associate_id)}"


def is_key(c: Condition) -> LiteralString:
    keys = [key for several in c.read(values.integers) for key in several]
    return f"{c.column.primary_key} = ANY ({c.bind(keys)}::bigint[])"


def arrays(symbol: LiteralString, *, negated: bool = False) -> Build:
    def build(c: Condition) -> LiteralString:
        wanted = [one for several in c.read(_ids) for one in several]
        holds: LiteralString = f"{c.sql} {symbol} {c.bind(wanted)}::int[]"
        return f"(NOT ({holds}))" if negated else holds

    return build


def _ids(said: str) -> list[int]:
    ids = values.integers(said)
    if any(abs(one) >= 2**31 for one in ids):
        raise ValueError("is no id")
    return ids


def before(*, inclusive: bool) -> Build:
    def build(c: Condition) -> LiteralString:
        [moment] = c.moments()
        end = moment.ends if inclusive else moment.begins
        return "false" if end is None else f"{c.sql} < {c.bind(end)}"

    return build


def after(*, inclusive: bool) -> Build:
    def build(c: Condition) -> LiteralString:
        [moment] = c.moments()
        begin = moment.begins if inclusive else moment.ends
        return (
            f"{c.sql} IS NOT NULL" if begin is None else f"{c.sql} >= {c.bind(begin)}"
        )

    return build


def at(*, negated: bool = False) -> Build:
    def build(c: Condition) -> LiteralString:
        [moment] = c.moments()
        held = c.within(moment)
        return f"(({held}) IS NOT TRUE)" if negated else held

    return build


def on_day(c: Condition) -> LiteralString:
    [moment] = c.moments()
    if moment.begins is None:
        return c.within(moment)
    found = moment.begins.astimezone(c.call.locale.zone).date()
    return c.between_days((found, found + timedelta(days=1)))


def time_after(c: Condition) -> LiteralString:
    [moment] = c.moments()
    if moment.begins is None:
        return f"{c.sql} IS NOT NULL"
    return f"{c.sql} > {c.bind(moment.begins)}"


def between_moments(c: Condition) -> LiteralString:
    first, last = c.moments()
    if first.begins is None:
        return "false" if last.ends is None else f"{c.sql} < {c.bind(last.ends)}"
    return "false" if last.ends is None else c.within(Moment(first.begins, last.ends))


def before_today(c: Condition) -> LiteralString:
    return f"{c.sql} < {c.bind(values.midnight(c.today, c.call.locale.zone))}"


def after_today(c: Condition) -> LiteralString:
    tomorrow = c.today + timedelta(days=1)
    return f"{c.sql} >= {c.bind(values.midnight(tomorrow, c.call.locale.zone))}"


def fixed(unit: str, step: int = 0) -> Build:
    """A period without values: 0 is this one, 1 the next, -1 the last."""

    def build(c: Condition) -> LiteralString:
        return c.between_days(periods.around(c.today, unit, -step, step))

    return build


def period(find: Callable[[date, str, int], periods.Period], *, counted: bool) -> Build:
    def build(c: Condition) -> LiteralString:
        count, said = c.asked.values if counted else ("1", c.asked.values[0])
        try:
            steps = values.integer(count)
            unit = periods.unit_of(values.bare(said))
            if not 0 <= steps <= MOST_PERIODS:
                raise ValueError(f"{short(count)!r} is no number of periods")
            return c.between_days(find(c.today, unit, steps))
        except (ValueError, OverflowError) as fault:
            raise c.asked.misfit(str(fault)) from None

    return build


Table = dict[str, Operator]


def _table(*operators: tuple[str, int, int | None, Build]) -> Table:
    """Operators under each of their names: `equals = eq` is one with three."""
    table: Table = {}
    for names, least, most, build in operators:
        first, *_ = names.split()
        for name in names.split():
            table[name.lower()] = Operator(first, least, most, build)
    return table


ALL = _table(
    ("isNull", 0, 1, empty(negated=False)),
    ("isNotNull", 0, 1, empty(negated=True)),
)
EQUAL = _table(("equals = eq is", 1, 1, compared("=", compare.eq)))
UNEQUAL = _table(("unequals != ne isNot <>", 1, 1, compared("<>", compare.ne)))
SORTED = _table(
    ("less < lt", 1, 1, compared("<", compare.lt)),
    ("greater > gt", 1, 1, compared(">", compare.gt)),
    ("lessOrEquals <= le", 1, 1, compared("<=", compare.le)),
    ("greaterOrEquals >= ge", 1, 1, compared(">=", compare.ge)),
    ("between", 2, 2, between),
)
SET = _table(("set", 0, 1, is_set))
IN = _table(("in", 1, None, among))
NUMBERS = ALL | EQUAL | UNEQUAL | SORTED | SET | IN
POSITIVE = ALL | EQUAL | IN | _table(
    ("begins startswith", 1, 1, like("", "%")),
    ("contains", 1, 1, like("%", "%")),
    ("ends endswith", 1, 1, like("%", "")),
    ("between", 2, 2, between),
)  # fmt: skip
TEXTS = POSITIVE | UNEQUAL | _table(
    ("notBegins", 1, 1, like("", "%", negated=True)),
    ("notContains", 1, 1, like("%", "%", negated=True)),
    ("notEnds", 1, 1, like("%", "", negated=True)),
)  # fmt: skip
LISTED = ALL | EQUAL | UNEQUAL | IN | _table(
    ("oneOf", 1, None, among),
    ("notOneOf", 1, None, not_among),
)  # fmt: skip
USERS = LISTED | _table(
    ("associateIsOneOf", 1, None, among),
    ("associateIsNotOneOf", 1, None, not_among),
    ("currentAssociate isCurrentAssociate", 0, 0, current_user),
)
ARRAYS = ALL | _table(
    ("intArrayAllOf allOf", 1, None, arrays("@>")),
    ("intArrayNotAllOf notAllOf", 1, None, arrays("@>", negated=True)),
    ("intArrayOneOf oneOf in equals = eq", 1, None, arrays("&&")),
    ("intArrayNotAnyOf notOneOf noneOf", 1, None, arrays("&&", negated=True)),
)
DATES = ALL | _table(
    ("before less < lt", 1, 1, before(inclusive=False)),
    ("to beforeOrEqual lessOrEquals <= le", 1, 1, before(inclusive=True)),
    ("after greater > gt", 1, 1, after(inclusive=False)),
    ("from afterOrEqual greaterOrEquals >= ge", 1, 1, after(inclusive=True)),
    ("equals = eq is", 1, 1, at()),
    ("unequals != ne isNot <>", 1, 1, at(negated=True)),
    ("date", 1, 1, on_day),
    ("between dateBetween", 2, 2, between_moments),
    ("today", 0, 0, fixed("day")),
    ("beforeToday", 0, 0, before_today),
    ("afterToday", 0, 0, after_today),
    ("lastWeek", 0, 0, fixed("week", -1)),
    ("thisWeek", 0, 0, fixed("week")),
    ("nextWeek", 0, 0, fixed("week", 1)),
    ("lastMonth", 0, 0, fixed("month", -1)),
    ("thisMonth", 0, 0, fixed("month")),
    ("nextMonth", 0, 0, fixed("month", 1)),
    ("lastQuarter", 0, 0, fixed("quarter", -1)),
    ("thisQuarter", 0, 0, fixed("quarter")),
    ("nextQuarter", 0, 0, fixed("quarter", 1)),
    ("thisHalf", 0, 0, fixed("halfyear")),
    ("thisYear", 0, 0, fixed("year")),
    ("thisPeriod", 1, 1, period(lambda d, u, n: periods.around(d, u), counted=False)),
    ("thisPreviousAndNext", 1, 1,
     period(lambda d, u, n: periods.around(d, u, n, n), counted=False)),
    ("thisAndNext", 2, 2,
     period(lambda d, u, n: periods.around(d, u, after=n), counted=True)),
    ("thisAndPrevious", 2, 2,
     period(lambda d, u, n: periods.around(d, u, before=n), counted=True)),
    ("nextPeriod", 2, 2, period(periods.following, counted=True)),
    ("previousPeriod", 2, 2, period(periods.preceding, counted=True)),
)  # fmt: skip
TIMES = DATES | _table(
    ("dateTime", 1, 1, at()),
    ("beforeTime", 1, 1, before(inclusive=False)),
    ("afterTime", 1, 1, time_after),
)
OPERATORS: dict[str, Table] = {
    "int": NUMBERS, "decimal": NUMBERS, "timeSpan": NUMBERS,
    "string": TEXTS, "positiveString": POSITIVE,
    "stringorPK": TEXTS | _table(("isPK", 1, None, is_key)),
    "bool": ALL | EQUAL | UNEQUAL | SET,
    "date": DATES, "datetime": TIMES,
    "listAny": LISTED, "ejCategory": LISTED, "userGroup": LISTED,
    "associate": USERS, "ejUser": USERS, "intArray": ARRAYS,
}  # fmt: skip


def condition(call: Call, bind: Bind, column: Column, asked: Asked) -> LiteralString:
    """The SQL of one condition; BadValue points at what can't be asked."""
    if not column.restriction:
        raise asked.misfit(f"{column.name} can't be filtered by")
    known = OPERATORS[column.restriction]
    found = known.get(asked.operator.strip().lower())
    if found is None:
        raise asked.misfit(
            f"{column.name} has no operator {short(asked.operator)!r}; it is of type "
            f"{column.restriction}"
        )
    count = len(asked.values)
    if count < found.least or (found.most is not None and count > found.most):
        raise asked.misfit(f"{found.name} takes {_said(found)}, not {count}")
    return found.build(Condition(call, bind, column, asked))


def _said(found: Operator) -> str:
    if found.most is None:
        return f"{found.least} values or more"
    few = f"{found.least} to " if found.least != found.most else ""
    return f"{few}{found.most} value{'' if found.most == 1 else 's'}"
