"""Into the bin and out again, many at once."""

from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from skranke.actions.trash.operations import (
    delete_ticket_entity,
    set_deleted_status_by_ids,
    set_spam_status_by_ids,
    undelete_by_ids,
)
from skranke.actions.trash.purge import purge
from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.core.context import Permission, RequestContext
from skranke.core.settings import Settings
from skranke.db.database import Db
from skranke.messages.add import NewMessage, add_message
from skranke.messages.attachments import jobs
from skranke.tickets.operations import get_ticket_entity
from tests.cast import ADA, ANNA, NOW, STEN, ContextOf
from tests.messages.attachments.make import file
from tests.tickets.make import save, stored


async def made(context: RequestContext, count: int, **properties: object) -> list[int]:
    return [(await save(context, title="A", **properties)).ticket_id for _ in range(count)]


async def bases(context: RequestContext, ticket_ids: list[int]) -> list[Base]:
    return [(await stored(context, ticket)).base_status for ticket in ticket_ids]


async def test_tickets_are_binned_and_the_changed_ones_told(context_of: ContextOf) -> None:
    context = context_of(ADA)
    one, two, three = await made(context, 3)
    assert await set_deleted_status_by_ids(context, [two]) == [two]
    told = await set_deleted_status_by_ids(context, [three, two, 999999, one, three])
    assert told == [three, one]
    assert await bases(context, [one, two, three]) == [Base.Deleted] * 3
    assert (await stored(context, one)).status is not None


async def test_what_is_taken_out_is_open_again(context_of: ContextOf) -> None:
    context = context_of(ADA)
    one, two, closed = await made(context, 3)
    await save(context, ticket_id=closed, base_status=Base.Closed)
    await set_deleted_status_by_ids(context, [one])
    await set_spam_status_by_ids(context, [two])
    await undelete_by_ids(context, [one, two, closed, 999999])
    assert await bases(context, [one, two, closed]) == [Base.Active, Base.Active, Base.Closed]
    assert (await stored(context, one)).activate is None


async def test_an_agent_marks_spam(context_of: ContextOf, db: Db) -> None:
    context = context_of(ANNA)
    [one] = await made(context, 1)
    assert await set_spam_status_by_ids(context, [one]) == [one]
    assert await bases(context, [one]) == [Base.Spam]
    changes = await db.fetchval("SELECT changes FROM event_outbox ORDER BY id DESC LIMIT 1")
    assert {"status", "ticket_status"} <= set(changes)
    assert await set_spam_status_by_ids(context, [one]) == []


async def test_what_a_stranger_cannot_see_stays(context_of: ContextOf) -> None:
    payroll = TicketCategoryEntity(ticket_category_id=2)
    [hidden] = await made(context_of(ANNA), 1, category=payroll)
    assert await set_spam_status_by_ids(context_of(STEN), [hidden]) == []
    assert await bases(context_of(ANNA), [hidden]) == [Base.Active]


async def test_who_may_delete_does_so_only_with_what_he_sees(context_of: ContextOf) -> None:
    payroll = TicketCategoryEntity(ticket_category_id=2)
    [hidden] = await made(context_of(ANNA), 1, category=payroll)
    deleter = context_of(replace(STEN, permissions=STEN.permissions | {Permission.DELETE}))
    await delete_ticket_entity(deleter, hidden)
    assert await set_deleted_status_by_ids(deleter, [hidden]) == []
    assert await bases(context_of(ANNA), [hidden]) == [Base.Active]
    await set_deleted_status_by_ids(context_of(ADA), [hidden])
    await undelete_by_ids(deleter, [hidden])
    await delete_ticket_entity(deleter, hidden)
    assert await bases(context_of(ANNA), [hidden]) == [Base.Deleted]


async def test_a_merged_ticket_is_merged_again_out_of_the_bin(
    context_of: ContextOf, db: Db
) -> None:
    context = context_of(ADA)
    first, merged = await made(context, 2)
    await db.execute("UPDATE ticket SET connect_id = $1 WHERE id = $2", first, merged)
    await set_deleted_status_by_ids(context, [merged])
    await undelete_by_ids(context, [merged])
    found = await stored(context, merged)
    assert (found.base_status, found.connect_id) == (Base.Merged, first)


async def test_files_of_a_removed_ticket_go_with_it_but_not_those_of_others(
    context_of: ContextOf, tmp_path: Path, db: Db
) -> None:
    context = context_of(ADA, settings=Settings(data=tmp_path))
    pdfs = [await file(context, f"{n}.pdf", str(n).encode()) for n in range(2)]
    shared = await file(context, "shared.pdf", b"shared")
    [other] = await made(context, 1)
    await add_message(context, NewMessage(ticket_id=other, body="A", attachment_ids=[shared]))
    for pdf, way in zip(pdfs, ("purged", "deleted"), strict=True):
        [ticket] = await made(context, 1)
        files = [pdf, shared]
        await add_message(context, NewMessage(ticket_id=ticket, body="A", attachment_ids=files))
        await delete_ticket_entity(context, ticket)
        if way == "deleted":
            await delete_ticket_entity(context, ticket)
        else:
            later = context_of(ADA, now=NOW + timedelta(days=15))
            assert await purge(later, ticket)
        assert await get_ticket_entity(context, ticket) is None
    assert await jobs.claim_orphans(db, NOW, 9, []) == pdfs
