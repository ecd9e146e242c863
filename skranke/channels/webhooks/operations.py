"""The Webhook agent.

Reading takes the right to administer, too: addresses, headers and answers of receivers
hold keys. Signalling takes the right to write: it is what a customised desk's events
are for.
"""

from skranke.channels.webhooks import service, sql
from skranke.channels.webhooks.carriers import DefaultWebhook, Webhook, WebhookResult, WebhookState
from skranke.channels.webhooks.enqueue import enqueue_custom_event
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import NotFound
from skranke.core.schema import Int32
from skranke.http.operation import operation


@operation("Webhook", permission=Permission.ADMINISTER, transaction=False)
async def create_default_webhook(context: RequestContext) -> DefaultWebhook:
    """An active hook that listens for two events of companies; nothing is saved.

    What is to be filled in (Name, TargetUrl, Headers, Properties, ErrorsEmail) is null.
    """
    _ = context
    blank = service.blank()
    return DefaultWebhook(
        state=blank.state, type=blank.type, events=["contact.created", "contact.deleted"]
    )


@operation("Webhook", permission=Permission.ADMINISTER, transaction=False)
async def save_webhook(context: RequestContext, webhook: Webhook) -> Webhook:
    """The hook as it is after the save: a new one for id 0, else the changed.

    Absent properties are kept, and so is the secret when it is null; it is never told.
    Unless the hook is stopped its receiver is sent a test first. BadValue with the
    answer unless that is 200, and for what can't be; NotFound without the hook.
    """
    return await service.save(context, webhook)


@operation("Webhook", permission=Permission.ADMINISTER, query=("webhook_id",))
async def delete_webhook(context: RequestContext, webhook_id: Int32) -> None:
    """Remove a hook with its deliveries; NotFound without one."""
    if not await sql.delete(context.db, webhook_id):
        raise NotFound(f"WebhookId: {webhook_id} does not exist")


@operation("Webhook", permission=Permission.ADMINISTER, query=("webhook_id",), transaction=False)
async def get_webhook(context: RequestContext, webhook_id: Int32) -> Webhook | None:
    """A hook, without its secret; null without one."""
    hook = await sql.load_hook(context.db, webhook_id)
    return await service.webhook_carrier(context, hook) if hook else None


@operation("Webhook", permission=Permission.ADMINISTER, transaction=False)
async def get_all_webhooks(
    context: RequestContext, name_filter: str, event_filter: str, status_filter: WebhookState
) -> list[Webhook]:
    """The hooks of a name, for an event, in a state, by id; empty filters take all."""
    return [
        await service.webhook_carrier(context, hook)
        for hook in await sql.load_hooks(context.db)
        if name_filter.casefold() in ("", hook.name.casefold())
        and event_filter.casefold() in ("", *(e.casefold() for e in hook.events))
        and status_filter.number in (WebhookState.Unknown.number, hook.state)
    ]


@operation("Webhook", permission=Permission.ADMINISTER, wrapped=True, transaction=False)
async def test_webhook(context: RequestContext, webhook: Webhook) -> WebhookResult:
    """Whether the receiver answers a test with 200, and its answer; nothing is saved.

    The message holds status, headers and body, or why there was no answer.
    """
    return await service.test(context, webhook)


@operation("Webhook", permission=Permission.WRITE)
async def signal_event(
    context: RequestContext, event_name: str, primary_key: Int32, data: dict[str, object]
) -> None:
    """Tell the hooks that listen for an event of somebody's own, such as `door.opened`.

    `data` becomes the FieldValues, its keys the Changes. BadValue for a name that isn't
    `entity.verb`, and for events that only the desk tells.
    """
    await enqueue_custom_event(context, event_name, primary_key, data)


@operation("Webhook", permission=Permission.ADMINISTER, transaction=False)
async def get_last_error(context: RequestContext, webhook_id: Int32) -> str:
    """Headers and body of the last bad answer; empty where there was none."""
    return (await service.load_webhook(context, webhook_id)).last_error
