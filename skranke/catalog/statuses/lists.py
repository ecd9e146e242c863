"""The list of base statuses and the list of the statuses under them.

The reference names ticketstatus for both properties of a ticket, yet that list holds
the base statuses; the user's own are in ticketticketstatus. Source: reference, MDO
lists ticketstatus, ticketticketstatus and ticketstatuswithpostpone.
"""

from skranke.archive.mdo.carriers import MDOListItem
from skranke.archive.mdo.providers import ListQuery, mdo_list
from skranke.catalog.statuses.carriers import TicketBaseStatus
from skranke.catalog.statuses.sql import load_statuses
from skranke.catalog.ticket_types.lists import requested_type
from skranke.core.context import RequestContext

BASE_NAMES = {
    TicketBaseStatus.Active: "Open",
    TicketBaseStatus.Closed: "Closed",
    TicketBaseStatus.Postponed: "Postponed",
    TicketBaseStatus.Deleted: "Deleted",
    TicketBaseStatus.Merged: "Merged",
}
NORMAL_BASES = frozenset({TicketBaseStatus.Active, TicketBaseStatus.Closed})
NORMAL_AND_POSTPONED_BASES = NORMAL_BASES | {TicketBaseStatus.Postponed}


@mdo_list("ticketstatus", 7)
async def ticketstatus(context: RequestContext, asked: ListQuery) -> list[MDOListItem]:
    """The five base statuses by number; the extra info is the enum's name."""
    return [
        MDOListItem(id=base.number, name=name, extra_info=base.value)
        for base, name in BASE_NAMES.items()
    ]


@mdo_list("ticketticketstatus", 8)
async def ticketticketstatus(context: RequestContext, asked: ListQuery) -> list[MDOListItem]:
    """The statuses by name; the extra info is the base status's number.

    `onlyNormal` keeps open and closed ones, `onlyNormalWithPostponed` postponed ones
    too, `ticketType=<id>` those that the type allows.
    """
    known = await context.get_cached(load_statuses)
    limit = await requested_type(context, asked)
    allowed = limit.statuses if limit else frozenset[int]()
    bases = _requested_bases(asked)
    found = [
        MDOListItem(
            id=status_id,
            name=status.name,
            extra_info=str(status.status.number),
            deleted=status_id in known.deleted,
        )
        for status_id, status in known.by_id.items()
        if (not allowed or status_id in allowed) and status.status in bases
    ]
    return sorted(found, key=lambda item: (item.name.casefold(), item.id))


def _requested_bases(asked: ListQuery) -> frozenset[TicketBaseStatus]:
    if asked.has("onlyNormalWithPostponed"):
        return NORMAL_AND_POSTPONED_BASES
    return NORMAL_BASES if asked.has("onlyNormal") else frozenset(TicketBaseStatus)
