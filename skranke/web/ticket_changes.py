"""Changing tickets from the pages: one property of one, or something of many.

What can be undone is undone by the same means: the form that undoes a change carries
the values from before, and each of them is set as by hand.
"""

from collections.abc import Awaitable, Callable

from msgspec.structs import replace
from starlette.responses import Response

from skranke.actions.ticket_queue.operations import accept_tickets, get_next_in_queue
from skranke.actions.trash.operations import set_deleted_status_by_ids
from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.catalog.priorities.carriers import TicketPriorityEntity
from skranke.catalog.statuses.carriers import TicketBaseStatus, TicketStatusEntity
from skranke.catalog.tags.carriers import Tag
from skranke.catalog.ticket_types.carriers import TicketType
from skranke.channels.notifications.operations import save_ticket_entity_with_notify
from skranke.core.errors import BadValue
from skranke.people.carriers import Associate
from skranke.tickets.carriers import TicketEntity, TicketReadStatus
from skranke.tickets.operations import get_ticket_entity, update_tickets_read_status
from skranke.web.page import Page, redirect, whole_number
from skranke.web.rendering import render, toast
from skranke.web.ticket_page import load_ticket, load_view, ticket_values

MAX_BULK = 500
Change = Callable[[TicketEntity, str], None]


def _set_status(ticket: TicketEntity, value: str) -> None:
    ticket.status = TicketStatusEntity(ticket_status_id=whole_number("value", value))


def _set_base_status(ticket: TicketEntity, value: str) -> None:
    try:
        ticket.base_status = TicketBaseStatus(value)
    except ValueError:
        raise BadValue("value", f"{value[:30]!r} is not a status") from None


def _set_priority(ticket: TicketEntity, value: str) -> None:
    ticket.priority = TicketPriorityEntity(ticket_priority_id=whole_number("value", value))


def _set_category(ticket: TicketEntity, value: str) -> None:
    ticket.category = TicketCategoryEntity(ticket_category_id=whole_number("value", value))


def _set_owner(ticket: TicketEntity, value: str) -> None:
    ticket.owned_by = Associate(associate_id=whole_number("value", value))


def _set_type(ticket: TicketEntity, value: str) -> None:
    ticket.ticket_type = TicketType(ticket_type_id=whole_number("value", value))


def _set_title(ticket: TicketEntity, value: str) -> None:
    ticket.title = value


def _set_tags(ticket: TicketEntity, value: str) -> None:
    ids = [whole_number("value", part) for part in value.split(",") if part]
    ticket.tags = [Tag(id=i) for i in ids]


def _set_read(ticket: TicketEntity, value: str) -> None:
    try:
        ticket.read_status = TicketReadStatus(value)
    except ValueError:
        raise BadValue("value", f"{value[:30]!r} is not a read mark") from None


# name in a form → wire name of the property, and how to set it
PROPERTIES: dict[str, tuple[str, Change]] = {
    "status": ("Status", _set_status),
    "base_status": ("BaseStatus", _set_base_status),
    "priority": ("Priority", _set_priority),
    "category": ("Category", _set_category),
    "owner": ("OwnedBy", _set_owner),
    "type": ("TicketType", _set_type),
    "title": ("Title", _set_title),
    "tags": ("Tags", _set_tags),
    "read": ("ReadStatus", _set_read),
}


def current_value(ticket: TicketEntity, name: str) -> str:
    """A property's value as a form would set it."""
    match name:
        case "status" | "base_status":
            return str(ticket.status.ticket_status_id if ticket.status else 0)
        case "priority":
            return str(ticket.priority.ticket_priority_id if ticket.priority else 0)
        case "category":
            return str(ticket.category.ticket_category_id if ticket.category else 0)
        case "owner":
            return str(ticket.owned_by.associate_id if ticket.owned_by else 0)
        case "type":
            return str(ticket.ticket_type.ticket_type_id if ticket.ticket_type else 0)
        case "tags":
            return ",".join(str(tag.id) for tag in ticket.tags)
        case "read":
            return ticket.read_status.value
        case _:
            return ticket.title


async def change(page: Page, ticket_id: int, name: str, value: str) -> TicketEntity:
    """Set one property of a ticket, as SaveTicketEntity does; those whom it concerns hear."""
    if name not in PROPERTIES:
        raise BadValue("name", f"must be one of {', '.join(PROPERTIES)}")
    wire_name, apply = PROPERTIES[name]
    ticket = TicketEntity(ticket_id=ticket_id)
    apply(ticket, value)
    context = replace(page.context, given=frozenset({"TicketId", wire_name}))
    return await page.call(save_ticket_entity_with_notify, context, ticket, True)


def undo_name(name: str) -> str:
    """What is set back to undo a change: a base status is undone by the status."""
    return "status" if name == "base_status" else name


async def change_property(page: Page) -> Response:
    """`POST /ticket/{id}/property`: set one; answers header and side of the page."""
    ticket_id = page.request.path_params["ticket_id"]
    name, value = page.form.text("name"), page.form.text("value")
    before = await load_ticket(page, ticket_id)
    await change(page, ticket_id, name, value)
    if not page.is_fragment:
        return redirect(f"/ticket/{ticket_id}")
    restore = f"{ticket_id}:{undo_name(name)}:{current_value(before, name)}"
    undo = {"action": "/tickets/restore", "set": restore}
    after = await page.call(get_ticket_entity, page.context, ticket_id)
    if after is None:  # it has gone where this user can't see it
        return Response(status_code=204, headers={"hx-redirect": "/tickets"})
    view = await load_view(page, after)
    values = await ticket_values(page, after, view, [], None, [])
    headers = toast(page, "Changed", undo=undo)
    return render(page, "ticket_header_parts.html", headers=headers, oob=True, **values)


async def take(page: Page, ids: list[int]) -> None:
    """Make tickets the user's own."""
    await page.call(accept_tickets, page.context, ids)


async def mark_read(page: Page, ids: list[int]) -> None:
    """Note that tickets were read."""
    await page.call(update_tickets_read_status, page.context, ids, TicketReadStatus.Green)


async def delete(page: Page, ids: list[int]) -> None:
    """Put tickets into the bin."""
    await page.call(set_deleted_status_by_ids, page.context, ids)


def setting(name: str, value: str) -> Callable[[Page, list[int]], Awaitable[None]]:
    """What sets a property of many tickets to one value."""

    async def set_all(page: Page, ids: list[int]) -> None:
        for ticket_id in ids:
            await change(page, ticket_id, name, value)

    return set_all


BULK: dict[str, tuple[Callable[[Page, list[int]], Awaitable[None]], tuple[str, ...], str]] = {
    "close": (setting("base_status", "Closed"), ("status",), "{n} closed"),
    "spam": (setting("base_status", "Spam"), ("status",), "{n} marked as spam"),
    "postpone": (setting("base_status", "PostponedDay"), ("status",), "{n} postponed to tomorrow"),
    "take": (take, ("owner", "status"), "{n} taken"),
    "read": (mark_read, ("read",), "{n} marked as read"),
    "delete": (delete, ("status",), "{n} put into the bin"),
}


async def bulk(page: Page) -> Response:
    """`POST /tickets/bulk`: do one thing to the chosen tickets, all or none; undoable."""
    action, ids = page.form.text("action"), page.form.numbers("ticket")
    back = redirect(f"/tickets/{page.form.number('back')}")
    if not ids:
        return back
    if len(ids) > MAX_BULK:
        raise BadValue("ticket", f"at most {MAX_BULK} at once")
    if action in PROPERTIES:
        run, names, text = setting(action, page.form.text("value")), (action,), "{n} changed"
    elif action in BULK:
        run, names, text = BULK[action]
    else:
        raise BadValue("action", f"must be one of {', '.join(BULK)}")
    before = [await load_ticket(page, ticket_id) for ticket_id in dict.fromkeys(ids)]
    async with page.context.db.transaction():
        await run(page, [ticket.ticket_id for ticket in before])
    if not page.is_fragment:
        return back
    restore = [
        f"{ticket.ticket_id}:{name}:{current_value(ticket, name)}"
        for ticket in before
        for name in names
    ]
    undo = {"action": "/tickets/restore", "set": "\n".join(restore)}
    told = toast(page, page.translate(text, n=len(before)), undo=undo)
    return Response(status_code=204, headers=told)


async def restore(page: Page) -> Response:
    """`POST /tickets/restore`: set back what a change has changed."""
    steps = [line.split(":", 2) for line in page.form.text("set").split("\n") if line]
    if not steps or any(len(step) != 3 for step in steps) or len(steps) > 2 * MAX_BULK:
        raise BadValue("set", "must be lines of ticket:property:value")
    async with page.context.db.transaction():
        for ticket_id, name, value in steps:
            await change(page, whole_number("set", ticket_id), name, value)
    if not page.is_fragment:
        return redirect("/tickets")
    return Response(status_code=204, headers=toast(page, "Undone"))


async def next_ticket(page: Page) -> Response:
    """`POST /next`: take the next ticket of the queue and open it."""
    ticket = await page.call(get_next_in_queue, page.context)
    if ticket is None:
        return redirect("/tickets?empty=queue")
    return redirect(f"/ticket/{ticket.ticket_id}")


async def take_one(page: Page) -> Response:
    """`POST /ticket/{id}/take`: make a ticket the user's own."""
    ticket_id = page.request.path_params["ticket_id"]
    await page.call(accept_tickets, page.context, [ticket_id])
    return redirect(f"/ticket/{ticket_id}")
