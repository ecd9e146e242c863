"""Base statuses and the user-defined statuses under them."""

from msgspec import field

from skranke.core.enums import WireEnum
from skranke.core.schema import Carrier, FieldProperties, Int32, ListText, TableRight


class TicketBaseStatus(WireEnum):
    Unknown = "Unknown", 0
    Active = "Active", 1
    Closed = "Closed", 2
    Postponed = "Postponed", 3
    Deleted = "Deleted", 4
    Merged = "Merged", 5
    Spam = "Spam", 6
    PostponedSpecific = "PostponedSpecific", 1001
    Postponed1Hour = "Postponed1Hour", 1002
    Postponed2Hours = "Postponed2Hours", 1003
    Postponed3Hours = "Postponed3Hours", 1004
    Postponed4Hours = "Postponed4Hours", 1005
    PostponedDay = "PostponedDay", 1006
    PostponedWeek = "PostponedWeek", 1007
    PostponedMonth = "PostponedMonth", 1008


class TicketStatusTimeCounter(WireEnum):
    None_ = "None", 0
    Internally = "Internally", 1
    Externally = "Externally", 2
    Queue = "Queue", 3


class TicketStatusEntity(Carrier):
    ticket_status_id: Int32 = 0
    name: ListText = ""
    status: TicketBaseStatus = TicketBaseStatus.Unknown
    time_counter: TicketStatusTimeCounter = TicketStatusTimeCounter.None_
    no_email_reopen: bool = False
    is_default: bool = False
    used_in_queue: bool = False
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)
