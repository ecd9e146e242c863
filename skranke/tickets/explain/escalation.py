"""Why a ticket escalates when it does, or why it doesn't."""

from collections.abc import Iterator
from datetime import datetime

from skranke.catalog.priorities.timeframe import NeverOpen, TimeFrame, add_worked, worked_seconds
from skranke.tickets.escalation.rules import NOT_STOPPED, Chain
from skranke.tickets.explain.context import ExplainContext
from skranke.tickets.explain.formatting import duration, moment
from skranke.tickets.explain.history import RECALCULATED_ACTION, LogEvent
from skranke.tickets.explain.schema import CountedTime, Figure, FigureValue

NEXT_LEVEL_LABEL = "Towards the next level"
UNEXPLAINED_SENTENCE = "Nothing in its log accounts for that."


def alert_timeout_figure(books: ExplainContext) -> Figure:
    """When the chain's next level is reached, or with how much left it was stopped."""
    row = books.history.row
    if row.alert_timeout is not None:
        return _running_figure(books, row.alert_timeout)
    if row.alert_stop != NOT_STOPPED:
        return _stopped_figure(books, row.alert_stop)
    priority = books.lists.priorities.by_id[row.priority]
    level = f"The ticket is on escalation level {row.alert_level}"
    following = Chain(priority, books.alert_clock(row.priority)).level_after(row.alert_level)
    if following is None:
        return _figure(None, None, [f"{level}; priority {priority.name} has none above it."])
    return _figure(None, None, [f"{level}; the escalation does not run."])


def _running_figure(books: ExplainContext, stored: datetime) -> Figure:
    event = books.history.first_event_setting("alert_timeout", stored)
    if event is None:
        return _figure(stored, None, [f"It escalates next at that time. {UNEXPLAINED_SENTENCE}"])
    tried: list[Figure] = []
    for priority, seconds, why in _possible_waits(books, event):
        clock = books.alert_clock(priority)
        wanted = _due_time(clock, event.at, seconds)
        words = [
            f"{why}: {duration(seconds)} {books.clock_name(clock, priority)}, counted "
            f"from {moment(event.at, books.zone)}."
        ]
        counted = (
            [books.count_time(NEXT_LEVEL_LABEL, priority, clock, event.at, wanted)]
            if wanted
            else []
        )
        tried.append(_figure(stored, wanted, words, counted))
    none = _figure(stored, None, [f"It has no level to reach. {UNEXPLAINED_SENTENCE}"])
    return next((figure for figure in tried if figure.agrees), [*tried, none][0])


def _stopped_figure(books: ExplainContext, left: int) -> Figure:
    told = f"The escalation is stopped with {duration(left)} left"
    event = books.history.last_event_setting("alert_stop", left)
    if event is None:
        return _figure(None, None, [f"{told}. {UNEXPLAINED_SENTENCE}"], agrees=False)
    told = f"{told}, since {moment(event.at, books.zone)}"
    change = event.change_of("alert_timeout")
    if change is None or not change.before or event.action == RECALCULATED_ACTION:
        # it never began to run, or its hours were taken away
        agrees = left in [seconds for _, seconds, _ in _possible_waits(books, event)]
        words = [f"{told}: the office hours that it runs by never come."]
        return _figure(None, None, words, agrees=agrees)
    until = datetime.fromisoformat(change.before)
    for priority in books.history.priorities_at(event.at):
        clock = books.alert_clock(priority)
        if worked_seconds(clock, event.at, until) == left:
            what = "What was left to the next level"
            counted = [books.count_time(what, priority, clock, event.at, until)]
            return _figure(None, None, [f"{told}."], counted)
    return _figure(None, None, [f"{told}. {UNEXPLAINED_SENTENCE}"], agrees=False)


def _possible_waits(books: ExplainContext, event: LogEvent) -> Iterator[tuple[int, int, str]]:
    """What the chain may have waited for after an event: priority, seconds, reason."""
    stop = event.change_of("alert_stop")
    level = books.history.row.alert_level
    for priority in books.history.priorities_at(event.at):
        if stop and int(stop.before) != NOT_STOPPED:
            yield priority, int(stop.before), "The rest from when it was stopped"
        known = books.lists.priorities.by_id[priority]
        following = Chain(known, books.alert_clock(priority)).level_after(level)
        if following is not None:
            why = f"Escalation level {following.alert_level}"
            yield priority, 60 * max(0, following.alert_timeout), why


def _due_time(clock: TimeFrame, start: datetime, seconds: int) -> datetime | None:
    try:
        return add_worked(clock, start, seconds)
    except NeverOpen:
        return None


def _figure(
    stored: FigureValue,
    recomputed: FigureValue,
    words: list[str],
    counted: list[CountedTime] | None = None,
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
