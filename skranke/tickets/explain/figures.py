"""Why a ticket's deadline, escalation, reply, close and phase times are what they are.

Everything is counted again from the ticket's history, by the rules that counted it at
first; where the office hours have been changed since, or a value was set by hand, that
is said. Pure: a history in, an explanation out.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from zoneinfo import ZoneInfo

from skranke.catalog.priorities.timeframe import TimeFrame, worked_seconds
from skranke.catalog.statuses.carriers import TicketStatusTimeCounter as Counter
from skranke.tickets.explain import formatting, timeline
from skranke.tickets.explain.context import ExplainContext
from skranke.tickets.explain.escalation import alert_timeout_figure
from skranke.tickets.explain.formatting import duration, moment
from skranke.tickets.explain.history import StatusStay, TicketHistory
from skranke.tickets.explain.schema import CountedTime, Explanation, Figure, TimelineEntry
from skranke.tickets.reference_data import ReferenceData
from skranke.tickets.save import time_counters


def explain_history(history: TicketHistory, lists: ReferenceData, zone: ZoneInfo) -> Explanation:
    """Every time of a ticket with its arithmetic, and the events that it hangs on."""
    books = ExplainContext(history, lists, zone)
    figures = [
        deadline_figure(books),
        alert_timeout_figure(books),
        *_duration_figures(books, "TimeToReply", "replied_at"),
        *_duration_figures(books, "TimeToClose", "closed_at"),
        *chain.from_iterable(
            _phase_figures(books, phase) for phase in time_counters.PHASE_OF_COUNTER
        ),
    ]
    events = timeline.timeline(history, lists, zone)
    return Explanation(
        ticket_id=history.row.id,
        zone=zone.key,
        agrees=all(figure.agrees for figure in figures),
        figures=figures,
        events=events,
        words=list(_text_lines(history, figures, events, zone)),
    )


def deadline_figure(books: ExplainContext) -> Figure:
    """When the priority wants a ticket done, or when somebody said instead."""
    row = books.history.row
    priority = books.lists.priorities.by_id[row.priority]
    hours = books.hours(row.priority)
    wanted = time_counters.deadline(row.created_at, priority.deadline, hours)
    words: list[str] = []
    counted: list[CountedTime] = []
    if wanted:
        words.append(
            f"Priority {priority.name} allows {duration(60 * priority.deadline)} of "
            f"office hours: until {moment(wanted, books.zone)}."
        )
        what = "From the request to its deadline"
        counted = [books.count_time(what, row.priority, hours, row.created_at, wanted)]
    elif priority.deadline:
        words.append(f"The office hours of priority {priority.name} never come.")
    else:
        words.append(f"Priority {priority.name} sets no deadline.")
    setting = books.history.last_event_setting("deadline", row.deadline)
    if wanted != row.deadline and setting:
        stored = moment(row.deadline, books.zone) if row.deadline else "none"
        when = moment(setting.at, books.zone)
        words.append(f"It was set on {when}, and stays as it was set: {stored}.")
        wanted = row.deadline
    elif wanted != row.deadline:
        words.append("The ticket has another one, which nothing in its log accounts for.")
    return Figure(
        name="Deadline",
        unit="instant",
        stored=row.deadline,
        recomputed=wanted,
        agrees=wanted == row.deadline,
        words=words,
        counted=counted,
    )


def _duration_figures(books: ExplainContext, name: str, column: str) -> Iterable[Figure]:
    """The office and the real minutes from the request to its reply or its end."""
    row = books.history.row
    stop: datetime | None = getattr(row, column)
    for prefix, real in (("", False), ("Real", True)):
        figure = f"{prefix}{name}"
        field = {"TimeToReply": "time_to_reply", "TimeToClose": "time_to_close"}[name]
        stored: int = getattr(row, f"real_{field}" if real else field)
        if stop is None:
            yield _unset_figure(figure, column, stored)
        else:
            yield _minutes_figure(books, figure, column, stop, stored, real=real)


def _unset_figure(name: str, column: str, stored: int) -> Figure:
    yet = {"replied_at": "There is no reply yet.", "closed_at": "It is not closed."}
    return Figure(
        name=name,
        unit="minutes",
        stored=stored,
        recomputed=0,
        agrees=stored == 0,
        words=[yet[column], *_mismatch_sentences(stored, 0, 60)],
    )


def _minutes_figure(
    books: ExplainContext, name: str, column: str, stop: datetime, stored: int, *, real: bool
) -> Figure:
    start = books.history.row.created_at
    event = books.history.last_event_setting(column, stop)
    priority, clock = books.matching_clock(
        event.at if event else stop,
        real=real,
        fits=lambda clock: _whole_minutes(clock, start, stop) == stored,
    )
    minutes = _whole_minutes(clock, start, stop)
    end = "its first reply" if column == "replied_at" else "its end"
    told = f"From the request to {end}"
    words = [f"{told} it took {duration(60 * minutes)} {books.clock_name(clock, priority)}."]
    return Figure(
        name=name,
        unit="minutes",
        stored=stored,
        recomputed=minutes,
        agrees=minutes == stored,
        words=words + _mismatch_sentences(stored, minutes, 60),
        counted=[books.count_time(told, priority, clock, start, stop)],
    )


def _whole_minutes(clock: TimeFrame, start: datetime, stop: datetime) -> int:
    """Whole minutes between two instants, as a figure holds them."""
    spent = time_counters.elapsed_time(clock, start, stop)
    return spent.worked // 60


def _phase_figures(books: ExplainContext, counter: Counter) -> Iterator[Figure]:
    """The office and the real seconds in statuses of one counter, once left."""
    statuses = books.lists.statuses.by_id
    stays = [
        stay
        for stay in books.history.stays
        if stay.ticket_status in statuses and statuses[stay.ticket_status].time_counter is counter
    ]
    column, name = (
        f"time_spent_{time_counters.PHASE_OF_COUNTER[counter]}",
        f"TimeSpent{counter.value}",
    )
    row = books.history.row
    yield _phase_figure(books, name, getattr(row, column), stays, real=False)
    yield _phase_figure(books, f"Real{name}", getattr(row, f"real_{column}"), stays, real=True)


def _phase_figure(
    books: ExplainContext, name: str, stored: int, stays: list[StatusStay], *, real: bool
) -> Figure:
    kept = [_stored_seconds(stay, real=real) for stay in stays]
    total = min(sum(kept), time_counters.MAX_FIGURE)
    counted = [_stay_time(books, stay, real=real) for stay in stays]
    words = ["A stay in such a status counts once it is left."]
    words += [
        f"What ended on {moment(stay.to_datetime, books.zone)} was counted as "
        f"{duration(was)}; by today's office hours it is {duration(now.seconds)}."
        for stay, was, now in zip(stays, kept, counted, strict=True)
        if was != now.seconds
    ]
    return Figure(
        name=name,
        unit="seconds",
        stored=stored,
        recomputed=total,
        agrees=stored == total,
        words=words + _mismatch_sentences(stored, total, 1),
        counted=counted,
    )


def _stored_seconds(stay: StatusStay, *, real: bool) -> int:
    return stay.real_timespan if real else stay.timespan


def _stay_time(books: ExplainContext, stay: StatusStay, *, real: bool) -> CountedTime:
    start, stop = stay.from_datetime, stay.to_datetime
    kept = _stored_seconds(stay, real=real)
    priority, clock = books.matching_clock(
        stop, real=real, fits=lambda clock: worked_seconds(clock, start, stop) == kept
    )
    name = books.lists.statuses.by_id[stay.ticket_status].name
    return books.count_time(f"In status {name}", priority, clock, start, stop)


def _mismatch_sentences(stored: int, recomputed: int, unit: int) -> list[str]:
    if stored == recomputed:
        return []
    return [
        f"The ticket says {duration(unit * stored)}, which its history does not yield: "
        "a list it was counted by has been changed since, or the figure came from "
        "elsewhere."
    ]


def _text_lines(
    history: TicketHistory, figures: list[Figure], events: list[TimelineEntry], zone: ZoneInfo
) -> Iterable[str]:
    yield f"Request {history.row.id} came in on {moment(history.row.created_at, zone)}."
    yield f"Times are those of {zone.key}."
    for figure in figures:
        yield ""
        yield f"{figure.name}: {formatting.value_text(figure.stored, figure.unit, zone)}"
        yield from figure.words
        for stretch in figure.counted:
            yield from formatting.counted_time_lines(stretch, zone)
    yield ""
    yield "What happened:"
    for event in events:
        yield f"- {moment(event.at, zone)}: {'; '.join(event.words)}."
