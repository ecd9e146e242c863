"""What tickets do by themselves, in the order of the vendor's cron page."""

from skranke.jobs.periodic import job
from skranke.tickets import due
from skranke.tickets.escalating import escalate
from skranke.tickets.purging import purge
from skranke.tickets.waking import wake

WAKING = job("activate", order=1, due=due.to_wake, next_due=due.next_to_wake)(wake)
ESCALATING = job(
    "escalate", order=3, due=due.to_escalate, next_due=due.next_to_escalate
)(escalate)
PURGING = job("purge", order=6, due=due.to_purge, next_due=due.next_to_purge)(purge)
