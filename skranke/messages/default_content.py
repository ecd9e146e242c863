"""How a message begins before its agent has written a word.

The template of the ticket's type, the agent's signature and the quoted message, in this
order, sanitised as a whole. Source: GetDefaultMessageContent and its variants of the
reference, and ExcludeSignature and ReplyForwardNoSignature of the ticket type.
"""

import re
from datetime import datetime
from html import escape

from msgspec import Struct

from skranke.catalog.ticket_types.carriers import TicketTypeEntity
from skranke.catalog.ticket_types.sql import load_ticket_types
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.core.languages import ENGLISH
from skranke.db.database import row
from skranke.http.i18n.translated_text import resource
from skranke.messages.compose.carriers import MessageActionType
from skranke.messages.offload import run_offloaded
from skranke.messages.sanitize import sanitize
from skranke.messages.templates.parsing import ParsedTemplate, parse_template
from skranke.messages.templates.sql import load_reply_templates
from skranke.tickets.visibility import require_visible

Action = MessageActionType
ANSWER_ACTIONS = (Action.Reply, Action.ReplyAll, Action.Forward)
HTML_PATTERN = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^>]*)?/?>", re.IGNORECASE)


class DefaultContent(Struct, frozen=True):
    """Sanitised html, and the attachments that belong to it."""

    html: str
    attachment_ids: list[int]


class _QuotedMessage(Struct, frozen=True, kw_only=True):
    author: str
    created_at: datetime
    body: str
    html_body: str
    attachment_ids: list[int]
    inline_ids: list[int]


async def default_content(
    context: RequestContext,
    ticket_id: int,
    action: MessageActionType,
    message_id: int,
    ticket_type_id: int = 0,
    *,
    exclude_signature: bool = False,
) -> DefaultContent:
    """What stands in the editor; ticket 0 is one that isn't saved yet.

    Type 0 is the ticket's own; message 0 quotes none. An internal comment has neither
    template nor signature. A forwarded message brings all its attachments, a quoted one
    those that its text shows. NotFound for a ticket that the caller can't see and for a
    message of another; BadValue for a type that doesn't exist.
    """
    if ticket_id:
        await require_visible(context, "TicketId", [ticket_id])
    kind = await _type(context, ticket_id, ticket_type_id)
    quoted = await _load_quoted(context, ticket_id, message_id) if message_id > 0 else None
    template = ParsedTemplate()
    signature = ""
    if action is not Action.InternalComment:
        template = await _template(context, kind, ticket_id)
        if not exclude_signature and _is_signed(kind, action):
            signature = await _signature(context)
    parts = [template.html or _html(template.plain), signature]
    attachment_ids = list(template.attachment_ids)
    if quoted:
        parts.append(await _quote(context, quoted, action))
        forwarded = action is Action.Forward
        attachment_ids += quoted.attachment_ids if forwarded else quoted.inline_ids
    html = await run_offloaded(_join_parts, *parts)
    return DefaultContent(html, list(dict.fromkeys(attachment_ids)))


def _join_parts(*parts: str) -> str:
    """The parts below each other; what is open in one ends with it."""
    return sanitize("".join(f"<div>{sanitize(part)}</div>" for part in parts if part))


async def _type(context: RequestContext, ticket_id: int, ticket_type_id: int) -> TicketTypeEntity:
    """The type that was asked for, else the ticket's, else the desk's default."""
    types = await context.get_cached(load_ticket_types)
    if ticket_type_id and ticket_type_id not in types:
        raise BadValue("TicketTypeId", f"{ticket_type_id} does not exist")
    own: int | None = await context.db.fetchval(
        "SELECT ticket_type FROM ticket WHERE id = $1", ticket_id
    )
    default = next((i for i, t in types.items() if t.entity.is_default), 0)
    chosen = ticket_type_id or own or default
    return types[chosen].entity if chosen else TicketTypeEntity()


async def _template(
    context: RequestContext, kind: TicketTypeEntity, ticket_id: int
) -> ParsedTemplate:
    """The type's template for this ticket; empty where it has none (any more)."""
    if kind.reply_template not in await context.get_cached(load_reply_templates):
        return ParsedTemplate()
    return await parse_template(context, kind.reply_template, ticket_id=ticket_id)


def _is_signed(kind: TicketTypeEntity, action: MessageActionType) -> bool:
    """Whether messages of this type, and of this kind, are signed."""
    if kind.reply_forward_no_signature and action in ANSWER_ACTIONS:
        return False
    return not kind.exclude_signature


async def _signature(context: RequestContext) -> str:
    """The caller's signature as html; "" without one."""
    text: str | None = await context.db.fetchval(
        "SELECT request_signature FROM ejuser WHERE id = $1", context.user.ej_user_id
    )
    text = text or ""
    return text if HTML_PATTERN.search(text) else _html(text)


async def _load_quoted(context: RequestContext, ticket_id: int, message_id: int) -> _QuotedMessage:
    found = await row(
        context.db,
        _QuotedMessage,
        """
        SELECT m.author, m.created_at, m.body, m.html_body,
               ARRAY(SELECT attachment_id FROM ticket_attachment a
                     WHERE a.message_id = m.id ORDER BY attachment_id)
                   AS attachment_ids,
               ARRAY(SELECT attachment_id FROM ticket_attachment a
                     WHERE a.message_id = m.id AND a.inline_image
                     ORDER BY attachment_id) AS inline_ids
        FROM ej_message m WHERE m.id = $2 AND m.ticket_id = $1
        """,
        ticket_id,
        message_id,
    )
    if found is None:
        raise NotFound(f"TicketMessageId: {message_id} does not exist")
    return found


async def _quote(context: RequestContext, quoted: _QuotedMessage, action: MessageActionType) -> str:
    """A line that tells whose words they are and of when, and the words."""
    name = "SR_SKRANKE_FORWARDED" if action is Action.Forward else "SR_SKRANKE_WROTE"
    line = resource(name, context.locale.language or ENGLISH).format(
        author=quoted.author,
        at=f"{quoted.created_at.astimezone(context.locale.zone):%Y-%m-%d %H:%M}",
    )
    words = await run_offloaded(sanitize, quoted.html_body) or _html(quoted.body)
    return f"<p>{_html(line)}</p><blockquote>{words}</blockquote>"


def _html(text: str) -> str:
    """Plain text as html that looks the same."""
    return escape(text).replace("\r\n", "\n").replace("\n", "<br>")
