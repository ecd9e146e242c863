"""An event told to the hooks that listen: a delivery for each, with its bytes."""

import re
from uuid import uuid4

import msgspec

from skranke.channels.webhooks import deliveries, sql
from skranke.channels.webhooks.payload import (
    WebhookEvent,
    associate_values,
    contact_values,
    error_body,
    field_value,
    message_values,
    person_values,
    ticket_values,
)
from skranke.channels.webhooks.sql import Hook
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.core.jobs.outbox import OutboxEvent

EVENT_NAME = re.compile(r"[\w-]+(\.[\w-]+)+", re.ASCII)  # it stands in a header, too
RESERVED_EVENT_NAME = re.compile(
    r"(skranke|ticket|ticketmessage|contact|person|associate|webhook\d*)\.", re.IGNORECASE
)
MAX_DATA_BYTES = 256 * 1024  # bytes as JSON

ROW_VALUES = {
    "ticket": ticket_values,
    "ticketmessage": message_values,
    "contact": contact_values,
    "person": person_values,
    "associate": associate_values,
}
STATE_EVENTS = {sql.ACTIVE: "started", sql.STOPPED: "stopped", sql.TOO_MANY_ERRORS: "errors"}


async def enqueue(context: RequestContext, news: WebhookEvent) -> None:
    """Write down what each hook that listens is to be sent."""
    for hook in sql.hooks_for_event(await sql.active_hooks(context.db), news.name):
        await _deliver_to(context, hook, news)


async def enqueue_all(context: RequestContext, events: list[OutboxEvent]) -> None:
    """As `tell`, for many: hooks are read once, and rows if anybody listens.

    Memory won't do: a hook saved a moment ago in another process would miss its first
    event, and one that was deleted would make the rest wait.
    """
    hooks = await sql.active_hooks(context.db) if events else []
    for event in events:
        if listening := sql.hooks_for_event(hooks, event.event):
            await _enqueue_row_event(context, listening, event)


async def _enqueue_row_event(
    context: RequestContext, listening: list[Hook], event: OutboxEvent
) -> None:
    entity = event.event.partition(".")[0]
    news = WebhookEvent(
        name=event.event,
        event=event.event,
        entity=entity,
        primary_key=event.primary_key,
        changes=["id", *(name for name in event.changes if name != "id")],
        associate_id=event.associate_id,
        happened=event.happened,
        field_values=await ROW_VALUES[entity](context.db, event.primary_key),
    )
    for hook in listening:
        await _deliver_to(context, hook, news)


async def enqueue_state_event(context: RequestContext, hook: Hook) -> None:
    """Tell that a hook has come to its state. Source: reference, state events."""
    verb = STATE_EVENTS[hook.state]
    values: dict[str, object] = {
        "events": len(hook.events),
        "registered": hook.registered,
        "registered_associate_id": hook.registered_associate_id,
        "state": hook.state,
        "updated": hook.updated,
        "updated_associate_id": hook.updated_associate_id,
    }
    await enqueue(
        context,
        WebhookEvent(
            name=f"webhook{hook.webhook_id}.{verb}",
            event=f"webhook.{verb}",
            entity=None,
            primary_key=hook.webhook_id,
            associate_id=context.user.associate_id,
            happened=context.now,
            field_values={name: field_value(value) for name, value in values.items()},
        ),
    )


async def _deliver_to(context: RequestContext, hook: Hook, news: WebhookEvent) -> None:
    event_id = uuid4()
    body = error_body(news, event_id, hook.name, hook.properties)
    await deliveries.insert(context.db, hook.webhook_id, event_id, news.name, body, context.now)


async def enqueue_custom_event(
    context: RequestContext, event: str, primary_key: int, data: dict[str, object]
) -> None:
    """Tell of an event of somebody's own; BadValue where it can't be one."""
    if not EVENT_NAME.fullmatch(event):
        raise BadValue("EventName", "is no name such as 'door.opened'")
    if RESERVED_EVENT_NAME.match(event):
        raise BadValue("EventName", f"{event} is told by the desk alone")
    if len(msgspec.json.encode(data)) > MAX_DATA_BYTES:
        raise BadValue("Data", f"is larger than {MAX_DATA_BYTES} bytes")
    await enqueue(
        context,
        WebhookEvent(
            name=event,
            event=event,
            entity=event.partition(".")[0],
            primary_key=primary_key,
            changes=list(data),
            field_values=data,
            associate_id=context.user.associate_id,
            happened=context.now,
        ),
    )
