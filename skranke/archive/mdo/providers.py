"""The registry of MDO lists, and how queries of them are answered.

A package registers a list with `@mdo_list("tags", 10)` on an async function from
`RequestContext` and `ListQuery` to items. Short lists are returned whole and filtered
here; long ones (`narrows=True`) select only the requested items from their table.

Source: reference, MDO providers.
"""

import re
from collections.abc import Awaitable, Callable
from functools import cached_property

from msgspec import Struct

from skranke.archive.mdo.carriers import MDOListItem
from skranke.archive.mdo.words import matches
from skranke.core.context import RequestContext
from skranke.core.errors import NotFound

NUMBER = re.compile("[0-9]{1,10}")
ALL_ITEMS_ID = -(2**31)  # the id that stands for everything where the reference shows one
NO_SELECTION_ID = 0
# in the order in which they are taken off a name's end
VARIANTS = (("withnoselection", NO_SELECTION_ID), ("withallitem", ALL_ITEMS_ID), ("headings", None))
EXTRA_NAMES = {NO_SELECTION_ID: "(None)", ALL_ITEMS_ID: "All"}
MAX_QUOTED_CHARACTERS = 60


class InvalidList(Exception):
    """An invalid registration; the message says how to fix it."""


class ListQuery(Struct, frozen=True, kw_only=True, dict=True):
    """A query of a list.

    `additional` holds the list's own attributes (`hierarchy=true&shortNames=true`);
    unknown ones are ignored. `search` holds prefixes of words; blank finds all items.
    `ids`, if given, limits the items to these, including deleted ones.
    """

    flat: bool = False
    additional: str = ""
    search: str = ""
    ids: tuple[int, ...] | None = None

    @cached_property
    def attributes(self) -> dict[str, str]:
        """The attributes by lower-case name; the value of a bare name is empty."""
        pairs = (part.partition("=") for part in re.split("[&;]", self.additional))
        return {name.strip().lower(): value.strip() for name, _, value in pairs}

    @property
    def shows_deleted(self) -> bool:
        """Whether deleted items are wanted."""
        return self.ids is not None or self.has("showDeleted")

    def has(self, attribute: str) -> bool:
        """Whether an attribute is given, and not as false or 0."""
        value = self.attributes.get(attribute.lower())
        return value is not None and value.lower() not in ("false", "0")

    def number(self, attribute: str) -> int | None:
        """An attribute's value as a number; None without one."""
        value = self.attributes.get(attribute.lower(), "")
        return int(value) if NUMBER.fullmatch(value) else None


Provider = Callable[[RequestContext, ListQuery], Awaitable[list[MDOListItem]]]


class MDOList(Struct, frozen=True):
    """A registered list."""

    list_id: int
    provider: Provider
    narrows: bool  # the provider applies search, ids and deletion itself


LISTS: dict[str, MDOList] = {}


def mdo_list(name: str, list_id: int, *, narrows: bool = False) -> Callable[[Provider], Provider]:
    """Register a list under a lower-case name; its number must be unique and never change."""

    def register(provider: Provider) -> Provider:
        if name != name.lower():
            raise InvalidList(f"{name}: write the name in lower case")
        if name in LISTS or list_id in {known.list_id for known in LISTS.values()}:
            raise InvalidList(f"{name}, {list_id}: taken; choose another name or number")
        LISTS[name] = MDOList(list_id, provider, narrows)
        return provider

    return register


def base_name(name: str) -> str:
    """The registered name of a list, given its name or a variant in any case; NotFound."""
    return _parse_name(name)[0]


async def items(context: RequestContext, name: str, asked: ListQuery) -> list[MDOListItem]:
    """The items of a list, in its own order.

    A variant of the name begins with an item for no selection (id 0) or for
    everything (id -2147483648); no list here has headings. NotFound names the list.
    """
    base, extra_ids = _parse_name(name)
    found = LISTS[base]
    all_items = await found.provider(context, asked)
    kept = all_items if found.narrows else _filter_items(all_items, asked)
    if asked.ids is not None or asked.search:
        return kept
    return [*(MDOListItem(id=i, name=EXTRA_NAMES[i]) for i in extra_ids), *kept]


async def items_by_id(context: RequestContext, name: str, ids: list[int]) -> list[MDOListItem]:
    """These items in this order, including deleted ones; unknown ids are left out."""
    place = {item_id: place for place, item_id in enumerate(dict.fromkeys(ids))}
    found = await items(context, name, ListQuery(flat=True, ids=tuple(place)))
    return sorted(found, key=lambda item: place[item.id])


async def items_after_history(
    context: RequestContext, name: str, asked: ListQuery, history: list[int], *, only_history: bool
) -> list[MDOListItem]:
    """The user's history items first, then the others; or only the history."""
    recent = await items_by_id(context, name, history)
    if only_history:
        return recent
    known = {item.id for item in recent}
    others = await items(context, name, asked)
    return recent + [i for i in others if i.id not in known or i.child_items]


def _parse_name(name: str) -> tuple[str, list[int]]:
    base = name.strip().lower()
    extra_ids: list[int] = []
    for suffix, extra_id in VARIANTS:
        if base not in LISTS and base.endswith(suffix):
            base = base.removesuffix(suffix)
            extra_ids += [] if extra_id is None else [extra_id]
    if base not in LISTS:
        raise NotFound(f"There is no list {name[:MAX_QUOTED_CHARACTERS]!r}.")
    return base, extra_ids


def _filter_items(all_items: list[MDOListItem], asked: ListQuery) -> list[MDOListItem]:
    """Filter a list by the query; a group stays if any of its items does."""
    kept: list[MDOListItem] = []
    for item in all_items:
        item.child_items = _filter_items(item.child_items, asked)
        if item.child_items or _is_wanted(item, asked):
            kept.append(item)
    return kept


def _is_wanted(item: MDOListItem, asked: ListQuery) -> bool:
    if asked.ids is not None and item.id not in asked.ids:
        return False
    if item.deleted and not asked.shows_deleted:
        return False
    return matches(item.full_name or item.name, asked.search)
