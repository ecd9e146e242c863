"""`/api/v1/Webhook`: hooks over REST, and the log of their deliveries, which is ours.

Source: reference, Webhook resources of the REST interface.
"""

from uuid import UUID

from msgspec.structs import replace

from skranke.archive.mdo.editing import property_names
from skranke.channels.webhooks import deliveries, operations, service
from skranke.channels.webhooks.carriers import (
    DefaultWebhook,
    Webhook,
    WebhookDelivery,
    WebhookResult,
    WebhookState,
)
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue, NotFound, require_found
from skranke.core.schema import Int32
from skranke.http.formats.json_patch import Patch, apply_patch
from skranke.http.operation import resource

HOOKS_PATH = "/api/v1/Webhook"
HOOK_PATH = f"{HOOKS_PATH}/{{webhook_id}}"
DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE = 100, 1000


@resource(
    "GET",
    HOOKS_PATH,
    permission=Permission.ADMINISTER,
    query=("name_filter", "event_filter", "status_filter"),
)
async def get_all_webhooks(
    context: RequestContext, name_filter: str, event_filter: str, status_filter: WebhookState
) -> list[Webhook]:
    """The hooks of a name, for an event, in a state, by id; empty filters take all."""
    return await operations.get_all_webhooks(context, name_filter, event_filter, status_filter)


@resource("GET", f"{HOOKS_PATH}/default", permission=Permission.ADMINISTER)
async def default_webhook(context: RequestContext) -> DefaultWebhook:
    """An active hook that listens for two events of companies; nothing is saved."""
    return await operations.create_default_webhook(context)


@resource("POST", HOOKS_PATH, permission=Permission.ADMINISTER)
async def post_webhook(context: RequestContext, webhook: Webhook) -> Webhook:
    """The hook as it is saved: a new one for id 0, else the changed."""
    return await operations.save_webhook(context, webhook)


@resource("POST", f"{HOOKS_PATH}/Test", permission=Permission.ADMINISTER)
async def test_webhook(context: RequestContext, webhook: Webhook) -> WebhookResult:
    """Whether the receiver answers a test with 200, and its answer."""
    return await operations.test_webhook(context, webhook)


@resource(
    "POST",
    f"{HOOKS_PATH}/{{event_name}}/{{primary_key}}",
    permission=Permission.WRITE,
    bare=True,
    transaction=True,
)
async def signal_event(
    context: RequestContext, event_name: str, primary_key: Int32, data: dict[str, object]
) -> None:
    """Tell the hooks that listen for an event of somebody's own; see SignalEvent."""
    await operations.signal_event(context, event_name, primary_key, data)


@resource("GET", HOOK_PATH, permission=Permission.ADMINISTER)
async def get_webhook(context: RequestContext, webhook_id: Int32) -> Webhook:
    """A hook, without its secret; NotFound without one."""
    found = await operations.get_webhook(context, webhook_id)
    return require_found(found, "Webhook", webhook_id)


@resource("PUT", HOOK_PATH, permission=Permission.ADMINISTER)
async def put_webhook(context: RequestContext, webhook_id: Int32, webhook: Webhook) -> Webhook:
    """The hook as it is when the posted one has replaced it; NotFound without one.

    What the body lacks becomes its default; a secret that is null is kept.
    """
    await get_webhook(context, webhook_id)
    webhook.webhook_id = webhook_id
    return await operations.save_webhook(replace(context, given=property_names(Webhook)), webhook)


@resource("PATCH", HOOK_PATH, permission=Permission.ADMINISTER, raw=True)
async def patch_webhook(context: RequestContext, webhook_id: Int32, changes: Patch) -> Webhook:
    """The hook as it is when a JSON Patch or a merge patch is done; the id stays.

    NotFound without one, Clash when a `test` of the patch fails.
    """
    webhook, given = apply_patch(await get_webhook(context, webhook_id), changes, context.locale)
    webhook.webhook_id = webhook_id
    return await operations.save_webhook(replace(context, given=given), webhook)


@resource("DELETE", HOOK_PATH, permission=Permission.ADMINISTER, transaction=True)
async def delete_webhook(context: RequestContext, webhook_id: Int32) -> None:
    """Remove a hook with its deliveries; NotFound without one."""
    await operations.delete_webhook(context, webhook_id)


@resource("GET", f"{HOOK_PATH}/LastError", permission=Permission.ADMINISTER)
async def get_last_error(context: RequestContext, webhook_id: Int32) -> str:
    """Headers and body of the last bad answer; empty where there was none."""
    return await operations.get_last_error(context, webhook_id)


@resource(
    "GET",
    f"{HOOK_PATH}/Deliveries",
    permission=Permission.ADMINISTER,
    query=("state", "skip", "top"),
)
async def get_deliveries(
    context: RequestContext, webhook_id: Int32, state: str, skip: Int32, top: Int32
) -> list[WebhookDelivery]:
    """What a hook was sent, or is to be: the newest first, a hundred unless `top` asks.

    `state` is Waiting, Delivered or Failed; of a reliable hook the failed are its dead
    letters. Kept for thirty days. NotFound without the hook.
    """
    if state and state.lower() not in deliveries.STATES:
        raise BadValue("State", f"{state!r} is neither Waiting, Delivered nor Failed")
    await service.load_webhook(context, webhook_id)
    return await deliveries.delivery_log(
        context.db,
        webhook_id,
        deliveries.STATES.get(state.lower()),
        None,
        max(skip, 0),
        min(top if top > 0 else DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE),
    )


@resource(
    "POST",
    f"{HOOK_PATH}/Deliveries/{{delivery_id}}/Replay",
    permission=Permission.ADMINISTER,
    transaction=True,
)
async def replay_delivery(
    context: RequestContext, webhook_id: Int32, delivery_id: str
) -> WebhookDelivery:
    """Have a delivery that is over tried anew: the same bytes under the same EventId.

    `delivery_id` is that EventId. NotFound without one, BadValue while it still waits.
    """
    nowhere = NotFound(f"DeliveryId: {delivery_id} does not exist")
    try:
        event_id = UUID(delivery_id)
    except ValueError:
        raise nowhere from None
    before = await deliveries.replay(context.db, webhook_id, event_id, context.now)
    if before is None:
        raise nowhere
    if before == deliveries.WAITING:
        raise BadValue("DeliveryId", f"{delivery_id} waits already")
    [again] = await deliveries.delivery_log(context.db, webhook_id, None, event_id, 0, 1)
    return again
