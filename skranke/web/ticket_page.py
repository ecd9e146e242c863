"""The page of a ticket: header, thread, composer and what is known beside it."""

from typing import Any

from msgspec import Struct
from starlette.responses import Response

from skranke.ai.carriers import CategorySuggestion
from skranke.ai.resources import get_category_suggestions
from skranke.catalog.statuses.carriers import TicketBaseStatus
from skranke.channels.live.carriers import TicketPresence
from skranke.channels.live.resources import get_presence, put_presence
from skranke.core.errors import ApiError, NotFound
from skranke.messages.drafts.carriers import MessageDraft
from skranke.messages.drafts.resources import get_ticket_drafts
from skranke.search.resources import get_similar_tickets
from skranke.tickets.carriers import TicketEntity
from skranke.tickets.operations import get_ticket_entity, process_ticket_when_read
from skranke.web.choices import STATUS_ICONS, Choices, icon_of, load_choices
from skranke.web.composer import Composer, load_composer
from skranke.web.i18n.times import TimeLeft, time_left
from skranke.web.page import Page
from skranke.web.rendering import rail, render
from skranke.web.thread import Entry, load_thread
from skranke.web.ticket_list import SORT_NAMES, TicketList, find_view, load_list, view_in_query

SIMILAR = 4


class TicketView(Struct, kw_only=True):
    """What the templates of a ticket are given."""

    ticket: TicketEntity
    left: TimeLeft
    choices: Choices
    present: list[TicketPresence]
    mood: str
    owner: str  # empty where nobody has it
    status_icon: str
    priority_icon: str
    closed_status: int  # the status that Send and close sets; 0 where it is closed


async def load_ticket(page: Page, ticket_id: int) -> TicketEntity:
    """The ticket; NotFound where there is none that the user may see."""
    ticket = await page.call(get_ticket_entity, page.context, ticket_id)
    if ticket is None:
        raise NotFound(page.translate("There is no such ticket, or it is not open to you."))
    return ticket


def left_of(page: Page, ticket: TicketEntity) -> TimeLeft:
    """How much of a ticket's time is left."""
    return time_left(
        page.times,
        status=ticket.base_status.number,
        created=ticket.created_at,
        deadline=ticket.deadline,
        activate=ticket.activate,
    )


async def load_view(page: Page, ticket: TicketEntity) -> TicketView:
    """Header and side of a ticket."""
    present = await page.call(get_presence, page.context)
    mine = page.user.associate_id
    choices = await load_choices(page)
    owner = ticket.owned_by
    return TicketView(
        ticket=ticket,
        left=left_of(page, ticket),
        choices=choices,
        owner=owner.full_name or owner.name if owner and owner.associate_id else "",
        status_icon=STATUS_ICONS.get(ticket.base_status, "st-wait"),
        priority_icon=icon_of(choices.priorities, ticket.priority.ticket_priority_id)
        if ticket.priority
        else "pri-mid",
        closed_status=0 if ticket.base_status is TicketBaseStatus.Closed else choices.closed,
        present=[
            one for one in present if one.ticket_id == ticket.ticket_id and one.associate_id != mine
        ],
        mood="frown" if ticket.sentiment < -40 else "smile" if ticket.sentiment > 40 else "",
    )


async def show_ticket(page: Page) -> Response:
    """`GET /ticket/{id}`: the page, or for a script its main and side parts alone."""
    ticket_id = page.request.path_params["ticket_id"]
    ticket = await load_ticket(page, ticket_id)
    if page.may(process_ticket_when_read) and page.query("peek") != "1":
        ticket = await page.call(process_ticket_when_read, page.context, ticket_id)
    if page.query("peek") != "1":
        await page.call(put_presence, page.context, ticket_id, False)
    drafts = await page.call(get_ticket_drafts, page.context, ticket_id)
    thread = await load_thread(page, ticket, whole=page.query("all") == "1")
    view = await load_view(page, ticket)
    composer = await load_composer(page, ticket, drafts)
    values = await ticket_values(page, ticket, view, thread, composer, drafts)
    if page.is_fragment:
        return render(page, "ticket_parts.html", **values)
    tickets = await beside(page, ticket_id)
    here = f"view-{tickets.view.ticket_view_id}"
    place = placed(tickets, ticket_id)
    return render(
        page,
        "ticket.html",
        views=await rail(page),
        here=here,
        list=tickets,
        open_id=ticket_id,
        sorts=SORT_NAMES,
        dense=False,
        **(values | place),
    )


async def ticket_values(
    page: Page,
    ticket: TicketEntity,
    view: TicketView,
    thread: list[Entry],
    composer: Composer | None,
    drafts: list[MessageDraft],
) -> dict[str, Any]:
    """What the templates of a ticket's parts are given."""
    similar = await page.call(get_similar_tickets, page.context, ticket.ticket_id, SIMILAR)
    return {
        "ticket": ticket,
        "v": view,
        "thread": thread,
        "composer": composer,
        "sending": [draft for draft in drafts if draft.send_at is not None],
        "similar": similar,
        "suggested": await suggestion(page, ticket),
        "place": None,
        "whole": page.query("all") == "1",
    }


async def suggestion(page: Page, ticket: TicketEntity) -> CategorySuggestion | None:
    """The likeliest other category of an open ticket, if there is one."""
    try:
        found = await page.call(get_category_suggestions, page.context, ticket.ticket_id)
    except ApiError:  # a service that doesn't answer: the page goes on without
        return None
    here = ticket.category.ticket_category_id if ticket.category else 0
    return found[0] if found and found[0].ticket_category_id != here else None


async def beside(page: Page, ticket_id: int) -> TicketList:
    """The list that a ticket was opened from, else the first."""
    _ = ticket_id
    view = await find_view(page, view_in_query(page))
    return await load_list(page, view)


def placed(tickets: TicketList, ticket_id: int) -> dict[str, Any]:
    """Where in its list a ticket stands, and its neighbours."""
    ids = [row.id for row in tickets.rows]
    if ticket_id not in ids:
        return {"place": None}
    at = ids.index(ticket_id)
    before = ids[at - 1] if at else 0
    after = ids[at + 1] if at + 1 < len(ids) else 0
    return {"place": {"at": at + 1, "of": len(ids), "before": before, "after": after}}


async def show_thread(page: Page) -> Response:
    """`GET /ticket/{id}/thread?after=`: the messages behind one, for a live page."""
    ticket = await load_ticket(page, page.request.path_params["ticket_id"])
    after = page.query("after")
    thread = await load_thread(page, ticket, after=int(after) if after.isdecimal() else 0)
    view = await load_view(page, ticket)
    drafts = await page.call(get_ticket_drafts, page.context, ticket.ticket_id)
    values = await ticket_values(page, ticket, view, thread, None, drafts)
    return render(page, "ticket_update.html", **values)
