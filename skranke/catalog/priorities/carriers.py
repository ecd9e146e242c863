"""A priority with its office hours and escalation levels, as the wire has it."""

from msgspec import field

from skranke.core.enums import WireEnum, WireFlags
from skranke.core.schema import (
    NO_WALL_TIME,
    Carrier,
    FieldProperties,
    Int32,
    ListText,
    TableRight,
    WallTime,
)


class TicketPriorityStatus(WireEnum):
    Unknown = "Unknown", 0
    Normal = "Normal", 1
    Deleted = "Deleted", 2


class TicketPriorityFlags(WireFlags):
    Unknown = "Unknown", 0
    External = "External", 1
    Default = "Default", 2
    AlertSchedule = "AlertSchedule", 4


class TicketPriorityEscalateEvent(WireEnum):
    None_ = "None", -1
    Stop = "Stop", 0
    Continue = "Continue", 1
    Restart = "Restart", 2


class TicketPriorityEscalateAction(WireEnum):
    ActionRead = "ActionRead", 0
    ActionChangedOwner = "ActionChangedOwner", 1
    ActionNewInfo = "ActionNewInfo", 2
    ActionClosed = "ActionClosed", 3
    ActionChangedPriority = "ActionChangedPriority", 4
    ActionNew = "ActionNew", 5


class TicketPriorityEscalationLevelEntity(Carrier):
    ticket_alert_id: Int32 = 0
    alert_level: Int32 = 0
    alert_timeout: Int32 = 0
    action: Int32 = 0
    delegate_to: Int32 = 0
    script_id: Int32 = 0
    email_to: str = ""
    sms_to: str = ""
    reply_template_id_customer: Int32 = 0
    reply_template_id_user: Int32 = 0
    reply_template_id_catmast: Int32 = 0
    reply_template_id_email: Int32 = 0
    rti_customer_sms: Int32 = 0
    reply_template_id_user_sms: Int32 = 0
    reply_template_id_catmast_sms: Int32 = 0
    reply_template_id_sms: Int32 = 0
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class TicketPriorityEntity(Carrier):
    ticket_priority_id: Int32 = 0
    name: ListText = ""
    status: TicketPriorityStatus = TicketPriorityStatus.Unknown
    flags: TicketPriorityFlags = TicketPriorityFlags.Unknown
    sort_order: Int32 = 0
    ticket_read: TicketPriorityEscalateEvent = TicketPriorityEscalateEvent.Stop
    changed_owner: TicketPriorityEscalateEvent = TicketPriorityEscalateEvent.Stop
    ticket_newinfo: TicketPriorityEscalateEvent = TicketPriorityEscalateEvent.Stop
    ticket_closed: TicketPriorityEscalateEvent = TicketPriorityEscalateEvent.Stop
    ticket_changed_priority: TicketPriorityEscalateEvent = TicketPriorityEscalateEvent.Stop
    ticket_new: TicketPriorityEscalateEvent = TicketPriorityEscalateEvent.Stop
    deadline: Int32 = 0
    mon_start: WallTime = NO_WALL_TIME
    mon_stop: WallTime = NO_WALL_TIME
    tue_start: WallTime = NO_WALL_TIME
    tue_stop: WallTime = NO_WALL_TIME
    wed_start: WallTime = NO_WALL_TIME
    wed_stop: WallTime = NO_WALL_TIME
    thu_start: WallTime = NO_WALL_TIME
    thu_stop: WallTime = NO_WALL_TIME
    fri_start: WallTime = NO_WALL_TIME
    fri_stop: WallTime = NO_WALL_TIME
    sat_start: WallTime = NO_WALL_TIME
    sat_stop: WallTime = NO_WALL_TIME
    sun_start: WallTime = NO_WALL_TIME
    sun_stop: WallTime = NO_WALL_TIME
    non_dates: list[WallTime] = field(default_factory=list)
    escalation_levels: list[TicketPriorityEscalationLevelEntity] = field(default_factory=list)
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)
