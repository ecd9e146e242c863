"""Instants and durations in words, in the reader's zone and language."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from skranke.web.i18n.catalogue import Translator

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHORT_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Times(Struct, frozen=True):
    """How one reader sees instants; `now` is the desk's."""

    translate: Translator
    zone: ZoneInfo
    now: datetime

    def iso(self, instant: datetime | None) -> str:
        """For the `datetime` attribute."""
        return instant.astimezone(UTC).isoformat(timespec="seconds") if instant else ""

    def clock(self, instant: datetime) -> str:
        """`14:20`."""
        return instant.astimezone(self.zone).strftime("%H:%M")

    def exact(self, instant: datetime | None) -> str:
        """`Thursday 12 March 2026, 14:20`; empty for the null date."""
        if instant is None:
            return ""
        local = instant.astimezone(self.zone)
        _ = self.translate
        return _(
            "{weekday} {day} {month} {year}, {clock}",
            weekday=_(WEEKDAYS[local.weekday()]),
            day=local.day,
            month=_(MONTHS[local.month - 1]),
            year=local.year,
            clock=self.clock(instant),
        )

    def day(self, instant: datetime) -> str:
        """`12 March`, with the year where it isn't this one."""
        local = instant.astimezone(self.zone)
        _ = self.translate
        text = _("{day} {month}", day=local.day, month=_(MONTHS[local.month - 1]))
        same = local.year == self.now.astimezone(self.zone).year
        return text if same else f"{text} {local.year}"

    def short_day(self, instant: datetime) -> str:
        """`12 Mar`, with the year where it isn't this one."""
        local = instant.astimezone(self.zone)
        _ = self.translate
        text = _("{day} {month}", day=local.day, month=_(SHORT_MONTHS[local.month - 1]))
        same = local.year == self.now.astimezone(self.zone).year
        return text if same else f"{text} {local.year}"

    def when(self, instant: datetime | None) -> str:
        """`Today 14:20`, `Tue 14:20`, `12 Mar 14:20`; empty for the null date."""
        if instant is None:
            return ""
        _ = self.translate
        local, today = instant.astimezone(self.zone), self.now.astimezone(self.zone)
        days = (local.date() - today.date()).days
        clock = self.clock(instant)
        if days in (-1, 0, 1):
            words = {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}[days]
            return f"{words} {clock}"
        if abs(days) < 6:
            return f"{_(SHORT_WEEKDAYS[local.weekday()])} {clock}"
        return f"{self.short_day(instant)} {clock}"

    def age(self, instant: datetime | None) -> str:
        """How long ago, short: `26 min`, `3 h`, `Wed`, `6 Mar`."""
        if instant is None:
            return ""
        _ = self.translate
        passed = self.now - instant
        if passed < HOUR:
            return _("{n} min", n=max(int(passed / MINUTE), 0))
        if passed < 12 * HOUR:
            return _("{n} h", n=int(passed / HOUR))
        local = instant.astimezone(self.zone)
        if passed < 6 * DAY:
            return _(SHORT_WEEKDAYS[local.weekday()])
        return self.short_day(instant)

    def ago(self, instant: datetime | None) -> str:
        """`3 min ago` within a day, else the day and the clock."""
        if instant is None:
            return ""
        _ = self.translate
        passed = self.now - instant
        if passed < MINUTE:
            return _("just now")
        if passed < HOUR:
            return _("{n} min ago", n=int(passed / MINUTE))
        if passed < 12 * HOUR:
            return _("{n} h ago", n=int(passed / HOUR))
        return self.when(instant)

    def length(self, minutes: float) -> str:
        """A duration: `31 min`, `6 h 10`, `2 d`."""
        _ = self.translate
        whole = round(minutes)
        if whole < 60:
            return _("{n} min", n=whole)
        hours, rest = divmod(whole, 60)
        if hours < 48:
            return _("{n} h", n=hours) + (f" {rest:02}" if rest else "")
        return _("{n} d", n=hours // 24)


class TimeLeft(Struct, frozen=True):
    """The pill of a ticket: words, share used in per cent, and its kind.

    `kind` is empty, soon, late, paused or closed.
    """

    text: str
    used: int = 0
    kind: str = ""
    exact: str = ""


SOON = 60  # per cent of the time: from then on the pill is coloured


def time_left(
    times: Times,
    *,
    status: int,
    created: datetime | None,
    deadline: datetime | None,
    activate: datetime | None,
) -> TimeLeft:
    """How much of a ticket's time is left; `status` is the number of its base status."""
    _ = times.translate
    if status == 3:
        text = _("Postponed to {when}", when=times.when(activate)) if activate else _("Waiting")
        return TimeLeft(text, kind="paused", exact=times.exact(activate))
    if status != 1:
        return TimeLeft(_("Closed"), 100, "closed")
    if deadline is None:
        return TimeLeft(_("No deadline"))
    exact = times.exact(deadline)
    left = deadline - times.now
    if left < timedelta(0):
        return TimeLeft(_("Overdue {time}", time=_rough(times, -left)), 100, "late", exact)
    whole = deadline - (created or deadline)
    used = 100 - round(100 * left / whole) if whole > timedelta(0) else 0
    used = min(max(used, 0), 100)
    text = _("{time} left", time=_rough(times, left))
    return TimeLeft(text, used, "soon" if used >= SOON else "", exact)


def _rough(times: Times, length: timedelta) -> str:
    _ = times.translate
    if length < HOUR:
        return _("{n} min", n=int(length / MINUTE))
    if length < 24 * HOUR:
        return _("{n} h", n=int(length / HOUR))
    return _("{n} d", n=length.days)
