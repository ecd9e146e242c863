"""Messages as the Ticket agent saves, shows and removes them."""

from typing import Any

import pytest
from msgspec import structs

from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.core.settings import Settings
from skranke.db.database import Db
from skranke.messages.attachments import content
from skranke.messages.carriers import ImageEmbedType, TicketMessageEntity
from skranke.messages.files.operations import add_attachments
from skranke.messages.operations import (
    create_default_ticket_message_entity,
    delete_message_headers,
    delete_ticket_message_entity,
    get_ticket_message,
    get_ticket_message_entities,
    get_ticket_message_entity,
    get_ticket_message_with_embedded_data,
    get_ticket_message_with_options,
    save_ticket_message_entity,
    save_ticket_message_entity_with_notify,
    save_ticket_message_entity_with_options,
    set_ticket_message_important,
)
from skranke.people.carriers import Associate, Person
from skranke.tickets.carriers import Ticket
from skranke.tickets.message_rows import BadgeType, TicketMessageHeader
from skranke.tickets.message_rows import TicketSecurityLevel as Level
from tests.cast import ANNA, BO, NOW, RITA, STEN, ContextOf
from tests.messages.attachments.make import file
from tests.tickets.make import save, stored

Entity = TicketMessageEntity
NAMES = {f.name: f.encode_name for f in structs.fields(Entity)}


def given(context: RequestContext, properties: dict[str, Any]) -> RequestContext:
    return structs.replace(context, given=frozenset(NAMES[name] for name in properties))


async def written(context: RequestContext, ticket_id: int, **properties: Any) -> Entity:
    """A new message on a ticket."""
    properties["ticket"] = Ticket(ticket_id=ticket_id)
    return await save_ticket_message_entity(given(context, properties), Entity(**properties))


async def changed(context: RequestContext, message: Entity, **properties: Any) -> Entity:
    posted = Entity(ej_message_id=message.ej_message_id, **properties)
    return await save_ticket_message_entity(given(context, properties), posted)


async def pump(context: RequestContext, **properties: Any) -> int:
    return (await save(context, title="Pump", **properties)).ticket_id


async def test_a_blank_message_is_the_callers(context_of: ContextOf) -> None:
    blank = await create_default_ticket_message_entity(context_of(ANNA))
    assert (blank.ej_message_id, blank.slevel) == (0, Level.External)
    assert blank.created_by
    assert blank.created_by.associate_id == ANNA.associate_id
    assert (blank.created_at, blank.author) == (NOW, "Anna Agent")
    assert blank.field_properties["Body"].field_right
    assert "Update" in str(blank.field_properties["Body"].field_right.mask)


async def test_a_message_is_saved_with_what_was_said_and_read_again(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    one = await pump(context)
    saved = await written(
        context,
        one,
        html_body="<p>Cold</p>",
        person=Person(person_id=7),
        time_spent=10,
        message_headers=[TicketMessageHeader(name="To", value="desk@x.example")],
        message_id="<1@fjord.example>",
        email_header="To: desk@x.example",
        important=True,
        slevel=Level.External,
    )
    assert saved.person
    assert (saved.person.full_name, saved.author) == ("Kari Kunde", "Kari Kunde")
    assert saved.badge is BadgeType.Incoming
    [header] = saved.message_headers
    assert (header.name, header.value) == ("To", "desk@x.example")
    assert header.id > 0
    assert saved.ticket
    assert (saved.ticket.ticket_id, saved.ticket.num_messages) == (one, 1)
    read = await get_ticket_message_entity(context, saved.ej_message_id)
    assert read == saved
    light = await get_ticket_message(context, saved.ej_message_id)
    assert light
    assert (light.person_full_name, light.important) == ("Kari Kunde", True)
    assert light.table_right
    assert list(light.field_properties)[:2] == ["TicketMessageId", "CreatedAt"]


async def test_html_is_made_safe_on_its_way_out_and_kept_as_it_came(
    context_of: ContextOf, db: Db
) -> None:
    context = context_of(ANNA)
    html = '<p onclick="x()">Hi<script>alert(1)</script></p>'
    saved = await written(context, await pump(context), html_body=html)
    assert saved.html_body == "<p>Hi</p>"
    kept = await db.fetchval("SELECT html_body FROM ej_message")
    assert kept == html


async def test_an_edit_changes_what_was_given_and_is_logged(context_of: ContextOf, db: Db) -> None:
    context = context_of(ANNA)
    one = await pump(context)
    message = await written(context, one, body="First", time_spent=5)
    later = await changed(context_of(BO), message, time_spent=25, author="Bo")
    assert (later.body, later.time_spent, later.author) == ("First", 25, "Bo")
    assert (await stored(context, one)).time_spent == 25
    [row] = (await stored(context, one)).messages
    assert row.changed_at == NOW
    actions = await db.fetch("SELECT log_action FROM ticket_log_action")
    assert {36, 10015} <= {action["log_action"] for action in actions}
    same = await changed(context, later, author="Bo")
    assert same == later


async def test_headers_are_added_changed_and_removed_by_hand(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    to = TicketMessageHeader(name="To", value="a@x.example")
    message = await written(context, await pump(context), body="A", message_headers=[to])
    [known] = message.message_headers
    known.value = "b@x.example"
    more = TicketMessageHeader(name="Cc", value="c@x.example")
    after = await changed(context, message, message_headers=[known, more])
    assert [(h.name, h.value) for h in after.message_headers] == [
        ("To", "b@x.example"),
        ("Cc", "c@x.example"),
    ]
    kept = await changed(context, message, message_headers=[])
    assert len(kept.message_headers) == 2
    await delete_message_headers(context, [known.id])
    read = await get_ticket_message_entity(context, message.ej_message_id)
    assert read
    assert [h.name for h in read.message_headers] == ["Cc"]
    with pytest.raises(NotFound, match=f"HeaderIds: {known.id} does not exist"):
        await delete_message_headers(context, [known.id])
    stray = TicketMessageHeader(id=known.id, name="To")
    with pytest.raises(BadValue, match=r"MessageHeaders\.Id"):
        await changed(context, message, message_headers=[stray])


@pytest.mark.parametrize(
    ("wish", "fault"),
    [
        ({"ticket": None}, "Ticket.TicketId: a message needs a ticket"),
        ({"person": Person(person_id=99)}, "Person.PersonId: 99 does not exist"),
        ({"created_by": Associate(associate_id=99)}, "CreatedBy.AssociateId: 99"),
        ({"time_spent": -1}, "TimeSpent: -1"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_saved(
    context_of: ContextOf, db: Db, wish: dict[str, Any], fault: str
) -> None:
    context = context_of(ANNA)
    one = await pump(context)
    properties: dict[str, Any] = {"ticket": Ticket(ticket_id=one), "body": "A", **wish}
    with pytest.raises(BadValue, match=fault):
        await save_ticket_message_entity(given(context, properties), Entity(**properties))
    assert await db.fetchval("SELECT count(*) FROM ej_message") == 0


async def test_messages_are_listed_in_the_order_asked_for(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    one, other = await pump(context), await pump(context)
    a, b = [(await written(context, one, body=t)).ej_message_id for t in "ab"]
    c = (await written(context, other, body="c")).ej_message_id
    every = await get_ticket_message_entities(context, one, [])
    assert [m.ej_message_id for m in every] == [a, b]
    some = await get_ticket_message_entities(context, one, [b, c, a, 99999, b])
    assert [m.ej_message_id for m in some] == [b, a]
    with pytest.raises(NotFound, match="TicketId: 999999"):
        await get_ticket_message_entities(context, 999999, [])


async def test_notifying_leaves_an_event_and_not_notifying_none(
    context_of: ContextOf, db: Db
) -> None:
    context = context_of(ANNA)
    ticket = Ticket(ticket_id=await pump(context))
    names = "SELECT primary_key FROM event_outbox WHERE event = 'skranke.message.notify'"
    quiet = Entity(ticket=ticket, body="quiet")
    await save_ticket_message_entity_with_notify(context, quiet, False)
    assert await db.fetch(names) == []
    loud = await save_ticket_message_entity_with_notify(context, quiet, True)
    assert [row["primary_key"] for row in await db.fetch(names)] == [loud.ej_message_id]


async def test_files_and_the_first_answer_come_with_options(
    context_of: ContextOf, tmp_path: Any
) -> None:
    context = context_of(ANNA, settings=Settings(data=tmp_path))
    one = await pump(context)
    pdf = await file(context, "terms.pdf", b"%PDF")
    posted = Entity(ticket=Ticket(ticket_id=one), body="See the terms")
    saved = await save_ticket_message_entity_with_options(context, posted, False, [pdf], True)
    assert [f.name for f in saved.attachments_info] == ["terms.pdf"]
    ticket = await stored(context, one)
    assert (ticket.has_attachment, ticket.replied_at) == (True, NOW)
    bare = await get_ticket_message_with_options(context, saved.ej_message_id, False)
    full = await get_ticket_message_with_options(context, saved.ej_message_id, True)
    assert bare
    assert full
    assert (bare.attachments_info, len(full.attachments_info)) == ([], 1)


async def test_images_of_the_text_are_embedded_on_request(
    context_of: ContextOf, tmp_path: Any
) -> None:
    context = context_of(ANNA, settings=Settings(data=tmp_path))
    png = await file(context, "logo.png", b"\x89PNG")
    message = await written(context, await pump(context), html_body='<img src="cid:logo@x">')
    await context.db.execute(
        "INSERT INTO ticket_attachment VALUES ($1, $2, true, '<logo@x>')",
        message.ej_message_id,
        png,
    )
    linked = await get_ticket_message_with_embedded_data(
        context, message.ej_message_id, ImageEmbedType.Link
    )
    within = await get_ticket_message_with_embedded_data(
        context, message.ej_message_id, ImageEmbedType.Inline
    )
    assert linked
    assert within
    assert 'src="cid:logo@x"' in linked.html_body
    assert 'src="data:image/png;base64,iVBORw=="' in within.html_body


async def test_importance_is_set_alone(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    message = await written(context, await pump(context), body="A")
    await set_ticket_message_important(context, message.ej_message_id, True)
    read = await get_ticket_message_entity(context, message.ej_message_id)
    assert read
    assert (read.important, read.body) == (True, "A")
    with pytest.raises(NotFound, match="TicketMessageId: 999999"):
        await set_ticket_message_important(context, 999999, True)


async def test_a_removed_message_is_no_longer_counted(
    context_of: ContextOf, tmp_path: Any, db: Db
) -> None:
    context = context_of(ANNA, settings=Settings(data=tmp_path))
    one = await pump(context)
    kept = await written(context, one, body="kept", time_spent=1)
    gone = await written(context, one, body="gone", time_spent=2)
    pdf = await file(context, "terms.pdf", b"%PDF")
    await add_attachments(context, gone.ej_message_id, [pdf])
    assert (await stored(context, one)).has_attachment
    await delete_ticket_message_entity(context, gone.ej_message_id)
    found = await stored(context, one)
    assert (found.num_messages, found.time_spent) == (1, 1)
    assert (found.has_attachment, found.messages[0].ticket_message_id) == (
        False,
        kept.ej_message_id,
    )
    since = await db.fetchval("SELECT orphaned_since FROM attachment WHERE id = $1", pdf)
    assert since == NOW
    assert await content.load_file_row(db, pdf)
    await delete_ticket_message_entity(context, gone.ej_message_id)


async def test_a_stranger_learns_nothing_and_changes_nothing(context_of: ContextOf) -> None:
    context, strange = context_of(ANNA), context_of(STEN)
    hidden = await pump(context, category=TicketCategoryEntity(ticket_category_id=2))
    message = await written(context, hidden, body="Wages")
    assert await get_ticket_message_entity(strange, message.ej_message_id) is None
    assert await get_ticket_message(strange, message.ej_message_id) is None
    with pytest.raises(NotFound):
        await get_ticket_message_entities(strange, hidden, [])
    with pytest.raises(NotFound, match=r"Ticket\.TicketId"):
        await written(strange, hidden, body="?")
    with pytest.raises(NotFound):
        await changed(strange, message, body="?")
    await delete_ticket_message_entity(strange, message.ej_message_id)
    read = await get_ticket_message_entity(context_of(ANNA), message.ej_message_id)
    assert read == message
    reader = await get_ticket_message_entity(context_of(RITA), message.ej_message_id)
    assert reader is None
