"""An administrator edits statuses; every base status keeps one, and a default."""

from typing import Any, LiteralString

import pytest

from skranke.archive.mdo.providers import ListQuery
from skranke.catalog.statuses.carriers import (
    TicketBaseStatus,
    TicketStatusEntity,
    TicketStatusTimeCounter,
)
from skranke.catalog.statuses.lists import ticketticketstatus
from skranke.catalog.statuses.operations import (
    create_default_ticket_status_entity,
    delete_ticket_status_entity,
    get_ticket_status_entity,
    get_ticket_statuses,
    save_ticket_status_entity,
    set_ticket_status_sort_order,
)
from skranke.catalog.statuses.resources import (
    delete_item,
    get_default_item,
    patch_item,
    post_item,
    put_item,
)
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, Conflict, NotFound
from tests.archive.mdo.make import with_posted
from tests.cast import ADA, ContextOf
from tests.tickets.make import save as save_ticket

OPEN, CLOSED = 1, 2
Base = TicketBaseStatus


async def save(context: RequestContext, **properties: Any) -> TicketStatusEntity:
    return await save_ticket_status_entity(*with_posted(context, TicketStatusEntity, **properties))


async def waiting(context: RequestContext, **others: Any) -> int:
    """A status of our own, under the open ones."""
    made = await save(context, name="Waiting", status=Base.Active, **others)
    return made.ticket_status_id


async def test_a_new_status_is_there_with_all_it_was_given(context_of: ContextOf) -> None:
    context = context_of(ADA)
    blank = await create_default_ticket_status_entity(context)
    assert blank == await get_default_item(context)
    assert (blank.ticket_status_id, blank.status) == (0, Base.Active)
    saved = await save(
        context,
        name=" In queue ",
        status=Base.Postponed,
        no_email_reopen=True,
        time_counter=TicketStatusTimeCounter.Queue,
        used_in_queue=True,
    )
    assert saved.name == "In queue"
    assert await get_ticket_status_entity(context, saved.ticket_status_id) == saved
    assert (await get_ticket_statuses(context))[-1] == saved
    again = await save(context, ticket_status_id=saved.ticket_status_id, name="Queue")
    assert (again.name, again.used_in_queue, again.no_email_reopen) == ("Queue", True, True)


async def test_a_new_default_takes_the_mark_from_the_old_one(context_of: ContextOf) -> None:
    context = context_of(ADA)
    status_id = await waiting(context, is_default=True)
    found = {s.ticket_status_id: s for s in await get_ticket_statuses(context)}
    assert found[status_id].is_default
    assert not found[OPEN].is_default
    assert found[CLOSED].is_default
    ticket = await save_ticket(context, title="x")
    assert ticket.status
    assert ticket.status.ticket_status_id == status_id


@pytest.mark.parametrize(
    ("properties", "name"),
    [
        ({"name": ""}, "Name"),
        ({"name": "x" * 256}, "Name"),
        ({"status": Base.Unknown}, "Status"),
        ({"status": Base.PostponedDay}, "Status"),
        ({"status": Base.Closed}, "Status"),
        ({"is_default": False}, "IsDefault"),
    ],
)
async def test_what_cannot_be_is_refused(
    context_of: ContextOf, properties: dict[str, Any], name: str
) -> None:
    context = context_of(ADA)
    before = await get_ticket_statuses(context)
    with pytest.raises(BadValue) as refused:
        await save(context, ticket_status_id=OPEN, **properties)
    assert refused.value.name == name
    assert await get_ticket_statuses(context) == before


async def test_the_base_of_a_status_that_tickets_have_stays(context_of: ContextOf) -> None:
    context = context_of(ADA)
    status_id = await waiting(context)
    moved = await save(context, ticket_status_id=status_id, status=Base.Closed)
    await save_ticket(context, title="x", status=moved)
    with pytest.raises(BadValue, match="tickets have this status"):
        await save(context, ticket_status_id=status_id, status=Base.Active)


async def test_the_only_one_of_a_base_is_not_moved_away(context_of: ContextOf) -> None:
    context = context_of(ADA)
    await context.db.execute("UPDATE ticket_status SET is_default = false WHERE id = 6")
    with pytest.raises(BadValue, match="only one"):
        await save(context, ticket_status_id=6, status=Base.Closed)


async def test_one_that_is_not_there_is_named(context_of: ContextOf) -> None:
    context = context_of(ADA)
    for deed in (
        save(context, ticket_status_id=99, name="x"),
        delete_ticket_status_entity(context, 99),
        set_ticket_status_sort_order(context, 99, 1),
        delete_item(context, 99),
        put_item(context, 99, TicketStatusEntity()),
    ):
        with pytest.raises(NotFound, match="99"):
            await deed


async def test_a_deleted_one_is_offered_no_more(context_of: ContextOf) -> None:
    context = context_of(ADA)
    status_id = await waiting(context)
    await delete_ticket_status_entity(context, status_id)
    await delete_ticket_status_entity(context, status_id)
    assert status_id not in [s.ticket_status_id for s in await get_ticket_statuses(context)]
    assert await get_ticket_status_entity(context, status_id)
    offered = await ticketticketstatus(context, ListQuery())
    assert [item.id for item in offered if item.deleted] == [status_id]
    with pytest.raises(BadValue, match="is deleted"):
        await save(context, ticket_status_id=status_id, name="Back")
    wish = TicketStatusEntity(ticket_status_id=status_id)
    with pytest.raises(BadValue, match="is deleted"):
        await save_ticket(context, title="x", status=wish)


USES: dict[str, LiteralString] = {
    "ticket type 'Request'": "INSERT INTO ticket_type_status VALUES (1, $1)",
    "category 'Support'": "UPDATE ej_category SET msg_closing_status = $1 WHERE id = 1",
    "the defaults of user 3": "UPDATE ejuser SET default_status_new_ticket = $1 WHERE id = 3",
    "the preference acceptStatus": (
        "UPDATE registry SET value = $1::int WHERE name = 'acceptStatus'"
    ),
}


@pytest.mark.parametrize("user", USES)
async def test_one_in_use_is_not_deleted(context_of: ContextOf, user: str) -> None:
    context = context_of(ADA)
    status_id = await waiting(context)
    await context.db.execute(USES[user], status_id)
    with pytest.raises(BadValue, match=f"{status_id} is in use by {user}"):
        await delete_item(context, status_id)


async def test_one_of_a_ticket_a_default_and_the_last_are_not_deleted(
    context_of: ContextOf,
) -> None:
    context = context_of(ADA)
    status_id = await waiting(context)
    wish = TicketStatusEntity(ticket_status_id=status_id)
    ticket = await save_ticket(context, title="x", status=wish)
    with pytest.raises(BadValue, match=f"in use by ticket {ticket.ticket_id}"):
        await delete_ticket_status_entity(context, status_id)
    with pytest.raises(BadValue, match="1 is the default"):
        await delete_ticket_status_entity(context, OPEN)
    with pytest.raises(BadValue, match="2 is the only one"):
        await delete_ticket_status_entity(context, CLOSED)
    assert len(await get_ticket_statuses(context)) == 7


async def test_sort_order_moves_one_and_others_make_room(context_of: ContextOf) -> None:
    context = context_of(ADA)
    await set_ticket_status_sort_order(context, 6, 2)
    found = [s.ticket_status_id for s in await get_ticket_statuses(context)]
    assert found == [1, 6, 2, 3, 4, 5]
    with pytest.raises(BadValue, match="SortOrder"):
        await set_ticket_status_sort_order(context, 6, -1)


async def test_rest_creates_replaces_patches_and_deletes(context_of: ContextOf) -> None:
    context = context_of(ADA)
    new = await post_item(*with_posted(context, TicketStatusEntity, name="A", used_in_queue=True))
    status_id = new.ticket_status_id
    wish = TicketStatusEntity(name="B", status=Base.Active)
    replaced = await put_item(context, status_id, wish)
    assert (replaced.name, replaced.used_in_queue) == ("B", False)
    patch = b'[{"op": "test", "path": "Name", "value": "Z"}]'
    with pytest.raises(Conflict):
        await patch_item(context, status_id, patch)
    patched = await patch_item(context, status_id, b'{"UsedInQueue": true}')
    assert (patched.name, patched.used_in_queue) == ("B", True)
    await delete_item(context, status_id)
    assert status_id not in [s.ticket_status_id for s in await get_ticket_statuses(context)]
