"""Random questions to the office hours, most of them asked where clocks are turned."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo, available_timezones

from skranke.catalog.priorities.timeframe import (
    Hours,
    TimeFrame,
    add_worked,
    skipped_holidays,
    spans,
    worked_seconds,
)
from tests.catalog.priorities.oracle import Answer, halved, walked
from tests.catalog.priorities.tz_file import turns

DAY = 86_400

ALL_ZONES = sorted(available_timezones())
ODD_ZONES = [
    "Africa/Casablanca",  # goes back for Ramadan
    "Africa/Monrovia",  # -0:44:30 until 1972
    "America/Juneau",  # had 18 October 1867 twice
    "America/New_York",
    "America/Sao_Paulo",  # turned at midnight, until 2019
    "America/St_Johns",  # turned at one minute past midnight; by two hours in 1988
    "Antarctica/Troll",  # two hours of summer time
    "Asia/Beirut",  # turned at midnight
    "Asia/Gaza",  # turned for Ramadan too, at times for one week
    "Asia/Kathmandu",  # +5:45
    "Asia/Manila",  # had no 31 December 1844
    "Atlantic/Azores",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Europe/Amsterdam",
    "Europe/Dublin",
    "Europe/Oslo",
    "Pacific/Apia",  # had no 30 December 2011
    "Pacific/Chatham",  # +12:45
    "Pacific/Kwajalein",  # had no 21 August 1993
    "UTC",
]
KINDS = {
    "second by second": (1, 900),
    "minute by minute": (60, 24 * 60),
    "day by day": (1, 12 * 365 * DAY),
}
"""How the oracle goes: on which seconds edges must lie, and the most of such steps."""
PLACES = ["a turned clock", "the end of February", "the end of a year", "any moment"]


@dataclass(frozen=True)
class Case:
    """A question, with the kind of oracle that answers it and the place it is near."""

    kind: str
    near: str
    frame: TimeFrame
    start: datetime
    stop: datetime

    def answers(self) -> list[Answer]:
        """What the oracles say: on a short span both of them."""
        ask = self.frame, self.start, self.stop
        if self.kind == "day by day":
            return [halved(*ask)]
        step = timedelta(seconds=KINDS[self.kind][0])
        return [walked(*ask, step), halved(*ask)]

    def fault(self) -> str:
        """How the engine, or an oracle, differs from the first oracle; empty if not."""
        truth, *others = self.answers()
        ask = self.frame, self.start, self.stop
        if any(other != truth for other in others):
            return f"the oracles differ: {truth} and {others}"
        if worked_seconds(*ask) != truth.seconds:
            return f"worked_seconds {worked_seconds(*ask)}, not {truth.seconds}"
        if list(spans(*ask)) != truth.runs:
            return f"spans {list(spans(*ask))}, not {truth.runs}"
        if skipped_holidays(*ask) != truth.holidays:
            return f"skipped {skipped_holidays(*ask)}, not {truth.holidays}"
        for seconds in {1, truth.seconds // 2 + 1, truth.seconds} if truth.runs else ():
            then = add_worked(self.frame, self.start, seconds)
            if then != truth.after(seconds):
                return f"add_worked {seconds} is {then}, not {truth.after(seconds)}"
        return ""

    def smaller(self) -> "list[Case]":
        """Half the span, no holidays of a sort, or the same hours on all days."""
        grain = KINDS[self.kind][0]
        steps = (self.stop - self.start) // timedelta(seconds=grain)
        half = timedelta(seconds=steps // 2 * grain)
        frames = [
            replace(self.frame, yearly=frozenset()),
            replace(self.frame, dated=frozenset()),
            *(replace(self.frame, week=(hours,) * 7) for hours in self.frame.week),
        ]
        return [
            replace(self, start=self.start + half),
            replace(self, stop=self.stop - half),
            *(replace(self, frame=frame) for frame in frames),
        ]


def smallest(case: Case) -> Case:
    """A case as small as it gets while it still fails."""
    for other in case.smaller():
        if other != case and other.fault():
            return smallest(other)
    return case


def random_case(random: Random) -> Case:
    """Any zone and any hours, about a moment at which something may go wrong."""
    kind = random.choices(list(KINDS), [45, 45, 10])[0]
    grain, most = KINDS[kind]
    odd = random.random() < 0.7
    zone = ZoneInfo(random.choice(ODD_ZONES if odd else ALL_ZONES))
    near = random.choice(PLACES)
    # Until 1972 some offsets had seconds, which a walk over minutes would not see.
    moment = random_moment(near, zone, 1973 if grain == 60 else 1840, random)
    steps = round(most ** random.random())
    start = moment - timedelta(seconds=grain * random.randint(0, steps))
    frame = random_frame(moment.astimezone(zone), steps * grain // DAY, grain, random)
    return Case(kind, near, frame, start, start + timedelta(seconds=grain * steps))


def random_moment(near: str, zone: ZoneInfo, since: int, random: Random) -> datetime:
    """A whole local minute, or the second at which the clock is turned; UTC."""
    turned = [at for at, _ in turns(zone.key) if at.year >= since]
    if near == "a turned clock" and turned:
        return random.choice(turned)
    local = datetime(random.randint(since, 2080), 1, 1, tzinfo=zone)
    if near == "the end of February":
        day_before_or_after = timedelta(days=random.randint(0, 1))
        local = local.replace(year=local.year // 4 * 4, month=3) - day_before_or_after
    elif near == "any moment":
        local += timedelta(minutes=random.randrange(366 * 1440))
    return local.astimezone(UTC)


def random_frame(local: datetime, days: int, grain: int, random: Random) -> TimeFrame:
    """Hours that open or close about a local time, holidays about it and for days."""
    second = local.hour * 3600 + local.minute * 60 + local.second
    week = [random_hours(second, grain, random) for _ in range(7)]
    if random.random() < 0.5:
        week = [*[week[0]] * 5, Hours(0, 0), Hours(0, 0)]
    near = [local.date() + timedelta(days=day) for day in range(-2, 3)]
    far = [local.date() + timedelta(days=random.randint(-days, days)) for _ in near]
    yearly = random.sample([*near, *far], random.choice([0, 0, 1, 3]))
    return TimeFrame(
        week=tuple(week),
        zone=ZoneInfo(str(local.tzinfo)),
        yearly=frozenset((day.month, day.day) for day in yearly),
        dated=frozenset(random.sample([*near, *far], random.choice([0, 0, 1, 3]))),
    )


def random_hours(second: int, grain: int, random: Random) -> Hours:
    """Any hours, also closed ones; edges often just before or after the second."""
    width = grain * 600
    before = max(0, second - grain * random.randint(0, 600)) // grain * grain
    after = min(DAY, before + random.randint(0, width) // grain * grain)
    anytime = random.randint(0, DAY) // grain * grain
    hours = [
        (0, DAY),
        (9 * 3600, 17 * 3600),
        (before, after),
        (before, DAY),
        (after, DAY),
        (0, before),
        (0, after),
        (before, anytime),
        (0, 0),
    ]
    return Hours(*random.choice(hours))
