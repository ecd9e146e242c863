"""What the AI agent tells, as the wire has it."""

from skranke.wire.carriers import Carrier, Instant, Int32, ListText


class Sentiment(Carrier):
    score: Int32 = 0
    confidence: Int32 = 0


class CategorizationModelDetails(Carrier):
    model_built_date_time: Instant = None
    accuracy: float = 0.0
    ticket_count_for_training: Int32 = 0


class CategorizationStatusResponse(Carrier):
    context_identifier: str = ""
    status: str = ""
    current_model: CategorizationModelDetails | None = None
    previous_model: CategorizationModelDetails | None = None


class CategorySuggestion(Carrier):  # ours
    ticket_category_id: Int32 = 0
    name: ListText = ""
    fullname: ListText = ""
    confidence: Int32 = 0
