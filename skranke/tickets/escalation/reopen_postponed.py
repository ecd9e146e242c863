"""A postponed ticket that has waited long enough is open again.

Source: status Postponed and Activate of TicketEntity; log action TicketActivated.
"""

from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.core.context import RequestContext
from skranke.tickets.carriers import TicketReadStatus
from skranke.tickets.reference_data import ReferenceData
from skranke.tickets.row import TicketRow
from skranke.tickets.save import status_rules
from skranke.tickets.save.context import SaveReason
from skranke.tickets.save.update import update_ticket

TICKET_ACTIVATED = 8  # TicketLogAction


async def reopen(context: RequestContext, ticket_id: int) -> bool:
    """Open a ticket whose Activate has come; False where that isn't so (any more).

    To an owner who had read it that is news. Without Activate a ticket waits until
    somebody opens it.
    """

    def reopen_row(row: TicketRow, lists: ReferenceData) -> SaveReason | None:
        waits = row.activate is None or row.activate > context.now
        if row.status != Base.Postponed.number or waits:
            return None
        kind = lists.types[row.ticket_type]
        status_rules.set_base_status(row, Base.Active, lists.statuses, kind)
        row.activate = None
        if row.read_status == TicketReadStatus.Green.number:
            row.read_status = TicketReadStatus.Yellow.number
        return SaveReason(action=TICKET_ACTIVATED)

    revised = await update_ticket(context, ticket_id, reopen_row)
    return revised is not None and revised.has_changed
