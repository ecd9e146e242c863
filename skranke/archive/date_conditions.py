"""What conditions on dates put into SQL, seen from the caller's zone and today.

A date that a row lacks is neither before nor after anything; only isNull and the null
date itself find it. A day is all of itself: after it is from the next midnight on.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import LiteralString

from skranke.archive import periods, values
from skranke.archive.conditions import Build, Condition
from skranke.archive.values import Moment
from skranke.http.formats.scalars import shorten

MAX_PERIODS = 10_000


def before(*, inclusive: bool) -> Build:
    def build(c: Condition) -> LiteralString:
        [moment] = c.moments()
        end = moment.ends if inclusive else moment.begins
        return "false" if end is None else c.before(end)

    return build


def after(*, inclusive: bool) -> Build:
    def build(c: Condition) -> LiteralString:
        [moment] = c.moments()
        begin = moment.begins if inclusive else moment.ends
        return f"{c.sql} IS NOT NULL" if begin is None else c.since(begin)

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
    found = moment.begins.astimezone(c.context.locale.zone).date()
    return c.between_days((found, found + timedelta(days=1)))


def time_after(c: Condition) -> LiteralString:
    [moment] = c.moments()
    if moment.begins is None:
        return f"{c.sql} IS NOT NULL"
    return f"{c.instant} > {c.bind(moment.begins)}"


def between_moments(c: Condition) -> LiteralString:
    first, last = c.moments()
    if first.begins is None:
        return "false" if last.ends is None else c.before(last.ends)
    return "false" if last.ends is None else c.within(Moment(first.begins, last.ends))


def before_today(c: Condition) -> LiteralString:
    return c.before(values.midnight(c.today, c.context.locale.zone))


def after_today(c: Condition) -> LiteralString:
    tomorrow = c.today + timedelta(days=1)
    return c.since(values.midnight(tomorrow, c.context.locale.zone))


def calendar_period(unit: str, step: int = 0) -> Build:
    """A period without values: 0 is this one, 1 the next, -1 the last."""

    def build(c: Condition) -> LiteralString:
        return c.between_days(periods.around(c.today, unit, -step, step))

    return build


def period(find: Callable[[date, str, int], periods.Period], *, counted: bool) -> Build:
    def build(c: Condition) -> LiteralString:
        # a client may send a count that the operator doesn't need: `thisPeriod 1 4`
        count, said = c.asked.values if counted else ("1", c.asked.values[-1])
        try:
            steps = values.integer(count)
            unit = periods.unit_of(values.unwrap(said))
            if not 0 <= steps <= MAX_PERIODS:
                raise ValueError(f"{shorten(count)!r} is not a number of periods")
            return c.between_days(find(c.today, unit, steps))
        except (ValueError, OverflowError) as fault:
            raise c.asked.error(str(fault)) from None

    return build
