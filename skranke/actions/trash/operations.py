"""The bin, as the Ticket agent has it."""

from skranke.actions.trash import purge, service
from skranke.archive.carriers import ArchiveRestrictionInfo
from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import operation
from skranke.tickets.archive import matching_ticket_ids


@operation("Ticket", permission=Permission.DELETE, transaction=False)
async def delete_ticket_entity(context: RequestContext, ticket_entity_id: Int32) -> None:
    """Put a ticket into the bin; once it is there, remove it for good.

    Without effect where the caller sees no such ticket. The wording of the reference is
    only "delete"; see docs/differences.md.
    """
    binned = await service.delete(context, ticket_entity_id)
    if binned is not None and not binned.has_changed:
        async with context.db.transaction():
            await purge.remove(context, ticket_entity_id)


@operation("Ticket", permission=Permission.DELETE)
async def set_deleted_status_by_ids(
    context: RequestContext, ticket_ids: list[Int32]
) -> list[Int32]:
    """Put tickets into the bin; the ids of those that weren't there.

    What the caller can't see is left out. After the retention time they are removed.
    """
    return await service.update_all(context, ticket_ids, service.move_to(Base.Deleted))


@operation("Ticket", permission=Permission.DELETE)
async def undelete_by_ids(context: RequestContext, ticket_ids: list[Int32]) -> None:
    """Take tickets out of the bin, deleted ones and spam: they are open again.

    Merged ones are Merged again. What the caller can't see is left out.
    """
    await service.update_all(context, ticket_ids, service.restore)


@operation("Ticket", permission=Permission.WRITE)
async def set_spam_status_by_ids(context: RequestContext, ticket_ids: list[Int32]) -> list[Int32]:
    """Mark tickets as spam; the ids of those that weren't. Removed like deleted ones.

    What the caller can't see is left out.
    """
    return await service.update_all(context, ticket_ids, service.move_to(Base.Spam))


@operation("Ticket", permission=Permission.DELETE)
async def set_deleted_status_by_provider(
    context: RequestContext, provider_name: str, restrictions: list[ArchiveRestrictionInfo]
) -> list[Int32]:
    """Put the tickets that an archive finds into the bin; the ids of those not there.

    BadValue without restrictions, and for a provider of anything but tickets.
    """
    ticket_ids = await matching_ticket_ids(context, provider_name, restrictions)
    return await service.update_all(context, ticket_ids, service.move_to(Base.Deleted))


@operation("Ticket", permission=Permission.WRITE)
async def set_spam_status_by_provider(
    context: RequestContext, provider_name: str, restrictions: list[ArchiveRestrictionInfo]
) -> list[Int32]:
    """Mark the tickets that an archive finds as spam; the ids of those that weren't.

    BadValue without restrictions, and for a provider of anything but tickets.
    """
    ticket_ids = await matching_ticket_ids(context, provider_name, restrictions)
    return await service.update_all(context, ticket_ids, service.move_to(Base.Spam))
