"""Who has a ticket among his favourites, and clearing what was told."""

import pytest

from skranke.channels.notifications.carriers import NotifyChannel, NotifyType
from skranke.channels.notifications.operations import (
    clear_notify,
    get_hotlist_ej_users,
    notify_new_ticket,
)
from skranke.core.errors import NotFound
from tests.cast import ANNA, BO, STEN, ContextOf
from tests.channels.notifications.make import (
    ANNA_ID,
    BO_ID,
    RITA_ID,
    favour,
    pop_ups,
    ticket_of,
    wishes,
)

MESSAGE = NotifyType.NewTicketMessage
PopUp, Email = NotifyChannel.PopUp, NotifyChannel.Email


async def test_those_who_favour_a_ticket_and_want_to_hear(context_of: ContextOf):
    context = context_of(ANNA)
    ticket_id = (await ticket_of(context, ANNA_ID)).ticket_id
    for user in (ANNA_ID, BO_ID, RITA_ID):
        await favour(context, user, ticket_id)
    await wishes(
        context, RITA_ID, notify=MESSAGE.number, email=(MESSAGE | NotifyType.Hotlist).number
    )
    asked = get_hotlist_ej_users
    assert await asked(context, ticket_id, [], MESSAGE, PopUp) == [ANNA_ID, BO_ID]
    assert await asked(context, ticket_id, [ANNA_ID], MESSAGE, PopUp) == [BO_ID]
    assert await asked(context, ticket_id, [], MESSAGE, Email) == [RITA_ID]
    assert await asked(context, ticket_id, [], MESSAGE, NotifyChannel.Unknown) == []


async def test_favourites_of_a_ticket_that_is_not_seen(context_of: ContextOf):
    ticket_id = (await ticket_of(context_of(ANNA), ANNA_ID)).ticket_id
    for current_user, wish in ((STEN, ticket_id), (ANNA, 999_999)):
        with pytest.raises(NotFound, match=f"TicketId: {wish} does not exist"):
            await get_hotlist_ej_users(context_of(current_user), wish, [], MESSAGE, PopUp)


async def test_one_clears_what_he_was_told_and_not_what_others_were(context_of: ContextOf):
    anna, bo = context_of(ANNA), context_of(BO)
    await notify_new_ticket(anna, (await ticket_of(anna, BO_ID)).ticket_id)
    await notify_new_ticket(bo, (await ticket_of(bo, ANNA_ID)).ticket_id)
    found = await anna.db.fetch("SELECT id FROM notify")
    await clear_notify(anna, [record["id"] for record in found] + [999_999])
    assert await pop_ups(anna) == [(BO_ID, NotifyType.NewTicket.number)]
