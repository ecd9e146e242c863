"""An administrator edits the tree of categories and who takes tickets of them."""

from collections.abc import Callable
from typing import Any

import pytest

from skranke.catalog.categories.carriers import (
    TicketCategoryClosingStatus,
    TicketCategoryDelegateMethod,
    TicketCategoryEntity,
    TicketCategoryFlags,
)
from skranke.catalog.categories.operations import (
    create_default_ticket_category_entity,
    delete_ticket_category_entity,
    get_ticket_categories,
    get_ticket_categories_for_user_groups,
    get_ticket_category,
    get_ticket_category_entity,
    save_ticket_category_entity,
    set_ticket_categories_for_user_group,
)
from skranke.catalog.categories.resources import (
    delete_item,
    get_default_item,
    patch_item,
    post_item,
    put_item,
)
from skranke.catalog.categories.sql import categories
from skranke.catalog.statuses.carriers import TicketStatusEntity
from skranke.core.context import Call
from skranke.core.errors import BadValue, NotFound
from tests.archive.mdo.make import posted
from tests.conftest import ADA, ANNA, STEN
from tests.tickets.make import save as save_ticket

Calling = Callable[..., Call]
SUPPORT, PAYROLL = 1, 2
View = TicketCategoryClosingStatus


async def save(call: Call, **properties: Any) -> TicketCategoryEntity:
    return await save_ticket_category_entity(*posted(call, TicketCategoryEntity, **properties))


async def below(call: Call, parent: int, name: str) -> int:
    return (await save(call, name=name, parent_id=parent)).ticket_category_id


async def names(call: Call) -> list[str]:
    return [c.fullname for c in await get_ticket_categories(call)]


async def test_a_new_category_is_there_with_all_it_was_given(calling: Calling) -> None:
    call = calling(ADA)
    blank = await create_default_ticket_category_entity(call)
    assert blank == await get_default_item(call)
    assert (blank.ticket_category_id, blank.assignment_lag) == (0, -1)
    flags = TicketCategoryFlags.MembersOnly | TicketCategoryFlags.ListInMain
    saved = await save(
        call,
        name="Pumps",
        parent_id=SUPPORT,
        category_master=3,
        flags=flags,
        delegate_method=TicketCategoryDelegateMethod.Weighted,
        assignment_lag=30,
        external_name="Your pump",
        notification_email="a@b.example",
        reply_template=5,
        default_ticket_status=TicketStatusEntity(ticket_status_id=3),
    )
    assert await get_ticket_category_entity(call, saved.ticket_category_id) == saved
    assert (saved.fullname, saved.category_master, saved.flags) == ("Support/Pumps", 3, flags)
    assert saved.default_ticket_status
    assert saved.default_ticket_status.name == "Postponed"
    assert saved.closing_status is View.Postponed
    assert saved.effective_reply_template_id == 5
    again = await save(call, ticket_category_id=saved.ticket_category_id, name="Valves")
    assert (again.fullname, again.external_name) == ("Support/Valves", "Your pump")
    assert again.default_ticket_status == saved.default_ticket_status
    short = await get_ticket_category(call, saved.ticket_category_id)
    assert short
    assert (short.value, short.tooltip) == ("Valves", "Support/Valves")
    assert await get_ticket_category(calling(STEN), saved.ticket_category_id) is None


async def test_a_round_trip_changes_nothing(calling: Calling) -> None:
    call = calling(ADA)
    before = await save(
        call, ticket_category_id=SUPPORT, closing_status=View.Closed, name="Helpdesk"
    )
    assert before.default_ticket_status
    assert before.default_ticket_status.name == "Closed"
    assert await put_item(call, SUPPORT, before) == before
    cleared = await save(call, ticket_category_id=SUPPORT, closing_status=View.UserDefined)
    assert cleared.default_ticket_status is None


async def test_renaming_and_moving_take_all_below_along(calling: Calling) -> None:
    call = calling(ADA)
    pumps = await below(call, SUPPORT, "Pumps")
    cold = await below(call, pumps, "Cold")
    await save(call, ticket_category_id=SUPPORT, name="Helpdesk")
    assert await names(call) == ["Helpdesk", "Helpdesk/Pumps", "Helpdesk/Pumps/Cold", "Payroll"]
    await save(call, ticket_category_id=pumps, parent_id=0)
    assert await names(call) == ["Helpdesk", "Payroll", "Pumps", "Pumps/Cold"]
    with pytest.raises(BadValue, match="ParentId"):
        await save(call, ticket_category_id=pumps, parent_id=cold)
    assert await names(call) == ["Helpdesk", "Payroll", "Pumps", "Pumps/Cold"]


@pytest.mark.parametrize(
    ("properties", "name"),
    [
        ({"name": " "}, "Name"),
        ({"name": "x" * 65}, "Name"),
        ({"external_name": "x" * 256}, "ExternalName"),
        ({"notification_email": "x" * 2048}, "NotificationEmail"),
        ({"parent_id": 99}, "ParentId"),
        ({"parent_id": SUPPORT}, "ParentId"),
        ({"category_master": 99}, "CategoryMaster"),
        (
            {"default_ticket_status": TicketStatusEntity(ticket_status_id=99)},
            "DefaultTicketStatus.TicketStatusId",
        ),
        (
            {"default_message_status": TicketStatusEntity(ticket_status_id=99)},
            "DefaultMessageStatus.TicketStatusId",
        ),
    ],
)
async def test_what_cannot_be_is_refused(
    calling: Calling, properties: dict[str, Any], name: str
) -> None:
    call = calling(ADA)
    before = await get_ticket_categories(call)
    with pytest.raises(BadValue) as refused:
        await save(call, ticket_category_id=SUPPORT, **properties)
    assert refused.value.name == name
    assert await get_ticket_categories(call) == before


async def test_one_that_is_not_there_is_named(calling: Calling) -> None:
    call = calling(ADA)
    for deed in (
        save(call, ticket_category_id=99, name="x"),
        delete_ticket_category_entity(call, 99),
        delete_item(call, 99),
        put_item(call, 99, TicketCategoryEntity()),
    ):
        with pytest.raises(NotFound, match="99"):
            await deed


async def test_extra_fields_are_kept_on_a_category(calling: Calling) -> None:
    call = calling(ADA)
    await call.db.execute(
        """
        INSERT INTO extra_fields (domain, field_name, name, type)
        VALUES ('ej_category', 'x_cost', 'Cost centre', 'int')
        """
    )
    saved = await save(call, ticket_category_id=SUPPORT, extra_fields={"x_cost": "[I:7]"})
    assert saved.extra_fields["x_cost"] == saved.custom_fields["x_cost"] == "[I:7]"
    again = await save(call, ticket_category_id=SUPPORT, name="Help")
    assert again.extra_fields["x_cost"] == "[I:7]"
    blank = await create_default_ticket_category_entity(call)
    assert "x_cost" in blank.extra_fields


async def test_an_empty_category_is_removed(calling: Calling) -> None:
    call = calling(ADA)
    pumps = await below(call, SUPPORT, "Pumps")
    await call.db.execute("UPDATE ejuser SET default_category = $1", pumps)
    await delete_ticket_category_entity(call, pumps)
    assert await get_ticket_category_entity(call, pumps) is None
    assert await call.db.fetchval("SELECT count(default_category) FROM ejuser") == 0


async def test_one_with_tickets_or_others_below_and_the_last_stay(calling: Calling) -> None:
    call = calling(ADA)
    pumps = await below(call, SUPPORT, "Pumps")
    with pytest.raises(BadValue, match="'Support/Pumps' below"):
        await delete_ticket_category_entity(call, SUPPORT)
    await delete_item(call, pumps)
    await delete_item(call, PAYROLL)
    with pytest.raises(BadValue, match="last"):
        await delete_ticket_category_entity(call, SUPPORT)
    ticket = await save_ticket(call, title="x")
    with pytest.raises(BadValue, match=f"tickets, such as {ticket.ticket_id}"):
        await delete_ticket_category_entity(call, SUPPORT)


async def test_members_of_a_group_are_members_of_its_categories(calling: Calling) -> None:
    call = calling(ADA)
    pumps = await below(call, SUPPORT, "Pumps")
    await set_ticket_categories_for_user_group(call, 2, [pumps, PAYROLL])
    found = await get_ticket_categories_for_user_groups(call, [2, 99])
    assert [(item.id, item.name) for item in found] == [
        (PAYROLL, "Payroll"),
        (pumps, "Support/Pumps"),
    ]
    assert await get_ticket_category_entity(calling(STEN), PAYROLL)
    [member] = (await categories(call.db))[pumps].members
    assert (member.ej_user_id, member.weight) == (STEN.ej_user_id, 1)
    await set_ticket_categories_for_user_group(call, 2, [pumps])
    assert await get_ticket_category_entity(calling(STEN), PAYROLL) is None
    assert await get_ticket_category_entity(calling(ANNA), PAYROLL)
    assert len(await get_ticket_categories_for_user_groups(call, [1])) == 0


async def test_a_group_or_category_that_is_not_there_is_named(calling: Calling) -> None:
    call = calling(ADA)
    with pytest.raises(BadValue, match="UserGroupId: 99"):
        await set_ticket_categories_for_user_group(call, 99, [SUPPORT])
    with pytest.raises(BadValue, match="CategoryIds: 99"):
        await set_ticket_categories_for_user_group(call, 2, [SUPPORT, 99])
    assert await get_ticket_categories_for_user_groups(call, [2]) == []


async def test_rest_creates_replaces_patches_and_deletes(calling: Calling) -> None:
    call = calling(ADA)
    new = await post_item(
        *posted(call, TicketCategoryEntity, name="A", notification_email="a@b.example")
    )
    category_id = new.ticket_category_id
    replaced = await put_item(call, category_id, TicketCategoryEntity(name="B"))
    assert (replaced.fullname, replaced.notification_email) == ("B", "")
    patched = await patch_item(call, category_id, b'{"ParentId": 1}')
    assert patched.fullname == "Support/B"
    await delete_item(call, category_id)
    assert await get_ticket_category_entity(call, category_id) is None
