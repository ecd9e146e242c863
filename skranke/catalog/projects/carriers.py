"""A project, as a ticket shows it."""

from msgspec import field

from skranke.core.schema import Carrier, FieldProperties, Instant, Int32, ListText, TableRight


class Project(Carrier):
    project_id: Int32 = 0
    name: str = ""
    description: str = ""
    url: str = field(name="URL", default="")
    type: ListText = ""
    associate_id: Int32 = 0
    associate_full_name: str = ""
    type_id: Int32 = 0
    updated: Instant = None
    status_id: Int32 = 0
    status: ListText = ""
    text_id: Int32 = 0
    publish_to: Instant = None
    publish_from: Instant = None
    is_published: bool = False
    url_name: str = field(name="URLName", default="")
    project_number: str = ""
    active_erp_links: Int32 = 0
    event_id: Int32 = 0
    start_date: Instant = None
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)
