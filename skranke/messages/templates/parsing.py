"""A reply template as it reads for one ticket and one person."""

from datetime import datetime
from html import escape

from msgspec import Struct

from skranke.core.context import RequestContext
from skranke.core.errors import NotFound
from skranke.messages.templates.sql import (
    ReplyTemplate,
    TemplateBody,
    TemplateSubject,
    load_reply_templates,
    load_subject,
)
from skranke.messages.templates.syntax import fill_template

SLEVEL_NAMES = {1: "Internal", 2: "External"}
HTML_VALUE_NAME = "message.bodyhtml"  # the one value that is html itself


class ParsedTemplate(Struct, frozen=True, kw_only=True):
    """A template's texts in one language; "" for those that it hasn't.

    The html isn't sanitised: its template is an administrator's, values of customers
    are escaped in it, but `[[message.bodyHtml]]` stands as it came.
    """

    plain: str = ""
    html: str = ""
    sms: str = ""
    subject: str = ""
    attachment_ids: list[int] = []


async def parse_template(
    context: RequestContext,
    reply_template_id: int,
    *,
    language_id: int = 0,
    person_id: int = 0,
    ticket_id: int = 0,
    message_id: int = 0,
) -> ParsedTemplate:
    """A template filled in, in the language wished, else the person's, else its own.

    NotFound for a template that doesn't exist. Whether the caller may see the ticket is
    his who asks. Source: GetParsedTemplate of the reference.
    """
    template = await require_template(context, reply_template_id)
    about = await load_subject(context.db, ticket_id, person_id, message_id)
    body = template.body(language_id, about.language_id)
    if body is None:
        return ParsedTemplate()
    values = values_of(context, about)
    return ParsedTemplate(
        plain=fill_template(body.plain, values),
        html=fill_template(body.html, values, _in_html),
        sms=fill_template(body.sms, values),
        subject=_one_line(fill_template(body.subject, values)),
        attachment_ids=list(body.attachment_ids),
    )


async def raw_template(
    context: RequestContext, reply_template_id: int, language_id: int
) -> ParsedTemplate:
    """A template as it was written; NotFound for one that doesn't exist."""
    template = await require_template(context, reply_template_id)
    body: TemplateBody | None = template.body(language_id)
    if body is None:
        return ParsedTemplate()
    return ParsedTemplate(
        plain=body.plain,
        html=body.html,
        sms=body.sms,
        subject=body.subject,
        attachment_ids=list(body.attachment_ids),
    )


async def require_template(context: RequestContext, reply_template_id: int) -> ReplyTemplate:
    """A reply template by id; NotFound names the parameter."""
    known = await context.get_cached(load_reply_templates)
    if reply_template_id not in known:
        raise NotFound(f"ReplyTemplateId: {reply_template_id} does not exist")
    return known[reply_template_id]


def values_of(context: RequestContext, about: TemplateSubject) -> dict[str, str]:
    """What each name stands for, by its lower-case spelling.

    Source: the vendor's documentation of reply templates, and names like them.
    """
    state = context.settings.public_url.rstrip("/") or context.base_url.rstrip("/")
    ticket_id = str(about.ticket_id) if about.ticket_id else ""
    return {
        "ticket.id": ticket_id,
        "ticket.title": about.title,
        "ticket.author": about.author,
        "ticket.url": f"{state}/ticket/{ticket_id}" if ticket_id else "",
        "ticket.slevel": SLEVEL_NAMES.get(about.slevel, ""),
        "ticket.category.name": about.category,
        "ticket.category.fullname": about.category_fullname,
        "ticket.priority": about.priority,
        "ticket.status": about.status,
        "ticket.createdat": _moment(context, about.created_at),
        "ticket.deadline": _moment(context, about.deadline),
        "ticket.owner": about.owner,
        "ticket.owneremail": about.owner_email,
        "ticket.custname": about.person,
        "ticket.custemail": about.email,
        "ticket.custcompany": about.company,
        "customer.firstname": about.first_name,
        "customer.lastname": about.last_name,
        "user.name": context.user.full_name,
        "message.body": about.message,
        HTML_VALUE_NAME: about.message_html or _html(about.message),
        "message.author": about.message_author,
        "config.companyname": about.own_company,
    }


def _moment(context: RequestContext, at: datetime | None) -> str:
    return f"{at.astimezone(context.locale.zone):%Y-%m-%d %H:%M}" if at else ""


def _in_html(name: str, value: str) -> str:
    return value if name == HTML_VALUE_NAME else _html(value)


def _html(text: str) -> str:
    return escape(text).replace("\r\n", "\n").replace("\n", "<br>")


def _one_line(text: str) -> str:
    return " ".join(text.split())
