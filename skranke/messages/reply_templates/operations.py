"""Quick replies of the List agent, and reply templates of the CustomerService agent."""

from functools import cache
from typing import TypeVar

from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue
from skranke.core.schema import (
    Carrier,
    EFieldRight,
    ETableRight,
    FieldProperties,
    FieldRight,
    Int32,
    TableRight,
)
from skranke.http.operation import operation
from skranke.http.properties import properties_of
from skranke.messages.compose.attachment_text import attachment_entities
from skranke.messages.offload import run_offloaded
from skranke.messages.reply_templates.carriers import (
    PreviewQuickReply,
    PreviewReplyTemplate,
    QuickReply,
    ReplyTemplateParsed,
)
from skranke.messages.sanitize import sanitize, sanitize_all
from skranke.messages.templates.parsing import ParsedTemplate, parse_template, raw_template
from skranke.messages.templates.quick_replies import (
    StoredReply,
    quick_replies_of,
    quick_reply_of,
    replace_quick_replies,
)
from skranke.messages.templates.sql import load_reply_templates
from skranke.people.sql import load_associates_by_ej_user, load_persons
from skranke.tickets.visibility import require_visible

RightsCarrier = TypeVar(
    "RightsCarrier", QuickReply, PreviewQuickReply, PreviewReplyTemplate, ReplyTemplateParsed
)


@operation("List", permission=Permission.READ, transaction=False)
async def get_quick_replies(context: RequestContext) -> list[QuickReply]:
    """The caller's quick replies in her order, their html sanitised."""
    found = await quick_replies_of(context.db, context.user.associate_id)
    htmls = await run_offloaded(sanitize_all, *(reply.html_body for reply in found))
    return [
        _with_rights(
            QuickReply(quick_reply_id=reply.quick_reply_id, name=reply.name, html_body=html),
            writes=Permission.WRITE in context.user.permissions,
        )
        for reply, html in zip(found, htmls, strict=True)
    ]


@operation("List", permission=Permission.WRITE)
async def save_quick_replies(context: RequestContext, quick_replies: list[QuickReply]) -> None:
    """Make these the caller's whole list, in this order; what isn't named is deleted.

    Id 0 is a new one. BadValue for an id of none of hers and for a blank name.
    """
    await replace_quick_replies(
        context,
        [
            StoredReply(
                quick_reply_id=reply.quick_reply_id, name=reply.name, html_body=reply.html_body
            )
            for reply in quick_replies
        ],
    )


@operation("CustomerService", permission=Permission.READ, transaction=False)
async def get_preview_quick_reply(
    context: RequestContext, quick_reply_id: Int32
) -> PreviewQuickReply | None:
    """One of the caller's quick replies to look at; null when it is none of hers."""
    found = await quick_reply_of(context.db, context.user.associate_id, quick_reply_id)
    if found is None:
        return None
    return _with_rights(
        PreviewQuickReply(
            name=found.name,
            updated_by_full_name=found.full_name,
            updated=found.updated,
            html_body=await run_offloaded(sanitize, found.html_body),
        )
    )


@operation("CustomerService", permission=Permission.READ, transaction=False)
async def get_preview_reply_template(
    context: RequestContext, reply_template_id: Int32
) -> PreviewReplyTemplate | None:
    """A reply template in its default language, to look at; null without one.

    Its body is sanitised html where it has any, else plain text.
    """
    template = (await context.get_cached(load_reply_templates)).get(reply_template_id)
    if template is None:
        return None
    users = await context.get_cached(load_associates_by_ej_user)
    owner = users.get(template.owned_by or 0)
    text = await raw_template(context, reply_template_id, 0)
    return _with_rights(
        PreviewReplyTemplate(
            name=template.name,
            description=template.description,
            owned_by_full_name=owner.full_name if owner else "",
            updated=template.updated,
            body=await run_offloaded(sanitize, text.html) if text.html else text.plain,
            is_html=text.html != "",
        )
    )


@operation("CustomerService", permission=Permission.READ, transaction=False)
async def get_parsed_template(
    context: RequestContext,
    reply_template_id: Int32,
    language_id: Int32,
    person_id: Int32,
    ticket_id: Int32,
) -> ReplyTemplateParsed | None:
    """A reply template filled in for a ticket and a person; null without one.

    Ids of 0 stand for none, language 0 for the person's. The html is sanitised, values
    in it are escaped. NotFound for a ticket that the caller can't see; BadValue for a
    person who doesn't exist.
    """
    if ticket_id:
        await require_visible(context, "TicketId", [ticket_id])
    if person_id and not await load_persons(context.db, [person_id]):
        raise BadValue("PersonId", f"{person_id} does not exist")
    if reply_template_id not in await context.get_cached(load_reply_templates):
        return None
    text = await parse_template(
        context,
        reply_template_id,
        language_id=language_id,
        person_id=person_id,
        ticket_id=ticket_id,
    )
    told = await _parsed_carrier(context, reply_template_id, text)
    told.html_parsed = await run_offloaded(sanitize, told.html_parsed)
    return told


@operation("CustomerService", permission=Permission.READ, transaction=False)
async def get_unparsed_template(
    context: RequestContext, reply_template_id: Int32, language_id: Int32
) -> ReplyTemplateParsed | None:
    """A reply template as it was written, tags and html; null without one.

    Its html is an administrator's and isn't sanitised: tags may stand in addresses.
    """
    if reply_template_id not in await context.get_cached(load_reply_templates):
        return None
    text = await raw_template(context, reply_template_id, language_id)
    return await _parsed_carrier(context, reply_template_id, text)


async def _parsed_carrier(
    context: RequestContext, template_id: int, text: ParsedTemplate
) -> ReplyTemplateParsed:
    attached = await attachment_entities(context.db, text.attachment_ids)
    return _with_rights(
        ReplyTemplateParsed(
            reply_template_id=template_id,
            plain_parsed=text.plain,
            attachments=attached,
            html_parsed=text.html,
            subject=text.subject,
        )
    )


def _with_rights(carrier: RightsCarrier, *, writes: bool = False) -> RightsCarrier:
    carrier.table_right = TableRight(mask=ETableRight.FULL if writes else ETableRight.Select)
    carrier.field_properties = _properties(type(carrier), writes)
    return carrier


@cache
def _properties(shape: type[Carrier], writes: bool) -> FieldProperties:
    mask = EFieldRight.Update if writes else EFieldRight.Read
    return properties_of(shape, lambda _: FieldRight(mask=mask))
