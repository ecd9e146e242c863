"""Who is to be told, and what stands there for those who look."""

from datetime import datetime

from msgspec import Struct

from skranke.channels.notifications.carriers import NotifyChannel, NotifyType
from skranke.db.database import Db, execute, row, rows, value


class NotifiedTicket(Struct, frozen=True, kw_only=True):
    """The ticket that people are told of; `level` is that of its escalation."""

    ticket_id: int
    title: str
    language: str
    owned_by: int
    category: int
    level: int
    email: str  # of its customer
    mobile: str
    text: str  # of the message it is about


class NotifiedUser(Struct, frozen=True, kw_only=True):
    """A Service user, how to reach him, and of what he wants to hear by which way."""

    ej_user_id: int
    associate_id: int
    email: str
    mobile: str
    notify_mask: int
    email_mask: int
    sms_mask: int

    def wants(self, kind: NotifyType, channel: NotifyChannel) -> bool:
        """Whether all of these kinds are to reach him by this channel."""
        masks = {
            NotifyChannel.PopUp: self.notify_mask,
            NotifyChannel.Email: self.email_mask,
            NotifyChannel.Sms: self.sms_mask,
        }
        return masks.get(channel, 0) & kind.number == kind.number


async def load_ticket(db: Db, ticket_id: int, message_id: int = 0) -> NotifiedTicket | None:
    """What is told of a ticket; None without it. A message of another is none."""
    return await row(
        db,
        NotifiedTicket,
        """
        SELECT t.id AS ticket_id, t.title, t.language, t.owned_by, t.category,
               t.alert_level AS level, coalesce(p."Email", '') AS email,
               coalesce(p."MobilePhone", '') AS mobile, coalesce(m.body, '') AS text
        FROM ticket t
        LEFT JOIN wire_person p ON p."PersonId" = t.cust_id
        LEFT JOIN ej_message m ON m.id = $2 AND m.ticket_id = t.id
        WHERE t.id = $1
        """,
        ticket_id,
        message_id,
    )


async def load_users(db: Db, ej_user_ids: list[int]) -> list[NotifiedUser]:
    """These Service users, as far as they are still with us, by id."""
    return await rows(
        db,
        NotifiedUser,
        """
        SELECT e.id AS ej_user_id, a.associate_id, coalesce(p."Email", '') AS email,
               coalesce(p."MobilePhone", '') AS mobile,
               e.notify_mask, e.email_mask, e.sms_mask
        FROM ejuser e JOIN associate a USING (associate_id)
        LEFT JOIN wire_person p ON p."PersonId" = a.person_id
        WHERE e.id = ANY ($1) AND NOT a.deleted ORDER BY e.id
        """,
        ej_user_ids,
    )


async def favourite_users(db: Db, ticket_id: int) -> list[int]:
    """The ejuser ids of those who have the ticket among their favourites."""
    sql = "SELECT user_id FROM hotlist WHERE ticket_id = $1 ORDER BY user_id"
    return [record["user_id"] for record in await db.fetch(sql, ticket_id)]


class PopUp(Struct, frozen=True, kw_only=True):
    """What appears on a user's screen until it expires."""

    kind: NotifyType
    ej_user_id: int
    about: NotifiedTicket
    by: int | None  # the ejuser whose deed it is
    ticket_alert_id: int | None
    expires: datetime


async def save_pop_up(db: Db, one: PopUp) -> None:
    """Write it down."""
    await execute(
        db,
        """
        INSERT INTO notify (type, user_id, owner_id, ticket_id, user2_id, category_id,
                            ticket_alert_id, expires)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        one.kind.number,
        one.ej_user_id,
        one.about.owned_by,
        one.about.ticket_id,
        one.by,
        one.about.category,
        one.ticket_alert_id,
        one.expires,
    )


async def delete_pop_ups(db: Db, ids: list[int], ej_user_id: int) -> None:
    """Remove what stands there for a user."""
    await execute(db, "DELETE FROM notify WHERE id = ANY ($1) AND user_id = $2", ids, ej_user_id)


async def latest_message_id(db: Db, ticket_id: int) -> int:
    """The id of a ticket's last message; 0 without one."""
    sql = """
        SELECT id FROM ej_message WHERE ticket_id = $1
        ORDER BY created_at DESC, id DESC LIMIT 1
    """
    return await value(db, int, sql, ticket_id) or 0
