"""Letters leave, and are forgotten a month after."""

from skranke.jobs.periodic import errand, job
from skranke.mail import sql
from skranke.mail.delivering import deliver
from skranke.wire.call import Call

MAIL = errand("mail", order=91, due=sql.lease, next_due=sql.next_due)(deliver)


@job("forget letters", order=41, due=sql.over, next_due=sql.next_over)
async def forget(call: Call, outbox_id: int) -> None:
    """Remove a letter that is over."""
    await sql.delete(call.db, [outbox_id])
