"""What hangs on a ticket comes whole, as the reference's carriers have it."""

from datetime import UTC, datetime

from skranke.catalog.projects.carriers import Project
from skranke.catalog.sales.carriers import ActivityStatus, Sale, SaleStatus
from skranke.db.database import Db
from skranke.people.carriers import Person
from skranke.tickets.carriers import FormSubmissionStatus, TicketFormSubmission
from tests.cast import ANNA, ContextOf
from tests.tickets.make import save, stored

DAY = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


async def test_a_sale_and_a_project_are_whole(context_of: ContextOf, db: Db) -> None:
    await db.execute(
        """
        INSERT INTO project (project_id, name, url, associate_id, registered,
            start_date)
        VALUES (5, 'Move', 'https://move.example', 4, $1, $1)
        """,
        DAY,
    )
    await db.execute(
        """
        INSERT INTO sale (sale_id, heading, contact_id, person_id, project_id,
            associate_id, amount, currency, probability, status, done, saledate,
            registered)
        VALUES (9, 'Pump', 2, 7, 5, 3, 2000, 'NOK', 40, 4, 2, $1, $1)
        """,
        DAY,
    )
    saved = await save(context_of(ANNA), sale=Sale(sale_id=9), project=Project(project_id=5))
    assert saved.sale == Sale(
        contact_name="Fjord AS",
        sale_date=DAY,
        sale_id=9,
        probability=40,
        title="Pump",
        amount=2000.0,
        currency="NOK",
        project_name="Move",
        associate_full_name="Anna Agent",
        status=SaleStatus.Stalled,
        weighted_amount=800.0,
        project_id=5,
        contact_id=2,
        associate_id=3,
        person_id=7,
        person_full_name="Kari Kunde",
        completed=ActivityStatus.Started,
    )
    assert saved.project == Project(
        project_id=5,
        name="Move",
        url="https://move.example",
        associate_id=4,
        associate_full_name="Bo Berg",
        start_date=DAY,
    )
    assert await stored(context_of(ANNA), saved.ticket_id) == saved


async def test_a_form_submission_is_shown_and_never_written(context_of: ContextOf, db: Db) -> None:
    await db.execute(
        "INSERT INTO form_submission (form_submission_id, email_address, status)"
        " VALUES (3, 'kari@fjord.example', 4)"
    )
    context = context_of(ANNA)
    ticket = await save(context, title="From a form", form_submission=None)
    assert ticket.form_submission is None
    await db.execute("UPDATE ticket SET form_submission_id = 3")
    shown = await stored(context, ticket.ticket_id)
    assert shown.form_submission == TicketFormSubmission(
        form_submission_id=3,
        email_address="kari@fjord.example",
        status=FormSubmissionStatus.Processed,
    )
    kept = await save(context, ticket_id=ticket.ticket_id, form_submission=None)
    assert kept == shown


async def test_a_person_is_shown_whole(context_of: ContextOf, db: Db) -> None:
    await db.execute(
        """
        UPDATE person SET mrmrs = 'Ms', title = 'Engineer', number1 = 'P-7',
            direct_phone = '+47 1', mobile_phone = '+47 2', retired = 1
        WHERE person_id = 7;
        UPDATE contact SET department = 'Oslo', orgnr = '901', category_idx = 1,
            phone = '+47 3', country_id = 578 WHERE contact_id = 2;
        INSERT INTO email (person_id, email_address, rank)
        VALUES (7, 'second@fjord.example', 2);
        """
    )
    saved = await save(context_of(ANNA), person=Person(person_id=7))
    assert saved.person == Person(
        person_id=7,
        mrmrs="Ms",
        firstname="Kari",
        lastname="Kunde",
        title="Engineer",
        email="kari@fjord.example",
        full_name="Kari Kunde",
        direct_phone="+47 1",
        formal_name="Ms Kari Kunde",
        contact_id=2,
        contact_name="Fjord AS",
        retired=1,
        contact_department="Oslo",
        contact_country_id=578,
        contact_org_nr="901",
        mobile_phone="+47 2",
        contact_phone="+47 3",
        contact_full_name="Fjord AS, Oslo",
        category_name="Customer",
        person_number="P-7",
    )
