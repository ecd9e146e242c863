"""Sends the drafts whose time has come."""

from skranke.actions.bulk.actions import as_user
from skranke.actions.send.operations import deliver
from skranke.channels.live.sql import record
from skranke.core.context import RequestContext
from skranke.core.errors import ApiError
from skranke.core.jobs.registry import periodic_job
from skranke.messages.drafts import sql

SEND_FAILED_EVENT = "draft.failed"


@periodic_job("send_drafts", order=36, due=sql.due, next_due=sql.next_due, at_once=True)
async def send_draft(context: RequestContext, draft_id: int) -> None:
    """Send one draft as its author; where that is refused, it stays with the reason."""
    associate_id, draft = await sql.load_for_sending(context.db, draft_id)
    try:
        async with context.db.transaction():
            await sql.remove(context.db, draft_id)
            await deliver(await as_user(context, associate_id), draft)
    except ApiError as error:
        await sql.set_send_at(context.db, draft_id, None, error.message)
        await record(context.db, [(SEND_FAILED_EVENT, draft.ticket_id, associate_id)])
