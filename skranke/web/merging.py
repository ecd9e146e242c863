"""Merging a ticket with others: the page that asks which stays."""

from starlette.responses import Response

from skranke.actions.merge_split.operations import merge_tickets
from skranke.core.errors import BadValue
from skranke.search.resources import get_similar_tickets
from skranke.tickets.carriers import TicketEntity
from skranke.web.page import Page, redirect
from skranke.web.rendering import render_page
from skranke.web.ticket_page import load_ticket

SIMILAR = 10


async def show_merge(page: Page) -> Response:
    """`GET /ticket/{id}/merge`: into which ticket; what is alike is offered."""
    ticket = await load_ticket(page, page.request.path_params["ticket_id"])
    similar = await page.call(get_similar_tickets, page.context, ticket.ticket_id, SIMILAR)
    return await render_page(page, "merge.html", ticket=ticket, similar=similar)


async def merge(page: Page) -> Response:
    """`POST /ticket/{id}/merge`: make it part of another ticket."""
    ticket_id = page.request.path_params["ticket_id"]
    into = page.form.number("into")
    if not into or into == ticket_id:
        raise BadValue("into", page.translate("name another ticket by its number"))
    await load_ticket(page, into)
    context = page.given("TicketId")
    await page.call(merge_tickets, context, TicketEntity(ticket_id=into), [ticket_id])
    return redirect(f"/ticket/{into}")
