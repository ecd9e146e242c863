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
    """The id of the base zone; 0 if it has only an IANA name."""
    return zones.iana_zone(context.settings.timezone).zone_id


@operation("TimeZone", permission=Permission.SIGNED_IN, transaction=False)
async def get_default_time_zone_information(context: RequestContext) -> PreferredTimeZone:
    """The base zone; PreferenceId is always 0, as users have no zone of their own."""
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
    """Always empty: resources cannot be overridden."""
    _ = context, resource_names, culture, active_only
    return []
