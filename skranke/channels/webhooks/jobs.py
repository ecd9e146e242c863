"""Deliveries leave, and are forgotten a month after."""

from datetime import timedelta

from skranke.channels.webhooks import deliveries
from skranke.channels.webhooks.deliver import deliver
from skranke.core.jobs.registry import background_task
from skranke.core.jobs.retention import forget

WEBHOOKS = background_task(
    "webhooks", order=92, due=deliveries.lease, next_due=deliveries.next_due
)(deliver)

forget(
    "forget deliveries",
    order=42,
    table="webhook_delivery",
    over="status <> 0",
    since="began",
    kept=timedelta(days=30),
)
