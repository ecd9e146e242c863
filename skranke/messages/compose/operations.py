"""What the Ticket agent does for a message that is being written."""

from functools import partial

from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import operation
from skranke.messages import default_content as contents
from skranke.messages.compose.attachment_text import attachment_entities
from skranke.messages.compose.carriers import (
    HtmlSanitizerOptions,
    MessageActionType,
    Recipient,
    TicketMessageContent,
)
from skranke.messages.html_to_text import plain_text
from skranke.messages.offload import run_offloaded
from skranke.messages.recipients import recipients
from skranke.messages.sanitize import sanitize, sanitize_all


@operation("Ticket", permission=Permission.READ, transaction=False)
async def sanitize_mail_content(context: RequestContext, content: str) -> str:
    """The html without anything dangerous; harmless comments stay."""
    return await run_offloaded(partial(sanitize, drop_comments=False), content)


@operation("Ticket", permission=Permission.READ, transaction=False)
async def sanitize_mail_content_with_options(
    context: RequestContext, content: str, options: HtmlSanitizerOptions
) -> str:
    """The html without anything dangerous; RemoveComment takes the comments, too."""
    drop = options is HtmlSanitizerOptions.RemoveComment
    return await run_offloaded(partial(sanitize, drop_comments=drop), content)


@operation("Ticket", permission=Permission.READ, transaction=False)
async def sanitize_mail_contents(context: RequestContext, contents: list[str]) -> list[str]:
    """Each html without anything dangerous, in the same order."""
    return await run_offloaded(partial(sanitize_all, drop_comments=False), *contents)


@operation("Ticket", permission=Permission.READ, name="Html2Text", transaction=False)
async def html_to_text(context: RequestContext, content: str) -> str:
    """What an html message says, as plain text for mail."""
    return await run_offloaded(plain_text, content)


@operation("Ticket", permission=Permission.READ, transaction=False)
async def get_default_message_content(
    context: RequestContext,
    ticket_id: Int32,
    message_action_type: MessageActionType,
    ticket_message_id: Int32,
) -> str:
    """The sanitised html with which a message on a ticket begins.

    Ticket 0 is one that isn't saved yet, message 0 quotes none. NotFound for a ticket
    that the caller can't see, and for a message of another ticket.
    """
    content = await contents.default_content(
        context, ticket_id, message_action_type, ticket_message_id
    )
    return content.html


@operation("Ticket", permission=Permission.READ, transaction=False)
async def get_default_message_content_full(
    context: RequestContext,
    ticket_id: Int32,
    message_action_type: MessageActionType,
    ticket_message_id: Int32,
    ticket_type_id: Int32,
) -> TicketMessageContent:
    """As GetDefaultMessageContent, for a type of its own, with the attachments.

    Type 0 is the ticket's; BadValue for one that doesn't exist.
    """
    return await get_default_message_content_with_options(
        context, ticket_id, message_action_type, ticket_message_id, ticket_type_id, False
    )


@operation("Ticket", permission=Permission.READ, transaction=False)
async def get_default_message_content_with_options(
    context: RequestContext,
    ticket_id: Int32,
    message_action_type: MessageActionType,
    ticket_message_id: Int32,
    ticket_type_id: Int32,
    exclude_signature: bool,
) -> TicketMessageContent:
    """As GetDefaultMessageContentFull, without the caller's signature if so wished."""
    content = await contents.default_content(
        context,
        ticket_id,
        message_action_type,
        ticket_message_id,
        ticket_type_id,
        exclude_signature=exclude_signature,
    )
    attached = await attachment_entities(context.db, content.attachment_ids, ticket_message_id)
    return TicketMessageContent(body=content.html, attachments_info=attached)


@operation("Ticket", permission=Permission.READ, transaction=False)
async def calculate_message_recipients(
    context: RequestContext, ticket_id: Int32, action_type: MessageActionType, message_id: Int32
) -> list[Recipient]:
    """Whom a message of this kind would go to: To, then Cc.

    A message id below 1 is none. NotFound for a ticket that the caller can't see, and
    for a message of another ticket.
    """
    return await recipients(context, ticket_id, action_type, message_id)
