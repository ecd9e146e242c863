"""Every operator of every restriction type, and what it puts into SQL.

Source: reference, operators of the OData filters and of the archive lists.
"""

import operator as compare
from typing import LiteralString

from msgspec import Struct

from skranke.archive import periods
from skranke.archive.columns import Column
from skranke.archive.conditions import (
    Build,
    Condition,
    among,
    arrays,
    between,
    compared,
    contains,
    current_user,
    empty,
    is_key,
    is_set,
    like,
    not_among,
)
from skranke.archive.date_conditions import (
    after,
    after_today,
    at,
    before,
    before_today,
    between_moments,
    fixed,
    on_day,
    period,
    time_after,
)
from skranke.archive.providers import Bind
from skranke.archive.syntax_tree import Asked
from skranke.core.context import RequestContext
from skranke.http.codecs.scalars import short


class Operator(Struct, frozen=True):
    """An operator by its own name, and how many values it takes; None: any number."""

    name: str
    least: int
    most: int | None
    build: Build


Table = dict[str, Operator]


def _table(*operators: tuple[str, int, int | None, Build]) -> Table:
    """Operators under each of their names: `equals = eq` is one with three."""
    table: Table = {}
    for names, least, most, build in operators:
        first, *_ = names.split()
        for name in names.split():
            table[name.lower()] = Operator(first, least, most, build)
    return table


ALL = _table(("isNull", 0, 1, empty(negated=False)), ("isNotNull", 0, 1, empty(negated=True)))
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
POSITIVE = (
    ALL
    | EQUAL
    | IN
    | _table(
        ("begins startswith", 1, 1, like("", "%")),
        ("contains", 1, 1, contains()),
        ("ends endswith", 1, 1, like("%", "")),
        ("between", 2, 2, between),
    )
)
TEXTS = (
    POSITIVE
    | UNEQUAL
    | _table(
        ("notBegins", 1, 1, like("", "%", negated=True)),
        ("notContains", 1, 1, contains(negated=True)),
        ("notEnds", 1, 1, like("%", "", negated=True)),
    )
)
LISTED = (
    ALL | EQUAL | UNEQUAL | IN | _table(("oneOf", 1, None, among), ("notOneOf", 1, None, not_among))
)
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
    (
        "thisPreviousAndNext",
        1,
        1,
        period(lambda d, u, n: periods.around(d, u, n, n), counted=False),
    ),
    ("thisAndNext", 2, 2, period(lambda d, u, n: periods.around(d, u, after=n), counted=True)),
    ("thisAndPrevious", 2, 2, period(lambda d, u, n: periods.around(d, u, before=n), counted=True)),
    ("nextPeriod", 2, 2, period(periods.following, counted=True)),
    ("previousPeriod", 2, 2, period(periods.preceding, counted=True)),
)
TIMES = DATES | _table(
    ("dateTime", 1, 1, at()),
    ("beforeTime", 1, 1, before(inclusive=False)),
    ("afterTime", 1, 1, time_after),
)
OPERATORS: dict[str, Table] = {
    "int": NUMBERS,
    "decimal": NUMBERS,
    "timeSpan": NUMBERS,
    "string": TEXTS,
    "positiveString": POSITIVE,
    "stringorPK": TEXTS | _table(("isPK", 1, None, is_key)),
    "bool": ALL | EQUAL | UNEQUAL | SET,
    "date": DATES,
    "datetime": TIMES,
    "listAny": LISTED,
    "ejCategory": LISTED,
    "userGroup": LISTED,
    "associate": USERS,
    "ejUser": USERS,
    "intArray": ARRAYS,
}


def condition(context: RequestContext, bind: Bind, column: Column, asked: Asked) -> LiteralString:
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
    return found.build(Condition(context, bind, column, asked))


def _said(found: Operator) -> str:
    if found.most is None:
        return f"{found.least} values or more"
    few = f"{found.least} to " if found.least != found.most else ""
    return f"{few}{found.most} value{'' if found.most == 1 else 's'}"
