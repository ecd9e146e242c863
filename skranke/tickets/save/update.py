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
from skranke.tickets.links import RequestedLinks
from skranke.tickets.reference_data import ReferenceData
from skranke.tickets.rights import may_see
from skranke.tickets.row import TicketRow, copy_row
from skranke.tickets.save import service
from skranke.tickets.save.context import SaveReason

Mutation = Callable[[TicketRow, ReferenceData], SaveReason | None]
"""Changes a row in place and says what for; None to leave the ticket as it is."""


class UpdatedTicket(Struct, frozen=True):
    """A ticket after a deed; `changed` says whether anything was written."""

    row: TicketRow
    found: sql.LoadedTicket
    lists: ReferenceData

    @property
    def has_changed(self) -> bool:
        """Whether the deed wrote anything."""
        return self.row is not self.found.row

    def entity(self, context: RequestContext) -> TicketEntity:
        """The whole ticket, as the caller sees it."""
        return entity(self.row, self.found.links, self.lists, context.user)


async def update_ticket(
    context: RequestContext, ticket_id: int, alter: Mutation
) -> UpdatedTicket | None:
    """Change a ticket as `alter` says; None where there is no such ticket."""
    for _ in range(service.MAX_TRIES):
        found = await sql.load_ticket(context.db, ticket_id, RequestedLinks())
        if found is None:
            return None
        lists = await service.reference_at(context, found.catalogue_version)
        after = copy_row(found.row)
        purpose = alter(after, lists)
        if purpose is None:
            return UpdatedTicket(found.row, found, lists)
        saved = await service.write_update(context, found, after, lists, purpose)
        if saved is not None:
            return UpdatedTicket(saved, found, lists)
    raise Conflict(f"TicketId: {ticket_id} is being changed too often; try again")


async def update_visible_ticket(
    context: RequestContext, name: str, ticket_id: int, alter: Mutation
) -> UpdatedTicket:
    """As `revise`, for a caller; NotFound, naming the parameter, unless he sees it."""

    def mutate_visible(row: TicketRow, lists: ReferenceData) -> SaveReason | None:
        if not may_see(row, lists, context.user):
            raise NotFound(f"{name}: {ticket_id} does not exist")
        return alter(row, lists)

    revised = await update_ticket(context, ticket_id, mutate_visible)
    if revised is None:
        raise NotFound(f"{name}: {ticket_id} does not exist")
    return revised
