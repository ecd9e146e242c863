"""A sale, as a ticket shows it."""

from msgspec import field

from skranke.core.enums import WireEnum
from skranke.core.schema import Carrier, FieldProperties, Instant, Int32, ListText, TableRight


class SaleStatus(WireEnum):
    Unknown = "Unknown", 0
    Open = "Open", 1
    Sold = "Sold", 2
    Lost = "Lost", 3
    Stalled = "Stalled", 4
    SaintAll = "SaintAll", 1000


class ActivityStatus(WireEnum):
    Unknown = "Unknown", 0
    NotStarted = "NotStarted", 1
    Started = "Started", 2
    Completed = "Completed", 3


class Sale(Carrier):
    contact_name: str = ""
    sale_date: Instant = None
    sale_id: Int32 = 0
    probability: Int32 = 0
    title: str = ""
    amount: float = 0.0
    currency: str = ""
    project_name: str = ""
    associate_full_name: str = ""
    description: str = ""
    status: SaleStatus = SaleStatus.Unknown
    weighted_amount: float = 0.0
    project_id: Int32 = 0
    earning_percent: float = 0.0
    earning: float = 0.0
    contact_id: Int32 = 0
    associate_id: Int32 = 0
    person_id: Int32 = 0
    sale_type_id: Int32 = 0
    sale_type_name: ListText = ""
    person_full_name: str = ""
    completed: ActivityStatus = ActivityStatus.Unknown
    active_erp_links: Int32 = 0
    next_due_date: Instant = None
    number: str = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)
