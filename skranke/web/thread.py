"""A ticket's messages as the page shows them: open or folded, safe in every case."""

from datetime import datetime

from msgspec import Struct

from skranke.messages.attachments.carriers import AttachmentEntity
from skranke.messages.carriers import TicketMessageCategory, TicketMessageEntity
from skranke.messages.operations import get_ticket_message_entities
from skranke.tickets.carriers import TicketEntity
from skranke.tickets.message_rows import BadgeType, TicketMessage, TicketSecurityLevel
from skranke.web.mail_html import Body, show_body
from skranke.web.page import Page

NEWEST_LOADED = 12  # messages whose text comes with the page; older ones on demand
MAX_OPEN = 4
SNIPPET_CHARACTERS = 120
OURS = (BadgeType.Reply, BadgeType.Outgoing, BadgeType.Forward, BadgeType.Comment)


class Entry(Struct, kw_only=True):
    """One message, or the gap that stands for `hidden` of them."""

    id: int = 0
    author: str = ""
    address: str = ""
    ours: bool = False
    internal: bool = False
    important: bool = False
    iso: str = ""
    exact: str = ""
    ago: str = ""
    when: str = ""
    to: str = ""
    cc: str = ""
    snippet: str = ""
    body: Body | None = None
    files: list[AttachmentEntity] = []
    open: bool = False
    newest: bool = False
    badge: str = ""  # bounced, failed
    mood: str = ""
    hidden: int = 0


async def load_thread(
    page: Page, ticket: TicketEntity, *, whole: bool = False, after: int = 0
) -> list[Entry]:
    """The messages, the oldest first; of many the first, a gap, and the newest."""
    rows = sorted(
        ticket.messages, key=lambda row: (row.created_at or page.context.now, row.ticket_message_id)
    )
    if after:
        rows = [row for row in rows if row.ticket_message_id > after]
    ids = [row.ticket_message_id for row in rows]
    hidden = len(ids) - NEWEST_LOADED - 1
    if whole or hidden < 2:
        wanted, hidden = ids, 0
    else:
        wanted = [ids[0], *ids[-NEWEST_LOADED:]]
    if not wanted:
        return []
    messages = await page.call(get_ticket_message_entities, page.context, ticket.ticket_id, wanted)
    by_id = {row.ticket_message_id: row for row in rows}
    entries = [
        entry(page, message, by_id[message.ej_message_id])
        for message in messages
        if message.ej_message_id in by_id
    ]
    _open_newest(entries)
    if hidden:
        entries.insert(1, Entry(hidden=hidden))
    return entries


def _open_newest(entries: list[Entry]) -> None:
    """Open the newest message and those since the last answer, but few."""
    if not entries:
        return
    entries[-1].open = entries[-1].newest = True
    for place in range(len(entries) - 2, max(len(entries) - 1 - MAX_OPEN, -1), -1):
        entries[place].open = True
        if entries[place].ours and not entries[place].internal:
            break


def entry(page: Page, message: TicketMessageEntity, row: TicketMessage) -> Entry:
    """A message as the thread shows it."""
    times = page.times
    headers = {header.name.lower(): header.value for header in message.message_headers}
    files = [file for file in message.attachments_info if not file.inline_image]
    person = message.person
    ours = person is None and message.badge is not BadgeType.Incoming
    created: datetime | None = message.created_at
    failed = message.message_category is TicketMessageCategory.OutboxFailed
    bounced = message.message_category is TicketMessageCategory.Bounce
    return Entry(
        id=message.ej_message_id,
        author=(person.full_name if person else "") or message.author or row.author,
        address=person.email if person else "",
        ours=ours,
        internal=message.slevel is TicketSecurityLevel.Internal,
        important=message.important,
        iso=times.iso(created),
        exact=times.exact(created),
        ago=times.ago(created),
        when=times.when(created),
        to=headers.get("to", ""),
        cc=headers.get("cc", ""),
        snippet=" ".join(message.body.split())[:SNIPPET_CHARACTERS],
        body=show_body(message),
        files=files,
        badge="bounced" if bounced else "failed" if failed else "",
        mood=_mood(message.sentiment),
    )


def _mood(score: int) -> str:
    return "frown" if score < -40 else "smile" if score > 40 else ""
