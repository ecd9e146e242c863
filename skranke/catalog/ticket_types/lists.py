"""The list of ticket types, and the limit that a type sets to other lists.

Source: reference, MDO list tickettype, and the attribute ticketType of others.
"""

from skranke.archive.mdo.carriers import MDOListItem
from skranke.archive.mdo.providers import ListQuery, mdo_list
from skranke.catalog.ticket_types.sql import AllowedType, load_ticket_types
from skranke.core.context import CurrentUser, Permission, RequestContext


@mdo_list("tickettype", 9)
async def tickettype(context: RequestContext, asked: ListQuery) -> list[MDOListItem]:
    """The types by rank; one that is for certain groups only to their members."""
    known = await context.get_cached(load_ticket_types)
    return [
        MDOListItem(
            id=type_id,
            name=t.carrier.name,
            tool_tip=t.entity.tooltip,
            rank=t.entity.rank,
            icon_hint=t.carrier.icon,
            deleted=t.deleted,
        )
        for type_id, t in known.items()
        if asked.ids is not None or is_offered_to(t, context.user)
    ]


def is_offered_to(ticket_type: AllowedType, user: CurrentUser) -> bool:
    """Whether the caller may pick this type: VisibleForGroups, none meaning all."""
    groups = ticket_type.carrier.visible_for_groups
    if not groups or Permission.ADMINISTER in user.permissions:
        return True
    return not user.group_ids.isdisjoint(groups)


async def requested_type(context: RequestContext, asked: ListQuery) -> AllowedType | None:
    """The type that the attribute `ticketType=<id>` names, if there is one."""
    known = await context.get_cached(load_ticket_types)
    return known.get(asked.number("ticketType") or 0)
