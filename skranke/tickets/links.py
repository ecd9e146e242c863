"""What hangs on a ticket and isn't in a slow table, as carriers.

The person and the messages come with the ticket's own row; secondary persons, sale,
project and form hang on few tickets and are asked for only where they do.
"""

import msgspec
from msgspec import Struct

from skranke.catalog.projects.carriers import Project
from skranke.catalog.sales.carriers import Sale
from skranke.db.database import Db, row
from skranke.people.carriers import Person
from skranke.tickets.carriers import TicketFormSubmission
from skranke.tickets.message_rows import TicketMessage

PERSON_DECODER = msgspec.json.Decoder(Person)
PERSONS_DECODER = msgspec.json.Decoder(list[Person])
SALE_DECODER = msgspec.json.Decoder(Sale)
PROJECT_DECODER = msgspec.json.Decoder(Project)
FORM_DECODER = msgspec.json.Decoder(TicketFormSubmission)
MESSAGES_DECODER = msgspec.json.Decoder(list[TicketMessage])


class RequestedLinks(Struct, frozen=True, kw_only=True):
    """Which links to bring: an id, 0 for none, None for the one that is stored."""

    person_id: int | None = None
    sale_id: int | None = None
    project_id: int | None = None
    secondary_ids: list[int] | None = None


class Links(Struct, kw_only=True):
    """The links of a ticket; None or empty where there are none."""

    person: Person | None = None
    secondary_persons: list[Person] = msgspec.field(default_factory=list)
    sale: Sale | None = None
    project: Project | None = None
    form_submission: TicketFormSubmission | None = None
    messages: list[TicketMessage] = msgspec.field(default_factory=list)


RARE_LINKS_QUERY = """
SELECT (SELECT json_agg(p ORDER BY w.place)
        FROM unnest($1::int[]) WITH ORDINALITY AS w (person_id, place)
        JOIN wire_person p ON p."PersonId" = w.person_id),
       (SELECT to_json(s) FROM wire_sale s WHERE s."SaleId" = $2),
       (SELECT to_json(j) FROM wire_project j WHERE j."ProjectId" = $3),
       (SELECT json_build_object('FormSubmissionId', f.form_submission_id,
                                 'EmailAddress', f.email_address,
                                 'Status', f.status::text)
        FROM form_submission f WHERE f.form_submission_id = $4)
"""


async def add_rare_links(
    db: Db,
    links: Links,
    secondary_ids: list[int],
    sale_id: int | None,
    project_id: int | None,
    form_submission_id: int | None,
) -> None:
    """Bring what hangs on few tickets, where one of the ids asks for it."""
    if not (secondary_ids or sale_id or project_id or form_submission_id):
        return
    [found] = await db.fetch(
        RARE_LINKS_QUERY, secondary_ids, sale_id, project_id, form_submission_id
    )
    persons, sale, project, form = found
    links.secondary_persons = PERSONS_DECODER.decode(persons) if persons else []
    links.sale = SALE_DECODER.decode(sale) if sale else None
    links.project = PROJECT_DECODER.decode(project) if project else None
    links.form_submission = FORM_DECODER.decode(form) if form else None


async def load_person(db: Db, person_id: int) -> Person | None:
    """A person as a ticket shows him; None where there is none of that id."""
    sql = 'SELECT to_json(p) FROM wire_person p WHERE p."PersonId" = $1'
    found: str | None = await db.fetchval(sql, person_id) if person_id else None
    return PERSON_DECODER.decode(found) if found else None


async def load_message_rows(db: Db, message_ids: list[int]) -> list[TicketMessage]:
    """Messages as a ticket's rows show them, by age; unknown ones are left out."""
    sql = """
        SELECT json_agg(m.carrier ORDER BY m.created_at, m.id)
        FROM wire_message m WHERE m.id = ANY ($1)
    """
    found: str | None = await db.fetchval(sql, message_ids)
    return MESSAGES_DECODER.decode(found) if found else []


class CustomerDefaults(Struct, frozen=True, kw_only=True):
    """What a customer and his company ask for their tickets; zeros for nothing."""

    ticket_priority_id: int = 0
    support_associate_id: int = 0
    company_ticket_priority_id: int = 0
    company_support_associate_id: int = 0


async def load_customer_defaults(db: Db, person_id: int) -> CustomerDefaults:
    """The wishes of a person and of the company that he belongs to."""
    found = await row(
        db,
        CustomerDefaults,
        """
        SELECT p.ticket_priority_id, p.support_associate_id,
               coalesce(c.ticket_priority_id, 0) AS company_ticket_priority_id,
               coalesce(c.support_associate_id, 0) AS company_support_associate_id
        FROM person p LEFT JOIN contact c USING (contact_id) WHERE p.person_id = $1
        """,
        person_id,
    )
    return found or CustomerDefaults()
