"""How a ticket's figures come about, as JSON has it; the desk's own shape."""

from datetime import date, datetime

from msgspec import Struct

FigureValue = datetime | int | None


class OpenSpan(Struct, frozen=True):
    """Time that was counted: from `opens` until `closes`."""

    opens: datetime
    closes: datetime


class CountedTime(Struct, frozen=True, kw_only=True):
    """A stretch of time, and how much of it counts by a clock.

    `spans` is what counts; where that is long, only its beginning, and `cut` is true.
    `holidays` would have counted, were they none; with `cut`, only the first of them.
    """

    what: str
    clock: str
    start: datetime
    stop: datetime
    seconds: int
    spans: list[OpenSpan]
    holidays: list[date]
    cut: bool = False


class Figure(Struct, frozen=True, kw_only=True):
    """One property: what is stored, what the history yields, and why, in sentences.

    `agrees` is false where the history accounts for another value than the stored one.
    """

    name: str
    unit: str  # instant, minutes, seconds
    stored: FigureValue
    recomputed: FigureValue
    agrees: bool
    words: list[str]
    counted: list[CountedTime] = []


class TimelineEntry(Struct, frozen=True, kw_only=True):
    """Something in the ticket's log that its times hang on."""

    at: datetime
    action: int  # TicketLogAction
    words: list[str]


class Explanation(Struct, frozen=True, kw_only=True):
    """A ticket's times; `words` is the whole as lines of text, in the zone's time."""

    ticket_id: int
    zone: str
    agrees: bool
    figures: list[Figure]
    events: list[TimelineEntry]
    words: list[str]
