"""Into the bin and out again, many at once."""

from collections.abc import Callable
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
from skranke.core.context import Call, Right
from skranke.core.settings import Settings
from skranke.db.database import Db
from skranke.messages.add import Draft, add
from skranke.messages.attachments import jobs
from skranke.tickets.operations import get_ticket_entity
from tests.conftest import ADA, ANNA, NOW, STEN
from tests.messages.attachments.make import file
from tests.tickets.make import save, stored

Calling = Callable[..., Call]


async def made(call: Call, count: int, **properties: object) -> list[int]:
    return [(await save(call, title="A", **properties)).ticket_id for _ in range(count)]


async def bases(call: Call, ticket_ids: list[int]) -> list[Base]:
    return [(await stored(call, ticket)).base_status for ticket in ticket_ids]


async def test_tickets_are_binned_and_the_changed_ones_told(calling: Calling) -> None:
    call = calling(ADA)
    one, two, three = await made(call, 3)
    assert await set_deleted_status_by_ids(call, [two]) == [two]
    told = await set_deleted_status_by_ids(call, [three, two, 999999, one, three])
    assert told == [three, one]
    assert await bases(call, [one, two, three]) == [Base.Deleted] * 3
    assert (await stored(call, one)).status is not None


async def test_what_is_taken_out_is_open_again(calling: Calling) -> None:
    call = calling(ADA)
    one, two, closed = await made(call, 3)
    await save(call, ticket_id=closed, base_status=Base.Closed)
    await set_deleted_status_by_ids(call, [one])
    await set_spam_status_by_ids(call, [two])
    await undelete_by_ids(call, [one, two, closed, 999999])
    assert await bases(call, [one, two, closed]) == [Base.Active, Base.Active, Base.Closed]
    assert (await stored(call, one)).activate is None


async def test_an_agent_marks_spam(calling: Calling, db: Db) -> None:
    call = calling(ANNA)
    [one] = await made(call, 1)
    assert await set_spam_status_by_ids(call, [one]) == [one]
    assert await bases(call, [one]) == [Base.Spam]
    changes = await db.fetchval("SELECT changes FROM event_outbox ORDER BY id DESC LIMIT 1")
    assert {"status", "ticket_status"} <= set(changes)
    assert await set_spam_status_by_ids(call, [one]) == []


async def test_what_a_stranger_cannot_see_stays(calling: Calling) -> None:
    payroll = TicketCategoryEntity(ticket_category_id=2)
    [hidden] = await made(calling(ANNA), 1, category=payroll)
    assert await set_spam_status_by_ids(calling(STEN), [hidden]) == []
    assert await bases(calling(ANNA), [hidden]) == [Base.Active]


async def test_who_may_delete_does_so_only_with_what_he_sees(calling: Calling) -> None:
    payroll = TicketCategoryEntity(ticket_category_id=2)
    [hidden] = await made(calling(ANNA), 1, category=payroll)
    deleter = calling(replace(STEN, rights=STEN.rights | {Right.DELETE}))
    await delete_ticket_entity(deleter, hidden)
    assert await set_deleted_status_by_ids(deleter, [hidden]) == []
    assert await bases(calling(ANNA), [hidden]) == [Base.Active]
    await set_deleted_status_by_ids(calling(ADA), [hidden])
    await undelete_by_ids(deleter, [hidden])
    await delete_ticket_entity(deleter, hidden)
    assert await bases(calling(ANNA), [hidden]) == [Base.Deleted]


async def test_a_merged_ticket_is_merged_again_out_of_the_bin(calling: Calling, db: Db) -> None:
    call = calling(ADA)
    first, merged = await made(call, 2)
    await db.execute("UPDATE ticket SET connect_id = $1 WHERE id = $2", first, merged)
    await set_deleted_status_by_ids(call, [merged])
    await undelete_by_ids(call, [merged])
    found = await stored(call, merged)
    assert (found.base_status, found.connect_id) == (Base.Merged, first)


async def test_files_of_a_removed_ticket_go_with_it_but_not_those_of_others(
    calling: Calling, tmp_path: Path, db: Db
) -> None:
    call = calling(ADA, settings=Settings(data=tmp_path))
    pdfs = [await file(call, f"{n}.pdf", str(n).encode()) for n in range(2)]
    shared = await file(call, "shared.pdf", b"shared")
    [other] = await made(call, 1)
    await add(call, Draft(ticket_id=other, body="A", attachment_ids=[shared]))
    for pdf, way in zip(pdfs, ("purged", "deleted"), strict=True):
        [ticket] = await made(call, 1)
        files = [pdf, shared]
        await add(call, Draft(ticket_id=ticket, body="A", attachment_ids=files))
        await delete_ticket_entity(call, ticket)
        if way == "deleted":
            await delete_ticket_entity(call, ticket)
        else:
            later = calling(ADA, now=NOW + timedelta(days=15))
            assert await purge(later, ticket)
        assert await get_ticket_entity(call, ticket) is None
    assert await jobs.orphans(db, NOW, 9, []) == pdfs
