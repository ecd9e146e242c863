"""A hook saved: checked, tested with its receiver, then written.

The test is not repeated for a hook that is stopped: who wants a dead receiver left
alone must be able to say so. Source: reference, SaveWebhook.
"""

from uuid import uuid4

from msgspec.structs import replace

from skranke.archive.mdo.carriers import MDOListItem
from skranke.archive.mdo.editing import merge_posted
from skranke.channels.webhooks import sql
from skranke.channels.webhooks.carriers import (
    Webhook,
    WebhookNotifyVia,
    WebhookNotifyWhen,
    WebhookResult,
    WebhookState,
)
from skranke.channels.webhooks.enqueue import enqueue_state_event
from skranke.channels.webhooks.http_call import (
    TEST_HEADERS,
    CallResponse,
    WebhookTarget,
    call,
    client_for,
)
from skranke.channels.webhooks.payload import WebhookEvent, error_body
from skranke.channels.webhooks.sql import Hook
from skranke.channels.webhooks.validation import check
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.people.carriers import Associate
from skranke.people.sql import load_associates

MAX_NAME_LOOKUPS = 1000  # characters of an answer in a refusal


def blank() -> Webhook:
    """An active hook of the usual type."""
    return Webhook(state=WebhookState.Active, type="webhook")


async def webhook_carrier(context: RequestContext, hook: Hook) -> Webhook:
    """A hook as callers see it: all but its secret."""
    known = await context.get_cached(load_associates)
    return Webhook(
        webhook_id=hook.webhook_id,
        name=hook.name,
        events=hook.events,
        target_url=hook.target_url,
        state=WebhookState.of(hook.state),
        type=hook.type,
        headers=hook.headers,
        properties=hook.properties,
        registered=hook.registered,
        registered_associate=known.get(hook.registered_associate_id),
        updated=hook.updated,
        updated_associate=known.get(hook.updated_associate_id),
        errors_email=",".join(hook.error_emails),
        error_emails=hook.error_emails,
        error_associates=[_item(known[i]) for i in hook.error_associates if i in known],
        description=hook.description,
        notify_via=WebhookNotifyVia.of(hook.notify_via),
        notify_when=WebhookNotifyWhen.of(hook.notify_when),
        total_calls=hook.total_calls,
        total_errors=hook.total_errors,
        consecutive_errors=hook.consecutive_errors,
        last_error=hook.last_error,
    )


def _item(associate: Associate) -> MDOListItem:
    return MDOListItem(
        id=associate.associate_id,
        name=associate.full_name,
        tool_tip=associate.tooltip,
        deleted=associate.deleted,
    )


async def save(context: RequestContext, posted: Webhook) -> Webhook:
    """The hook as it is after the save; see SaveWebhook."""
    stored = await load_webhook(context, posted.webhook_id) if posted.webhook_id else None
    wish = await _apply_posted(context, stored, posted)
    if wish.state is not WebhookState.Stopped:
        answer = await _call_receiver(context, wish, stored)
        if not answer.is_success:
            raise BadValue(
                "TargetUrl", f"the test was not answered with 200: {answer.text[:MAX_NAME_LOOKUPS]}"
            )
    async with context.db.transaction():
        webhook_id = await _write(context, posted, wish)
    return await webhook_carrier(context, await load_webhook(context, webhook_id))


async def test(context: RequestContext, posted: Webhook) -> WebhookResult:
    """Whether the receiver answers a test with 200, and its answer."""
    stored = await load_webhook(context, posted.webhook_id) if posted.webhook_id else None
    answer = await _call_receiver(context, await _apply_posted(context, stored, posted), stored)
    return WebhookResult(success=answer.is_success, message=answer.text)


async def load_webhook(context: RequestContext, webhook_id: int) -> Hook:
    """A hook; NotFound without one."""
    return _require_hook(webhook_id, await sql.load_hook(context.db, webhook_id))


def _require_hook(webhook_id: int, hook: Hook | None) -> Hook:
    if hook is None:
        raise NotFound(f"WebhookId: {webhook_id} does not exist")
    return hook


async def _write(context: RequestContext, posted: Webhook, wish: Webhook) -> int:
    """Write a hook, over what it has become meanwhile, and tell of its new state."""
    by, now, webhook_id = context.user.associate_id, context.now, posted.webhook_id
    if webhook_id:
        held = _require_hook(webhook_id, await sql.lock_hook(context.db, webhook_id))
        wish = await _apply_posted(context, held, posted)
        await sql.update(context.db, webhook_id, _columns(wish), by, now)
        if held.state == wish.state.number:
            return webhook_id
    else:
        webhook_id = await sql.insert(context.db, _columns(wish), by, now)
    await enqueue_state_event(context, await load_webhook(context, webhook_id))
    return webhook_id


async def _apply_posted(context: RequestContext, stored: Hook | None, posted: Webhook) -> Webhook:
    """What was posted over what there is; BadValue for what can't be."""
    under = await webhook_carrier(context, stored) if stored else blank()
    wish = merge_posted(context, under, posted, new=stored is None)
    emails = wish.error_emails
    older = wish.errors_email
    if older not in ("", under.errors_email) and emails == under.error_emails:
        emails = older.replace(";", ",").split(",")
    wish = replace(
        wish,
        type=wish.type or "webhook",
        state=under.state if wish.state is WebhookState.Unknown else wish.state,
        headers={name: value for name, value in wish.headers.items() if value},
        error_emails=[email.strip() for email in emails if email.strip()],
    )
    if wish.state is WebhookState.TooManyErrors and wish.state is not under.state:
        raise BadValue("State", "only the desk sets TooManyErrors")
    check(context.settings, wish)
    known = await context.get_cached(load_associates)
    for item in wish.error_associates:
        if item.id not in known:
            raise BadValue("ErrorAssociates", f"{item.id} does not exist")
    return wish


async def _call_receiver(
    context: RequestContext, wish: Webhook, stored: Hook | None
) -> CallResponse:
    """What the receiver says to a test."""
    kept = stored.secret if stored else ""
    news = WebhookEvent(
        name="test",
        event="test",
        entity="test",
        primary_key=0,
        associate_id=context.user.associate_id,
        happened=context.now,
    )
    event_id = uuid4()
    return await call(
        WebhookTarget(
            url=wish.target_url,
            headers=wish.headers,
            secret=kept if wish.secret is None else wish.secret,
        ),
        "test",
        str(event_id),
        error_body(news, event_id, wish.name, wish.properties),
        more=TEST_HEADERS,
        by=client_for(context.settings),
    )


def _columns(wish: Webhook) -> sql.WebhookColumns:
    return sql.WebhookColumns(
        name=wish.name,
        events=wish.events,
        target_url=wish.target_url,
        secret=wish.secret,
        state=wish.state.number,
        headers=wish.headers,
        properties=wish.properties,
        error_emails=wish.error_emails,
        error_associates=[item.id for item in wish.error_associates],
        description=wish.description,
        notify_via=wish.notify_via.number,
        notify_when=wish.notify_when.number,
    )
