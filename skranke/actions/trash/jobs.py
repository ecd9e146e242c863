"""What has lain in the bin for long enough is removed."""

from skranke.actions.trash.purge import purge
from skranke.core.jobs.registry import periodic_job
from skranke.tickets.escalation import due

PURGE_JOB = periodic_job("purge", order=6, due=due.claim_purgeable, next_due=due.next_purge)(purge)
