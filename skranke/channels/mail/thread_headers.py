"""Where a letter about a ticket comes from, and what it answers."""

import re

from msgspec import Struct

from skranke.channels.mail.capture import captures
from skranke.core.context import RequestContext
from skranke.db.database import Db, row, rows

MESSAGE_ID_PATTERN = re.compile(r"[!-;=?-~]{1,200}")  # printable ASCII without angle brackets
MAX_REFERENCES = 20  # the first and the last of a long thread
DEFAULT_SENDER = "support@skranke.example"  # of letters that never leave


class _SenderRow(Struct, frozen=True):
    address: str


async def sender_address(context: RequestContext, ticket_id: int) -> str:
    """The address of a ticket's letters; "" where nobody has said any.

    The mailbox that it came in through, else its category's, else the desk's. Source:
    getMailFrom of the vendor's scripting reference, which tells this order.
    """
    found = await row(
        context.db,
        _SenderRow,
        """
        SELECT coalesce(nullif(t.filter_address, ''), m.address, '') AS address
        FROM ticket t LEFT JOIN LATERAL (
            SELECT address FROM mail_in_filter WHERE category_id = t.category AND status = 0
            ORDER BY id LIMIT 1) m ON true
        WHERE t.id = $1
        """,
        ticket_id,
    )
    own = context.settings.mail_from or (DEFAULT_SENDER if captures(context.settings) else "")
    return (found.address if found else "") or own


class _MessageIdRow(Struct, frozen=True):
    message_id: str


async def thread_references(db: Db, ticket_id: int, message_id: int | None) -> list[str]:
    """The Message-Ids of a ticket's mails before this message, the oldest first.

    Source: RFC 5322, section 3.6.4.
    """
    found = await rows(
        db,
        _MessageIdRow,
        """
        SELECT message_id FROM ej_message
        WHERE ticket_id = $1 AND message_id <> '' AND ($2::int IS NULL OR id < $2)
        ORDER BY created_at, id
        """,
        ticket_id,
        message_id,
    )
    ids = [_bracket(one.message_id) for one in found]
    thread = [one for one in ids if one]
    if len(thread) > MAX_REFERENCES:
        return [thread[0], *thread[1 - MAX_REFERENCES :]]
    return thread


def _bracket(message_id: str) -> str:
    """The first id of what is stored, with angle brackets and nothing else."""
    found = MESSAGE_ID_PATTERN.search(message_id)
    return f"<{found[0]}>" if found else ""
