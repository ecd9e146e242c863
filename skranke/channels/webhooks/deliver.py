"""One attempt to deliver, and what follows from how it went.

"Exact" is what the reference says: three attempts, at once, a second and four seconds
later; then the event is dropped, and after three dropped in a row, which are nine
attempts, the hook is disabled. "Reliable" goes on for days, later and later; what it
gives up stays as a dead letter that can be replayed, and the hook stays active. In
either mode 410 Gone disables at once. Source: reference, error handling for webhooks;
RFC 9110, section 15.5.11.
"""

import logging
from datetime import datetime, timedelta

from skranke.channels.webhooks import deliveries, sql
from skranke.channels.webhooks.carriers import WebhookNotifyWhen
from skranke.channels.webhooks.deliveries import DELIVERED, FAILED, Delivery
from skranke.channels.webhooks.enqueue import enqueue_state_event
from skranke.channels.webhooks.failure_mail import send_failure_mail
from skranke.channels.webhooks.http_call import HTTP_GONE, CallResponse, call, client_for
from skranke.channels.webhooks.sql import Hook
from skranke.core.app_state import AppState
from skranke.core.context import RequestContext
from skranke.core.jobs.worker import context_for
from skranke.db.database import transaction

log = logging.getLogger("skranke.channels.webhooks")
EXACT_DELAYS = tuple(timedelta(seconds=s) for s in (1, 4))
RELIABLE_DELAYS = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 1800, 3600, 7200, 14400))
GIVE_UP_AFTER = timedelta(days=3)  # of reliable delivery; the last wait is repeated
DROPPED_AT_MOST = 3  # events in a row
MAX_ERROR_CHARACTERS = 4000  # characters of an answer that are kept
NOT_ACTIVE_ERROR = "The webhook is not active."


async def deliver(state: AppState, delivery_id: int) -> None:
    """Try once to deliver, and note what came of it."""
    async with transaction(state.pool) as db:
        delivery = await deliveries.load_waiting(db, delivery_id)
        hook = await sql.load_hook(db, delivery.webhook_id) if delivery else None
    if delivery is None or hook is None:
        return
    answer = await _attempt(state, hook, delivery) if hook.state == sql.ACTIVE else None
    async with transaction(state.pool) as db:
        await state.cache.refresh(db)
        await _record(context_for(state, db), hook, delivery, answer)


async def _attempt(state: AppState, hook: Hook, delivery: Delivery) -> CallResponse:
    return await call(
        hook.target,
        delivery.event,
        delivery.event_id,
        delivery.body,
        retry=delivery.attempts - 1,
        by=client_for(state.settings),
    )


async def _record(
    context: RequestContext, hook: Hook, delivery: Delivery, answer: CallResponse | None
) -> None:
    """Keep what came of an attempt; None where the hook was not to be called."""
    if answer is None:
        await deliveries.finish(context.db, delivery, FAILED, 0, NOT_ACTIVE_ERROR)
    elif answer.is_success:
        await sql.count_success(context.db, hook.webhook_id)
        await deliveries.finish(context.db, delivery, DELIVERED, answer.status, "")
    else:
        await _record_failure(context, hook.is_reliable, delivery, answer)


async def _record_failure(
    context: RequestContext, reliable: bool, delivery: Delivery, answer: CallResponse
) -> None:
    again = None if answer.status == HTTP_GONE else _next_attempt(context.now, delivery, reliable)
    error = answer.text.replace("\0", "")[:MAX_ERROR_CHARACTERS]
    # the hook's row before the delivery's, as a deletion takes them
    hook = await sql.count_failure(context.db, delivery.webhook_id, error, given_up=again is None)
    if hook is None:
        return
    log.info(
        "Webhook %d: %s is not delivered, answer %d",
        hook.webhook_id,
        delivery.event_id,
        answer.status,
    )
    if again:
        await deliveries.postpone(context.db, delivery, again, answer.status, error)
        return
    await deliveries.finish(context.db, delivery, FAILED, answer.status, error)
    dropped = hook.consecutive_errors
    if answer.status == HTTP_GONE or (not reliable and dropped >= DROPPED_AT_MOST):
        await _disable(context, delivery)
    elif dropped == 1:
        await send_failure_mail(context, hook, WebhookNotifyWhen.FirstFailure, delivery.event_id)


def _next_attempt(now: datetime, delivery: Delivery, reliable: bool) -> datetime | None:
    """When the next attempt is; None where there is to be none."""
    made = delivery.attempts
    if not reliable:
        return now + EXACT_DELAYS[made - 1] if made <= len(EXACT_DELAYS) else None
    return (
        None
        if now - delivery.began >= GIVE_UP_AFTER
        else now + RELIABLE_DELAYS[min(made, len(RELIABLE_DELAYS)) - 1]
    )


async def _disable(context: RequestContext, delivery: Delivery) -> None:
    """Call the hook no more, and tell those who are to know; once."""
    if not await sql.disable(context.db, delivery.webhook_id):
        return
    hook = await sql.load_hook(context.db, delivery.webhook_id)
    if hook is not None:
        await enqueue_state_event(context, hook)
        await send_failure_mail(context, hook, WebhookNotifyWhen.Disabling, delivery.event_id)
