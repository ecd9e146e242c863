"""Every operator of every restriction type, and what it puts into SQL.

Source: reference, operators of the OData filters and of the archive lists.
"""

from operator import eq, ge, gt, le, lt, ne
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
    compare,
    contains,
    current_user,
    in_set,
    is_key,
    is_listed,
    is_null,
    is_set,
    like,
    not_among,
    shows,
)
from skranke.archive.date_conditions import (
    after,
    after_today,
    at,
    before,
    before_today,
    between_moments,
    calendar_period,
    on_day,
    period,
    time_after,
)
from skranke.archive.providers import Bind
from skranke.archive.syntax_tree import Comparison
from skranke.core.context import RequestContext
from skranke.http.formats.scalars import shorten


class Operator(Struct, frozen=True):
    """An operator by its own name, and how many values it takes; None: any number."""

    name: str
    min_values: int
    max_values: int | None
    build: Build


OperatorTable = dict[str, Operator]


def _table(*operators: tuple[str, int, int | None, Build]) -> OperatorTable:
    """Operators under each of their names: `equals = eq` is one with three."""
    table: OperatorTable = {}
    for names, least, most, build in operators:
        first, *_ = names.split()
        for name in names.split():
            table[name.lower()] = Operator(first, least, most, build)
    return table


NULL_CHECKS = _table(
    ("isNull", 0, 1, is_null(negated=False)), ("isNotNull", 0, 1, is_null(negated=True))
)
EQUALITY = _table(("equals = eq is", 1, 1, compare("=", eq)))
INEQUALITY = _table(("unequals != ne isNot <>", 1, 1, compare("<>", ne)))
COMPARISONS = _table(
    ("less < lt", 1, 1, compare("<", lt)),
    ("greater > gt", 1, 1, compare(">", gt)),
    ("lessOrEquals <= le", 1, 1, compare("<=", le)),
    ("greaterOrEquals >= ge", 1, 1, compare(">=", ge)),
    ("between", 2, 2, between),
)
SET_CHECK = _table(("set", 0, 1, is_set))
IN_LIST = _table(("in", 1, None, among))
NUMBER_OPERATORS = (
    NULL_CHECKS | EQUALITY | INEQUALITY | COMPARISONS | _table(("set", 0, None, in_set)) | IN_LIST
)
POSITIVE_TEXT_OPERATORS = (
    NULL_CHECKS
    | EQUALITY
    | IN_LIST
    | _table(
        ("begins startswith", 1, 1, like("", "%")),
        ("contains", 1, 1, contains()),
        ("ends endswith", 1, 1, like("%", "")),
        ("between", 2, 2, between),
    )
)
TEXT_OPERATORS = (
    POSITIVE_TEXT_OPERATORS
    | INEQUALITY
    | _table(
        ("notBegins", 1, 1, like("", "%", negated=True)),
        ("notContains", 1, 1, contains(negated=True)),
        ("notEnds", 1, 1, like("%", "", negated=True)),
    )
)
LIST_OPERATORS = NULL_CHECKS | _table(
    ("equals = eq is", 1, 1, is_listed(compare("=", eq))),
    ("unequals != ne isNot <>", 1, 1, is_listed(compare("<>", ne), negated=True)),
    ("in", 1, None, is_listed(among)),
    ("oneOf", 1, None, is_listed(among)),
    ("notOneOf noneOf", 1, None, is_listed(not_among, negated=True)),
    ("begins startswith", 1, 1, shows("", "%")),
    ("contains", 1, 1, shows("%", "%")),
    ("ends endswith", 1, 1, shows("%", "")),
)
USER_OPERATORS = LIST_OPERATORS | _table(
    ("associateIsOneOf", 1, None, among),
    ("associateIsNotOneOf", 1, None, not_among),
    ("currentAssociate isCurrentAssociate", 0, 0, current_user),
)
ARRAY_OPERATORS = NULL_CHECKS | _table(
    ("intArrayAllOf allOf", 1, None, arrays("@>")),
    ("intArrayNotAllOf notAllOf", 1, None, arrays("@>", negated=True)),
    ("intArrayOneOf oneOf in equals = eq", 1, None, arrays("&&")),
    ("intArrayNotAnyOf notOneOf noneOf", 1, None, arrays("&&", negated=True)),
)
DATE_OPERATORS = NULL_CHECKS | _table(
    ("before less < lt", 1, 1, before(inclusive=False)),
    ("to beforeOrEqual lessOrEquals <= le", 1, 1, before(inclusive=True)),
    ("after greater > gt", 1, 1, after(inclusive=False)),
    ("from afterOrEqual greaterOrEquals >= ge", 1, 1, after(inclusive=True)),
    ("equals = eq is", 1, 1, at()),
    ("unequals != ne isNot <>", 1, 1, at(negated=True)),
    ("date", 1, 1, on_day),
    ("between dateBetween", 2, 2, between_moments),
    ("today", 0, 0, calendar_period("day")),
    ("beforeToday", 0, 0, before_today),
    ("afterToday", 0, 0, after_today),
    ("lastWeek", 0, 0, calendar_period("week", -1)),
    ("thisWeek", 0, 0, calendar_period("week")),
    ("nextWeek", 0, 0, calendar_period("week", 1)),
    ("lastMonth", 0, 0, calendar_period("month", -1)),
    ("thisMonth", 0, 0, calendar_period("month")),
    ("nextMonth", 0, 0, calendar_period("month", 1)),
    ("lastQuarter", 0, 0, calendar_period("quarter", -1)),
    ("thisQuarter", 0, 0, calendar_period("quarter")),
    ("nextQuarter", 0, 0, calendar_period("quarter", 1)),
    ("thisHalf", 0, 0, calendar_period("halfyear")),
    ("thisYear", 0, 0, calendar_period("year")),
    ("thisPeriod", 1, 2, period(lambda d, u, n: periods.around(d, u), counted=False)),
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
TIME_OPERATORS = DATE_OPERATORS | _table(
    ("dateTime", 1, 1, at()),
    ("beforeTime", 1, 1, before(inclusive=False)),
    ("afterTime", 1, 1, time_after),
)
OPERATORS_BY_TYPE: dict[str, OperatorTable] = {
    "int": NUMBER_OPERATORS,
    "decimal": NUMBER_OPERATORS,
    "timeSpan": NUMBER_OPERATORS,
    "string": TEXT_OPERATORS,
    "positiveString": POSITIVE_TEXT_OPERATORS,
    "stringorPK": TEXT_OPERATORS | _table(("isPK", 1, None, is_key)),
    "bool": NULL_CHECKS | EQUALITY | INEQUALITY | SET_CHECK,
    "date": DATE_OPERATORS,
    "datetime": TIME_OPERATORS,
    "listAny": LIST_OPERATORS,
    "ejCategory": LIST_OPERATORS,
    "userGroup": LIST_OPERATORS,
    "associate": USER_OPERATORS,
    "ejUser": USER_OPERATORS,
    "intArray": ARRAY_OPERATORS,
}


def condition_sql(
    context: RequestContext, bind: Bind, column: Column, asked: Comparison
) -> LiteralString:
    """The SQL of one condition; BadValue points at what can't be asked."""
    if not column.restriction:
        raise asked.error(f"{column.name} can't be filtered by")
    known = OPERATORS_BY_TYPE[column.restriction]
    found = known.get(asked.operator.strip().lower())
    if found is None:
        raise asked.error(
            f"{column.name} has no operator {shorten(asked.operator)!r}; it is of type "
            f"{column.restriction}"
        )
    count = len(asked.values)
    if count < found.min_values or (found.max_values is not None and count > found.max_values):
        raise asked.error(f"{found.name} takes {_value_count(found)}, not {count}")
    return found.build(Condition(context, bind, column, asked))


def _value_count(found: Operator) -> str:
    if found.max_values is None:
        return f"{found.min_values} values or more"
    few = f"{found.min_values} to " if found.min_values != found.max_values else ""
    return f"{few}{found.max_values} value{'' if found.max_values == 1 else 's'}"
