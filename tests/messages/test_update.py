"""What a change of a stored message does, and what it leaves alone."""

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace

from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.core.cache import ReferenceCache
from skranke.core.context import RequestContext
from skranke.core.errors import ApiError, BadValue, Conflict, NotFound
from skranke.core.settings import Settings
from skranke.db import database
from skranke.db.database import Db
from skranke.messages.add import NewMessage, add_message
from skranke.messages.carriers import TicketMessageEntity, TicketMessageType
from skranke.messages.operations import (
    delete_message_headers,
    delete_ticket_message_entity,
    get_ticket_message_entity,
    save_ticket_message_entity,
    save_ticket_message_entity_with_options,
    set_ticket_message_important,
)
from skranke.tickets.message_rows import TicketMessageHeader
from skranke.tickets.message_rows import TicketSecurityLevel as Level
from tests.cast import ANNA, BO, NOW, STEN, ContextOf
from tests.messages.attachments.make import file
from tests.messages.test_operations import changed, given, pump, written
from tests.tickets.make import stored

Entity = TicketMessageEntity
STORED = "SELECT html_body FROM ej_message WHERE id = $1"
EVENTS = "SELECT changes FROM event_outbox WHERE event = 'ticket.changed'"
WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


async def whole(context: RequestContext, message: Entity, **others: Any) -> Entity:
    """Save a message with every property, as the vendor's client does."""
    posted = replace(message, **others)
    everything = dict.fromkeys(Entity.__struct_fields__)
    return await save_ticket_message_entity(given(context, everything), posted)


async def test_what_was_read_can_be_saved_and_nothing_is_written(
    context_of: ContextOf, db: Db
) -> None:
    context = context_of(ANNA)
    html = '<p onclick="x()">Hi<script>x()</script></p>'
    to = TicketMessageHeader(name="To", value="a@x.example")
    message = await written(context, await pump(context), html_body=html, message_headers=[to])
    log = await db.fetchval("SELECT count(*) FROM ticket_log_action")
    assert await whole(context, message) == message
    assert await db.fetchval(STORED, message.ej_message_id) == html
    assert await db.fetchval("SELECT count(*) FROM ticket_log_action") == log
    later = await whole(context, message, time_spent=3)
    assert later.time_spent == 3
    assert await db.fetchval(STORED, message.ej_message_id) == html


async def test_new_html_brings_its_text_unless_another_comes_with_it(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    message = await written(context, await pump(context), html_body="<p>One</p>")
    assert (await whole(context, message, html_body="<p>Two</p>")).body.strip() == "Two"
    both = await whole(context, message, html_body="<p>Three</p>", body="Drei")
    assert both.body == "Drei"
    emptied = await changed(context, message, body="")
    assert emptied.body.strip() == "Three"
    bare = await changed(context, message, html_body="")
    assert (bare.html_body, bare.body.strip()) == ("", "Three")


async def test_each_changed_value_is_logged_with_what_it_was(context_of: ContextOf, db: Db) -> None:
    context = context_of(ANNA)
    message = await written(context, await pump(context), body="A" * 300, time_spent=5)
    await changed(
        context_of(BO),
        message,
        body="B",
        time_spent=7,
        slevel=Level.Internal,
        type=TicketMessageType.Html,
    )
    found = await db.fetch(
        """
        SELECT c.log_change, c.from_value, c.to_value FROM ticket_log_change c
        JOIN ticket_log_action a ON a.id = c.action_id
        WHERE a.log_action = 10015 AND c.message_id = $1 ORDER BY 1
        """,
        message.ej_message_id,
    )
    assert [tuple(row) for row in found] == [
        (10005, "2", "1"),
        (10006, "1", "2"),
        (10008, "5", "7"),
        (10009, "A" * 255, "B"),
    ]


async def test_a_ticket_is_newer_whatever_was_changed_of_its_messages(
    context_of: ContextOf, db: Db
) -> None:
    first, later = context_of(ANNA), context_of(ANNA, now=NOW.replace(hour=11))
    ticket_id = await pump(first)
    to = TicketMessageHeader(name="To", value="a@x.example")
    message = await written(first, ticket_id, body="A", message_headers=[to])
    await db.execute("DELETE FROM event_outbox")
    await set_ticket_message_important(later, message.ej_message_id, True)
    ticket = await stored(later, ticket_id)
    assert (ticket.last_changed, ticket.messages[0].important) == (later.now, True)
    [event] = await db.fetch(EVENTS)
    assert event["changes"] == ["last_changed"]
    last = context_of(ANNA, now=NOW.replace(hour=12))
    await delete_message_headers(last, [message.message_headers[0].id])
    ticket = await stored(last, ticket_id)
    assert ticket.last_changed == ticket.messages[0].changed_at == last.now


async def test_a_stored_message_gets_files_and_is_the_answer_with_options(
    context_of: ContextOf, tmp_path: Any
) -> None:
    context = context_of(ANNA, settings=Settings(data=tmp_path))
    ticket_id = await pump(context)
    message = await written(context, ticket_id, body="See", slevel=Level.External)
    pdf, text = await file(context, "a.pdf", b"%PDF"), await file(context, "b.txt", b"b")
    posted = Entity(ej_message_id=message.ej_message_id)
    bare = given(context, {})
    saved = await save_ticket_message_entity_with_options(bare, posted, False, [pdf], False)
    assert [f.name for f in saved.attachments_info] == ["a.pdf"]
    ticket = await stored(context, ticket_id)
    assert (ticket.has_attachment, ticket.replied_at) == (True, None)
    later = replace(bare, now=NOW.replace(hour=11))
    both = await save_ticket_message_entity_with_options(later, posted, False, [pdf, text], True)
    assert [f.name for f in both.attachments_info] == ["a.pdf", "b.txt"]
    assert both.body == "See"
    assert (await stored(context, ticket_id)).replied_at == later.now
    with pytest.raises(BadValue, match="AttachmentIds: 999999"):
        await save_ticket_message_entity_with_options(bare, posted, False, [999999], False)


async def test_a_removed_message_stays_in_the_log(context_of: ContextOf, db: Db) -> None:
    context = context_of(ANNA)
    message = await written(context, await pump(context), body="gone")
    await delete_ticket_message_entity(context, message.ej_message_id)
    told = await db.fetchval(
        """
        SELECT description FROM ticket_log_action
        WHERE message_id = $1 AND log_action = 10002
        """,
        message.ej_message_id,
    )
    assert told == "Message deleted"


async def test_a_strangers_header_is_named_by_its_own_id(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    hidden = await pump(context, category=TicketCategoryEntity(ticket_category_id=2))
    to = TicketMessageHeader(name="To", value="a@x.example")
    message = await written(context, hidden, body="A", message_headers=[to])
    [header] = message.message_headers
    with pytest.raises(NotFound, match=f"^HeaderIds: {header.id} does not exist$"):
        await delete_message_headers(context_of(STEN), [header.id])
    assert await get_ticket_message_entity(context, message.ej_message_id) == message


async def test_extra_fields_of_messages_are_kept_and_changed(context_of: ContextOf, db: Db) -> None:
    await db.execute(
        """
        INSERT INTO extra_fields (domain, field_name, name, type, default_value) VALUES
            ('ej_message', 'x_source', 'Source', 'string', 'desk'),
            ('ej_message', 'x_calls', 'Calls', 'int', '')
        """
    )
    context = context_of(ANNA)
    message = await written(
        context, await pump(context), body="A", custom_fields={"x_calls": "[I:2]"}
    )
    assert message.extra_fields == {"x_source": "desk", "x_calls": "[I:2]"}
    later = await changed(context, message, extra_fields={"x_source": "phone"})
    assert later.extra_fields == {"x_source": "phone", "x_calls": "[I:2]"}
    with pytest.raises(BadValue, match="x_calls"):
        await changed(context, message, extra_fields={"x_calls": "many"})


async def test_the_type_of_a_ticket_may_ask_for_external_answers(
    context_of: ContextOf, db: Db
) -> None:
    await db.execute("UPDATE registry SET value = '0' WHERE name = 'externalAsDefault'")
    context = context_of(ANNA)
    ticket_id = await pump(context)
    assert (await written(context, ticket_id, body="A")).slevel is Level.Internal
    await db.execute("UPDATE ticket_type SET reply_external_as_default = true")
    later = context_of(ANNA, cache=ReferenceCache())
    assert (await written(later, ticket_id, body="A")).slevel is Level.External


async def test_a_message_that_is_removed_or_moved_during_an_edit(
    own_database_url: str, context_of: ContextOf
) -> None:
    pool = await database.connect(own_database_url, size=4)
    context = replace(context_of(ANNA), cache=ReferenceCache())
    async with database.transaction(pool) as db:
        one, two = [await pump(replace(context, db=db)) for _ in range(2)]
        ids = [
            await add_message(replace(context, db=db), NewMessage(ticket_id=one)) for _ in range(2)
        ]

    async def mark(message_id: int) -> ApiError | None:
        async with database.transaction(pool) as db:
            try:
                await set_ticket_message_important(replace(context, db=db), message_id, True)
            except ApiError as refusal:
                return refusal
        return None

    async with database.transaction(pool) as db:
        await db.execute("SELECT FROM ticket WHERE id = $1 FOR UPDATE", one)
        marking = [asyncio.create_task(mark(message_id)) for message_id in ids]
        while await db.fetchval(WAITING) < 2:
            await db.fetchval("SELECT pg_stat_clear_snapshot()")
        await db.execute("DELETE FROM ej_message WHERE id = $1", ids[0])
        move = "UPDATE ej_message SET ticket_id = $1 WHERE id = $2"
        await db.execute(move, two, ids[1])
    gone, moved = await asyncio.gather(*marking)
    assert isinstance(gone, NotFound)
    assert isinstance(moved, Conflict)
    assert await mark(ids[1]) is None
    await pool.close()
