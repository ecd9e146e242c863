"""Times in plain words, for people who have never heard of priorities.

English, in the installation's zone, without the names of anybody who works here.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from skranke.tickets.explain.schema import CountedTime, FigureValue, OpenSpan

DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MAX_SPANS_SHOWN = 10  # of each stretch; the others are summed up


def day(on: date) -> str:
    """`Mon 2 Mar 2026`."""
    return f"{DAY_NAMES[on.weekday()]} {on.day} {MONTH_NAMES[on.month - 1]} {on.year}"


def clock_time(local: datetime) -> str:
    """`16:00`, with seconds where there are any."""
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """`Mon 2 Mar 2026 16:00`."""
    local = at.astimezone(zone)
    return f"{day(local)} {clock_time(local)}"


def duration(seconds: int) -> str:
    """`2 h 30 min`, `45 s`, `0 min`; hours are never made into days."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = [
        f"{hours} h" if hours else "",
        f"{minutes} min" if minutes else "",
        f"{left} s" if left else "",
    ]
    return " ".join(part for part in parts if part) or "0 min"


def span(open_: OpenSpan, zone: ZoneInfo) -> str:
    """`Fri 27 Feb 2026 16:00 to 17:00: 1 h`."""
    start, stop = open_.opens.astimezone(zone), open_.closes.astimezone(zone)
    end = clock_time(stop) if stop.date() == start.date() else moment(stop, zone)
    took = duration(int((open_.closes - open_.opens).total_seconds()))
    return f"{day(start)} {clock_time(start)} to {end}: {took}"


def counted_time_lines(stretch: CountedTime, zone: ZoneInfo) -> list[str]:
    """A stretch line by line: the sum, the spans that make it up, the holidays."""
    lines = [
        f"{stretch.what}, {moment(stretch.start, zone)} to "
        f"{moment(stretch.stop, zone)}: {duration(stretch.seconds)} {stretch.clock}."
    ]
    told = stretch.spans[:MAX_SPANS_SHOWN]
    lines += [f"- {span(open_, zone)}" for open_ in told]
    rest = stretch.seconds - sum(
        int((open_.closes - open_.opens).total_seconds()) for open_ in told
    )
    if rest:
        lines.append(f"- and later: {duration(rest)}")
    if stretch.holidays:
        days = ", ".join(day(on) for on in stretch.holidays[:MAX_SPANS_SHOWN])
        more = ", …" if len(stretch.holidays) > MAX_SPANS_SHOWN or stretch.cut else ""
        lines.append(f"- not counted, as holidays: {days}{more}")
    return lines


def value_text(stored: FigureValue, unit: str, zone: ZoneInfo) -> str:
    """A figure as text: an instant, or a duration from its unit."""
    if stored is None:
        return "none"
    if isinstance(stored, datetime):
        return moment(stored, zone)
    return duration(60 * stored if unit == "minutes" else stored)
