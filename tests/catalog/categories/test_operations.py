"""Who reads which categories through the List agent."""

import pytest

from skranke.catalog.categories.operations import (
    get_ticket_categories,
    get_ticket_category_entity,
    get_ticket_category_list,
)
from skranke.catalog.categories.resources import get_item, get_items
from skranke.core.context import CurrentUser
from skranke.core.errors import NotFound
from tests.cast import ADA, ANNA, RITA, STEN, ContextOf

SUPPORT, PAYROLL = 1, 2  # Payroll is for its members only


@pytest.mark.parametrize("user", [ANNA, ADA], ids=["member", "administrator"])
async def test_members_and_administrators_see_what_is_for_members(
    context_of: ContextOf, user: CurrentUser
) -> None:
    found = await get_ticket_categories(context_of(user))
    assert [c.ticket_category_id for c in found] == [PAYROLL, SUPPORT]
    assert await get_items(context_of(user)) == found
    assert (await get_item(context_of(user), PAYROLL)).name == "Payroll"


@pytest.mark.parametrize("user", [STEN, RITA], ids=["stranger", "reader"])
async def test_for_others_it_is_not_there(context_of: ContextOf, user: CurrentUser) -> None:
    context = context_of(user)
    assert [c.name for c in await get_ticket_categories(context)] == ["Support"]
    assert await get_ticket_category_entity(context, PAYROLL) is None
    found = await get_ticket_category_list(context, [PAYROLL, SUPPORT, 99])
    assert [c.ticket_category_id for c in found] == [SUPPORT]
    with pytest.raises(NotFound, match="TicketCategory id 2 not found"):
        await get_item(context, PAYROLL)
