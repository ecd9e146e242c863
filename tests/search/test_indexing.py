"""Documents: when they are written, of what, and how they are looked in."""

import re
from datetime import timedelta
from random import Random
from typing import Any

import pytest

import skranke.app
from skranke.core.app_state import AppState
from skranke.core.cache import ReferenceCache
from skranke.core.clock import Clock
from skranke.core.context import RequestContext
from skranke.core.jobs.registry import JOBS
from skranke.core.jobs.worker import run_round
from skranke.core.settings import Settings
from skranke.db import database
from skranke.db.database import Db, execute, value
from skranke.messages.add import NewMessage, add_message
from skranke.messages.attachments.linking import link_files
from skranke.messages.carriers import TicketMessageEntity
from skranke.messages.operations import delete_ticket_message_entity, save_ticket_message_entity
from skranke.search import events, jobs
from skranke.search.indexing import MAX_DOCUMENT_CHARACTERS, write_documents
from skranke.search.service import search
from skranke.tickets.carriers import TicketReadStatus
from tests.cast import ADA, ANNA, BASE_LOCALE, NOW, ContextOf
from tests.messages.attachments.make import file
from tests.search.make import find_ids, run_jobs, ticket
from tests.tickets.make import save

assert skranke.app  # importing it is what lends every job


async def last_message(context: RequestContext, ticket_id: int) -> int:
    sql = "SELECT max(id) FROM ej_message WHERE ticket_id = $1"
    return await value(context.db, int, sql, ticket_id)


async def test_a_new_title_takes_the_old_ones_place(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    one = await ticket(context, "Boiler")
    await save(context, ticket_id=one, title="Radiator")
    assert await find_ids(context, "radiator") == []
    await run_jobs(context)
    assert await find_ids(context, "radiator") == [one]
    assert await find_ids(context, "boiler") == []


async def test_an_edited_message_is_read_anew(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    one = await ticket(context, "A", "boiler")
    message = await last_message(context, one)
    given = context_of(ANNA, given=frozenset({"Body"}))
    posted = TicketMessageEntity(ej_message_id=message, body="radiator")
    await save_ticket_message_entity(given, posted)
    await run_jobs(context)
    assert await find_ids(context, "radiator") == [one]
    assert await find_ids(context, "boiler") == []
    await delete_ticket_message_entity(context_of(ADA), message)
    await run_jobs(context)
    assert await find_ids(context, "radiator") == []


async def test_a_renamed_file_is_found_by_its_new_name(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    one = await ticket(context, "A", "B")
    plan = await file(context, "plan.pdf", b"x")
    await link_files(context, await last_message(context, one), [plan])
    await execute(context.db, "UPDATE attachment SET name = 'drawing.pdf' WHERE id = $1", plan)
    await run_jobs(context)
    assert await find_ids(context, "drawing") == [one]
    assert await find_ids(context, '"plan.pdf"') == []


async def test_what_has_no_words_writes_no_document(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    one = await ticket(context, "A", "B")
    written = "SELECT version FROM search_document WHERE ticket_id = $1"
    before = await value(context.db, int, written, one)
    await save(context, ticket_id=one, read_status=TicketReadStatus.Red)
    await run_jobs(context)
    assert await value(context.db, int, written, one) == before


async def test_events_that_wait_together_write_one_document(
    context_of: ContextOf, db: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = context_of(ANNA)
    written: list[list[int]] = []

    async def record_call(db: Db, ticket_ids: list[int]) -> None:
        written.append(ticket_ids)
        await write_documents(db, ticket_ids)

    monkeypatch.setattr(events, "write_documents", record_call)
    made = await save(context, title="A")
    for body in ("B", "C", "D"):
        await add_message(context, NewMessage(ticket_id=made.ticket_id, body=body))
    await run_jobs(context)
    assert written == [[made.ticket_id]]


async def test_of_long_tickets_the_newest_is_read(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    long = "word " * (MAX_DOCUMENT_CHARACTERS // 5)
    one = await ticket(context, "A", "ancient", long)
    later = context_of(ANNA, now=NOW + timedelta(hours=1))
    await add_message(later, NewMessage(ticket_id=one, body="modern " + long))
    await run_jobs(later)
    assert await find_ids(context, "modern") == [one]
    assert await find_ids(context, "ancient") == []


async def test_a_desk_that_was_there_before_gets_its_documents(
    context_of: ContextOf, db: Db
) -> None:
    context = context_of(ANNA)
    made = [await ticket(context, f"Boiler {n}") for n in range(3)]
    await execute(db, "DELETE FROM search_document WHERE ticket_id <> $1", made[0])
    await execute(db, "UPDATE search_progress SET ticket_id = 0")
    while ids := await jobs.claim_missing(db, NOW, 2, []):
        await jobs.add_all(context, ids)
    assert set(await find_ids(context, "boiler")) == set(made)


async def test_a_removed_ticket_leaves_no_document(context_of: ContextOf, db: Db) -> None:
    context = context_of(ADA)
    one = await ticket(context, "Boiler", "leaks")
    await execute(db, "DELETE FROM ticket WHERE id = $1", one)
    await run_jobs(context)
    assert await find_ids(context, "boiler") == []
    assert await find_ids(context, str(one)) == []


async def test_a_round_of_the_workers_makes_a_save_found(own_database_url: str) -> None:
    pool = await database.connect(own_database_url, size=3)
    desk = AppState(
        pool=pool, cache=ReferenceCache(), clock=Clock(NOW), settings=Settings(), rng=Random(1)
    )
    at_once = [j for j in JOBS if j.at_once and j.order in (90, 95, 96)]
    async with pool.acquire() as db:
        context = RequestContext(
            db=db,
            user=ANNA,
            now=NOW,
            settings=Settings(),
            cache=desk.cache,
            rng=desk.rng,
            locale=BASE_LOCALE,
        )
        one = await save(context, title="Boiler")
        outcomes = await run_round(desk, at_once)
        assert outcomes["events"].failed == 0
        assert await find_ids(context, "boiler") == [one.ticket_id]
    await pool.close()


TICKETS = """
    INSERT INTO ticket (title, created_at, last_changed, created_by, owned_by, category,
        orig_category, slevel, priority, orig_priority, status, ticket_status, origin,
        read_status, ticket_type)
    SELECT 'Pump ' || n, $1::timestamptz - n * interval '1 hour',
           $1::timestamptz - n * interval '1 hour', 1, 3, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1
    FROM generate_series(1, 4000) n
"""
MESSAGES = """
    INSERT INTO ej_message (ticket_id, created_at, created_by, body)
    SELECT id, created_at, 1, 'about ' || title FROM ticket
"""


async def plan_of(db: Any, query: str, parameters: int) -> str:
    """The plan that the desk's connections make once, for any values."""
    await db.execute(f"PREPARE asked AS {query}")
    none = f"({', '.join(['NULL'] * parameters)})" if parameters else ""
    lines = await db.fetch(f"EXPLAIN EXECUTE asked {none}")
    await db.execute("DEALLOCATE asked")
    return "\n".join(line[0] for line in lines)


async def test_no_search_reads_all_documents(context_of: ContextOf, db: Db) -> None:
    context = context_of(ANNA)
    await execute(db, TICKETS, NOW)
    await execute(db, MESSAGES)
    ids = await value(db, list[int], "SELECT array_agg(id) FROM ticket")
    await write_documents(db, ids)
    await execute(db, "ANALYZE")
    asked: list[tuple[Any, ...]] = []

    class SearchRecorder:
        async def fetchval(self, query: Any, *args: object) -> Any:
            asked.append((query, *args))
            return await db.fetchval(query, *args)

        async def fetch(self, query: Any, *args: object) -> Any:
            asked.append((query, *args))
            return await db.fetch(query, *args)

        def __getattr__(self, name: str) -> Any:
            return getattr(db, name)

    recorder: Any = SearchRecorder()
    for query in ("pump", "pump 17", '"pump 17"', "pum", "nothing"):
        await search(context_of(ANNA, db=recorder), query, 20, 0)
    assert len(asked) > 20
    for query, *args in asked:
        if "search_" in query and "search_language" not in query:
            plan = await plan_of(db, query, len(args))
            for table in ("search_document", "search_word", "ticket", "ej_message"):
                assert not re.search(rf"Seq Scan on {table}\b(?!_status)", plan), plan
    assert (await search(context, "pump", 20, 0)).total == 1000
    assert (await search(context, "pump", 20, 0)).more
