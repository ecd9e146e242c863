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
from skranke.channels.webhooks.enqueue import tell_state
from skranke.channels.webhooks.failure_mail import alarm
from skranke.channels.webhooks.http_call import GONE, Answer, by_settings, post
from skranke.channels.webhooks.sql import Hook
from skranke.core.app_state import AppState
from skranke.core.context import RequestContext
from skranke.core.jobs.worker import context_for
from skranke.db.database import transaction

log = logging.getLogger("skranke.channels.webhooks")
EXACT = tuple(timedelta(seconds=s) for s in (1, 4))
RELIABLE = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 1800, 3600, 7200, 14400))
GIVE_UP = timedelta(days=3)  # of reliable delivery; the last wait is repeated
DROPPED_AT_MOST = 3  # events in a row
LONGEST_ERROR = 4000  # characters of an answer that are kept
NOT_ACTIVE = "The webhook is not active."


async def deliver(state: AppState, delivery_id: int) -> None:
    """Try once to deliver, and note what came of it."""
    async with transaction(state.pool) as db:
        delivery = await deliveries.waiting(db, delivery_id)
        hook = await sql.hook(db, delivery.webhook_id) if delivery else None
    if delivery is None or hook is None:
        return
    answer = await _tried(state, hook, delivery) if hook.state == sql.ACTIVE else None
    async with transaction(state.pool) as db:
        await state.cache.refresh(db)
        await _note(context_for(state, db), hook, delivery, answer)


async def _tried(state: AppState, hook: Hook, delivery: Delivery) -> Answer:
    return await post(
        hook.target,
        delivery.event,
        delivery.event_id,
        delivery.body,
        retry=delivery.attempts - 1,
        by=by_settings(state.settings),
    )


async def _note(
    context: RequestContext, hook: Hook, delivery: Delivery, answer: Answer | None
) -> None:
    """Keep what came of an attempt; None where the hook was not to be called."""
    if answer is None:
        await deliveries.finish(context.db, delivery, FAILED, 0, NOT_ACTIVE)
    elif answer.is_success:
        await sql.count_success(context.db, hook.webhook_id)
        await deliveries.finish(context.db, delivery, DELIVERED, answer.status, "")
    else:
        await _failed(context, hook.is_reliable, delivery, answer)


async def _failed(
    context: RequestContext, reliable: bool, delivery: Delivery, answer: Answer
) -> None:
    again = None if answer.status == GONE else _again(context.now, delivery, reliable)
    error = answer.text.replace("\0", "")[:LONGEST_ERROR]
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
        await deliveries.put_off(context.db, delivery, again, answer.status, error)
        return
    await deliveries.finish(context.db, delivery, FAILED, answer.status, error)
    dropped = hook.consecutive_errors
    if answer.status == GONE or (not reliable and dropped >= DROPPED_AT_MOST):
        await _disable(context, delivery)
    elif dropped == 1:
        await alarm(context, hook, WebhookNotifyWhen.FirstFailure, delivery.event_id)


def _again(now: datetime, delivery: Delivery, reliable: bool) -> datetime | None:
    """When the next attempt is; None where there is to be none."""
    made = delivery.attempts
    if not reliable:
        return now + EXACT[made - 1] if made <= len(EXACT) else None
    return None if now - delivery.began >= GIVE_UP else now + RELIABLE[min(made, len(RELIABLE)) - 1]


async def _disable(context: RequestContext, delivery: Delivery) -> None:
    """Call the hook no more, and tell those who are to know; once."""
    if not await sql.disable(context.db, delivery.webhook_id):
        return
    hook = await sql.hook(context.db, delivery.webhook_id)
    if hook is not None:
        await tell_state(context, hook)
        await alarm(context, hook, WebhookNotifyWhen.Disabling, delivery.event_id)
