"""A new ticket: defaults, what is given, and what is refused."""

from datetime import timedelta

import pytest

from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.catalog.priorities.carriers import TicketPriorityEntity
from skranke.catalog.statuses.carriers import TicketBaseStatus, TicketStatusEntity
from skranke.catalog.tags.carriers import Tag
from skranke.catalog.ticket_types.carriers import TicketType
from skranke.core.errors import BadValue, NotAllowed
from skranke.db.database import Db
from skranke.people.carriers import Associate, Person
from skranke.tickets.carriers import TicketEntity, TicketOrigin, TicketReadStatus
from skranke.tickets.message_rows import TicketSecurityLevel
from skranke.tickets.operations import create_default_for_ticket_type, create_default_ticket_entity
from skranke.tickets.reference_data import AUTOMATIC_OWNER_ID
from tests.cast import ADA, ANNA, BO, NOW, STEN, ContextOf
from tests.tickets.make import save, stored


async def test_a_default_ticket_has_the_desks_defaults_and_is_not_saved(
    context_of: ContextOf, db: Db
) -> None:
    ticket = await create_default_ticket_entity(context_of(ANNA))
    assert ticket.ticket_id == 0
    assert ticket.base_status is TicketBaseStatus.Active
    assert ticket.status
    assert ticket.status.name == "Open"
    assert ticket.priority
    assert ticket.priority.name == "Medium"
    assert ticket.category
    assert ticket.category.fullname == "Support"
    assert ticket.ticket_type
    assert ticket.ticket_type.name == "Request"
    assert ticket.owned_by
    assert ticket.owned_by.associate_id == AUTOMATIC_OWNER_ID
    assert ticket.author == "Anna Agent"
    assert ticket.created_at == NOW
    assert ticket.closed_at is None
    assert await db.fetchval("SELECT count(*) FROM ticket") == 0


async def test_saving_nothing_but_a_title_saves_the_default_ticket(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    saved = await save(context, title="No heating")
    assert saved.ticket_id > 0
    assert saved.title == "No heating"
    assert saved.origin is TicketOrigin.API
    assert saved.slevel is TicketSecurityLevel.External
    assert saved.created_by
    assert saved.created_by.name == "anna"
    assert saved.last_changed == NOW
    assert await stored(context, saved.ticket_id) == saved


async def test_a_new_ticket_is_read_by_its_owner_only_if_he_made_it(context_of: ContextOf) -> None:
    mine = await save(context_of(ANNA), owned_by=Associate(associate_id=3))
    hers = await save(context_of(BO), owned_by=Associate(associate_id=3))
    assert mine.read_status is TicketReadStatus.Green
    assert hers.read_status is TicketReadStatus.Red


async def test_what_only_a_new_ticket_takes_is_taken_once(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    earlier = NOW - timedelta(days=2)
    new = {
        "created_at": earlier,
        "created_by": Associate(associate_id=4),
        "origin": TicketOrigin.Phone,
        "from_address": "kari@fjord.example",
    }
    saved = await save(context, **new)
    assert saved.created_at == earlier
    assert saved.created_by
    assert saved.created_by.name == "bo"
    assert saved.origin is TicketOrigin.Phone
    assert saved.from_address == "kari@fjord.example"
    again = await save(
        context,
        ticket_id=saved.ticket_id,
        created_at=NOW,
        created_by=Associate(associate_id=5),
        origin=TicketOrigin.Chat,
        from_address="x@y.example",
    )
    assert again == saved


async def test_the_customer_brings_company_and_priority(context_of: ContextOf, db: Db) -> None:
    await db.execute("UPDATE contact SET ticket_priority_id = 3 WHERE contact_id = 2")
    company = await save(context_of(ANNA), person=Person(person_id=7))
    assert company.priority
    assert company.priority.name == "High"
    await db.execute("UPDATE person SET ticket_priority_id = 1 WHERE person_id = 7")
    person = await save(context_of(ANNA), person=Person(person_id=7))
    assert person.priority
    assert person.priority.name == "Low"
    assert person.person
    assert person.person.contact_name == "Fjord AS"
    chosen = await save(
        context_of(ANNA),
        person=Person(person_id=7),
        priority=TicketPriorityEntity(ticket_priority_id=2),
    )
    assert chosen.priority
    assert chosen.priority.name == "Medium"


REFUSED = [
    ("Category.TicketCategoryId", {"category": TicketCategoryEntity(ticket_category_id=99)}),
    ("Priority.TicketPriorityId", {"priority": TicketPriorityEntity(ticket_priority_id=99)}),
    ("Status.TicketStatusId", {"status": TicketStatusEntity(ticket_status_id=99)}),
    ("TicketType.TicketTypeId", {"ticket_type": TicketType(ticket_type_id=99)}),
    ("OwnedBy.AssociateId", {"owned_by": Associate(associate_id=99)}),
    ("CreatedBy.AssociateId", {"created_by": Associate(associate_id=99)}),
    ("Person.PersonId", {"person": Person(person_id=9999)}),
    (
        "SecondaryPersons[1].PersonId",
        {"secondary_persons": [Person(person_id=7), Person(person_id=9999)]},
    ),
    ("Tags[0].Id", {"tags": [Tag(id=99)]}),
    ("BaseStatus", {"base_status": TicketBaseStatus.Merged}),
    ("BaseStatus", {"base_status": TicketBaseStatus.Deleted}),
]


@pytest.mark.parametrize(("name", "properties"), REFUSED, ids=[r[0] for r in REFUSED])
async def test_what_does_not_exist_is_refused_by_name_and_changes_nothing(
    context_of: ContextOf, db: Db, name: str, properties: dict[str, object]
) -> None:
    with pytest.raises((BadValue, NotAllowed)) as refused:
        await save(context_of(ADA), title="never", **properties)
    assert name in refused.value.message
    assert await db.fetchval("SELECT count(*) FROM ticket") == 0
    assert await db.fetchval("SELECT count(*) FROM event_outbox") == 0


async def test_the_category_that_a_human_chose_is_noted_if_there_is_one(
    context_of: ContextOf,
) -> None:
    noted = await save(context_of(ANNA), orig_human_category_id=2)
    assert noted.orig_human_category_id == 2
    gone = await save(context_of(ANNA), orig_human_category_id=177)
    assert gone.orig_human_category_id == 0


async def test_an_owner_must_be_a_service_user(context_of: ContextOf, db: Db) -> None:
    await db.execute("INSERT INTO associate (associate_id, name) VALUES (50, 'crm')")
    with pytest.raises(BadValue, match=r"OwnedBy\.AssociateId: 50 is no Service user"):
        await save(context_of(ANNA), owned_by=Associate(associate_id=50))


async def test_a_stranger_may_not_put_a_ticket_into_a_members_only_category(
    context_of: ContextOf,
) -> None:
    payroll = TicketCategoryEntity(ticket_category_id=2)
    with pytest.raises(NotAllowed):
        await save(context_of(STEN), category=payroll)
    assert (await save(context_of(ANNA), category=payroll)).ticket_id


async def test_a_types_own_defaults_come_before_all_others(context_of: ContextOf, db: Db) -> None:
    await db.execute(
        """
        INSERT INTO ticket_status (id, name, status) VALUES
            (10, 'Triage', 1), (11, 'Second', 1);
        INSERT INTO ticket_type (ticket_type_id, name, default_ticket_status,
            default_ticket_priority, external_as_default)
        VALUES (7, 'Incident', 10, 3, true);
        UPDATE registry SET value = '0' WHERE name = 'externalAsDefault';
        UPDATE ej_category SET closing_status = 11 WHERE id = 1;
        UPDATE ejuser SET default_status_new_ticket = 1, default_user = 3 WHERE id = 3;
        """
    )
    context = context_of(ANNA)
    plain = await create_default_ticket_entity(context)
    assert plain.status
    assert plain.status.name == "Second"
    assert plain.slevel is TicketSecurityLevel.Internal
    assert plain.owned_by
    assert plain.owned_by.associate_id == 3
    typed = await create_default_for_ticket_type(context, 7)
    assert typed.status
    assert typed.status.name == "Triage"
    assert typed.priority
    assert typed.priority.name == "High"
    assert typed.slevel is TicketSecurityLevel.External
    saved = await save(context, ticket_type=TicketType(ticket_type_id=7))
    assert saved.status == typed.status
    with pytest.raises(BadValue, match="TicketTypeId: 99 does not exist"):
        await create_default_for_ticket_type(context, 99)


async def test_a_user_may_start_in_the_category_he_used_last(context_of: ContextOf, db: Db) -> None:
    await db.execute("UPDATE ejuser SET use_last_category = true WHERE id = 3")
    context = context_of(ANNA)
    await save(context, category=TicketCategoryEntity(ticket_category_id=2))
    default = await create_default_ticket_entity(context)
    assert default.category
    assert default.category.ticket_category_id == 2


async def test_a_new_ticket_leaves_one_action_and_one_event(context_of: ContextOf, db: Db) -> None:
    saved = await save(context_of(ANNA), title="No heating", person=Person(person_id=7))
    [action] = await db.fetch("SELECT * FROM ticket_log_action")
    assert (action["ticket_id"], action["log_action"]) == (saved.ticket_id, 19)
    assert (action["user_id"], action["customer_id"]) == (3, 7)
    assert action["log_when"] == NOW
    changes = await db.fetch("SELECT log_change, to_value FROM ticket_log_change")
    assert (2, "No heating") in [tuple(c) for c in changes]
    [event] = await db.fetch("SELECT * FROM event_outbox")
    assert (event["event"], event["primary_key"]) == ("ticket.created", saved.ticket_id)
    assert (event["changes"], event["associate_id"]) == ([], 3)


async def test_a_negative_id_is_no_ticket(context_of: ContextOf) -> None:
    with pytest.raises(BadValue, match="TicketId: -5 is no id"):
        await save(context_of(ANNA), ticket_id=-5)


async def test_the_entity_of_a_new_ticket_is_whole(context_of: ContextOf) -> None:
    saved = await save(context_of(ANNA), person=Person(person_id=7))
    assert isinstance(saved, TicketEntity)
    assert saved.messages == []
    assert saved.secondary_persons == []
    assert saved.sale is None
    assert saved.icon_hint.startswith("ticket_active_")
