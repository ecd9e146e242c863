"""Whom a message would go to."""

import pytest
from msgspec.structs import replace

from skranke.core.context import RequestContext
from skranke.core.errors import NotFound
from skranke.messages.compose.carriers import MessageActionType, RecipientType
from skranke.messages.compose.operations import calculate_message_recipients
from tests.cast import ANNA, RITA, STEN, ContextOf
from tests.messages.templates.make import message, ticket

Action = MessageActionType
KARI = ("To", "kari@fjord.example", "Kari Kunde")


async def told(
    context: RequestContext, ticket_id: int, action: MessageActionType, message_id: int = 0
) -> list[tuple[str, str, str]]:
    found = await calculate_message_recipients(context, ticket_id, action, message_id)
    return [(one.type.value, one.value, one.display_value) for one in found]


async def listed(context: RequestContext, message_id: int, **headers: str) -> None:
    for name, value in headers.items():
        await context.db.execute(
            "INSERT INTO message_header (message_id, name, value) VALUES ($1, $2, $3)",
            message_id,
            name,
            value,
        )


async def with_ola(context: RequestContext, ticket_id: int) -> None:
    await context.db.execute(
        "INSERT INTO email (person_id, email_address) VALUES (8, 'ola@fjord.example')"
    )
    await context.db.execute(
        "INSERT INTO ticket_customers (ticket_id, customer_id) VALUES ($1, 8)", ticket_id
    )


@pytest.mark.parametrize("action", [Action.None_, Action.Reply, Action.ReplyAll])
async def test_a_message_goes_to_the_customer(context_of: ContextOf, action: MessageActionType):
    context = context_of(ANNA)
    assert await told(context, await ticket(context), action) == [KARI]


@pytest.mark.parametrize("action", [Action.Forward, Action.InternalComment])
async def test_a_forward_and_a_comment_go_to_nobody_yet(
    context_of: ContextOf, action: MessageActionType
):
    context = context_of(ANNA)
    ticket_id = await ticket(context)
    quoted = await message(context, ticket_id)
    assert await told(context, ticket_id, action, quoted) == []


async def test_a_type_may_leave_a_new_message_without_recipients(context_of: ContextOf):
    context = context_of(ANNA)
    await context.db.execute("UPDATE ticket_type SET exclude_email_recipients = true")
    ticket_id = await ticket(context)
    assert await told(context, ticket_id, Action.None_) == []
    assert await told(context, ticket_id, Action.Reply) == [KARI]


async def test_a_ticket_of_nobody_goes_to_nobody(context_of: ContextOf):
    context = context_of(ANNA)
    ticket_id = await ticket(context)
    await context.db.execute("UPDATE ticket SET cust_id = NULL")
    assert await told(context, ticket_id, Action.Reply) == []


async def test_a_reply_goes_to_whoever_wrote_the_message(context_of: ContextOf):
    context = context_of(ANNA)
    ticket_id = await ticket(context)
    await with_ola(context, ticket_id)
    of_ola = await message(context, ticket_id, customer_id=8)
    assert await told(context, ticket_id, Action.Reply, of_ola) == [
        ("To", "ola@fjord.example", "Ola Kunde")
    ]
    written = "From: Per <per@else.example>\r\nTo: desk@skranke.example\r\n\r\n"
    of_per = await message(context, ticket_id, customer_id=None, email_header=written)
    assert await told(context, ticket_id, Action.Reply, of_per) == [
        ("To", "per@else.example", "Per")
    ]
    asked = "From: per@else.example\nReply-To: office@else.example\n"
    of_per = await message(context, ticket_id, customer_id=7, email_header=asked)
    assert await told(context, ticket_id, Action.Reply, of_per) == [
        ("To", "office@else.example", "office@else.example")
    ]
    by_name = await message(context, ticket_id, customer_id=None, author="a@b.example")
    assert await told(context, ticket_id, Action.Reply, by_name) == [
        ("To", "a@b.example", "a@b.example")
    ]


async def test_a_reply_to_ones_own_message_goes_to_the_customer(context_of: ContextOf):
    context = context_of(ANNA)
    ticket_id = await ticket(context)
    own = await message(context, ticket_id, customer_id=None, created_by=3, badge=1)
    assert await told(context, ticket_id, Action.Reply, own) == [KARI]


async def test_a_reply_to_all_goes_to_everyone_once(context_of: ContextOf):
    context = context_of(ANNA)
    ticket_id = await ticket(context)
    await with_ola(context, ticket_id)
    quoted = await message(context, ticket_id)
    await listed(
        context,
        quoted,
        To="KARI@fjord.example, Ann <ann@x.example>",
        Cc="ann@X.example, no address",
        Bcc="hidden@x.example",
    )
    assert await told(context, ticket_id, Action.ReplyAll, quoted) == [
        KARI,
        ("CC", "ola@fjord.example", "Ola Kunde"),
        ("CC", "ann@x.example", "Ann"),
    ]


async def test_the_customer_stays_on_a_reply_to_all_of_another(context_of: ContextOf):
    context = context_of(ANNA)
    ticket_id = await ticket(context)
    quoted = await message(context, ticket_id, customer_id=None, author="a@b.example")
    assert await told(context, ticket_id, Action.ReplyAll, quoted) == [
        ("To", "a@b.example", "a@b.example"),
        ("CC", "kari@fjord.example", "Kari Kunde"),
    ]


async def test_the_desk_and_the_caller_do_not_write_to_themselves(context_of: ContextOf):
    context = context_of(replace(ANNA, person_id=3))
    await context.db.execute(
        "INSERT INTO email (person_id, email_address) VALUES (3, 'Anna@Desk.example')"
    )
    box = await context.db.fetchval(
        "INSERT INTO mail_in_filter (address) VALUES ('Help@desk.example') RETURNING id"
    )
    await context.db.execute(
        "INSERT INTO mail_alias (mail_in_filter_id, address) VALUES ($1, 'old@desk.example')", box
    )
    ticket_id = await ticket(context)
    quoted = await message(context, ticket_id)
    await listed(
        context,
        quoted,
        To="help@DESK.example, old@desk.example",
        Cc="anna@desk.example, ann@x.example",
    )
    assert await told(context, ticket_id, Action.ReplyAll, quoted) == [
        KARI,
        ("CC", "ann@x.example", "ann@x.example"),
    ]


async def test_a_message_of_another_ticket_is_not_found(context_of: ContextOf):
    context = context_of(RITA)
    hidden = await ticket(context_of(ANNA), category=2)
    other = await message(context, hidden)
    ticket_id = await ticket(context_of(ANNA))
    with pytest.raises(NotFound, match=f"MessageId: {other} does not exist"):
        await told(context, ticket_id, Action.Reply, other)
    assert await told(context, ticket_id, Action.Reply, -1) == [KARI]
    with pytest.raises(NotFound, match=f"TicketId: {hidden} does not exist"):
        await told(context_of(STEN), hidden, Action.Reply)


def test_there_is_no_recipient_of_number_two():
    assert [kind.number for kind in RecipientType] == [0, 1, 3, 4]
