"""Relations between tickets, as the wire has them."""

from typing import Annotated

from msgspec import Meta, field

from skranke.catalog.statuses.carriers import TicketBaseStatus
from skranke.core.enums import WireEnum
from skranke.core.schema import Carrier, FieldProperties, Instant, Int32, ListText, TableRight
from skranke.tickets.message_rows import TicketSecurityLevel


class TicketRelationType(WireEnum):
    Related = "Related", 0
    Parent = "Parent", 1
    Child = "Child", 2


class TicketRelationError(WireEnum):
    ParentExists = "ParentExists", 0
    RelationExists = "RelationExists", 1
    SameTicket = "SameTicket", 2


class TicketRelationEntity(Carrier):
    ticket_relation_id: Int32 = 0
    source_ticket_id: Int32 = 0
    destination_ticket_id: Int32 = 0
    relation_type: TicketRelationType = TicketRelationType.Related
    comment: Annotated[str, Meta(max_length=255)] = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class TicketRelationItem(Carrier):
    ticket_relation_id: Int32 = 0
    relation_type: TicketRelationType = TicketRelationType.Related
    relation_comment: str = ""
    has_parent: bool = False
    child_count: Int32 = 0
    related_count: Int32 = 0
    relation_created_at: Instant = None
    ticket_id: Int32 = 0
    title: str = ""
    icon_hint: str = ""
    cust_id: Int32 = 0
    person_fullname: str = ""
    contact_id: Int32 = 0
    contact_name: str = ""
    base_status: TicketBaseStatus = TicketBaseStatus.Unknown
    ticket_status: Int32 = 0
    ticket_status_display_value: ListText = ""
    ticket_created_at: Instant = None


class TicketRelationResult(Carrier):
    source_ticket_id: Int32 = 0
    is_valid: bool = False
    relation_error: TicketRelationError = TicketRelationError.ParentExists
    error_message: str = ""


class TicketRelationActionChild(Carrier):
    ticket_id: Int32 = 0
    slevel: TicketSecurityLevel = TicketSecurityLevel.Unknown
    email_address: str = ""


class TicketRelationAction(Carrier):
    ticket_id_to_close: Int32 = 0
    is_parent_required: bool = False
    can_close_current_ticket: bool = False
    children: list[TicketRelationActionChild] = field(default_factory=list)


class TicketRelationDefinitionEntity(Carrier):
    ticket_relation_def_id: Int32 = 0
    name: Annotated[str, Meta(max_length=255)] = ""
    description: str = ""
    rank: Int32 = 0
    relation_type: TicketRelationType = TicketRelationType.Related
    is_built_in: bool = False
    is_parent_mandatory: bool = False
    is_close_parent_with_child: bool = False
    is_prevent_closing_parent: bool = False
    is_close_with_parent: bool = False
    source_ticket_types: list[Int32] = field(default_factory=list)
    destination_ticket_types: list[Int32] = field(default_factory=list)
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class TicketRelationDefinitionResult(Carrier):
    source_ticket_type_id: Int32 = 0
    destination_ticket_type_id: Int32 = 0
    is_valid: bool = False
    existing_relation_definition_name: str = ""
