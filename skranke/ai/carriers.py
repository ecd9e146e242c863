"""What the AI agent tells, as the wire has it."""

from msgspec import field

from skranke.core.enums import WireEnum
from skranke.core.schema import Carrier, FieldProperties, Instant, Int32, ListText, TableRight


class Sentiment(Carrier):
    score: Int32 = 0
    confidence: Int32 = 0
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class CategorizationModelDetails(Carrier):
    model_built_date_time: Instant = None
    accuracy: float = 0.0
    ticket_count_for_training: Int32 = 0
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class CategorizationStatusResponse(Carrier):
    context_identifier: str = ""
    status: str = ""
    current_model: CategorizationModelDetails | None = None
    previous_model: CategorizationModelDetails | None = None
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class RagType(WireEnum):
    None_ = "None", 0
    Ticket = "Ticket", 1
    Webpage = "Webpage", 2
    Document = "Document", 3
    FAQ = "FAQ", 4
    Product = "Product", 5
    Website = "Website", 6


class RagResult(Carrier):
    chunk: str = ""
    title: str = ""
    id: str = ""
    type: RagType = RagType.None_
    score: float = 0.0
    metadata: dict[str, object] = field(default_factory=dict)


class CategorySuggestion(Carrier):  # ours
    ticket_category_id: Int32 = 0
    name: ListText = ""
    fullname: ListText = ""
    confidence: Int32 = 0
