"""Batches are done ticket by ticket; one that can't be done is told and passed over."""

from skranke.actions.bulk import actions, sql
from skranke.core.context import Call
from skranke.core.errors import Refusal
from skranke.core.jobs.registry import job, never


@job("batches", order=80, due=sql.open_items, next_due=never, at_once=True)
async def do(call: Call, item_id: int) -> None:
    """Do one ticket of a batch; a refusal becomes its error and changes nothing."""
    item = await sql.item(call.db, item_id)
    error = ""
    try:
        async with call.db.transaction():
            user = await actions.as_user(call, item.associate_id)
            await actions.do(user, item.kind, item.ticket_id, item.data)
    except Refusal as refusal:
        error = refusal.sentence
    await sql.finish(call.db, item_id, call.now, error)
