"""The archive of messages, each beside its ticket, of the tickets that a caller sees.

Source: reference, archive provider ticketmessage.
"""

from skranke.archive.carriers import ArchiveOptions, ArchiveRows
from skranke.archive.columns import Column, boolean, list_item, moment, number, text, with_prefix
from skranke.archive.metadata import publish_metadata
from skranke.archive.odata import archive_rows
from skranke.archive.providers import Join, Provider, register_provider
from skranke.archive.syntax_tree import id_equals
from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import resource
from skranke.tickets.archive import LEVELS, TICKETS, extra_columns, visibility_condition
from skranke.tickets.visibility import require_visible

OWN_COLUMNS = [
    text("searchTitle", "m.search_title", nullable=False),
    text("header", "m.email_header", nullable=False),
    number("ticketId", "m.ticket_id", nullable=False),
    number("ticketMessageId", "m.id", nullable=False),
    text("author", "m.author", nullable=False),
    moment("createdAt", "m.created_at", nullable=False),
    text("body", "m.body", nullable=False, sortable=False),
    text("htmlBody", "m.html_body", nullable=False, sortable=False),
    text("messageId", "m.message_id", nullable=False),
    text("debugInfo", "m.debug_info", nullable=False),
    boolean("important", "m.important", nullable=False),
    list_item("slevel", "m.slevel", nullable=False, names=LEVELS, list_name="ticketslevel"),
]


async def ticket_extra_columns(context: RequestContext) -> list[Column]:
    """The extra fields of tickets, under `ticket/extra/`."""
    return with_prefix("ticket", await extra_columns(context))


MESSAGE_ARCHIVE = register_provider(
    Provider(
        name="TicketMessage",
        entity="ticketmessage",
        table="ej_message m",
        alias="m",
        key="m.id",
        kinds={"ticketmessage": ""},
        columns=[*OWN_COLUMNS, *with_prefix("ticket", TICKETS.columns)],
        published=with_prefix("ticket", TICKETS.published),
        joins={"t": Join("JOIN ticket t ON t.id = m.ticket_id")} | TICKETS.joins,
        always=("t",),
        visible_sql=visibility_condition,
        more=ticket_extra_columns,
        default_columns=(
            "ticketMessageId",
            "ticketId",
            "createdAt",
            "author",
            "searchTitle",
            "slevel",
            "important",
        ),
    )
)
publish_metadata(MESSAGE_ARCHIVE, "/api/v1/TicketMessage", "TicketMessageEntity")


@resource(
    "GET",
    "/api/v1/TicketMessage",
    permission=Permission.READ,
    about="TicketMessageEntity",
    name="GetAll",
)
async def get_messages(context: RequestContext, options: ArchiveOptions) -> ArchiveRows:
    """Rows of the archive of messages, of the tickets that the caller may see."""
    return await archive_rows(context, MESSAGE_ARCHIVE, "/api/v1/TicketMessage", options)


@resource(
    "GET",
    "/api/v1/Ticket/{ticket_id}/Messages",
    permission=Permission.READ,
    about="TicketEntity",
    name="GetMessages",
)
async def get_ticket_messages(
    context: RequestContext, ticket_id: Int32, options: ArchiveOptions
) -> ArchiveRows:
    """The messages of a ticket, as rows; NotFound unless the caller sees the ticket."""
    await require_visible(context, "TicketId", [ticket_id])
    path = f"/api/v1/Ticket/{ticket_id}/Messages"
    return await archive_rows(
        context, MESSAGE_ARCHIVE, path, options, id_equals("ticketId", ticket_id)
    )
