"""Who said what when on a ticket of the demo desk."""

from datetime import datetime, timedelta
from math import log
from random import Random

from msgspec import Struct

from skranke.catalog.priorities.timeframe import add_worked
from skranke.devtools.demo.reference_data import Setting
from skranke.devtools.demo.scenarios import MEDIUM, Case, Fate
from skranke.devtools.demo.stories import Turn

URGENT = 4  # priority
LATEST = timedelta(minutes=3)  # ago


class Said(Struct, frozen=True):
    """A turn that was taken, in full words with greeting and signature."""

    at: datetime
    who: str
    mood: int
    text: str

    @property
    def by_us(self) -> bool:
        """Whether a Service user said it."""
        return self.who != "customer"


def converse(rng: Random, case: Case, setting: Setting) -> list[Said]:
    """The story as far as the case goes and as `now` allows; always the first turn."""
    told: list[Said] = []
    at = case.created_at
    for turn in case.story.turns[: case.turns]:
        if told:
            at = _next(rng, case, setting, told[-1], turn, at)
            if at > setting.now - LATEST:
                break
        told.append(_said(rng, case, turn, at, first=not told))
    return told


def _next(
    rng: Random, case: Case, setting: Setting, last: Said, turn: Turn, at: datetime
) -> datetime:
    """Customers answer when they like; agents in office hours, after a note soon."""
    if turn.who == "customer":
        return at + timedelta(seconds=_seconds(rng, hours=4, longest=40))
    hours = 0.3 if last.who == "note" or case.priority == URGENT else 1.6
    seconds = _seconds(rng, hours, longest=14)
    return add_worked(setting.priorities[MEDIUM].frame, at, seconds)


def _seconds(rng: Random, hours: float, longest: int) -> int:
    """Usually about so many hours, at times much more; five minutes at least."""
    drawn = rng.lognormvariate(log(hours), 0.9)
    return max(300, int(3600 * min(drawn, longest)))


def _said(rng: Random, case: Case, turn: Turn, at: datetime, first: bool) -> Said:
    text = rng.choice(turn.wordings).format(**case.told)
    noted = first and case.registered_by_us
    who = "note" if noted else turn.who
    return Said(at, who, turn.mood, _letter(case, who, text, first))


def _letter(case: Case, who: str, text: str, first: bool) -> str:
    told, client = case.told, case.client
    if client is None:
        return f"{told['hello']}\n\n{text}\n\n{told['bye']}"
    if who == "note":
        return f"{told['phone']}\n\n{text}" if first else text
    if who == "agent":
        closing = f"{told['signature']}\n{case.agent.name}\nLunvarm"
        return f"{told['greeting']}\n\n{text}\n\n{closing}"
    if not first:
        return f"{text}\n\n{client.firstname}"
    again = f"{told['again']}\n\n" if case.fate is Fate.MERGED else ""
    closing = f"{told['bye']}\n{client.name}\n{client.company}"
    return f"{told['hello']}\n\n{again}{text}\n\n{closing}"
