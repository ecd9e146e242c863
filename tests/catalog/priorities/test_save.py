"""An administrator edits priorities; what can't be is refused and changes nothing."""

from datetime import datetime
from typing import Any

import pytest

from skranke.archive.mdo.providers import ListQuery
from skranke.catalog.priorities.carriers import (
    TicketPriorityEntity,
    TicketPriorityEscalateEvent,
    TicketPriorityEscalationLevelEntity,
    TicketPriorityFlags,
    TicketPriorityStatus,
)
from skranke.catalog.priorities.lists import ticketpriority
from skranke.catalog.priorities.operations import (
    create_default_ticket_priority_entity,
    delete_ticket_priority_entity,
    get_all_ticket_priorities,
    get_ticket_priorities,
    get_ticket_priority,
    get_ticket_priority_entity,
    save_ticket_priority_entity,
    set_ticket_priority_sort_order,
)
from skranke.catalog.priorities.resources import (
    delete_item,
    get_default_item,
    patch_item,
    post_item,
    put_item,
)
from skranke.core.context import RequestContext
from skranke.core.errors import ApiError, BadValue, NotFound
from skranke.people.carriers import Person
from tests.archive.mdo.make import with_posted
from tests.cast import ADA, ContextOf
from tests.tickets.make import save as save_ticket
from tests.tickets.make import stored

Flags = TicketPriorityFlags
Level = TicketPriorityEscalationLevelEntity
LOW, MEDIUM, HIGH = 1, 2, 3


def wall(*parts: int) -> datetime:
    """A day or a time of day on the desk's own wall."""
    return datetime(*parts)  # noqa: DTZ001 # pyright: ignore[reportArgumentType] # numbers alone


async def save(context: RequestContext, **properties: Any) -> TicketPriorityEntity:
    return await save_ticket_priority_entity(
        *with_posted(context, TicketPriorityEntity, **properties)
    )


async def read(context: RequestContext, priority_id: int) -> TicketPriorityEntity:
    found = await get_ticket_priority_entity(context, priority_id)
    assert found
    return found


async def test_a_new_priority_is_there_with_all_it_was_given(context_of: ContextOf) -> None:
    context = context_of(ADA)
    blank = await create_default_ticket_priority_entity(context)
    assert blank == await get_default_item(context)
    assert (blank.ticket_priority_id, blank.sort_order) == (0, 4)
    assert blank.mon_start.hour == 9
    levels = [
        Level(alert_level=1, alert_timeout=60, action=16),
        Level(
            alert_level=5,
            alert_timeout=30,
            action=1,
            delegate_to=3,
            email_to="boss@example.org",
            rti_customer_sms=7,
        ),
    ]
    saved = await save(
        context,
        name=" Urgent ",
        deadline=240,
        flags=Flags.External | Flags.AlertSchedule,
        ticket_read=TicketPriorityEscalateEvent.Stop,
        sat_start=wall(2026, 1, 1, 10),
        sat_stop=wall(2026, 1, 1, 14),
        escalation_levels=levels,
        non_dates=[wall(1, 12, 25), wall(4, 2, 29), wall(2026, 5, 1, 8)],
    )
    assert saved == await read(context, saved.ticket_priority_id)
    assert saved.name == "Urgent"
    assert saved.sat_start == wall(1, 1, 1, 10)
    assert saved.mon_stop.hour == 17
    assert saved.ticket_read is TicketPriorityEscalateEvent.Stop
    assert saved.changed_owner is TicketPriorityEscalateEvent.None_
    assert saved.non_dates[2] == wall(2026, 5, 1)
    assert [level.alert_level for level in saved.escalation_levels] == [1, 5]
    assert saved.escalation_levels[1].email_to == "boss@example.org"
    assert saved.escalation_levels[1].rti_customer_sms == 7
    assert await get_ticket_priority(context, saved.ticket_priority_id)


async def test_what_is_absent_is_kept_and_levels_keep_their_ids(context_of: ContextOf) -> None:
    context = context_of(ADA)
    levels = [Level(alert_level=n, alert_timeout=n) for n in (1, 2)]
    first = await save(context, ticket_priority_id=HIGH, escalation_levels=levels)
    assert first.name == "High"
    one, two = first.escalation_levels
    two.alert_level = 1
    second = await save(
        context,
        ticket_priority_id=HIGH,
        name="Higher",
        escalation_levels=[two, Level(alert_level=3)],
    )
    kept, new = second.escalation_levels
    assert kept == two
    assert new.ticket_alert_id not in (0, one.ticket_alert_id, two.ticket_alert_id)
    third = await save(context, ticket_priority_id=HIGH, sort_order=9)
    assert (third.name, third.escalation_levels) == ("Higher", [kept, new])


async def test_a_new_default_takes_the_mark_from_the_old_one(context_of: ContextOf) -> None:
    context = context_of(ADA)
    await save(context, ticket_priority_id=HIGH, flags=Flags.External | Flags.Default)
    assert (await read(context, MEDIUM)).flags is Flags.External
    ticket = await save_ticket(context, title="x")
    assert ticket.priority
    assert ticket.priority.ticket_priority_id == HIGH


LEVEL = Level(alert_level=1)


@pytest.mark.parametrize(
    ("properties", "name"),
    [
        ({"name": " "}, "Name"),
        ({"name": "x" * 65}, "Name"),
        ({"deadline": -1}, "Deadline"),
        ({"sort_order": 40_000}, "SortOrder"),
        ({"flags": Flags.External}, "Flags"),
        ({"status": TicketPriorityStatus.Deleted}, "Status"),
        ({"escalation_levels": [LEVEL, LEVEL]}, "EscalationLevels[1].AlertLevel"),
        ({"escalation_levels": [Level()]}, "EscalationLevels[0].AlertLevel"),
        (
            {"escalation_levels": [Level(alert_level=1, alert_timeout=-1)]},
            "EscalationLevels[0].AlertTimeout",
        ),
        (
            {"escalation_levels": [Level(alert_level=1, ticket_alert_id=99)]},
            "EscalationLevels[0].TicketAlertId",
        ),
        (
            {"escalation_levels": [Level(alert_level=1, action=1, delegate_to=99)]},
            "EscalationLevels[0].DelegateTo",
        ),
    ],
)
async def test_what_cannot_be_is_refused(
    context_of: ContextOf, properties: dict[str, Any], name: str
) -> None:
    context = context_of(ADA)
    before = await read(context, MEDIUM)
    with pytest.raises(BadValue) as refused:
        await save(context, ticket_priority_id=MEDIUM, **properties)
    assert refused.value.name == name
    assert await read(context, MEDIUM) == before


async def test_one_that_is_not_there_is_named(context_of: ContextOf) -> None:
    context = context_of(ADA)
    for deed in (
        save(context, ticket_priority_id=99, name="x"),
        delete_ticket_priority_entity(context, 99),
        set_ticket_priority_sort_order(context, 99, 1),
        delete_item(context, 99),
        put_item(context, 99, TicketPriorityEntity()),
    ):
        with pytest.raises(NotFound, match="99"):
            await deed
    assert await get_ticket_priority(context, 99) is None


async def test_a_deleted_one_stays_on_old_tickets_and_is_chosen_by_none(
    context_of: ContextOf,
) -> None:
    context = context_of(ADA)
    high = await read(context, HIGH)
    ticket = await save_ticket(context, title="x", priority=high)
    await delete_ticket_priority_entity(context, HIGH)
    old = (await stored(context, ticket.ticket_id)).priority
    assert old
    assert (old.name, old.status) == ("High", TicketPriorityStatus.Deleted)
    assert (await save_ticket(context, ticket_id=ticket.ticket_id, title="y")).title == "y"
    with pytest.raises(BadValue, match="3 is deleted"):
        await save_ticket(context, title="x", priority=high)
    assert [p.id for p in await get_ticket_priorities(context)] == [LOW, MEDIUM]
    assert len(await get_all_ticket_priorities(context, include_deleted=True)) == 3
    assert len(await get_all_ticket_priorities(context, include_deleted=False)) == 2
    offered = await ticketpriority(context, ListQuery())
    assert [item.id for item in offered if not item.deleted] == [LOW, MEDIUM]
    again = await save(context, ticket_priority_id=HIGH, status=TicketPriorityStatus.Normal)
    assert again.status is TicketPriorityStatus.Normal


async def test_a_customers_deleted_priority_gives_way_to_the_default(context_of: ContextOf) -> None:
    context = context_of(ADA)
    await context.db.execute("UPDATE person SET ticket_priority_id = 3 WHERE person_id = 7")
    await delete_ticket_priority_entity(context, HIGH)
    ticket = await save_ticket(context, title="x", person=Person(person_id=7))
    assert ticket.priority
    assert ticket.priority.ticket_priority_id == MEDIUM


async def test_the_default_and_one_that_a_type_offers_cannot_be_deleted(
    context_of: ContextOf,
) -> None:
    context = context_of(ADA)
    with pytest.raises(BadValue, match="2 is the default"):
        await delete_ticket_priority_entity(context, MEDIUM)
    await context.db.execute("INSERT INTO ticket_type_priority VALUES (1, 3)")
    with pytest.raises(BadValue, match="type 'Request'"):
        await delete_item(context, HIGH)
    assert len(await get_ticket_priorities(context)) == 3


async def test_sort_order_moves_one_and_others_make_room(context_of: ContextOf) -> None:
    context = context_of(ADA)
    await set_ticket_priority_sort_order(context, HIGH, 1)
    assert [p.id for p in await get_ticket_priorities(context)] == [HIGH, LOW, MEDIUM]
    with pytest.raises(BadValue, match="SortOrder"):
        await set_ticket_priority_sort_order(context, HIGH, -1)


async def test_rest_creates_replaces_patches_and_deletes(context_of: ContextOf) -> None:
    context = context_of(ADA)
    new = await post_item(*with_posted(context, TicketPriorityEntity, name="Now", deadline=5))
    priority_id = new.ticket_priority_id
    replaced = await put_item(context, priority_id, TicketPriorityEntity(name="Then"))
    assert (replaced.name, replaced.deadline) == ("Then", 0)
    patch = b'{"Deadline": 60, "TicketPriorityId": 1}'
    patched = await patch_item(context, priority_id, patch)
    assert (patched.ticket_priority_id, patched.deadline) == (priority_id, 60)
    assert patched.name == "Then"
    with pytest.raises(ApiError):
        await patch_item(context, priority_id, b'{"Nonsense": 1}')
    await delete_item(context, priority_id)
    assert (await read(context, priority_id)).status is TicketPriorityStatus.Deleted
