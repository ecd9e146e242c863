"""Mailboxes, gateways and mail servers, as the CustomerService agent has them."""

from skranke.channels.mail.service.carriers import (
    Mailbox,
    MailboxEntity,
    MailboxType,
    SmsConfig,
    SmtpTestResult,
)
from skranke.channels.mail.service.mailboxes import load_mailbox, save_mailbox
from skranke.channels.mail.service.smtp_check import find_fault, parse_sender, parse_server
from skranke.channels.mail.sms import CaptureGateway, gateway_of
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import require_found
from skranke.core.schema import Int32
from skranke.db.database import rows
from skranke.http.operation import operation
from skranke.people.rights import table_right


@operation("CustomerService", permission=Permission.ADMINISTER, transaction=False)
async def test_smtp_server(
    context: RequestContext, smtp_uri: str, from_: str, use_stored_password: bool
) -> SmtpTestResult:
    """Whether a mail server lets this desk in and takes letters of this sender.

    None is sent. The error is the server's own words. BadValue for what is no
    address, and where the stored password is that of another server or user.
    """
    server = parse_server(smtp_uri, context.settings, stored_password=use_stored_password)
    fault = await find_fault(server, parse_sender(from_))
    return SmtpTestResult(success=not fault, error_message=fault)


@operation("CustomerService", permission=Permission.READ, transaction=False)
async def get_sms_config(context: RequestContext) -> SmsConfig:
    """By which provider texts are sent; blank where the desk has none."""
    gateway = gateway_of(context.settings)
    name = "Captured" if isinstance(gateway, CaptureGateway) else type(gateway).__name__
    return SmsConfig(net_server_sms_provider=name if gateway else "")


@operation("CustomerService", permission=Permission.READ, transaction=False)
async def get_mailboxes(context: RequestContext) -> list[Mailbox]:
    """The mailboxes that tickets come in through, by address."""
    return await rows(
        context.db,
        Mailbox,
        """
        SELECT m.id AS "MailInFilterId", m.address AS "Address",
               coalesce(c.fullname, '') AS "CategoryName",
               coalesce(p.name, '') AS "PriorityName"
        FROM mail_in_filter m
        LEFT JOIN ej_category c ON c.id = m.category_id
        LEFT JOIN ticket_priority p ON p.id = m.priority
        WHERE m.status = 0
        ORDER BY m.address, m.id
        """,
    )


@operation(
    "CustomerService",
    permission=Permission.ADMINISTER,
    query=("mailbox_entity_id",),
    transaction=False,
)
async def get_mailbox_entity(
    context: RequestContext, mailbox_entity_id: Int32
) -> MailboxEntity | None:
    """A mailbox and how it is read, without its password; null without one."""
    found = await load_mailbox(context.db, mailbox_entity_id)
    if found is not None:
        found.table_right = table_right(context.user)
    return found


@operation("CustomerService", permission=Permission.ADMINISTER, transaction=False)
async def create_default_mailbox_entity(context: RequestContext) -> MailboxEntity:
    """A mailbox that isn't there yet: IMAP over TLS. Nothing is saved."""
    default = MailboxEntity(server_type=MailboxType.Imaps, port=993)
    default.table_right = table_right(context.user)
    return default


@operation("CustomerService", permission=Permission.ADMINISTER)
async def save_mailbox_entity(context: RequestContext, entity: MailboxEntity) -> MailboxEntity:
    """The mailbox as it is after the save: new for MailInFilterId 0, else the changed.

    Absent properties are kept; a Password that is absent or null is kept, "" empties it,
    and it is never read back. BadValue for an id that does not exist, an address that is
    no single one or is another mailbox's, and a kind of server that this desk can't read.
    """
    saved = await save_mailbox(context, entity)
    found = require_found(await load_mailbox(context.db, saved), "Mailbox", saved)
    found.table_right = table_right(context.user)
    return found
