"""An administrator edits the tree of categories and who takes tickets of them."""

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
from skranke.catalog.categories.sql import load_categories
from skranke.catalog.statuses.carriers import TicketStatusEntity
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from tests.archive.mdo.make import with_posted
from tests.cast import ADA, ANNA, STEN, ContextOf
from tests.tickets.make import save as save_ticket

SUPPORT, PAYROLL = 1, 2
View = TicketCategoryClosingStatus


async def save(context: RequestContext, **properties: Any) -> TicketCategoryEntity:
    return await save_ticket_category_entity(
        *with_posted(context, TicketCategoryEntity, **properties)
    )


async def below(context: RequestContext, parent: int, name: str) -> int:
    return (await save(context, name=name, parent_id=parent)).ticket_category_id


async def names(context: RequestContext) -> list[str]:
    return [c.fullname for c in await get_ticket_categories(context)]


async def test_a_new_category_is_there_with_all_it_was_given(context_of: ContextOf) -> None:
    context = context_of(ADA)
    blank = await create_default_ticket_category_entity(context)
    assert blank == await get_default_item(context)
    assert (blank.ticket_category_id, blank.assignment_lag) == (0, -1)
    flags = TicketCategoryFlags.MembersOnly | TicketCategoryFlags.ListInMain
    saved = await save(
        context,
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
    assert await get_ticket_category_entity(context, saved.ticket_category_id) == saved
    assert (saved.fullname, saved.category_master, saved.flags) == ("Support/Pumps", 3, flags)
    assert saved.default_ticket_status
    assert saved.default_ticket_status.name == "Postponed"
    assert saved.closing_status is View.Postponed
    assert saved.effective_reply_template_id == 5
    again = await save(context, ticket_category_id=saved.ticket_category_id, name="Valves")
    assert (again.fullname, again.external_name) == ("Support/Valves", "Your pump")
    assert again.default_ticket_status == saved.default_ticket_status
    short = await get_ticket_category(context, saved.ticket_category_id)
    assert short
    assert (short.value, short.tooltip) == ("Valves", "Support/Valves")
    assert await get_ticket_category(context_of(STEN), saved.ticket_category_id) is None


async def test_a_round_trip_changes_nothing(context_of: ContextOf) -> None:
    context = context_of(ADA)
    before = await save(
        context, ticket_category_id=SUPPORT, closing_status=View.Closed, name="Helpdesk"
    )
    assert before.default_ticket_status
    assert before.default_ticket_status.name == "Closed"
    assert await put_item(context, SUPPORT, before) == before
    cleared = await save(context, ticket_category_id=SUPPORT, closing_status=View.UserDefined)
    assert cleared.default_ticket_status is None


async def test_renaming_and_moving_take_all_below_along(context_of: ContextOf) -> None:
    context = context_of(ADA)
    pumps = await below(context, SUPPORT, "Pumps")
    cold = await below(context, pumps, "Cold")
    await save(context, ticket_category_id=SUPPORT, name="Helpdesk")
    assert await names(context) == ["Helpdesk", "Helpdesk/Pumps", "Helpdesk/Pumps/Cold", "Payroll"]
    await save(context, ticket_category_id=pumps, parent_id=0)
    assert await names(context) == ["Helpdesk", "Payroll", "Pumps", "Pumps/Cold"]
    with pytest.raises(BadValue, match="ParentId"):
        await save(context, ticket_category_id=pumps, parent_id=cold)
    assert await names(context) == ["Helpdesk", "Payroll", "Pumps", "Pumps/Cold"]


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
    context_of: ContextOf, properties: dict[str, Any], name: str
) -> None:
    context = context_of(ADA)
    before = await get_ticket_categories(context)
    with pytest.raises(BadValue) as refused:
        await save(context, ticket_category_id=SUPPORT, **properties)
    assert refused.value.name == name
    assert await get_ticket_categories(context) == before


async def test_one_that_is_not_there_is_named(context_of: ContextOf) -> None:
    context = context_of(ADA)
    for deed in (
        save(context, ticket_category_id=99, name="x"),
        delete_ticket_category_entity(context, 99),
        delete_item(context, 99),
        put_item(context, 99, TicketCategoryEntity()),
    ):
        with pytest.raises(NotFound, match="99"):
            await deed


async def test_extra_fields_are_kept_on_a_category(context_of: ContextOf) -> None:
    context = context_of(ADA)
    await context.db.execute(
        """
        INSERT INTO extra_fields (domain, field_name, name, type)
        VALUES ('ej_category', 'x_cost', 'Cost centre', 'int')
        """
    )
    saved = await save(context, ticket_category_id=SUPPORT, extra_fields={"x_cost": "[I:7]"})
    assert saved.extra_fields["x_cost"] == saved.custom_fields["x_cost"] == "[I:7]"
    again = await save(context, ticket_category_id=SUPPORT, name="Help")
    assert again.extra_fields["x_cost"] == "[I:7]"
    blank = await create_default_ticket_category_entity(context)
    assert "x_cost" in blank.extra_fields


async def test_an_empty_category_is_removed(context_of: ContextOf) -> None:
    context = context_of(ADA)
    pumps = await below(context, SUPPORT, "Pumps")
    await context.db.execute("UPDATE ejuser SET default_category = $1", pumps)
    await delete_ticket_category_entity(context, pumps)
    assert await get_ticket_category_entity(context, pumps) is None
    assert await context.db.fetchval("SELECT count(default_category) FROM ejuser") == 0


async def test_one_with_tickets_or_others_below_and_the_last_stay(context_of: ContextOf) -> None:
    context = context_of(ADA)
    pumps = await below(context, SUPPORT, "Pumps")
    with pytest.raises(BadValue, match="'Support/Pumps' below"):
        await delete_ticket_category_entity(context, SUPPORT)
    await delete_item(context, pumps)
    await delete_item(context, PAYROLL)
    with pytest.raises(BadValue, match="last"):
        await delete_ticket_category_entity(context, SUPPORT)
    ticket = await save_ticket(context, title="x")
    with pytest.raises(BadValue, match=f"tickets, such as {ticket.ticket_id}"):
        await delete_ticket_category_entity(context, SUPPORT)


async def test_members_of_a_group_are_members_of_its_categories(context_of: ContextOf) -> None:
    context = context_of(ADA)
    pumps = await below(context, SUPPORT, "Pumps")
    await set_ticket_categories_for_user_group(context, 2, [pumps, PAYROLL])
    found = await get_ticket_categories_for_user_groups(context, [2, 99])
    assert [(item.id, item.name) for item in found] == [
        (PAYROLL, "Payroll"),
        (pumps, "Support/Pumps"),
    ]
    assert await get_ticket_category_entity(context_of(STEN), PAYROLL)
    [member] = (await load_categories(context.db))[pumps].members
    assert (member.ej_user_id, member.weight) == (STEN.ej_user_id, 1)
    await set_ticket_categories_for_user_group(context, 2, [pumps])
    assert await get_ticket_category_entity(context_of(STEN), PAYROLL) is None
    assert await get_ticket_category_entity(context_of(ANNA), PAYROLL)
    assert len(await get_ticket_categories_for_user_groups(context, [1])) == 0


async def test_a_group_or_category_that_is_not_there_is_named(context_of: ContextOf) -> None:
    context = context_of(ADA)
    with pytest.raises(BadValue, match="UserGroupId: 99"):
        await set_ticket_categories_for_user_group(context, 99, [SUPPORT])
    with pytest.raises(BadValue, match="CategoryIds: 99"):
        await set_ticket_categories_for_user_group(context, 2, [SUPPORT, 99])
    assert await get_ticket_categories_for_user_groups(context, [2]) == []


async def test_rest_creates_replaces_patches_and_deletes(context_of: ContextOf) -> None:
    context = context_of(ADA)
    new = await post_item(
        *with_posted(context, TicketCategoryEntity, name="A", notification_email="a@b.example")
    )
    category_id = new.ticket_category_id
    replaced = await put_item(context, category_id, TicketCategoryEntity(name="B"))
    assert (replaced.fullname, replaced.notification_email) == ("B", "")
    patched = await patch_item(context, category_id, b'{"ParentId": 1}')
    assert patched.fullname == "Support/B"
    await delete_item(context, category_id)
    assert await get_ticket_category_entity(context, category_id) is None
