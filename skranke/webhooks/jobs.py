"""Deliveries leave, and are forgotten a month after."""

from skranke.jobs.periodic import errand, job
from skranke.webhooks import deliveries
from skranke.webhooks.delivering import deliver
from skranke.wire.call import Call

WEBHOOKS = errand(
    "webhooks", order=92, due=deliveries.lease, next_due=deliveries.next_due
)(deliver)


@job("forget deliveries", order=42, due=deliveries.over, next_due=deliveries.next_over,
     together=lambda call, ids: deliveries.delete(call.db, ids), batch=500)  # fmt: skip
async def forget(call: Call, delivery_id: int) -> None:
    """Remove a delivery that is over."""
    await deliveries.delete(call.db, [delivery_id])
