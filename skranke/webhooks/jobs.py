"""Deliveries leave, and are forgotten a month after."""

from datetime import timedelta

from skranke.core.jobs.registry import errand
from skranke.core.jobs.retention import forget
from skranke.webhooks import deliveries
from skranke.webhooks.delivering import deliver

WEBHOOKS = errand("webhooks", order=92, due=deliveries.lease, next_due=deliveries.next_due)(deliver)

forget(
    "forget deliveries",
    order=42,
    table="webhook_delivery",
    over="status <> 0",
    since="began",
    kept=timedelta(days=30),
)
