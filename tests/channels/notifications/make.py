"""People who want to hear, and what has reached them."""

from typing import Any

from msgspec.structs import replace

from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.channels.mail import sql as mail
from skranke.channels.notifications.carriers import NotifyType
from skranke.core.context import RequestContext
from skranke.core.jobs.outbox import dispatch_all
from skranke.core.jobs.worker import SYSTEM
from skranke.core.settings import Settings
from skranke.people.carriers import Associate, Person
from skranke.tickets.carriers import TicketEntity
from tests.tickets.make import save

EMULATOR = Settings(emulator=True, mail_from="Desk <desk@skranke.example>")
EVERYTHING = NotifyType.NotifyAll.number
ANNA_ID, BO_ID, STEN_ID, RITA_ID = 3, 4, 5, 6  # ejuser and associate alike


async def ticket_of(context: RequestContext, owner: int, **properties: Any) -> TicketEntity:
    """A ticket of Kari's in category Payroll, owned by this associate."""
    usual: dict[str, Any] = {
        "title": "Printer on fire",
        "person": Person(person_id=7),
        "category": TicketCategoryEntity(ticket_category_id=2),
        "owned_by": Associate(associate_id=owner),
    }
    return await save(context, **usual | properties)


async def wishes(context: RequestContext, ej_user_id: int, **masks: int) -> None:
    """Give a user masks, and an address and a number to be reached at."""
    await context.db.execute(
        """
        UPDATE ejuser SET notify_mask = coalesce($2, notify_mask),
            email_mask = coalesce($3, email_mask), sms_mask = coalesce($4, sms_mask)
        WHERE id = $1
        """,
        ej_user_id,
        masks.get("notify"),
        masks.get("email"),
        masks.get("sms"),
    )
    await context.db.execute(
        "INSERT INTO email (person_id, email_address) VALUES ($1, $2)",
        ej_user_id,
        f"user{ej_user_id}@skranke.example",
    )
    await context.db.execute(
        "UPDATE person SET mobile_phone = $2 WHERE person_id = $1",
        ej_user_id,
        f"+470000{ej_user_id}",
    )


async def favour(context: RequestContext, ej_user_id: int, ticket_id: int) -> None:
    await context.db.execute("INSERT INTO hotlist VALUES ($1, $2)", ej_user_id, ticket_id)


async def pop_ups(context: RequestContext) -> list[tuple[int, int]]:
    """Who is shown what: ejuser id and kind."""
    found = await context.db.fetch("SELECT user_id, type FROM notify ORDER BY id")
    return [(record["user_id"], record["type"]) for record in found]


async def letters(context: RequestContext) -> list[mail.OutboxEmail]:
    """The letters that were written, and the texts."""
    return await mail.load_emails(context.db, [mail.WAITING, mail.CAPTURED])


async def addressed(context: RequestContext) -> list[list[str]]:
    """Whom each letter or text goes to."""
    return [letter.rcpt for letter in await letters(context)]


async def happen(context: RequestContext) -> None:
    """Tell every event that waits, as the worker does."""
    found = await context.db.fetch("SELECT id FROM event_outbox")
    ids = [record["id"] for record in found]
    await dispatch_all(replace(context, user=SYSTEM), ids)
