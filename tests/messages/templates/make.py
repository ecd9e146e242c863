"""Makers of reply templates and of tickets with messages, for tests."""

from datetime import datetime
from typing import Any

from skranke.core.context import RequestContext
from skranke.tickets.carriers import Person, TicketCategoryEntity
from tests.cast import NOW
from tests.tickets.make import save


async def template(
    context: RequestContext, name: str = "Answer", *, default_language: int = 0, owned_by: int = 3
) -> int:
    """A reply template without bodies; its id."""
    return await context.db.fetchval(
        """
        INSERT INTO reply_template (name, description, default_language, owned_by,
                                    updated)
        VALUES ($1, 'For tests', $2, $3, $4) RETURNING id
        """,
        name,
        default_language,
        owned_by,
        NOW,
    )


async def body(context: RequestContext, template_id: int, **texts: Any) -> int:
    """A body of a template: language_id, subject, plain, html, sms; its id."""
    context.cache.observe(context.cache.version - 1)  # as if another process had written
    said = {"language_id": 0, "subject": "", "plain": "", "html": "", "sms": ""} | texts
    return await context.db.fetchval(
        """
        INSERT INTO reply_template_body
            (reply_template_id, language_id, subject, plain, html, sms)
        VALUES ($1, $2, $3, $4, $5, $6) RETURNING id
        """,
        template_id,
        *said.values(),
    )


async def attachment(context: RequestContext, name: str = "terms.pdf") -> int:
    """An attachment without content; its id."""
    return await context.db.fetchval(
        "INSERT INTO attachment (name, content_type, att_size, registered)"
        " VALUES ($1, 'application/pdf', 12, $2) RETURNING id",
        name,
        NOW,
    )


async def ticket(context: RequestContext, *, person_id: int = 7, category: int = 1) -> int:
    """A ticket of a customer's; its id."""
    saved = await save(
        context,
        title="The pump <is> cold",
        person=Person(person_id=person_id),
        category=TicketCategoryEntity(ticket_category_id=category),
    )
    return saved.ticket_id


async def message(context: RequestContext, ticket_id: int, **columns: Any) -> int:
    """A message of a customer's unless told otherwise; its id."""
    told: dict[str, Any] = {
        "created_at": NOW,
        "author": "Kari Kunde",
        "body": "",
        "html_body": "",
        "email_header": "",
        "customer_id": 7,
        "created_by": 1,
        "badge": 4,
    }
    created_at: datetime
    created_at, *others = (told | columns).values()
    return await context.db.fetchval(
        """
        INSERT INTO ej_message (ticket_id, created_at, author, body, html_body,
                                email_header, customer_id, created_by, badge)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id
        """,
        ticket_id,
        created_at,
        *others,
    )
