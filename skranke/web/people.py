"""People and companies: finding them, and one's page with their tickets."""

from typing import Any

from starlette.responses import Response

from skranke.archive.carriers import ArchiveOptions, ArchiveRows
from skranke.archive.mdo.operations import get_list_with_restriction
from skranke.core.errors import NotFound
from skranke.people.companies.operations import get_contact_entity
from skranke.people.persons.operations import get_person_entity
from skranke.tickets.archive import get_contact_tickets, get_person_tickets
from skranke.web.page import Page
from skranke.web.rendering import render_page
from skranke.web.ticket_rows import COLUMNS, TicketRow, ticket_row

FOUND = 50
TICKETS = 50
MAX_QUERY_CHARACTERS = 200


async def find_people(page: Page) -> Response:
    """`GET /people?q=`: persons and companies whose name begins so."""
    text = page.query("q").strip()[:MAX_QUERY_CHARACTERS]
    found: dict[str, Any] = {"persons": [], "companies": []}
    for key, name in (("persons", "person_new"), ("companies", "contact_new")):
        items = await page.call(get_list_with_restriction, page.context, name, "", text)
        found[key] = items[:FOUND]
    return await render_page(page, "people.html", "people", q=text, **found)


def ticket_options() -> ArchiveOptions:
    """The newest tickets of somebody, open ones first."""
    return ArchiveOptions(
        select=",".join(COLUMNS), order_by="status,lastChanged desc", top=str(TICKETS), mode="full"
    )


def rows_of(page: Page, found: ArchiveRows) -> list[TicketRow]:
    return [ticket_row(page, row) for row in found.value]


async def show_person(page: Page) -> Response:
    """`GET /person/{id}`: who somebody is, and their tickets."""
    person_id = page.request.path_params["person_id"]
    person = await page.call(get_person_entity, page.context, person_id)
    if person is None:
        raise NotFound(page.translate("There is no such person."))
    found = await page.call(get_person_tickets, page.context, person_id, ticket_options())
    return await render_page(
        page, "person.html", "people", person=person, rows=rows_of(page, found)
    )


async def show_company(page: Page) -> Response:
    """`GET /company/{id}`: a company, its people and its tickets."""
    company_id = page.request.path_params["company_id"]
    company = await page.call(get_contact_entity, page.context, company_id)
    if company is None:
        raise NotFound(page.translate("There is no such company."))
    found = await page.call(get_contact_tickets, page.context, company_id, ticket_options())
    return await render_page(
        page, "company.html", "people", company=company, rows=rows_of(page, found)
    )
