"""Why a ticket escalates when it does, or why it doesn't."""

from collections.abc import Iterator
from datetime import datetime

from skranke.catalog.priorities.timeframe import NeverOpen, TimeFrame, add_worked, worked_seconds
from skranke.tickets.escalation.rules import RUNNING, Chain
from skranke.tickets.explain.context import Books
from skranke.tickets.explain.formatting import duration, moment
from skranke.tickets.explain.history import RECALCULATED, Event
from skranke.tickets.explain.schema import Counted, Figure, Value

WHAT = "Towards the next level"
UNTOLD = "Nothing in its log accounts for that."


def alert_timeout(books: Books) -> Figure:
    """When the chain's next level is reached, or with how much left it was stopped."""
    row = books.history.row
    if row.alert_timeout is not None:
        return _running(books, row.alert_timeout)
    if row.alert_stop != RUNNING:
        return _stopped(books, row.alert_stop)
    priority = books.lists.priorities.by_id[row.priority]
    level = f"The ticket is on escalation level {row.alert_level}"
    following = Chain(priority, books.alert_clock(row.priority)).after(row.alert_level)
    if following is None:
        return _figure(None, None, [f"{level}; priority {priority.name} has none above it."])
    return _figure(None, None, [f"{level}; the escalation does not run."])


def _running(books: Books, stored: datetime) -> Figure:
    event = books.history.began("alert_timeout", stored)
    if event is None:
        return _figure(stored, None, [f"It escalates next at that time. {UNTOLD}"])
    tried: list[Figure] = []
    for priority, seconds, why in _waits(books, event):
        clock = books.alert_clock(priority)
        wanted = _reached(clock, event.at, seconds)
        words = [
            f"{why}: {duration(seconds)} {books.named(clock, priority)}, counted "
            f"from {moment(event.at, books.zone)}."
        ]
        counted = [books.counted(WHAT, priority, clock, event.at, wanted)] if wanted else []
        tried.append(_figure(stored, wanted, words, counted))
    none = _figure(stored, None, [f"It has no level to reach. {UNTOLD}"])
    return next((figure for figure in tried if figure.agrees), [*tried, none][0])


def _stopped(books: Books, left: int) -> Figure:
    told = f"The escalation is stopped with {duration(left)} left"
    event = books.history.setting("alert_stop", left)
    if event is None:
        return _figure(None, None, [f"{told}. {UNTOLD}"], agrees=False)
    told = f"{told}, since {moment(event.at, books.zone)}"
    change = event.change_of("alert_timeout")
    if change is None or not change.before or event.action == RECALCULATED:
        # it never began to run, or its hours were taken away
        agrees = left in [seconds for _, seconds, _ in _waits(books, event)]
        words = [f"{told}: the office hours that it runs by never come."]
        return _figure(None, None, words, agrees=agrees)
    until = datetime.fromisoformat(change.before)
    for priority in books.history.priorities_at(event.at):
        clock = books.alert_clock(priority)
        if worked_seconds(clock, event.at, until) == left:
            what = "What was left to the next level"
            counted = [books.counted(what, priority, clock, event.at, until)]
            return _figure(None, None, [f"{told}."], counted)
    return _figure(None, None, [f"{told}. {UNTOLD}"], agrees=False)


def _waits(books: Books, event: Event) -> Iterator[tuple[int, int, str]]:
    """What the chain may have waited for after an event: priority, seconds, reason."""
    stop = event.change_of("alert_stop")
    level = books.history.row.alert_level
    for priority in books.history.priorities_at(event.at):
        if stop and int(stop.before) != RUNNING:
            yield priority, int(stop.before), "The rest from when it was stopped"
        known = books.lists.priorities.by_id[priority]
        following = Chain(known, books.alert_clock(priority)).after(level)
        if following is not None:
            why = f"Escalation level {following.alert_level}"
            yield priority, 60 * max(0, following.alert_timeout), why


def _reached(clock: TimeFrame, start: datetime, seconds: int) -> datetime | None:
    try:
        return add_worked(clock, start, seconds)
    except NeverOpen:
        return None


def _figure(
    stored: Value,
    recomputed: Value,
    words: list[str],
    counted: list[Counted] | None = None,
    *,
    agrees: bool | None = None,
) -> Figure:
    return Figure(
        name="AlertTimeout",
        unit="instant",
        stored=stored,
        recomputed=recomputed,
        agrees=stored == recomputed if agrees is None else agrees,
        words=words,
        counted=counted or [],
    )
