"""Handing a ticket to a member: what the rules need is read, then they decide.

Runs inside the transaction of the save, so that a turn is taken only with its ticket.
"""

from datetime import timedelta

from skranke.catalog.categories import assignment, sql
from skranke.catalog.categories.assignment import AssignmentFacts
from skranke.catalog.categories.carriers import TicketCategoryDelegateMethod as Method
from skranke.catalog.categories.carriers import TicketCategoryFlags as Flags
from skranke.catalog.categories.sql import Category
from skranke.catalog.preferences.sql import load_preferences
from skranke.core.context import RequestContext
from skranke.db.database import Db


async def choose_owner_for(
    context: RequestContext,
    category: Category,
    person_id: int | None,
    our_contacts: tuple[int, ...] = (),
) -> int | None:
    """The ejuser id that the category's rules give a ticket to; None for nobody.

    `our_contacts` are the ejuser ids of the customer's own contact persons.
    """
    settings = await context.get_cached(load_preferences)
    previous = await _recent_owner(context, category, person_id, settings.cross_post_minutes)
    asked = {m.ej_user_id for m in category.members} | {*our_contacts}
    available = await _users_at_work(context.db, asked | ({previous} if previous else set()))
    if Flags.OnlyLoggedInUsers in category.carrier.flags:
        since = context.now - timedelta(hours=settings.inactivity_hours)
        available &= await sql.active_users(context.db, list(available), since)
    method = category.carrier.delegate_method
    known = AssignmentFacts(
        previous_owner=previous,
        our_contacts=our_contacts,
        available=frozenset(available),
        turn=await sql.take_turn(context.db, category.carrier.ticket_category_id),
        open_tickets=await sql.count_open_tickets(context.db, list(available))
        if method is Method.Unfair
        else {},
    )
    return assignment.choose_owner(category, known, context.rng)


async def _recent_owner(
    context: RequestContext, category: Category, person_id: int | None, cross_post_minutes: int
) -> int | None:
    """Who had this customer's last ticket, within the quarantine or cross-post time."""
    lag = category.carrier.assignment_lag
    if person_id is None:
        return None
    if lag >= 0:
        category_id = category.carrier.ticket_category_id
        found = await sql.previous_owner(context.db, person_id, category_id, context.now, lag)
        if found:
            return found
    if cross_post_minutes > 0:
        minutes = cross_post_minutes
        return await sql.previous_owner(context.db, person_id, None, context.now, minutes)
    return None


async def _users_at_work(db: Db, ej_user_ids: set[int]) -> set[int]:
    """Those of these users who take work: status Normal, and not the system user."""
    rows = await db.fetch(
        "SELECT id FROM ejuser WHERE id = ANY ($1) AND status = $2",
        list(ej_user_ids),
        sql.NORMAL_USER_STATUS,
    )
    return {row["id"] for row in rows}
