"""Deleted statuses, priorities and types: shown by id, and in lists when asked for."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from skranke.catalog.priorities import operations as priorities
from skranke.catalog.priorities import resources as priority_list
from skranke.catalog.statuses import operations as statuses
from skranke.catalog.statuses import resources as status_list
from skranke.catalog.ticket_types import operations as types
from skranke.catalog.ticket_types import resources as type_list
from tests.cast import ANNA, ContextOf

Read = Callable[..., Awaitable[Any]]
DELETE = """
INSERT INTO ticket_status (id, name, status, time_counter, deleted)
VALUES (50, 'Gone', 1, 1, true);
INSERT INTO ticket_priority (id, name, status, flags, sort_order)
VALUES (50, 'Gone', 2, 0, 50);
INSERT INTO ticket_type (ticket_type_id, name, deleted, reply_template, tooltip)
VALUES (50, 'Gone', true, 7, 'No more');
INSERT INTO ticket_type_status VALUES (50, 1), (50, 50);
"""


@pytest.mark.parametrize(
    ("items", "one", "used"),
    [
        (status_list.get_items, statuses.get_ticket_status_entity, statuses.get_ticket_statuses),
        (
            priority_list.get_items,
            priorities.get_ticket_priority_entity,
            priorities.get_ticket_priorities,
        ),
        (type_list.get_items, types.get_ticket_type_entity, types.get_ticket_types),
    ],
    ids=["status", "priority", "type"],
)
async def test_what_is_deleted_is_shown_when_it_is_named(
    context_of: ContextOf, items: Read, one: Read, used: Read
) -> None:
    context = context_of(ANNA)
    await context.db.execute(DELETE)
    assert (await one(context, 50)).name == "Gone"
    assert "Gone" in [item.name for item in await items(context, include_deleted=True)]
    assert "Gone" not in [item.name for item in await items(context, include_deleted=False)]
    shown = [getattr(item, "name", None) or item.value for item in await used(context)]
    assert shown
    assert "Gone" not in shown


async def test_a_type_is_whole_with_its_limits(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    await context.db.execute(DELETE)
    found = await type_list.get_item(context, 50)
    assert (found.tooltip, found.reply_template) == ("No more", 7)
    assert (found.ticket_statuses, found.ticket_priorities) == ([1, 50], [])
    assert (found.default_ticket_status, found.is_external_visible) == (0, True)
