"""A postponed ticket that has waited long enough is open again.

Source: status Postponed and Activate of TicketEntity; log action TicketActivated.
"""

from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.core.context import RequestContext
from skranke.tickets.carriers import TicketReadStatus
from skranke.tickets.reference_data import Choices
from skranke.tickets.row import TicketRow
from skranke.tickets.save import status_rules
from skranke.tickets.save.context import Purpose
from skranke.tickets.save.update import revise

ACTIVATED = 8  # TicketLogAction


async def wake(context: RequestContext, ticket_id: int) -> bool:
    """Open a ticket whose Activate has come; False where that isn't so (any more).

    To an owner who had read it that is news. Without Activate a ticket waits until
    somebody opens it.
    """

    def woken(row: TicketRow, lists: Choices) -> Purpose | None:
        waits = row.activate is None or row.activate > context.now
        if row.status != Base.Postponed.number or waits:
            return None
        kind = lists.types[row.ticket_type]
        status_rules.enter_default(row, Base.Active, lists.statuses, kind)
        row.activate = None
        if row.read_status == TicketReadStatus.Green.number:
            row.read_status = TicketReadStatus.Yellow.number
        return Purpose(action=ACTIVATED)

    revised = await revise(context, ticket_id, woken)
    return revised is not None and revised.changed
