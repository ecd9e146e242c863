"""What a ticket knows of its messages: how many, how many answers, minutes, files.

Always counted anew, on a ticket that is held: an increment would keep every slip for
ever. Source: reference, NumMessages, NumReplies, HasAttachment and TimeSpent.
"""

from msgspec import Struct

from skranke.db.database import Db, row
from skranke.tickets.row import TicketRow


class MessageCounts(Struct, frozen=True, kw_only=True):
    """The counters of a ticket; an answer is an external message by a user."""

    num_messages: int
    num_replies: int
    time_spent: int  # minutes
    has_attachment: bool  # other than images within a text

    def apply_to(self, ticket: TicketRow) -> None:
        """Write the counters into a ticket's row."""
        ticket.num_messages = self.num_messages
        ticket.num_replies = self.num_replies
        ticket.time_spent = self.time_spent
        ticket.has_attachment = self.has_attachment


async def count_messages(db: Db, ticket_id: int) -> MessageCounts:
    """The counters as the messages give them; the ticket is held by the caller."""
    found = await row(
        db,
        MessageCounts,
        """
        SELECT count(*) AS num_messages,
               count(*) FILTER (WHERE slevel = 2 AND customer_id IS NULL
                                AND created_by <> 1) AS num_replies,
               least(coalesce(sum(time_spent), 0), 2147483647) AS time_spent,
               EXISTS (SELECT FROM ej_message m JOIN ticket_attachment a
                       ON a.message_id = m.id WHERE m.ticket_id = $1
                       AND NOT a.inline_image) AS has_attachment
        FROM ej_message WHERE ticket_id = $1
        """,
        ticket_id,
    )
    assert found  # an aggregate always has a row
    return found
