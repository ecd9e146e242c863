"""Letters leave, and are forgotten a month after."""

from datetime import timedelta

from skranke.channels.mail import sql
from skranke.channels.mail.deliver import deliver
from skranke.core.jobs.registry import background_task
from skranke.core.jobs.retention import purge_after

MAIL_TASK = background_task("mail", order=91, due=sql.lease, next_due=sql.next_due)(deliver)

purge_after(
    "forget letters",
    order=41,
    table="outbox",
    finished="status IN (1, 2)",
    since="created",
    keep_for=timedelta(days=30),
)
