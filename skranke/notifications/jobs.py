"""What was told is forgotten at night. Source: the manual on notifications."""

from skranke.jobs.periodic import job
from skranke.notifications import sql
from skranke.wire.call import Call


@job("forget notifications", order=40, due=sql.expired, next_due=sql.next_expired,
     batch=1000)  # fmt: skip
async def forget(call: Call, notify_id: int) -> None:
    """Remove a notification that has had its day."""
    await sql.forget(call.db, [notify_id])
