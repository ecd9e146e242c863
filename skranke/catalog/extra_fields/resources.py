"""`/api/v1/Ticket/CustomField`: the extra fields that tickets have."""

from skranke.catalog.extra_fields.carriers import CustomFieldInfo
from skranke.catalog.extra_fields.encoding import Field
from skranke.catalog.extra_fields.sql import load_definitions
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import NotFound
from skranke.http.operation import resource

ENTITY_NAME = "TicketEntity"


@resource(
    "GET",
    "/api/v1/Ticket/CustomField",
    permission=Permission.READ,
    about=ENTITY_NAME,
    name="GetCustomFieldInfos",
)
async def get_custom_fields(context: RequestContext) -> list[CustomFieldInfo]:
    """The extra fields of tickets, in the order of their definition."""
    return [_info(field) for field in (await _ticket_fields(context)).values()]


@resource(
    "GET",
    "/api/v1/Ticket/CustomField/{field_name}",
    permission=Permission.READ,
    about=ENTITY_NAME,
    name="GetCustomFieldInfo",
)
async def get_custom_field(context: RequestContext, field_name: str) -> CustomFieldInfo:
    """An extra field of tickets, by its name in any case; NotFound without one."""
    field = (await _ticket_fields(context)).get(field_name.lower())
    if field is None:
        raise NotFound(f"CustomField {field_name} not found")
    return _info(field)


async def _ticket_fields(context: RequestContext) -> dict[str, Field]:
    return (await context.get_cached(load_definitions)).get("ticket", {})


def _info(field: Field) -> CustomFieldInfo:
    return CustomFieldInfo(
        field_name=field.field_name,
        display_name=field.name,
        field_type=field.type,
        max_length=field.size,
        default_value=field.default_value,
    )
