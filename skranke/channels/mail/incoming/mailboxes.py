"""The mailboxes as the import needs them."""

from msgspec import Struct

from skranke.db.database import Db, rows


class Mailbox(Struct, frozen=True, kw_only=True):
    """A mailbox and what tickets that come in through it begin with."""

    id: int
    address: str
    aliases: list[str]
    category_id: int | None
    priority: int | None
    ticket_type: int | None
    reply_template_id: int
    noautoreply: bool
    keep_headers: str
    mailgun_dsn: bool  # import what machines send


NO_MAILBOX = Mailbox(
    id=0,
    address="",
    aliases=[],
    category_id=None,
    priority=None,
    ticket_type=None,
    reply_template_id=0,
    noautoreply=True,
    keep_headers="",
    mailgun_dsn=False,
)


async def load_mailboxes(db: Db) -> dict[int, Mailbox]:
    """The mailboxes that are not deleted, by id; for the reference cache."""
    found = await rows(
        db,
        Mailbox,
        """
        SELECT id, address, category_id, priority, ticket_type, reply_template_id,
               noautoreply, keep_headers, mailgun_dsn,
               ARRAY(SELECT address FROM mail_alias a
                     WHERE a.mail_in_filter_id = m.id ORDER BY a.id) AS aliases
        FROM mail_in_filter m WHERE status = 0
        """,
    )
    return {mailbox.id: mailbox for mailbox in found}
