"""What tickets do by themselves, in the order of the vendor's cron page."""

from skranke.core.jobs.registry import no_due_time, periodic_job
from skranke.tickets.escalation import due, recalculate
from skranke.tickets.escalation.reopen_postponed import reopen
from skranke.tickets.escalation.service import escalate

# before escalating, as a level may have been put off; few at once, as a save that
# comes while its ticket is claimed waits for the last of them
RECALCULATE_JOB = periodic_job(
    "recalculate",
    order=0,
    due=recalculate.claim_queued,
    next_due=no_due_time,
    at_once=True,
    batch=10,
)(recalculate.recalculate_ticket)
REOPEN_JOB = periodic_job(
    "activate", order=1, due=due.claim_postponed, next_due=due.next_reopening
)(reopen)
ESCALATE_JOB = periodic_job(
    "escalate", order=3, due=due.claim_escalations, next_due=due.next_escalation
)(escalate)
