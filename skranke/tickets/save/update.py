"""Changing a stored ticket by a deed of its own, rather than by a posted entity.

As with a save, the change is laid over the newest version: where another came between,
the ticket is read again and the deed decides anew, so it does nothing twice.
"""

from collections.abc import Callable

from msgspec import Struct

from skranke.core.context import RequestContext
from skranke.core.errors import Conflict, NotFound
from skranke.tickets import sql
from skranke.tickets.carriers import TicketEntity
from skranke.tickets.entity import entity
from skranke.tickets.links import Wanted
from skranke.tickets.reference_data import Choices
from skranke.tickets.rights import may_see
from skranke.tickets.row import TicketRow, copy
from skranke.tickets.save import service
from skranke.tickets.save.context import Purpose

Alter = Callable[[TicketRow, Choices], Purpose | None]
"""Changes a row in place and says what for; None to leave the ticket as it is."""


class Revised(Struct, frozen=True):
    """A ticket after a deed; `changed` says whether anything was written."""

    row: TicketRow
    found: sql.Stored
    lists: Choices

    @property
    def changed(self) -> bool:
        """Whether the deed wrote anything."""
        return self.row is not self.found.row

    def entity(self, context: RequestContext) -> TicketEntity:
        """The whole ticket, as the caller sees it."""
        return entity(self.row, self.found.links, self.lists, context.user)


async def revise(context: RequestContext, ticket_id: int, alter: Alter) -> Revised | None:
    """Change a ticket as `alter` says; None where there is no such ticket."""
    for _ in range(service.TRIES):
        found = await sql.stored(context.db, ticket_id, Wanted())
        if found is None:
            return None
        lists = await service.lists_of(context, found.catalogue_version)
        after = copy(found.row)
        purpose = alter(after, lists)
        if purpose is None:
            return Revised(found.row, found, lists)
        saved = await service.write(context, found, after, lists, purpose)
        if saved is not None:
            return Revised(saved, found, lists)
    raise Conflict(f"TicketId: {ticket_id} is being changed too often; try again")


async def revise_seen(context: RequestContext, name: str, ticket_id: int, alter: Alter) -> Revised:
    """As `revise`, for a caller; NotFound, naming the parameter, unless he sees it."""

    def alter_seen(row: TicketRow, lists: Choices) -> Purpose | None:
        if not may_see(row, lists, context.user):
            raise NotFound(f"{name}: {ticket_id} does not exist")
        return alter(row, lists)

    revised = await revise(context, ticket_id, alter_seen)
    if revised is None:
        raise NotFound(f"{name}: {ticket_id} does not exist")
    return revised
