"""Notifications of the Ticket agent, and the templates by which the desk writes."""

from skranke.channels.notifications import dispatch, sql, system_templates
from skranke.channels.notifications.carriers import NotifyChannel, NotifyType
from skranke.channels.notifications.system_templates import SystemTemplateSettings
from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import operation
from skranke.tickets.carriers import TicketEntity
from skranke.tickets.operations import save_ticket_entity
from skranke.tickets.save.notify import save_and_notify
from skranke.tickets.visibility import require_visible


@operation("Ticket", permission=Permission.WRITE, transaction=False)
async def save_ticket_entity_with_notify(
    context: RequestContext, new_entity: TicketEntity, notify: bool
) -> TicketEntity:
    """As SaveTicketEntity; with `notify` those whom it concerns are told.

    Of a new ticket its owner, or who looks after tickets without one; of another owner
    both the old and the new.
    """
    save = save_and_notify if notify else save_ticket_entity
    return await save(context, new_entity)


@operation("Ticket", permission=Permission.WRITE)
async def notify_new_ticket(context: RequestContext, ticket_entity_id: Int32) -> None:
    """Tell of a ticket as of a new one; NotFound without it."""
    await require_visible(context, "TicketEntityId", [ticket_entity_id])
    await dispatch.notify_new_ticket(context, ticket_entity_id)


@operation("Ticket", permission=Permission.WRITE)
async def notify_new_ticket_message(context: RequestContext, ticket_entity_id: Int32) -> None:
    """Tell of the last message of a ticket as of a new one; NotFound without it."""
    await require_visible(context, "TicketEntityId", [ticket_entity_id])
    latest = await sql.latest_message_id(context.db, ticket_entity_id)
    await dispatch.notify_new_message(context, ticket_entity_id, latest)


@operation("Ticket", permission=Permission.READ, transaction=False)
async def clear_notify(context: RequestContext, ids: list[Int32]) -> None:
    """Remove notifications of the caller's own; those of others stay."""
    await sql.delete_pop_ups(context.db, ids, context.user.ej_user_id)


@operation("Ticket", permission=Permission.READ, transaction=False)
async def get_hotlist_ej_users(
    context: RequestContext,
    ticket_id: Int32,
    skip_associate_ids: list[Int32],
    notify_type: NotifyType,
    channel: NotifyChannel,
) -> list[Int32]:
    """The ejuser ids of those who have a ticket among their favourites and want to hear
    of this kind of news, of favourites, by this channel.

    Of Unknown channels nobody. NotFound without the ticket.
    """
    await require_visible(context, "TicketId", [ticket_id])
    found = await sql.load_users(context.db, await sql.favourite_users(context.db, ticket_id))
    kind = notify_type | NotifyType.Hotlist
    return [
        user.ej_user_id
        for user in found
        if user.wants(kind, channel) and user.associate_id not in skip_associate_ids
    ]


@operation("CustomerService", permission=Permission.READ, transaction=False)
async def get_system_template_settings(context: RequestContext) -> SystemTemplateSettings:
    """The reply templates by which the desk itself writes; 0 where none is set."""
    return await system_templates.template_settings(context)


@operation("CustomerService", permission=Permission.ADMINISTER, wrapped=True)
async def save_system_template_settings(
    context: RequestContext, system_template_settings: SystemTemplateSettings
) -> SystemTemplateSettings:
    """The settings as they are after the save; absent ones are kept.

    BadValue for a template that doesn't exist.
    """
    await system_templates.save(context, system_template_settings)
    return await system_templates.template_settings(context)
