"""Deliveries leave, and are forgotten a month after."""

from datetime import timedelta

from skranke.channels.webhooks import deliveries
from skranke.channels.webhooks.deliver import deliver
from skranke.core.jobs.registry import background_task
from skranke.core.jobs.retention import purge_after

WEBHOOKS = background_task(
    "webhooks", order=92, due=deliveries.lease, next_due=deliveries.next_due
)(deliver)

purge_after(
    "forget deliveries",
    order=42,
    table="webhook_delivery",
    finished="status <> 0",
    since="began",
    keep_for=timedelta(days=30),
)
