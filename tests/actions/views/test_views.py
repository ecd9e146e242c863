"""Saved views: everybody's and one's own, asked as rows and as counters."""

from datetime import timedelta
from typing import Any, cast

import pytest

from skranke.actions.views.carriers import TicketView
from skranke.actions.views.resources import (
    delete_view,
    get_counters,
    get_view_tickets,
    get_views,
    post_view,
)
from skranke.archive.carriers import ArchiveOptions
from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.db.database import Db
from skranke.people.carriers import Associate
from tests.cast import ADA, ANNA, BO, NOW, STEN, ContextOf
from tests.tickets.make import save


async def made(context: RequestContext, owner: int = 3, **properties: Any) -> int:
    wish = {"title": "A", "owned_by": Associate(associate_id=owner), **properties}
    return (await save(context, **wish)).ticket_id


async def named(context: RequestContext, name: str) -> TicketView:
    return next(view for view in await get_views(context) if view.name == name)


async def rows(context: RequestContext, name: str, **options: str) -> list[int]:
    view = await named(context, name)
    wish = ArchiveOptions(**options)
    found = await get_view_tickets(context, view.ticket_view_id, wish)
    told = cast("list[dict[str, Any]]", found.value)
    return [row["ticketId"] for row in told]


async def counts(context: RequestContext) -> dict[str, int]:
    names = {view.ticket_view_id: view.name for view in await get_views(context)}
    found = await get_counters(context)
    return {names[each.ticket_view_id]: each.count for each in found}


async def test_the_shipped_views_find_what_agents_live_in(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    mine = await made(context)
    unassigned = await made(context, owner=0)
    overdue = await made(context, owner=4, deadline=NOW - timedelta(hours=1))
    waiting = await made(context, base_status=Base.PostponedWeek)
    closed = await made(context, base_status=Base.Closed)
    assert await rows(context, "My open requests") == [mine]
    assert await rows(context, "Unassigned in my categories") == [unassigned]
    assert await rows(context, "Overdue") == [overdue]
    assert await rows(context, "Waiting") == [waiting]
    assert await rows(context, "Closed this week") == [closed]
    assert list((await counts(context)).values()) == [1, 1, 1, 1, 1]
    assert await counts(context_of(STEN)) == {
        "My open requests": 0,
        "Unassigned in my categories": 0,
        "Overdue": 1,
        "Waiting": 0,
        "Closed this week": 0,
    }


async def test_what_a_stranger_cannot_see_is_not_counted(context_of: ContextOf) -> None:
    payroll = TicketCategoryEntity(ticket_category_id=2)
    late = NOW - timedelta(hours=1)
    await made(context_of(ANNA), category=payroll, deadline=late)
    assert (await counts(context_of(ANNA)))["Overdue"] == 1
    assert (await counts(context_of(STEN)))["Overdue"] == 0
    assert await rows(context_of(STEN), "Overdue") == []


async def test_a_view_of_ones_own_is_nobody_elses(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    pump = await made(context, title="The pump")
    await made(context, title="The valve")
    wish = TicketView(
        name="Pumps",
        filter="title contains 'pump'",
        order_by="title",
        columns=["ticketId", "title"],
    )
    saved = await post_view(context, wish)
    assert not saved.shared
    assert await rows(context, "Pumps") == [pump]
    assert await rows(context, "Pumps", filter="title contains 'valve'") == []
    assert saved not in await get_views(context_of(BO))
    with pytest.raises(NotFound, match=f"TicketView id {saved.ticket_view_id}"):
        await delete_view(context_of(BO), saved.ticket_view_id)
    saved.name = "My pumps"
    assert (await post_view(context, saved)).name == "My pumps"
    await delete_view(context, saved.ticket_view_id)
    assert saved.ticket_view_id not in [view.ticket_view_id for view in await get_views(context)]


async def test_everybodys_are_the_administrators_to_change(context_of: ContextOf) -> None:
    shared = TicketView(name="Spam", filter="status eq 6", shared=True, rank=9)
    with pytest.raises(BadValue, match="Shared: everybody's"):
        await post_view(context_of(ANNA), shared)
    saved = await post_view(context_of(ADA), shared)
    assert saved in await get_views(context_of(BO))
    with pytest.raises(BadValue, match="Shared: everybody's"):
        await delete_view(context_of(ANNA), saved.ticket_view_id)
    saved.shared = False
    with pytest.raises(BadValue, match="Shared: everybody's"):
        await post_view(context_of(ANNA), saved)
    await delete_view(context_of(ADA), saved.ticket_view_id)


@pytest.mark.parametrize(
    ("wish", "fault"),
    [
        (TicketView(name=" ", filter="status eq 1"), "Name: must not be empty"),
        (TicketView(name="A", filter="nothing eq 1"), "Filter"),
        (TicketView(name="A", filter="status eq 1; DROP TABLE ticket"), "Filter"),
        (TicketView(name="A", filter="status eq 1", order_by="x"), "there is no column"),
        (TicketView(name="A", filter="status eq 1", columns=["x"]), "Columns"),
    ],
)
async def test_what_cannot_be_asked_is_not_saved(
    context_of: ContextOf, db: Db, wish: TicketView, fault: str
) -> None:
    with pytest.raises(BadValue, match=fault):
        await post_view(context_of(ANNA), wish)
    assert await db.fetchval("SELECT count(*) FROM saved_view") == 5


async def test_a_view_without_a_filter_counts_all_that_is_seen(context_of: ContextOf):
    context = context_of(ADA)
    await save(context, title="Counted")
    await post_view(context, TicketView(name="All", filter=""))
    assert (await get_counters(context))[-1].count == 1
