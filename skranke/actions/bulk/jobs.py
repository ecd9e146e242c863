"""Batches are done ticket by ticket; one that can't be done is told and passed over."""

from skranke.actions.bulk import actions, sql
from skranke.core.context import RequestContext
from skranke.core.errors import ApiError
from skranke.core.jobs.registry import no_due_time, periodic_job


@periodic_job("batches", order=80, due=sql.claim_items, next_due=no_due_time, at_once=True)
async def process_item(context: RequestContext, item_id: int) -> None:
    """Do one ticket of a batch; a refusal becomes its error and changes nothing."""
    item = await sql.load_item(context.db, item_id)
    error = ""
    try:
        async with context.db.transaction():
            user = await actions.as_user(context, item.associate_id)
            await actions.apply_action(user, item.kind, item.ticket_id, item.data)
    except ApiError as refusal:
        error = refusal.message
    await sql.finish(context.db, item_id, context.now, error)
