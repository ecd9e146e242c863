"""The figures of a demo ticket, as columns, worked out from what happened to it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from skranke.catalog.priorities.timeframe import add_worked, worked_seconds
from skranke.devtools.demo.messages import EXTERNAL, REPLY, SYSTEM
from skranke.devtools.demo.reference_data import Setting
from skranke.devtools.demo.rows import Message
from skranke.devtools.demo.scenarios import Case
from skranke.devtools.demo.status_history import CLOSED, OPEN, QUEUED, WAITING, Step
from skranke.tickets.carriers import TicketOrigin

GREEN, YELLOW, RED = 1, 2, 3  # read status
READ_AT = ("first_read_by_user", "first_read_by_owner", "read_by_owner")
NINE = timedelta(minutes=9)  # until somebody looks


def counts(said: Sequence[Message]) -> dict[str, Any]:
    """Sums of the messages; language of the first external one, mood of the last."""
    outward = [message for message in said if message.slevel == EXTERNAL]
    return {
        "num_messages": len(said),
        "num_replies": sum(message.created_by != SYSTEM for message in outward),
        "time_spent": sum(message.time_spent for message in said),
        "language": outward[0].language if outward else "",
        "sentiment": outward[-1].sentiment if outward else 0,
        "sentiment_confidence": outward[-1].sentiment_confidence if outward else 0,
    }


def reading(rng: Random, said: Sequence[Message], status: int, now: datetime) -> dict[str, Any]:
    """Who answers has read; of what came after that, part is still unread."""
    ours = [message.created_at for message in said if message.created_by != SYSTEM]
    latest = said[-1].created_at
    up_to_date = status == CLOSED or ours[-1:] == [latest] or rng.random() < 0.4
    if not ours:
        return dict.fromkeys(READ_AT) | {"read_status": RED}
    return {
        "first_read_by_user": ours[0],
        "first_read_by_owner": ours[0],
        "read_by_owner": min(latest + NINE, now) if up_to_date else ours[-1],
        "read_status": GREEN if up_to_date else YELLOW,
    }


def reply(case: Case, said: Sequence[Message], setting: Setting) -> dict[str, Any]:
    """The first answer and how many minutes it took, by either clock."""
    at = next((m.created_at for m in said if m.badge == REPLY), None)
    looks = at if case.origin is TicketOrigin.CustomerCentre else None
    worked, real = _minutes(case, at, setting)
    return {
        "replied_at": at,
        "read_by_customer": min(looks + NINE, setting.now) if looks else None,
        "time_to_reply": worked,
        "real_time_to_reply": real,
    }


def closing(case: Case, steps: Sequence[Step], setting: Setting) -> dict[str, Any]:
    """When it was closed, and when its time counters last moved."""
    at = steps[-1].at if steps[-1].status == CLOSED else None
    worked, real = _minutes(case, at, setting)
    return {
        "closed_at": at,
        "time_to_close": worked,
        "real_time_to_close": real,
        "time_spent_calculated": steps[-1].at if len(steps) > 1 else None,
    }


def _minutes(case: Case, at: datetime | None, setting: Setting) -> tuple[int, int]:
    """Whole minutes since the ticket came: in office hours, and all of them."""
    if at is None:
        return 0, 0
    frame = setting.priorities[case.priority].frame
    worked = worked_seconds(frame, case.created_at, at)
    return worked // 60, int((at - case.created_at).total_seconds()) // 60


def due(case: Case, status: int, setting: Setting) -> dict[str, Any]:
    """Counted in the priority's hours; what is open beyond it is fully escalated."""
    priority = setting.priorities[case.priority]
    due = add_worked(priority.frame, case.created_at, 60 * priority.deadline)
    overdue = status in (OPEN, WAITING, QUEUED) and due < setting.now
    return {"deadline": due, "alert_level": priority.levels if overdue else 0}
