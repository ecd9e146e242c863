"""Carriers of search results: the vendor's and Skranke's own."""

from msgspec import field

from skranke.core.schema import Carrier, FieldProperties, Instant, Int32, ListText, TableRight


class TicketInfo(Carrier):
    ticket_id: Int32 = 0
    title: str = ""
    owner_name: str = ""
    category_name: ListText = ""
    priority_name: ListText = ""
    ticket_url: str = ""
    person_name: str = ""
    contact_name: str = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class FoundTicket(Carrier):
    """A ticket as a search shows it; `highlight` is html with <mark> alone in it."""

    ticket_id: Int32 = 0
    title: str = ""
    message_id: Int32 = 0  # the message that fits best; 0: what was found is elsewhere
    highlight: str = ""
    rank: float = 0.0
    last_changed: Instant = None
    status: ListText = ""
    owner_name: str = ""


class FoundTickets(Carrier):
    """A page of the tickets found, best first; `total` is at most about a thousand."""

    total: Int32 = 0
    more: bool = False  # older matching tickets were not considered
    value: list[FoundTicket] = field(default_factory=list)


class SimilarTicket(Carrier):
    """A ticket similar to another; `likeness` is in per cent."""

    ticket_id: Int32 = 0
    title: str = ""
    likeness: Int32 = 0
    duplicate: bool = False  # of the same customer within a week, and very like it
    status: ListText = ""
    owner_name: str = ""
    last_changed: Instant = None
