"""A status, type or category is replaced on every ticket, by the rules of a save."""

from typing import Any

import pytest

from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.catalog.categories.operations import (
    delete_ticket_category_entity,
    save_ticket_category_entity,
)
from skranke.catalog.statuses.carriers import TicketBaseStatus, TicketStatusEntity
from skranke.catalog.statuses.operations import (
    delete_ticket_status_entity,
    get_ticket_statuses,
    save_ticket_status_entity,
)
from skranke.catalog.ticket_types.carriers import TicketType, TicketTypeEntity
from skranke.catalog.ticket_types.operations import (
    delete_ticket_type_entity,
    get_ticket_type_entity,
    save_ticket_type_entity,
)
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.db.database import Db
from skranke.tickets.explain.history import load_history
from skranke.tickets.links import RequestedLinks
from skranke.tickets.replace.operations import (
    global_change_ticket_status,
    global_change_ticket_type,
    move_all_tickets,
)
from skranke.tickets.replace.resources import change_status
from skranke.tickets.replace.service import BATCH_SIZE
from skranke.tickets.sql import load_ticket as stored_row
from tests.archive.mdo.make import with_posted
from tests.cast import ADA, NOW, ContextOf
from tests.tickets.make import save, stored

OPEN, CLOSED, MERGED = 1, 2, 5
SUPPORT, PAYROLL = 1, 2
BATCH_OPERATION = 29


async def new_status(context: RequestContext, **properties: Any) -> TicketStatusEntity:
    return await save_ticket_status_entity(
        *with_posted(context, TicketStatusEntity, name="Waiting", **properties)
    )


async def new_type(context: RequestContext, **properties: Any) -> TicketTypeEntity:
    return await save_ticket_type_entity(
        *with_posted(context, TicketTypeEntity, name="Incident", **properties)
    )


async def told(db: Db, ticket_id: int) -> tuple[int, list[str]]:
    """The last log action of a ticket, and what its last event says has changed."""
    action = await db.fetchval(
        "SELECT max(log_action) FROM ticket_log_action WHERE ticket_id = $1 AND id ="
        " (SELECT max(id) FROM ticket_log_action WHERE ticket_id = $1)",
        ticket_id,
    )
    columns = await db.fetchval(
        "SELECT changes FROM event_outbox WHERE primary_key = $1 ORDER BY id DESC LIMIT 1",
        ticket_id,
    )
    return action, columns


async def test_a_status_is_replaced_everywhere_and_then_deleted(context_of: ContextOf) -> None:
    context = context_of(ADA)
    waiting = await new_status(context, status=TicketBaseStatus.Active)
    status_id = waiting.ticket_status_id
    tickets = [(await save(context, title="x", status=waiting)).ticket_id for _ in "abc"]
    kept = await save(context, title="x")
    kind = await new_type(
        context, ticket_statuses=[OPEN, status_id], default_ticket_status=status_id
    )
    await save_ticket_category_entity(
        *with_posted(
            context,
            TicketCategoryEntity,
            ticket_category_id=SUPPORT,
            default_ticket_status=waiting,
            default_message_status=waiting,
        )
    )
    await context.db.execute("UPDATE ejuser SET default_status_new_ticket = $1", status_id)
    with pytest.raises(BadValue, match="in use"):
        await delete_ticket_status_entity(context, status_id)
    later = context_of(ADA, now=NOW.replace(hour=11))
    await global_change_ticket_status(later, status_id, CLOSED)
    for ticket_id in tickets:
        ticket = await stored(context, ticket_id)
        assert ticket.base_status is TicketBaseStatus.Closed
        assert ticket.closed_at == later.now
        action, columns = await told(context.db, ticket_id)
        assert action == BATCH_OPERATION
        assert "ticket_status" in columns
    assert (await stored(context, kept.ticket_id)).last_changed == kept.last_changed
    changed = await get_ticket_type_entity(context, kind.ticket_type_id)
    assert changed
    assert changed.ticket_statuses == [OPEN, CLOSED]
    assert changed.default_ticket_status == CLOSED
    await delete_ticket_status_entity(context, status_id)
    assert status_id not in [s.ticket_status_id for s in await get_ticket_statuses(context)]
    row = await stored_row(context.db, tickets[0], RequestedLinks())
    assert row
    [stay] = (await load_history(context.db, row.row)).stays
    assert (stay.ticket_status, stay.timespan) == (status_id, 3600)


async def test_more_tickets_than_a_batch_are_all_changed(context_of: ContextOf) -> None:
    context = context_of(ADA)
    await context.db.execute(
        """
        INSERT INTO ticket (title, created_at, created_by, owned_by, category,
            orig_category, slevel, priority, orig_priority, status, ticket_status,
            origin, read_status, ticket_type)
        SELECT '', $2, 1, 1, 1, 1, 2, 2, 2, 1, 1, 13, 3, 1 FROM generate_series(0, $1)
        """,
        2 * BATCH_SIZE,
        NOW,
    )
    await move_all_tickets(context, SUPPORT, PAYROLL)
    found = await context.db.fetch("SELECT DISTINCT category FROM ticket")
    assert [row["category"] for row in found] == [PAYROLL]


async def test_a_category_is_emptied_and_then_deleted(context_of: ContextOf) -> None:
    context = context_of(ADA)
    ticket = await save(context, title="x")
    await move_all_tickets(context, SUPPORT, PAYROLL)
    moved = await stored(context, ticket.ticket_id)
    assert moved.category
    assert moved.category.ticket_category_id == PAYROLL
    assert moved.owned_by == ticket.owned_by
    action, columns = await told(context.db, ticket.ticket_id)
    assert (action, columns[0]) == (BATCH_OPERATION, "category")
    await delete_ticket_category_entity(context, SUPPORT)
    assert (await save(context, ticket_id=ticket.ticket_id, title="y")).title == "y"


async def test_a_type_is_replaced_with_its_own_defaults_and_then_deleted(
    context_of: ContextOf,
) -> None:
    context = context_of(ADA)
    old = await new_type(context)
    wish = TicketType(ticket_type_id=old.ticket_type_id)
    ticket = await save(context, title="x", ticket_type=wish)
    new = await save_ticket_type_entity(
        *with_posted(
            context,
            TicketTypeEntity,
            name="Other",
            ticket_priorities=[3],
            default_ticket_priority=3,
        )
    )
    await global_change_ticket_type(context, old.ticket_type_id, new.ticket_type_id)
    changed = await stored(context, ticket.ticket_id)
    assert changed.ticket_type
    assert changed.priority
    assert changed.ticket_type.ticket_type_id == new.ticket_type_id
    assert changed.priority.ticket_priority_id == 3
    action, columns = await told(context.db, ticket.ticket_id)
    assert (action, columns[:2]) == (BATCH_OPERATION, ["priority", "ticket_type"])
    await delete_ticket_type_entity(context, old.ticket_type_id)


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        (99, OPEN, "FromTicketStatusId"),
        (OPEN, 99, "ToTicketStatusId"),
        (OPEN, OPEN, "ToTicketStatusId"),
        (OPEN, MERGED, "ToTicketStatusId"),
        (MERGED, OPEN, "ToTicketStatusId"),
    ],
)
async def test_a_status_that_cannot_be_is_refused(
    context_of: ContextOf, old: int, new: int, name: str
) -> None:
    context = context_of(ADA)
    ticket = await save(context, title="x")
    for deed in (global_change_ticket_status, change_status):
        with pytest.raises(BadValue) as refused:
            await deed(context, old, new)
        assert refused.value.name == name
    assert await stored(context, ticket.ticket_id) == ticket


async def test_a_deleted_status_replaces_nothing(context_of: ContextOf) -> None:
    context = context_of(ADA)
    waiting = await new_status(context)
    await delete_ticket_status_entity(context, waiting.ticket_status_id)
    with pytest.raises(BadValue, match="is deleted"):
        await change_status(context, OPEN, waiting.ticket_status_id)


async def test_types_and_categories_that_are_not_there_are_named(context_of: ContextOf) -> None:
    context = context_of(ADA)
    with pytest.raises(BadValue, match="ToTicketTypeId: 99"):
        await global_change_ticket_type(context, 1, 99)
    with pytest.raises(BadValue, match="FromTicketCategoryId: 99"):
        await move_all_tickets(context, 99, SUPPORT)
