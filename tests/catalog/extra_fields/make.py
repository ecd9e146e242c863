"""Extra fields for tests."""

from skranke.catalog.extra_fields.encoding import Field, FieldType


def make_field(
    type: FieldType, name: str = "x_field", size: int = 0, default_value: str = ""
) -> Field:
    """A field of tickets with this type."""
    return Field(
        id=1,
        domain="ticket",
        field_name=name,
        name="Field",
        type=type,
        size=size,
        default_value=default_value,
    )


def by_name(*fields: Field) -> dict[str, Field]:
    """The fields as `definitions` yields them for one domain."""
    return {field.field_name.lower(): field for field in fields}


EACH = by_name(
    make_field("string", "x_Site", 20, "Bergen"),
    make_field("int", "x_count", default_value="3"),
    make_field("bool", "x_paid", default_value="True"),
    make_field("decimal", "x_hours", default_value="0.5"),
    make_field("date", "x_bought", default_value="[D:01/31/2026]"),
    make_field("datetime", "x_seen"),
    make_field("time", "x_call_at", default_value="08:30"),
    make_field("timespan", "x_travel", default_value="[TS:900]"),
)
