"""How all tickets of a status, type or category get another."""

from collections.abc import Awaitable, Callable, Collection

from skranke.archive.mdo.editing import edit_lists
from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.catalog.statuses.carriers import TicketStatusEntity
from skranke.catalog.statuses.sql import load_statuses, replace_references
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.db.database import Db
from skranke.tickets.reference_data import ReferenceData, load_reference_data
from skranke.tickets.row import TicketRow, copy_row
from skranke.tickets.save.apply_posted import apply_type_limits
from skranke.tickets.save.context import SaveReason
from skranke.tickets.save.update import Mutation, update_ticket

BATCH_SIZE = 100  # tickets in a transaction, whose rows are held until its end
BATCH_OPERATION = 29  # TicketLogAction
SAVE_REASON = SaveReason(action=BATCH_OPERATION)
NextTicketIds = Callable[[Db, int, int], Awaitable[list[int]]]
"""The next tickets that have a number, beyond an id, in the order of their ids."""


async def replace_status(context: RequestContext, old: int, new: int) -> None:
    """Give every ticket of a status another, and everything else that points at it.

    A status of another base opens or closes tickets, as a save would.
    """
    found = await load_statuses(context.db)
    known = found.by_id
    _check_replacement("TicketStatusId", old, new, known, found.deleted)
    _check_bases(known[old], known[new])
    async with edit_lists(context):
        await replace_references(context.db, old, new)

    def alter(row: TicketRow, _: ReferenceData) -> SaveReason | None:
        if row.ticket_status != old:
            return None
        row.ticket_status, row.status = new, known[new].status.number
        return SAVE_REASON

    await _update_all(context, ids_of_status, old, alter)


def _check_bases(old: TicketStatusEntity, new: TicketStatusEntity) -> None:
    """Merged tickets stay so, and only merging makes one."""
    if (old.status is Base.Merged) != (new.status is Base.Merged):
        raise BadValue("ToTicketStatusId", f"{new.ticket_status_id} is of another kind than Merged")


async def replace_type(context: RequestContext, old: int, new: int) -> None:
    """Give every ticket of a type another.

    A status or priority that the new one doesn't allow becomes its default, as in a
    save.
    """
    types = (await load_reference_data(context.db)).types
    deleted = frozenset(i for i, kind in types.items() if kind.deleted)
    _check_replacement("TicketTypeId", old, new, types, deleted)

    def alter(row: TicketRow, lists: ReferenceData) -> SaveReason | None:
        if row.ticket_type != old:
            return None
        before = copy_row(row)
        row.ticket_type = new
        apply_type_limits(before, row, frozenset(), lists, lists.types[new])
        return SAVE_REASON

    await _update_all(context, ids_of_type, old, alter)


async def move_all(context: RequestContext, old: int, new: int) -> None:
    """Move every ticket of a category into another; owners stay."""
    known = (await load_reference_data(context.db)).categories
    _check_replacement("TicketCategoryId", old, new, known, frozenset())

    def alter(row: TicketRow, _: ReferenceData) -> SaveReason | None:
        if row.category != old:
            return None
        row.category = new
        return SAVE_REASON

    await _update_all(context, ids_of_category, old, alter)


def _check_replacement(
    name: str, old: int, new: int, known: Collection[int], deleted: frozenset[int]
) -> None:
    for side, wish in (("From", old), ("To", new)):
        if wish not in known:
            raise BadValue(f"{side}{name}", f"{wish} does not exist")
    if new in deleted:
        raise BadValue(f"To{name}", f"{new} is deleted")
    if old == new:
        raise BadValue(f"To{name}", f"{new} is what is to be replaced")


async def ids_of_status(db: Db, status_id: int, after: int) -> list[int]:
    """The next tickets of a status."""
    sql = """
        SELECT id FROM ticket WHERE ticket_status = $1 AND id > $2 ORDER BY id LIMIT $3
    """
    return [row["id"] for row in await db.fetch(sql, status_id, after, BATCH_SIZE)]


async def ids_of_type(db: Db, type_id: int, after: int) -> list[int]:
    """The next tickets of a type."""
    sql = """
        SELECT id FROM ticket WHERE ticket_type = $1 AND id > $2 ORDER BY id LIMIT $3
    """
    return [row["id"] for row in await db.fetch(sql, type_id, after, BATCH_SIZE)]


async def ids_of_category(db: Db, category_id: int, after: int) -> list[int]:
    """The next tickets of a category."""
    sql = """
        SELECT id FROM ticket WHERE category = $1 AND id > $2 ORDER BY id LIMIT $3
    """
    return [row["id"] for row in await db.fetch(sql, category_id, after, BATCH_SIZE)]


async def _update_all(
    context: RequestContext, after: NextTicketIds, old: int, alter: Mutation
) -> None:
    last = 0
    while batch := await after(context.db, old, last):
        async with context.db.transaction():
            for ticket_id in batch:
                await update_ticket(context, ticket_id, alter)
        last = batch[-1]
