"""Mailboxes, gateways and mail servers, as the CustomerService agent has them."""

from skranke.channels.mail.service.carriers import Mailbox, MailboxEntity, SmsConfig, SmtpTestResult
from skranke.channels.mail.service.smtp_check import find_fault, parse_sender, parse_server
from skranke.channels.mail.sms import gateway_of
from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.db.database import row, rows
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
    return SmsConfig(net_server_sms_provider=type(gateway).__name__ if gateway else "")


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
    found = await row(
        context.db,
        MailboxEntity,
        """
        SELECT id AS "MailInFilterId", server_type::text AS "ServerType",
               address AS "Address", username AS "Username", server AS "Server",
               port AS "Port"
        FROM mail_in_filter WHERE id = $1
        """,
        mailbox_entity_id,
    )
    if found is not None:
        found.table_right = table_right(context.user)
    return found
