"""Several tickets become one: messages, customers, log and relations go to the first.

All of them are held from the lowest id on, so that two merges at once wait for each
other and lose nothing. Source: MergeTickets of the reference, the manual on merging.
"""

from skranke.actions.merge_split.move_rows import move_log, move_messages, move_relations
from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.db.database import execute
from skranke.messages.counts import MessageCounts, count_messages
from skranke.messages.sql import ids_of_ticket
from skranke.tickets.carriers import TicketEntity
from skranke.tickets.reference_data import ReferenceData
from skranke.tickets.row import TicketRow
from skranke.tickets.save import service, status_rules
from skranke.tickets.save.context import SaveReason
from skranke.tickets.save.update import Mutation, update_ticket, update_visible_ticket
from skranke.tickets.sql import lock_ticket
from skranke.tickets.visibility import require_visible

JOIN_TICKETS, CONNECT_TICKETS = 35, 10  # TicketLogAction, of the first and the others
NO_MESSAGES = MessageCounts(num_messages=0, num_replies=0, time_spent=0, has_attachment=False)


async def merge(context: RequestContext, posted: TicketEntity, others: list[int]) -> TicketEntity:
    """The first ticket with everything of the others and what is posted of it.

    NotFound for a ticket that the caller can't see, BadValue for one that is merged
    already or named twice over.
    """
    first, others = posted.ticket_id, list(dict.fromkeys(others))
    await require_visible(context, "MergedTicketEntity.TicketId", [first])
    await require_visible(context, "SecondaryTicketIds", others)
    if first in others:
        raise BadValue("SecondaryTicketIds", f"{first} is the ticket to merge into")
    for ticket_id in sorted([first, *others]):
        await lock_ticket(context.db, ticket_id)
    await _check_unmerged(context, "MergedTicketEntity.TicketId", [first])
    await _check_unmerged(context, "SecondaryTicketIds", others)
    await service.save_existing(context, posted)
    await _move(context, first, others)
    for other in others:
        await update_ticket(context, other, _mark_merged(first))
    return await _update_counts(context, first)


async def _check_unmerged(context: RequestContext, name: str, ticket_ids: list[int]) -> None:
    merged = await context.db.fetch(
        "SELECT id FROM ticket WHERE id = ANY ($1) AND status = $2", ticket_ids, Base.Merged.number
    )
    for row in merged:
        raise BadValue(name, f"{row['id']} is merged already")


async def _move(context: RequestContext, first: int, others: list[int]) -> None:
    await _move_customers(context, first, others)
    for other in others:
        await move_messages(context.db, first, await ids_of_ticket(context.db, other))
    await move_log(context.db, first, others)
    await move_relations(context.db, first, others)
    sql = "DELETE FROM hotlist WHERE ticket_id = ANY ($1)"
    await execute(context.db, sql, others)


async def _move_customers(context: RequestContext, first: int, others: list[int]) -> None:
    """The others' customers become further ones of the first, each once."""
    await execute(
        context.db,
        """
        INSERT INTO ticket_customers (ticket_id, customer_id)
        SELECT $1, person FROM (
            SELECT DISTINCT ON (person) person, place, of FROM (
                SELECT t.cust_id AS person, w.place, 0 AS of
                FROM unnest($2::int[]) WITH ORDINALITY AS w (id, place)
                JOIN ticket t USING (id)
                UNION ALL
                SELECT c.customer_id, w.place, c.id
                FROM unnest($2::int[]) WITH ORDINALITY AS w (id, place)
                JOIN ticket_customers c ON c.ticket_id = w.id) AS every
            ORDER BY person, place, of) AS each
        WHERE person IS NOT NULL
            AND person IS DISTINCT FROM (SELECT cust_id FROM ticket WHERE id = $1)
        ORDER BY place, of
        ON CONFLICT DO NOTHING
        """,
        first,
        others,
    )


def _mark_merged(first: int) -> Mutation:
    def alter(row: TicketRow, lists: ReferenceData) -> SaveReason:
        row.connect_id = first
        kind = lists.types[row.ticket_type]
        status_rules.set_base_status(row, Base.Merged, lists.statuses, kind)
        NO_MESSAGES.apply_to(row)
        return SaveReason(action=CONNECT_TICKETS)

    return alter


async def _update_counts(context: RequestContext, first: int) -> TicketEntity:
    counts = await count_messages(context.db, first)

    def alter(row: TicketRow, _: ReferenceData) -> SaveReason:
        counts.apply_to(row)
        return SaveReason(action=JOIN_TICKETS)

    name = "MergedTicketEntity.TicketId"
    return (await update_visible_ticket(context, name, first, alter)).entity(context)
