"""What tickets do by themselves, in the order of the vendor's cron page."""

from skranke.core.jobs.registry import never, periodic_job
from skranke.tickets.escalation import due, recalculate
from skranke.tickets.escalation.reopen_postponed import wake
from skranke.tickets.escalation.service import escalate

# before escalating, as a level may have been put off; few at once, as a save that
# comes while its ticket is claimed waits for the last of them
RECALCULATING = periodic_job(
    "recalculate", order=0, due=recalculate.queued, next_due=never, at_once=True, batch=10
)(recalculate.recalculate)
WAKING = periodic_job("activate", order=1, due=due.to_wake, next_due=due.next_to_wake)(wake)
ESCALATING = periodic_job("escalate", order=3, due=due.to_escalate, next_due=due.next_to_escalate)(
    escalate
)
