"""A new ticket by hand: who it is from, what it is about, and its first message."""

from html import escape
from typing import Any

from msgspec.structs import replace
from starlette.responses import Response

from skranke.archive.mdo.operations import get_list_with_restriction
from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.catalog.priorities.carriers import TicketPriorityEntity
from skranke.channels.notifications.operations import save_ticket_entity_with_notify
from skranke.core.errors import ApiError, BadValue
from skranke.messages.carriers import TicketMessageEntity
from skranke.messages.operations import save_ticket_message_entity
from skranke.people.carriers import Person
from skranke.tickets.carriers import Ticket, TicketEntity, TicketOrigin
from skranke.tickets.message_rows import TicketSecurityLevel
from skranke.tickets.operations import create_default_ticket_entity
from skranke.web.choices import load_choices
from skranke.web.page import Page, redirect
from skranke.web.rendering import render_page

ORIGINS = ("Phone", "Email", "Internal", "Chat")


async def show_form(page: Page, error: str = "", status: int = 200) -> Response:
    """The form, with what was typed where it was refused."""
    default = await page.call(create_default_ticket_entity, page.context)
    typed: dict[str, Any] = {
        name: page.form.text(name) or page.query(name)
        for name in ("title", "customer", "body", "category", "priority", "origin")
    }
    if not typed["category"] and default.category:
        typed["category"] = str(default.category.ticket_category_id)
    if not typed["priority"] and default.priority:
        typed["priority"] = str(default.priority.ticket_priority_id)
    choices = await load_choices(page)
    return await render_page(
        page,
        "new_ticket.html",
        error=error,
        typed=typed,
        choices=choices,
        origins=[(name, page.translate(name)) for name in ORIGINS],
        status=status,
    )


async def new_ticket(page: Page) -> Response:
    """`GET /new`."""
    return await show_form(page)


async def create_ticket(page: Page) -> Response:
    """`POST /new`: the ticket and its first message, both or none."""
    try:
        async with page.context.db.transaction():
            ticket_id = await _create(page)
    except ApiError as error:
        return await show_form(page, error.message, error.status)
    return redirect(f"/ticket/{ticket_id}")


async def _create(page: Page) -> int:
    form = page.form
    given = {"Title", "Category", "Priority", "Origin"}
    origin = form.text("origin") or "Phone"
    if origin not in ORIGINS:
        raise BadValue("origin", f"must be one of {', '.join(ORIGINS)}")
    ticket = TicketEntity(
        title=form.text("title").strip(),
        category=TicketCategoryEntity(ticket_category_id=form.number("category")),
        priority=TicketPriorityEntity(ticket_priority_id=form.number("priority")),
        origin=TicketOrigin(origin),
    )
    if not ticket.title:
        raise BadValue(
            page.translate("Title"), page.translate("say in a few words what it is about")
        )
    person_id = await _customer(page)
    if person_id:
        ticket.person = Person(person_id=person_id)
        given.add("Person")
    context = replace(page.context, given=frozenset(given))
    saved = await page.call(save_ticket_entity_with_notify, context, ticket, True)
    if body := form.text("body").strip():
        lines = escape(body).replace("\r\n", "\n").replace("\n", "<br>")
        message = TicketMessageEntity(
            ticket=Ticket(ticket_id=saved.ticket_id),
            html_body=f"<p>{lines}</p>",
            slevel=TicketSecurityLevel.External if person_id else TicketSecurityLevel.Internal,
        )
        names = {"Ticket", "HtmlBody", "Slevel"}
        if person_id:
            message.person = Person(person_id=person_id)
            names.add("Person")
        await page.call(
            save_ticket_message_entity, replace(page.context, given=frozenset(names)), message
        )
    return saved.ticket_id


async def _customer(page: Page) -> int:
    """The person whose name was typed, or picked as `Name (#7)`; 0 for none."""
    text = page.form.text("customer").strip()
    if not text:
        return 0
    _, _, number = text.rpartition("(#")
    if number.endswith(")") and number[:-1].isdecimal():
        return int(number[:-1][:9])
    found = await page.call(get_list_with_restriction, page.context, "person_new", "", text)
    if len(found) != 1:
        fault = "nobody has this name" if not found else "several have this name; choose one"
        raise BadValue(page.translate("Customer"), page.translate(fault))
    return found[0].id


async def suggest_people(page: Page) -> Response:
    """`GET /people/suggest?q=`: options for a field that names a person."""
    from skranke.web.live import as_json

    text = page.query("q").strip()[:100]
    found = await page.call(get_list_with_restriction, page.context, "person_new", "", text)
    return as_json([f"{item.name} (#{item.id})" for item in found[:10]])
