"""What saves of companies and persons do alike with what was posted.

A property that the body does not have is kept; null and empty clear. What cannot be is a
BadValue that names the property.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from skranke.archive.mdo.carriers import SelectableMDOListItem
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.core.schema import Carrier
from skranke.people.reference_data.sql import PeopleReference

MAX_DBI_KEY = 255
MAX_SMALL = 2**15 - 1


class TextProperty(Struct, frozen=True):
    """A text of an entity and the column that keeps it."""

    property: str
    attribute: str
    column: str
    limit: int


def given_properties(context: RequestContext, posted: Carrier, *, new: bool) -> frozenset[str]:
    """The properties that a save applies: what was posted, or all where the desk is strict."""
    if context.settings.strict_replace and not new:
        return frozenset(f.encode_name for f in msgspec.structs.fields(type(posted)))
    return context.given


def apply_texts(
    row: Struct, posted: Carrier, given: frozenset[str], texts: Iterable[TextProperty]
) -> None:
    """Set the texts that were posted, trimmed; BadValue for one that is too long."""
    for text in texts:
        if text.property in given:
            value = getattr(posted, text.attribute).strip()
            setattr(row, text.column, checked_text(value, text.property, text.limit))


def checked_text(value: str, name: str, limit: int) -> str:
    """A text that its column can hold; BadValue names the property."""
    if len(value) > limit:
        raise BadValue(name, f"is longer than {limit} characters")
    if "\x00" in value:
        raise BadValue(name, "holds a character that cannot be stored")
    return value


def checked_small(value: int, name: str) -> int:
    """A number that a small column can hold; BadValue names the property."""
    if not -MAX_SMALL <= value <= MAX_SMALL:
        raise BadValue(name, f"{value} is not between {-MAX_SMALL} and {MAX_SMALL}")
    return value


def posted_id(
    before: int, posted: Carrier | None, name: str, key: str, is_known: Callable[[int], bool]
) -> int:
    """The id that a posted reference means; 0 for null. BadValue for an unknown one.

    The id that was there before is never looked at again: what it points at may be gone.
    """
    if posted is None:
        return 0
    found = getattr(posted, key)
    if found not in (0, before) and not is_known(found):
        raise BadValue(f"{name}.{wire_name(type(posted), key)}", f"{found} does not exist")
    return found


def wire_name(shape: type[Struct], attribute: str) -> str:
    """A member's name on the wire."""
    return next(f.encode_name for f in msgspec.structs.fields(shape) if f.name == attribute)


def list_check(reference: PeopleReference, list_name: str) -> Callable[[int], bool]:
    """Whether an id is an item of a list that is not deleted."""

    def is_known(item_id: int) -> bool:
        item = reference.item(list_name, item_id)
        return item is not None and not item.deleted

    return is_known


def associate_check(reference: PeopleReference) -> Callable[[int], bool]:
    """Whether an id is an associate that is not deleted."""

    def is_known(associate_id: int) -> bool:
        found = reference.associates.get(associate_id)
        return found is not None and not found.deleted

    return is_known


def shown_interests(
    reference: PeopleReference, list_name: str, chosen: frozenset[int]
) -> list[SelectableMDOListItem]:
    """All interests by name, with what is chosen; a deleted one only where it is chosen."""
    known = reference.items.get(list_name, {}).values()
    shown = [i for i in known if not i.deleted or i.id in chosen]
    return [
        SelectableMDOListItem(
            id=item.id,
            name=item.name,
            tool_tip=item.tooltip,
            rank=item.rank,
            deleted=item.deleted,
            type=list_name,
            selected=item.id in chosen,
        )
        for item in sorted(shown, key=lambda i: (i.name.lower(), i.id))
    ]


def apply_interests(
    before: frozenset[int],
    posted: Sequence[SelectableMDOListItem],
    reference: PeopleReference,
    list_name: str,
) -> frozenset[int]:
    """The interests after a save: Selected decides at any depth, what is not named is kept."""
    chosen = set(before)
    pending = list(posted)
    while pending:
        item = pending.pop()
        pending += item.child_items
        if item.selected and item.id not in before:
            if not list_check(reference, list_name)(item.id):
                raise BadValue("Interests", f"{item.id} does not exist")
            chosen.add(item.id)
        elif not item.selected:
            chosen.discard(item.id)
    return frozenset(chosen)


def changed_interests(
    before: frozenset[int], enable: list[int], disable: list[int], known: Callable[[int], bool]
) -> frozenset[int]:
    """The interests after UpdateInterests; BadValue for an id in both lists or in none."""
    if both := set(enable) & set(disable):
        raise BadValue("EnableInterestIds", f"{min(both)} is in DisableInterestIds, too")
    for item_id in enable:
        if item_id not in before and not known(item_id):
            raise BadValue("EnableInterestIds", f"{item_id} does not exist")
    return before - set(disable) | set(enable)


def changed_columns(before: Struct, after: Struct, untold: frozenset[str]) -> list[str]:
    """The columns that differ between two rows, in the table's order."""
    return [
        name
        for name in type(before).__struct_fields__
        if name not in untold and getattr(before, name) != getattr(after, name)
    ]


def whole_second(now: datetime) -> datetime:
    """Stamps of companies and persons are precise to the second, as the vendor's."""
    return now.replace(microsecond=0)
