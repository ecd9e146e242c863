"""Tickets as the rows of a list: what the archive answers, in the reader's words."""

from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from skranke.channels.live.carriers import TicketPresence
from skranke.web.i18n.times import TimeLeft, time_left
from skranke.web.page import Page

COLUMNS = (
    "title",
    "person/fullName",
    "contact/name",
    "categoryFullName",
    "ownedBy/fullName",
    "deadline",
    "createdAt",
    "lastChanged",
    "status",
    "ticketStatusName",
    "priorityName",
    "readStatus",
    "sentimentScore",
    "activated",
)
SHOWN_AS_TEXT = ("categoryFullName", "ticketStatusName", "priorityName")
MOOD_SCORE = 40  # from -100 to 100: beyond it a customer sounds happy or unhappy
UNREAD = (2, 3)  # yellow, red


class TicketRow(Struct, kw_only=True):
    """One row; names are empty where there is nobody."""

    id: int
    title: str
    person: str
    company: str
    category: str
    owner: str
    owner_short: str
    left: TimeLeft
    unread: bool
    mood: str
    iso: str
    at: str
    age: str
    note: str
    here: str = ""
    here_writing: bool = False
    group: str = ""


def instant(value: object) -> datetime | None:
    """A row's moment, which is on the wall of UTC; None for the null date."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.year > 1 else None


def ticket_row(page: Page, row: dict[str, Any]) -> TicketRow:
    """A row of the archive, asked for in mode Full, as the list shows it."""
    row = _values(row)
    times = page.times
    changed = instant(row["lastChanged"]) or instant(row["createdAt"])
    owner = row["ownedBy/fullName"]
    score = int(row["sentimentScore"] or 0)
    return TicketRow(
        id=int(row["PrimaryKey"]),
        title=row["title"],
        person=row["person/fullName"],
        company=row["contact/name"],
        category=row["categoryFullName"].rpartition("/")[2],
        owner=owner,
        owner_short=owner.split(" ")[0],
        left=time_left(
            times,
            status=int(row["status"] or 0),
            created=instant(row["createdAt"]),
            deadline=instant(row["deadline"]),
            activate=instant(row["activated"]),
        ),
        unread=int(row["readStatus"] or 0) in UNREAD,
        mood="smile" if score > MOOD_SCORE else "frown" if score < -MOOD_SCORE else "",
        iso=times.iso(changed),
        at=times.exact(changed),
        age=times.age(changed),
        note=row["ticketStatusName"],
    )


def _values(row: dict[str, Any]) -> dict[str, Any]:
    """Raw values, but the text that people see where a number stands for it."""
    cells: dict[str, dict[str, Any]] = row["Column"]
    values = {name: cells[name]["RawValue"] for name in COLUMNS}
    values |= {name: cells[name]["DisplayValue"] for name in SHOWN_AS_TEXT}
    return values | {"PrimaryKey": row["PrimaryKey"]}


def with_presence(rows: list[TicketRow], present: list[TicketPresence], page: Page) -> None:
    """Say on each row who else looks at the ticket, or writes on it."""
    by_id = {row.id: row for row in rows}
    for one in sorted(present, key=lambda each: each.writing):
        if one.ticket_id in by_id and one.associate_id != page.user.associate_id:
            text = "{name} is writing" if one.writing else "{name} is looking"
            row = by_id[one.ticket_id]
            row.here = page.translate(text, name=one.name.split(" ")[0])
            row.here_writing = one.writing
