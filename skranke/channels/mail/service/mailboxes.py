"""Mailboxes are read and saved as MailboxEntity has them."""

import re

from skranke.channels.mail.addresses import mail_addresses
from skranke.channels.mail.service.carriers import MailboxEntity, MailboxType
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.db.database import Db, row, value

DEFAULT_PORTS = {
    MailboxType.Pop: 110,
    MailboxType.Pops: 995,
    MailboxType.Imap: 143,
    MailboxType.Imaps: 993,
    MailboxType.ImapOAuth: 993,
}
# what this desk can take mail from; Unknown and Mailgun wait for mail to be pushed
READABLE = frozenset({*DEFAULT_PORTS, MailboxType.Unknown, MailboxType.Mailgun})
HOST = re.compile(r"[A-Za-z0-9._:\[\]-]{0,253}")
MAX_CHARACTERS = 255


async def load_mailbox(db: Db, mailbox_id: int) -> MailboxEntity | None:
    """A mailbox without its password; None where there is none, or a deleted one."""
    return await row(
        db,
        MailboxEntity,
        """
        SELECT id AS "MailInFilterId", server_type::text AS "ServerType",
               address AS "Address", username AS "Username", server AS "Server",
               port AS "Port"
        FROM mail_in_filter WHERE id = $1 AND status = 0
        """,
        mailbox_id,
    )


async def save_mailbox(context: RequestContext, posted: MailboxEntity) -> int:
    """Write what was given of a mailbox; its id."""
    given = context.given
    before = await load_mailbox(context.db, posted.mail_in_filter_id)
    if before is None and posted.mail_in_filter_id:
        raise BadValue("MailInFilterId", f"{posted.mail_in_filter_id} does not exist")
    before = before or MailboxEntity(server_type=MailboxType.Imaps, port=993)
    kind = posted.server_type if "ServerType" in given else before.server_type
    if kind not in READABLE and kind is not before.server_type:
        raise BadValue("ServerType", f"this desk can't read a mailbox of type {kind.name}")
    address = await _address(context, posted, before, given)
    server = posted.server.strip() if "Server" in given else before.server
    if not HOST.fullmatch(server):
        raise BadValue("Server", "is not the name or address of a host")
    username = posted.username if "Username" in given else before.username
    if len(username) > MAX_CHARACTERS or not username.isprintable():
        raise BadValue("Username", f"must be one line of at most {MAX_CHARACTERS} characters")
    password = posted.password if "Password" in given else None
    if password and (len(password) > MAX_CHARACTERS or not password.isprintable()):
        raise BadValue("Password", f"must be one line of at most {MAX_CHARACTERS} characters")
    port = (posted.port if "Port" in given else before.port) or DEFAULT_PORTS.get(kind, 0)
    if not 0 <= port <= 65535:
        raise BadValue("Port", f"{port} is not a port: it must be from 0 to 65535")
    saved = await value(
        context.db,
        int,
        """
        INSERT INTO mail_in_filter AS m (id, server_type, address, username, password, server, port)
        VALUES (coalesce(nullif($1, 0),
                    nextval(pg_get_serial_sequence('mail_in_filter', 'id'))::int),
                $2, $3, $4, coalesce($5, ''), $6, $7)
        ON CONFLICT (id) DO UPDATE SET server_type = excluded.server_type,
            address = excluded.address, username = excluded.username,
            password = coalesce($5, m.password), server = excluded.server,
            port = excluded.port
        RETURNING id
        """,
        posted.mail_in_filter_id,
        kind.number,
        address,
        username,
        password,
        server,
        port,
    )
    if (server, username) != (before.server, before.username):
        # another mailbox by now: how far the former was read means nothing for it
        await context.db.execute("DELETE FROM mailbox_progress WHERE mailbox_id = $1", saved)
    return saved


async def _address(
    context: RequestContext, posted: MailboxEntity, before: MailboxEntity, given: frozenset[str]
) -> str:
    if "Address" not in given and before.address:
        return before.address
    named = mail_addresses([posted.address])
    if len(named) != 1:
        raise BadValue("Address", f"{posted.address!r} is not one mail address, as a@b.example")
    taken = await value(
        context.db,
        bool,
        """
        SELECT EXISTS (SELECT FROM mail_in_filter
                       WHERE lower(address) = lower($1) AND id <> $2 AND status = 0)
            OR EXISTS (SELECT FROM mail_alias
                       WHERE lower(address) = lower($1) AND mail_in_filter_id <> $2)
        """,
        named[0].address,
        posted.mail_in_filter_id,
    )
    if taken:
        raise BadValue("Address", f"{named[0].address} is another mailbox's")
    return named[0].address
