"""An update: what is given is set, the rest kept; log, event and versions."""

import asyncio
from datetime import timedelta
from random import Random

import pytest

from skranke.actions.trash.operations import delete_ticket_entity
from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.catalog.projects.carriers import Project
from skranke.catalog.sales.carriers import Sale
from skranke.catalog.statuses.carriers import TicketBaseStatus, TicketStatusEntity
from skranke.catalog.tags.carriers import Tag
from skranke.core.cache import ReferenceCache
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotAllowed, NotFound
from skranke.core.settings import Settings
from skranke.db import database
from skranke.db.database import Db
from skranke.people.carriers import Associate, Person
from skranke.tickets.carriers import TicketEntity, TicketReadStatus
from skranke.tickets.message_rows import TicketSecurityLevel
from skranke.tickets.operations import get_ticket, get_ticket_entity, get_tickets
from skranke.tickets.row import COLUMNS, TicketRow
from tests.cast import ADA, ANNA, BASE_LOCALE, BO, NOW, RITA, STEN, ContextOf
from tests.tickets.make import save, stored

LATER = NOW + timedelta(hours=3)


async def log_of(db: Db, ticket_id: int) -> list[tuple[int, list[int]]]:
    """The ticket's log after its creation: (action, numbers of what changed)."""
    rows = await db.fetch(
        """
        SELECT a.log_action, ARRAY(SELECT log_change FROM ticket_log_change c
                                   WHERE c.action_id = a.id ORDER BY id) AS changes
        FROM ticket_log_action a WHERE ticket_id = $1 AND log_action <> 19 ORDER BY id
        """,
        ticket_id,
    )
    return [(row["log_action"], row["changes"]) for row in rows]


async def test_the_row_and_the_table_have_the_same_columns_in_the_same_order(db: Db) -> None:
    columns = await db.fetch(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'ticket'::regclass"
        " AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
    )
    names = tuple(row["attname"] for row in columns)
    assert names == TicketRow.__struct_fields__
    assert names == tuple(name.strip() for name in COLUMNS.split(","))


async def test_absent_properties_are_kept(context_of: ContextOf) -> None:
    before = await save(
        context_of(ANNA), title="No heating", person=Person(person_id=7), author="Kari"
    )
    after = await save(context_of(ANNA, now=LATER), ticket_id=before.ticket_id, title="Cold")
    assert after.title == "Cold"
    assert after.person == before.person
    assert after.author == "Kari"
    assert after.last_changed == LATER


async def test_a_save_that_changes_nothing_writes_nothing(context_of: ContextOf, db: Db) -> None:
    before = await save(context_of(ANNA), title="No heating")
    after = await save(context_of(ANNA, now=LATER), ticket_id=before.ticket_id, title="No heating")
    assert after == before
    assert await log_of(db, before.ticket_id) == []
    assert await db.fetchval("SELECT count(*) FROM event_outbox") == 1


async def test_a_whole_entity_comes_back_unchanged(context_of: ContextOf, db: Db) -> None:
    context = context_of(ANNA)
    before = await save(
        context,
        title="No heating",
        person=Person(person_id=7),
        secondary_persons=[Person(person_id=8)],
    )
    every = {name: getattr(before, name) for name in TicketEntity.__struct_fields__}
    after = await save(context_of(ANNA, now=LATER), **every)
    assert after == before
    assert await log_of(db, before.ticket_id) == []


async def test_null_clears_person_sale_and_project_and_keeps_the_rest(
    context_of: ContextOf, db: Db
) -> None:
    await db.execute(
        """
        INSERT INTO project (project_id, name, registered) VALUES (1, 'Move', now());
        INSERT INTO sale (sale_id, heading, registered) VALUES (1, 'Pump', now());
        """
    )
    context = context_of(ANNA)
    before = await save(
        context, person=Person(person_id=7), sale=Sale(sale_id=1), project=Project(project_id=1)
    )
    assert before.sale
    assert before.sale.title == "Pump"
    assert before.project
    assert before.project.name == "Move"
    after = await save(
        context,
        ticket_id=before.ticket_id,
        person=None,
        sale=None,
        project=None,
        category=None,
        priority=None,
        status=None,
        ticket_type=None,
        owned_by=None,
    )
    assert (after.person, after.sale, after.project) == (None, None, None)
    assert after.category == before.category
    assert after.priority == before.priority
    assert after.status == before.status
    assert after.ticket_type == before.ticket_type
    assert after.owned_by == before.owned_by
    assert await db.fetchval("SELECT contact_id FROM ticket") is None


async def test_only_the_id_of_a_nested_carrier_counts(context_of: ContextOf, db: Db) -> None:
    renamed = Person(person_id=7, firstname="Chaya", contact_name="Hegmann")
    saved = await save(context_of(ANNA), person=renamed)
    assert saved.person
    assert saved.person.firstname == "Kari"
    assert await db.fetchval("SELECT firstname FROM person WHERE person_id = 7") == "Kari"


async def test_secondary_persons_and_tags_are_replaced_whole_and_each_once(
    context_of: ContextOf, db: Db
) -> None:
    await db.execute("INSERT INTO tags (tags_id, name) VALUES (131, 'bins'), (7, 'vip')")
    context = context_of(ANNA)
    kari, ola = Person(person_id=7), Person(person_id=8)
    saved = await save(context, secondary_persons=[ola, kari, ola], tags=[Tag(id=131), Tag(id=131)])
    assert [p.person_id for p in saved.secondary_persons] == [8, 7]
    assert [t.name for t in saved.tags] == ["bins"]
    less = await save(
        context,
        ticket_id=saved.ticket_id,
        secondary_persons=[kari],
        tags=[Tag(name="VIP"), Tag(id=131)],
    )
    assert [p.person_id for p in less.secondary_persons] == [7]
    assert [t.id for t in less.tags] == [7, 131]
    assert await stored(context, saved.ticket_id) == less
    none = await save(context, ticket_id=saved.ticket_id, secondary_persons=[], tags=[])
    assert (none.secondary_persons, none.tags) == ([], [])
    assert await log_of(db, saved.ticket_id) == [(33, [1001, 1020]), (33, [1001, 1020])]


async def test_a_deleted_tag_stays_on_old_tickets_but_is_not_given_out(
    context_of: ContextOf, db: Db
) -> None:
    await db.execute("INSERT INTO tags (tags_id, name) VALUES (7, 'vip')")
    context = context_of(ANNA)
    old = await save(context, tags=[Tag(id=7)])
    await db.execute("UPDATE tags SET deleted = true")
    kept = await save(context, ticket_id=old.ticket_id, title="x", tags=[Tag(id=7)])
    assert [t.id for t in kept.tags] == [7]
    with pytest.raises(BadValue, match=r"Tags\[0\].Id: 7 is deleted"):
        await save(context, tags=[Tag(id=7)])


SERVERS_OWN: dict[str, object] = {
    "time_spent": 99,
    "num_messages": 4,
    "num_replies": 5,
    "has_attachment": True,
    "alert_level": 3,
    "connect_id": 447,
    "time_to_reply": 7,
    "real_time_to_close": 8,
    "time_spent_queue": 9,
    "language": "rem",
    "sentiment": 740,
    "suggested_category_id": 1,
    "icon_hint": "eos",
    "active_status_monitor_id": 334,
    "closed_at": NOW,
    "read_by_owner": NOW,
    "read_by_customer": NOW,
    "first_read_by_owner": NOW,
    "first_read_by_user": NOW,
    "alert_timeout": NOW,
    "last_changed": NOW - timedelta(days=1),
    "messages": [],
    "sentiment_confidence": 2,
}


async def test_what_the_server_owns_is_ignored(context_of: ContextOf, db: Db) -> None:
    before = await save(context_of(ANNA), owned_by=Associate())
    after = await save(context_of(ANNA), ticket_id=before.ticket_id, **SERVERS_OWN)
    assert after == before
    assert await log_of(db, before.ticket_id) == []


async def test_zero_makes_a_ticket_unassigned(context_of: ContextOf, db: Db) -> None:
    context = context_of(ANNA)
    mine = await save(context, owned_by=Associate(associate_id=3))
    free = await save(context, ticket_id=mine.ticket_id, owned_by=Associate())
    assert free.owned_by == Associate()
    assert await db.fetchval("SELECT owned_by FROM ticket") == 1
    assert await log_of(db, mine.ticket_id) == [(33, [29, 17])]


async def test_taking_a_ticket_marks_it_read_and_is_logged_as_taking(
    context_of: ContextOf, db: Db
) -> None:
    hers = await save(context_of(BO), owned_by=Associate(associate_id=4))
    mine = await save(
        context_of(ANNA, now=LATER), ticket_id=hers.ticket_id, owned_by=Associate(associate_id=3)
    )
    assert mine.read_status is TicketReadStatus.Green
    given_away = await save(
        context_of(ANNA), ticket_id=hers.ticket_id, owned_by=Associate(associate_id=4)
    )
    assert given_away.read_status is TicketReadStatus.Red
    assert given_away.first_read_by_owner is None
    assert [action for action, _ in await log_of(db, hers.ticket_id)] == [20, 33]


async def test_an_access_level_alone_has_its_own_action(context_of: ContextOf, db: Db) -> None:
    context = context_of(ANNA)
    saved = await save(context, title="x")
    level = TicketSecurityLevel.Internal
    inside = await save(context, ticket_id=saved.ticket_id, slevel=level)
    assert inside.slevel is level
    unknown = TicketSecurityLevel.Unknown
    assert await save(context, ticket_id=saved.ticket_id, slevel=unknown) == inside
    assert await log_of(db, saved.ticket_id) == [(22, [22])]


async def test_an_event_tells_which_columns_changed(context_of: ContextOf, db: Db) -> None:
    context = context_of(ANNA)
    saved = await save(context, title="x")
    await save(context, ticket_id=saved.ticket_id, title="y", person=Person(person_id=7))
    event = await db.fetchrow("SELECT * FROM event_outbox ORDER BY id DESC LIMIT 1")
    assert event
    assert event["event"] == "ticket.changed"
    assert event["changes"] == ["title", "cust_id", "contact_id", "last_changed"]


async def test_the_log_cuts_long_values(context_of: ContextOf, db: Db) -> None:
    await db.execute(
        "INSERT INTO extra_fields (field_name, name, type) VALUES ('x_note', 'Note', 'string')"
    )
    context = context_of(ANNA)
    saved = await save(context, title="x")
    long = await save(context, ticket_id=saved.ticket_id, custom_fields={"x_note": "n" * 900})
    assert long.custom_fields["x_note"] == "n" * 900
    assert long.extra_fields["x_note"] == "n" * 900
    [(action, changed)] = await log_of(db, saved.ticket_id)
    assert (action, changed) == (33, [33])
    assert await db.fetchval("SELECT max(length(to_value)) FROM ticket_log_change") == 255


async def test_renaming_a_ticket_renames_its_messages_search_title(
    context_of: ContextOf, db: Db
) -> None:
    context = context_of(ANNA)
    saved = await save(context, title="old")
    await db.execute(
        "INSERT INTO ej_message (ticket_id, created_at, created_by, search_title)"
        " VALUES ($1, now(), 1, 'old')",
        saved.ticket_id,
    )
    await save(context, ticket_id=saved.ticket_id, title="new")
    assert await db.fetchval("SELECT search_title FROM ej_message") == "new"


async def test_picking_the_suggested_category_settles_the_suggestion(
    context_of: ContextOf, db: Db
) -> None:
    context = context_of(ANNA)
    saved = await save(context, title="x")
    await db.execute("UPDATE ticket SET suggested_category_id = 2")
    assert (await stored(context, saved.ticket_id)).suggested_category_name == "Payroll"
    payroll = TicketCategoryEntity(ticket_category_id=2)
    moved = await save(context, ticket_id=saved.ticket_id, category=payroll)
    assert moved.suggested_category_id == 0
    assert moved.orig_human_category_id == 2


async def test_a_message_is_shown_as_a_row_without_its_body(context_of: ContextOf, db: Db) -> None:
    context = context_of(ANNA)
    saved = await save(context, title="x")
    await db.execute(
        """
        INSERT INTO ej_message (id, ticket_id, created_at, created_by, author, badge,
            customer_id, slevel, important)
        VALUES (501, $1, $2, 3, 'Kari', 4, 7, 2, true)
        """,
        saved.ticket_id,
        NOW,
    )
    await db.execute(
        "INSERT INTO message_header (message_id, name, value, std_item)"
        " VALUES (501, 'To', 'desk@skranke.example', 3)"
    )
    [message] = (await stored(context, saved.ticket_id)).messages
    assert message.ticket_message_id == 501
    assert message.created_at == NOW
    assert message.badge.value == "Incoming"
    assert (message.person_full_name, message.contact_name) == ("Kari Kunde", "Fjord AS")
    assert message.message_headers[0].std_item.value == "NoAutoReply"


async def test_two_saves_of_different_properties_at_once_both_survive(
    own_database_url: str,
) -> None:
    pool = await database.connect(own_database_url, size=12)

    async def change(ticket_id: int, **properties: object) -> None:
        async with pool.acquire() as db:
            context = RequestContext(
                db=db,
                user=ANNA,
                now=NOW,
                settings=Settings(),
                cache=ReferenceCache(),
                rng=Random(1),
                locale=BASE_LOCALE,
            )
            await save(context, ticket_id=ticket_id, **properties)

    async with pool.acquire() as db:
        context = RequestContext(
            db=db,
            user=ANNA,
            now=NOW,
            settings=Settings(),
            cache=ReferenceCache(),
            rng=Random(1),
            locale=BASE_LOCALE,
        )
        ticket = (await save(context, title="race")).ticket_id
        await asyncio.gather(
            change(ticket, title="renamed"),
            change(ticket, author="Kari"),
            change(ticket, slevel=TicketSecurityLevel.Internal),
            change(ticket, person=Person(person_id=7)),
            change(ticket, secondary_persons=[Person(person_id=8)]),
            change(ticket, base_status=TicketBaseStatus.Closed),
            change(ticket, deadline=LATER),
        )
        after = await stored(context, ticket)
        assert (after.title, after.author, after.deadline) == ("renamed", "Kari", LATER)
        assert after.slevel is TicketSecurityLevel.Internal
        assert after.person
        assert [p.person_id for p in after.secondary_persons] == [8]
        assert after.base_status is TicketBaseStatus.Closed
        assert await db.fetchval("SELECT row_version FROM ticket WHERE id = $1", ticket) == 8
        assert len(await log_of(db, ticket)) == 7
    await pool.close()


async def test_a_save_sees_a_list_that_another_process_has_just_changed(
    context_of: ContextOf, db: Db
) -> None:
    context = context_of(ANNA)
    saved = await save(context, title="x")
    await db.execute("INSERT INTO ticket_status (id, name, status) VALUES (40, 'New one', 1)")
    status = TicketStatusEntity(ticket_status_id=40)
    moved = await save(context, ticket_id=saved.ticket_id, status=status)
    assert moved.status
    assert moved.status.name == "New one"


async def test_strict_replace_makes_absent_mean_default(context_of: ContextOf) -> None:
    saved = await save(context_of(ANNA), title="x", person=Person(person_id=7), author="K")
    strict = context_of(ANNA, settings=Settings(strict_replace=True))
    replaced = await save(strict, ticket_id=saved.ticket_id, slevel=saved.slevel)
    assert (replaced.title, replaced.author, replaced.person) == ("", "", None)
    assert replaced.category == saved.category


async def test_a_ticket_that_does_not_exist_is_not_found(context_of: ContextOf) -> None:
    with pytest.raises(NotFound, match="TicketId: 4711 does not exist"):
        await save(context_of(ANNA), ticket_id=4711, title="x")
    assert await get_ticket_entity(context_of(ANNA), 4711) is None
    assert await get_ticket(context_of(ANNA), 4711) is None
    assert await get_tickets(context_of(ANNA), [4711, 0, -1]) == []


async def test_a_members_only_ticket_does_not_exist_for_strangers(context_of: ContextOf) -> None:
    payroll = TicketCategoryEntity(ticket_category_id=2)
    saved = await save(context_of(ANNA), title="wages", category=payroll)
    for hidden in (STEN, RITA):
        assert await get_ticket_entity(context_of(hidden), saved.ticket_id) is None
        assert await get_ticket(context_of(hidden), saved.ticket_id) is None
        assert await get_tickets(context_of(hidden), [saved.ticket_id]) == []
    with pytest.raises(NotFound):
        await save(context_of(STEN), ticket_id=saved.ticket_id, title="mine")
    for open_to in (ANNA, BO, ADA):
        assert await get_ticket_entity(context_of(open_to), saved.ticket_id)
    owned = await save(
        context_of(ADA), ticket_id=saved.ticket_id, owned_by=Associate(associate_id=5)
    )
    assert owned.owned_by
    assert await get_ticket_entity(context_of(STEN), saved.ticket_id)


async def test_the_flat_ticket_says_the_same_as_the_whole_one(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    whole = await save(
        context, title="x", person=Person(person_id=7), owned_by=Associate(associate_id=4)
    )
    flat = await get_ticket(context, whole.ticket_id)
    assert flat
    assert (flat.ticket_id, flat.title) == (whole.ticket_id, "x")
    assert (flat.created_by, flat.created_by_name) == (3, "Anna Agent")
    assert (flat.owned_by, flat.owned_by_associate_id) == (4, 4)
    assert (flat.category, flat.category_fullname) == (1, "Support")
    assert flat.base_status is TicketBaseStatus.Active
    assert (flat.cust_id, flat.person_fullname) == (7, "Kari Kunde")
    assert (flat.contact_id, flat.contact_name) == (2, "Fjord AS")
    assert (flat.priority_name, flat.ticket_type_name) == ("Medium", "Request")
    both = await get_tickets(context, [whole.ticket_id, 4711, whole.ticket_id])
    assert [t.ticket_id for t in both] == [whole.ticket_id] * 2


async def test_deleting_bins_a_ticket_and_deleting_it_there_removes_it(
    context_of: ContextOf, db: Db
) -> None:
    saved = await save(context_of(ANNA), title="x")
    await delete_ticket_entity(context_of(ADA), saved.ticket_id)
    binned = await stored(context_of(ADA), saved.ticket_id)
    assert binned.base_status is TicketBaseStatus.Deleted
    assert binned.status
    assert binned.status.name == "Deleted"
    assert [action for action, _ in await log_of(db, saved.ticket_id)] == [34]
    await delete_ticket_entity(context_of(ADA), saved.ticket_id)
    assert await get_ticket_entity(context_of(ADA), saved.ticket_id) is None
    await delete_ticket_entity(context_of(ADA), saved.ticket_id)


async def test_only_who_may_delete_puts_a_ticket_into_the_bin_or_takes_it_out(
    context_of: ContextOf,
) -> None:
    saved = await save(context_of(ANNA), title="x")
    with pytest.raises(NotAllowed):
        await save(
            context_of(ANNA), ticket_id=saved.ticket_id, base_status=TicketBaseStatus.Deleted
        )
    await delete_ticket_entity(context_of(ADA), saved.ticket_id)
    with pytest.raises(NotAllowed):
        await save(context_of(ANNA), ticket_id=saved.ticket_id, base_status=TicketBaseStatus.Active)
    back = await save(
        context_of(ADA), ticket_id=saved.ticket_id, base_status=TicketBaseStatus.Active
    )
    assert back.status
    assert back.status.name == "Open"


async def test_rights_shown_are_the_callers_own(context_of: ContextOf) -> None:
    saved = await save(context_of(ANNA), title="x")
    shown = {who.name: await stored(context_of(who), saved.ticket_id) for who in (ADA, ANNA, RITA)}
    masks = {name: t.table_right.mask.value for name, t in shown.items() if t.table_right}
    assert masks == {
        "ada": "Select, Update, Insert, Delete",
        "anna": "Select, Update, Insert",
        "rita": "Select",
    }
    anna, rita = shown["anna"].field_properties, shown["rita"].field_properties
    assert set(anna) == set(TicketEntity.__struct_encode_fields__[:-2])
    title, spent = anna["Title"], anna["TimeSpent"]
    assert title.field_right
    assert spent.field_right
    assert title.field_right.mask.value == "Update"
    assert (title.field_type, title.field_length) == ("System.String", 255)
    assert spent.field_right.mask.value == "Read"
    assert rita["Title"].field_right
    assert rita["Title"].field_right.mask.value == "Read"
