"""The agents for time zones and for overridden resources.

Source: reference, TimeZone and Resource agents.
"""

from skranke.core import zones
from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.i18n.carriers import PreferredTimeZone, ResourceOverride
from skranke.http.i18n.rules import offsets
from skranke.http.operation import operation


@operation("TimeZone", permission=Permission.SIGNED_IN, transaction=False)
async def get_base_time_zone_id(context: RequestContext) -> Int32:
    """The id of the base zone; 0 where it is known by its IANA name only."""
    return zones.iana_zone(context.settings.timezone).zone_id


@operation("TimeZone", permission=Permission.SIGNED_IN, transaction=False)
async def get_default_time_zone_information(context: RequestContext) -> PreferredTimeZone:
    """The base zone: users have no zone of their own here, so no preference either."""
    zone = zones.iana_zone(context.settings.timezone)
    return PreferredTimeZone(
        tz_location_id=zone.zone_id,
        location_code=zone.code,
        description=zone.name,
        country=zone.country,
        bias=-offsets(zone.info, context.now.year)[0],
    )


@operation("Resource", permission=Permission.SIGNED_IN, transaction=False)
async def get_resource_substitutions(
    context: RequestContext, resource_names: list[str], culture: str, active_only: bool
) -> list[ResourceOverride]:
    """What stands in for resources: nothing, they can't be overridden here."""
    _ = context, resource_names, culture, active_only
    return []
