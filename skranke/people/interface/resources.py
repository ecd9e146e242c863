"""`/api/v1/User/interfaceSettings`: how the caller wants the pages. Ours."""

from zoneinfo import available_timezones

from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue
from skranke.core.languages import language_of
from skranke.http.operation import resource
from skranke.people.interface import sql
from skranke.people.interface.carriers import InterfaceSettings

CHOICES = {
    "Theme": ("system", "light", "dark"),
    "Contrast": ("system", "more"),
    "Density": ("roomy", "dense"),
}
ZONES = available_timezones()


@resource("GET", "/api/v1/User/interfaceSettings", permission=Permission.SIGNED_IN)
async def get_interface_settings(context: RequestContext) -> InterfaceSettings:
    """The caller's settings of the pages; the defaults where nothing was chosen."""
    return await sql.load(context.db, context.user.associate_id)


@resource(
    "PUT", "/api/v1/User/interfaceSettings", permission=Permission.SIGNED_IN, transaction=True
)
async def put_interface_settings(
    context: RequestContext, settings: InterfaceSettings
) -> InterfaceSettings:
    """The caller's settings as they are saved; what the body lacks becomes its default.

    BadValue for a language, zone, theme, contrast or density that doesn't exist.
    """
    if settings.language and language_of(settings.language) is None:
        raise BadValue("Language", f"{settings.language[:20]!r} is not a known language")
    if settings.zone and settings.zone not in ZONES:
        raise BadValue("Zone", f"{settings.zone[:60]!r} is not an IANA time zone")
    chosen = {"Theme": settings.theme, "Contrast": settings.contrast, "Density": settings.density}
    for name, value in chosen.items():
        if value not in CHOICES[name]:
            raise BadValue(name, f"{value[:20]!r} is not one of {', '.join(CHOICES[name])}")
    await sql.store(context.db, context.user.associate_id, settings)
    return settings
