"""Everybody hears what he wants to hear, by the ways that he wants."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from skranke.catalog.statuses.carriers import TicketBaseStatus
from skranke.channels.notifications import jobs
from skranke.channels.notifications.carriers import NotifyType
from skranke.channels.notifications.events import handle_event
from skranke.channels.notifications.operations import (
    notify_new_ticket,
    notify_new_ticket_message,
    save_ticket_entity_with_notify,
)
from skranke.core.errors import NotFound
from skranke.core.jobs.registry import JOBS, PeriodicJob
from skranke.core.jobs.worker import SYSTEM
from skranke.messages.add import NewMessage, add_message
from skranke.messages.carriers import TicketMessageEntity
from skranke.messages.operations import save_ticket_message_entity_with_notify
from skranke.people.carriers import Associate
from skranke.tickets.carriers import Ticket, TicketEntity
from skranke.tickets.escalation.reopen_postponed import reopen
from skranke.tickets.resources import post_ticket
from tests.cast import ANNA, BO, NOW, STEN, ContextOf
from tests.channels.notifications.make import (
    ANNA_ID,
    BO_ID,
    EMULATOR,
    EVERYTHING,
    RITA_ID,
    STEN_ID,
    addressed,
    favour,
    happen,
    letters,
    pop_ups,
    ticket_of,
    wishes,
)

assert jobs  # importing them is what lends them
[FORGET] = [
    job for job in JOBS if isinstance(job, PeriodicJob) and job.name == "forget notifications"
]

HOUR = timedelta(hours=1)
assert handle_event  # importing it is what makes it listen
NEW, MESSAGE, TAKEN = (
    NotifyType.NewTicket.number,
    NotifyType.NewTicketMessage.number,
    NotifyType.TicketTakeOver.number,
)


async def test_the_owner_of_a_new_ticket_is_shown_it(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    ticket = await ticket_of(context, BO_ID)
    await notify_new_ticket(context, ticket.ticket_id)
    assert await pop_ups(context) == [(BO_ID, NEW)]
    assert await addressed(context) == []
    [row] = await context.db.fetch("SELECT * FROM notify")
    assert (row["ticket_id"], row["owner_id"], row["user2_id"], row["category_id"]) == (
        ticket.ticket_id,
        BO_ID,
        ANNA_ID,
        2,
    )
    assert row["expires"] == datetime(2026, 3, 3, tzinfo=UTC)


async def test_each_is_told_by_the_ways_that_he_wants(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    ticket = await ticket_of(context, BO_ID)
    await wishes(context, BO_ID, notify=0, email=NEW, sms=NEW | MESSAGE)
    await notify_new_ticket(context, ticket.ticket_id)
    assert await pop_ups(context) == []
    mail, text = await letters(context)
    assert (mail.type, mail.rcpt) == ("notification", ["user4@skranke.example"])
    assert mail.subject == f"[ejTag: {ticket.ticket_id}] New request: Printer on fire"
    assert (text.type, text.rcpt) == ("sms", ["+4700004"])
    await notify_new_ticket_message(context, ticket.ticket_id)
    assert [letter.type for letter in await letters(context)][2:] == ["sms"]


async def test_nobody_is_told_of_his_own_deed(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    ticket = await ticket_of(context, ANNA_ID)
    await notify_new_ticket(context, ticket.ticket_id)
    assert await pop_ups(context) == []


async def test_a_favourite_is_told_of_like_an_own_ticket(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    ticket = await ticket_of(context, ANNA_ID)
    await favour(context, BO_ID, ticket.ticket_id)
    await favour(context, ANNA_ID, ticket.ticket_id)
    await notify_new_ticket_message(context, ticket.ticket_id)
    assert await pop_ups(context) == [(BO_ID, MESSAGE)]
    await wishes(context, BO_ID, notify=MESSAGE)
    await notify_new_ticket_message(context, ticket.ticket_id)
    assert await pop_ups(context) == [(BO_ID, MESSAGE)]


async def test_a_favourite_that_may_no_longer_be_seen_is_not_told_of(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    ticket = await ticket_of(context, BO_ID)
    await favour(context, STEN_ID, ticket.ticket_id)
    await favour(context, RITA_ID, ticket.ticket_id)
    await notify_new_ticket(context, ticket.ticket_id)
    assert await pop_ups(context) == [(BO_ID, NEW)]


@pytest.mark.parametrize(("flags", "told"), [(128 | 256, [BO_ID]), (128, [])])
async def test_of_a_ticket_without_an_owner_members_and_an_address_are_told(
    context_of: ContextOf, flags: int, told: list[int]
):
    context = context_of(ANNA, settings=EMULATOR)
    await context.db.execute(
        """
        UPDATE ej_category SET flags = $1, delegate_method = 4,
            notification_email = 'a@desk.example; b@desk.example' WHERE id = 2
        """,
        flags,
    )
    await context.cache.check(context.db)
    ticket = await ticket_of(context, 0)
    assert ticket.owned_by == Associate()
    await notify_new_ticket(context, ticket.ticket_id)
    assert await pop_ups(context) == [(one, NEW) for one in told]
    assert await addressed(context) == [["a@desk.example", "b@desk.example"]]


async def test_a_system_template_is_what_users_are_written_by(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    await context.db.execute(
        """
        INSERT INTO reply_template (id, name) VALUES (70, 't');
        INSERT INTO reply_template_body (reply_template_id, subject, plain)
            VALUES (70, 'Look: [[ticket.title]]', '[[message.body]]!');
        INSERT INTO registry (name, value)
            VALUES ('systemTemplate.UserNewMessageTemplateId', '70');
        """
    )
    await context.cache.check(context.db)
    ticket = await ticket_of(context, BO_ID)
    await wishes(context, BO_ID, email=EVERYTHING)
    await add_message(context, NewMessage(ticket_id=ticket.ticket_id, body="It burns"))
    await notify_new_ticket_message(context, ticket.ticket_id)
    [letter] = await letters(context)
    assert letter.subject.endswith("] Look: Printer on fire")
    assert letter.letter.plain == "It burns!"


async def test_a_new_ticket_saved_with_notify_is_told_of(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    posted = TicketEntity(title="T", owned_by=Associate(associate_id=BO_ID))
    given = replace(context, given=frozenset({"Title", "OwnedBy"}))
    await save_ticket_entity_with_notify(given, posted, False)
    await happen(context)
    assert await pop_ups(context) == []
    await save_ticket_entity_with_notify(given, posted, True)
    await happen(context)
    assert await pop_ups(context) == [(BO_ID, NEW)]
    await post_ticket(given, posted, True)
    await happen(context)
    assert await pop_ups(context) == [(BO_ID, NEW), (BO_ID, NEW)]


async def test_both_owners_are_told_when_a_third_hands_a_ticket_over(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    ticket = await ticket_of(context, BO_ID)
    await happen(context)
    posted = TicketEntity(
        ticket_id=ticket.ticket_id, title="Another", owned_by=Associate(associate_id=RITA_ID)
    )
    named = replace(context, given=frozenset({"TicketId", "Title"}))
    await save_ticket_entity_with_notify(named, posted, True)
    await happen(context)
    assert await pop_ups(context) == []
    given = replace(context, given=frozenset({"TicketId", "OwnedBy"}))
    await save_ticket_entity_with_notify(given, posted, True)
    await happen(context)
    assert await pop_ups(context) == [(BO_ID, TAKEN), (RITA_ID, TAKEN)]


async def test_a_message_saved_with_notify_is_told_of(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    ticket = await ticket_of(context, BO_ID)
    await wishes(context, BO_ID, email=EVERYTHING)
    posted = TicketMessageEntity(body="It burns", ticket=Ticket(ticket_id=ticket.ticket_id))
    await save_ticket_message_entity_with_notify(context, posted, True)
    await happen(context)
    assert await pop_ups(context) == [(BO_ID, MESSAGE)]
    [letter] = await letters(context)
    assert "It burns" in letter.letter.plain


async def test_a_ticket_that_wakes_is_told_of(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    ticket = await ticket_of(
        context, BO_ID, base_status=TicketBaseStatus.Postponed, activate=NOW + HOUR
    )
    await happen(context)
    assert await reopen(replace(context, user=SYSTEM, now=NOW + HOUR), ticket.ticket_id)
    await happen(context)
    assert await pop_ups(context) == [(BO_ID, NotifyType.TicketActivated.number)]


async def test_what_was_told_is_forgotten_at_night(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    ticket = await ticket_of(context, BO_ID)
    await notify_new_ticket(context, ticket.ticket_id)
    night = datetime(2026, 3, 3, tzinfo=UTC)
    assert await FORGET.next_due(context.db, NOW) == night
    assert await FORGET.due(context.db, NOW, 10, []) == []
    [told] = await FORGET.due(context.db, night, 10, [])
    await FORGET.do(context, told)
    assert await pop_ups(context) == []


async def test_of_a_ticket_that_is_gone_nobody_is_told(context_of: ContextOf):
    context = replace(context_of(ANNA, settings=EMULATOR), user=SYSTEM)
    await context.db.execute(
        """
        INSERT INTO event_outbox (event, primary_key, changes, associate_id, happened)
        SELECT event, 999999, changes, 3, $1 FROM (VALUES
            ('skranke.ticket.notify', '{owned_by=0}'::text[]),
            ('skranke.ticket.notify', '{owned_by=4}'::text[]),
            ('skranke.message.notify', '{}'),
            ('ticket.escalated', '{ticket_alert=7,mail_owner}')) AS e (event, changes)
        """,
        NOW,
    )
    await happen(context)
    assert await pop_ups(context) == []


async def test_only_those_who_see_a_ticket_may_tell_of_it(context_of: ContextOf):
    ticket = await ticket_of(context_of(ANNA), BO_ID)
    for user, wish in ((STEN, ticket.ticket_id), (BO, 999_999)):
        context = context_of(user, settings=EMULATOR)
        for tell in (notify_new_ticket, notify_new_ticket_message):
            with pytest.raises(NotFound, match=f"TicketEntityId: {wish} does not exist"):
                await tell(context, wish)
    assert await pop_ups(context_of(ANNA)) == []
