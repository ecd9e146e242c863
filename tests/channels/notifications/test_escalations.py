"""What a level of escalation wants sent is sent, by its templates or in plain words."""

from typing import Any

from skranke.channels.mail import sql as mail
from skranke.channels.notifications.carriers import NotifyType
from skranke.channels.notifications.events import handle_event
from skranke.core.context import RequestContext
from skranke.tickets.escalation.service import escalate
from tests.cast import ANNA, ContextOf
from tests.channels.notifications.make import (
    ANNA_ID,
    BO_ID,
    EMULATOR,
    EVERYTHING,
    happen,
    letters,
    pop_ups,
    ticket_of,
    wishes,
)

assert handle_event  # importing it is what makes it listen
MAIL = 4 | 8 | 16 | 32
SMS = 64 | 128 | 256 | 512


async def escalated(context: RequestContext, action: int, **level: Any) -> int:
    """A ticket of Bo's that goes up to a level which does this; its id."""
    usual = {"customer": 0, "user": 0, "others": "", "sms_others": ""} | level
    await context.db.execute(
        """
        INSERT INTO ticket_alert (id, priority_id, alert_level, alert_timeout, action,
            email_to, sms_to, reply_template_id_customer, reply_template_id_user)
        VALUES (50, 2, 1, 0, $1, $2, $3, $4, $5)
        """,
        action,
        usual["others"],
        usual["sms_others"],
        usual["customer"],
        usual["user"],
    )
    await context.db.execute("UPDATE ej_category SET category_master = 3 WHERE id = 2")
    await context.cache.check(context.db)
    ticket = await ticket_of(context, BO_ID)
    await context.db.execute("UPDATE ticket SET language = 'nb'")
    assert await escalate(context, ticket.ticket_id)
    await happen(context)
    return ticket.ticket_id


async def by_address(context: RequestContext) -> dict[str, mail.OutboxEmail]:
    return {letter.rcpt[0]: letter for letter in await letters(context)}


async def test_each_audience_of_a_level_is_mailed(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    await wishes(context, BO_ID)
    await wishes(context, ANNA_ID)
    ticket_id = await escalated(context, MAIL, others="a@b.example, c@d.example")
    found = await by_address(context)
    assert set(found) == {
        "kari@fjord.example",
        "user4@skranke.example",
        "user3@skranke.example",
        "a@b.example",
    }
    assert found["a@b.example"].rcpt == ["a@b.example", "c@d.example"]
    told = found["user4@skranke.example"]
    assert told.subject == f"[ejTag: {ticket_id}] Escalated to level 1: Printer on fire"
    assert told.type == "escalation"
    customer = found["kari@fjord.example"]
    assert customer.subject.endswith("] Saken din følges opp: Printer on fire")


async def test_the_levels_templates_are_used_where_they_are_set(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    await context.db.execute(
        """
        INSERT INTO reply_template (id, name) VALUES (70, 't');
        INSERT INTO reply_template_body (reply_template_id, subject, html)
            VALUES (70, 'Sorry', '<p>Dear [[ticket.custName]]</p>');
        """
    )
    await escalated(context, 8, customer=70)
    [letter] = await letters(context)
    assert letter.letter.html == "<p>Dear Kari Kunde</p>"
    assert letter.subject.endswith("] Sorry")


async def test_each_audience_of_a_level_is_texted(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    await wishes(context, BO_ID)
    await wishes(context, ANNA_ID)
    await context.db.execute("UPDATE person SET mobile_phone = '+4799' WHERE person_id = 7")
    await escalated(context, SMS, sms_others="+4711 11 11, +4722 22 22")
    found = [letter.rcpt for letter in await letters(context)]
    assert found == [["+47111111", "+47222222"], ["+4799"], ["+4700004"], ["+4700003"]]


async def test_the_owner_and_who_favours_it_are_told_as_they_wish(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    await wishes(context, BO_ID, email=EVERYTHING)
    await escalated(context, 16)
    kind = NotifyType.TicketEscalated.number
    assert await pop_ups(context) == [(BO_ID, kind)]
    assert [letter.type for letter in await letters(context)] == ["escalation"]


async def test_an_audience_without_an_address_is_passed_over(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    await context.db.execute("DELETE FROM email")
    await escalated(context, MAIL | SMS)
    assert await letters(context) == []
