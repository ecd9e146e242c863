"""Calendar periods relative to a day: this week, the last 2 months.

A period is its first day and the day after its last day. Weeks begin on Monday (ISO
8601).
Source: reference, period operators of the archive lists.
"""

from datetime import date, timedelta

# what clients call them, and the number of months or days in one
MONTHS = {"month": 1, "quarter": 3, "halfyear": 6, "year": 12}
NAMES = ("day", "week", "month", "quarter", "halfyear", "year")  # numbered from 1
ABBREVIATIONS = {
    "wk": "week",
    "mon": "month",
    "mo": "month",
    "qtr": "quarter",
    "hyr": "halfyear",
    "yr": "year",
    "half": "halfyear",
}
Period = tuple[date, date]


def unit_of(said: str) -> str:
    """The unit that `weeks`, `wk` or `2` means; ValueError if unknown."""
    word = said.strip().lower()
    if word.isdecimal() and len(word) == 1 and 1 <= int(word) <= len(NAMES):
        return NAMES[int(word) - 1]
    single = word.removesuffix("s")
    unit = ABBREVIATIONS.get(single, single)
    if unit not in NAMES:
        raise ValueError(f"{said!r} is not a period")
    return unit


def around(today: date, unit: str, before: int = 0, after: int = 0) -> Period:
    """The period that contains today, extended by whole periods before and after it."""
    return _start(today, unit, -before), _start(today, unit, after + 1)


def following(today: date, unit: str, count: int) -> Period:
    """The next `count` periods, without this one."""
    return _start(today, unit, 1), _start(today, unit, count + 1)


def preceding(today: date, unit: str, count: int) -> Period:
    """The last `count` periods, without this one."""
    return _start(today, unit, -count), _start(today, unit, 0)


def _start(today: date, unit: str, steps: int) -> date:
    """The first day of the period that is `steps` periods from today's."""
    if unit == "day":
        return today + timedelta(days=steps)
    if unit == "week":
        return today - timedelta(days=today.weekday()) + timedelta(weeks=steps)
    length = MONTHS[unit]
    months = today.year * 12 + (today.month - 1) // length * length + steps * length
    return date(months // 12, months % 12 + 1, 1)
