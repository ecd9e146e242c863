"""A ticket type, as a ticket shows it and as the lists do."""

from msgspec import field

from skranke.core.schema import Carrier, FieldProperties, Int32, ListText, TableRight


class TicketType(Carrier):
    ticket_type_id: Int32 = 0
    name: ListText = ""
    icon: str = ""
    default_ticket_status: Int32 = 0
    default_ticket_priority: Int32 = 0
    is_default: bool = False
    show_in_new: bool = False
    exclude_signature: bool = False
    exclude_email_recipients: bool = False
    external_as_default: bool = False
    visible_for_groups: list[Int32] = field(default_factory=list)
    reply_forward_no_signature: bool = False
    reply_external_as_default: bool = False
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class TicketTypeEntity(Carrier):
    ticket_type_id: Int32 = 0
    name: ListText = ""
    rank: Int32 = 0
    tooltip: ListText = ""
    icon: str = ""
    default_ticket_status: Int32 = 0
    ticket_statuses: list[Int32] = field(default_factory=list)
    default_ticket_priority: Int32 = 0
    ticket_priorities: list[Int32] = field(default_factory=list)
    reply_template: Int32 = 0
    is_external_visible: bool = False
    is_default: bool = False
    show_in_new: bool = False
    exclude_signature: bool = False
    exclude_email_recipients: bool = False
    external_as_default: bool = False
    visible_for_groups: list[Int32] = field(default_factory=list)
    reply_forward_no_signature: bool = False
    reply_external_as_default: bool = False
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)
