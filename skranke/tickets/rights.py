"""Who may see a ticket, and what each caller may do with each of its properties."""

from functools import cache

from skranke.catalog.categories.rules import is_open_to
from skranke.core.context import CurrentUser, Permission
from skranke.core.schema import EFieldRight, ETableRight, FieldProperties, FieldRight, TableRight
from skranke.http.properties import properties_of
from skranke.tickets.carriers import Ticket, TicketEntity
from skranke.tickets.reference_data import ReferenceData
from skranke.tickets.row import TicketRow

# What a save may set; everything else is the server's. Source: reference page, and the
# engine's own list of settable fields where the page is silent (docs/differences.md).
WRITABLE_FIELDS = frozenset(
    {
        "title",
        "replied_at",
        "activate",
        "deadline",
        "author",
        "owned_by",
        "category",
        "slevel",
        "priority",
        "base_status",
        "status",
        "person",
        "secondary_persons",
        "read_status",
        "tags",
        "orig_human_category_id",
        "sale",
        "project",
        "ticket_type",
        "extra_fields",
        "custom_fields",
    }
)
FIELDS_WRITABLE_WHEN_NEW = frozenset({"created_at", "created_by", "origin", "from_address"})
MANDATORY_FIELDS = frozenset({"category"})


def may_see(row: TicketRow, lists: ReferenceData, user: CurrentUser) -> bool:
    """Whether the caller may know of a ticket: its own, or one of an open category."""
    if Permission.READ not in user.permissions:
        return False
    return is_own_or_open(row.owned_by, row.category, lists, user)


def is_own_or_open(owner: int, category: int, lists: ReferenceData, user: CurrentUser) -> bool:
    """Whether a ticket of this owner and category is the caller's or open to him."""
    own = owner == user.ej_user_id > 0
    return own or is_open_to(lists.categories[category], user)


@cache
def table_right(rights: frozenset[Permission]) -> TableRight:
    """What a caller with these rights may do with tickets as a whole."""
    mask = ETableRight.None_
    if Permission.READ in rights:
        mask = mask | ETableRight.Select
    if Permission.WRITE in rights:
        mask = mask | ETableRight.Update | ETableRight.Insert
    if Permission.DELETE in rights:
        return TableRight(mask=mask | ETableRight.Delete)
    return TableRight(mask=mask, reason="[SR_SKRANKE_NO_DELETE_TICKET]")


@cache
def field_properties(rights: frozenset[Permission], new: bool) -> FieldProperties:
    """Per property of TicketEntity: may the caller read or write it, must it be set."""
    writable = WRITABLE_FIELDS | FIELDS_WRITABLE_WHEN_NEW if new else WRITABLE_FIELDS
    return properties_of(TicketEntity, lambda name: _field_right(name, writable, rights))


@cache
def flat_field_properties(rights: frozenset[Permission]) -> FieldProperties:
    """As `field_properties` for the flat Ticket, of which nothing can be written."""
    _ = rights
    return properties_of(Ticket, lambda _: FieldRight(mask=EFieldRight.Read))


def _field_right(name: str, writable: frozenset[str], rights: frozenset[Permission]) -> FieldRight:
    if Permission.WRITE not in rights:
        return FieldRight(mask=EFieldRight.Read, reason="[SR_SKRANKE_ONLY_READ]")
    if name not in writable:
        return FieldRight(mask=EFieldRight.Read)
    if name in MANDATORY_FIELDS:
        return FieldRight(mask=EFieldRight.Update | EFieldRight.UIHintMandatory)
    return FieldRight(mask=EFieldRight.Update)
