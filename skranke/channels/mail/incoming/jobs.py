"""Mails of the ledger come to their ends; their bytes are forgotten after a month."""

from datetime import timedelta

from skranke.channels.mail.incoming import fetch, ledger
from skranke.channels.mail.incoming.processing import process_mail
from skranke.core.jobs.registry import background_task
from skranke.core.jobs.retention import purge_after

MAIL_IN = background_task("mail in", order=89, due=ledger.lease, next_due=ledger.next_due)(
    process_mail
)
FETCH = background_task("fetch mail", order=88, due=fetch.lease, next_due=fetch.next_due)(
    fetch.fetch_mailbox
)

purge_after(
    "forget the bytes of mails",
    order=45,
    table="inbound_raw",
    finished="""NOT EXISTS (SELECT FROM inbound i WHERE i.id = inbound_raw.id
        AND i.state IN ('received', 'blocked', 'quarantined'))""",
    since="kept_since",
    keep_for=timedelta(days=30),
)
