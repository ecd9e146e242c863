"""A saved view and its counter. The reference has none; the names are ours."""

from typing import Annotated

from msgspec import Meta, field

from skranke.core.schema import Carrier, Int32, ListText


class TicketView(Carrier):
    ticket_view_id: Int32 = 0
    name: Annotated[ListText, Meta(max_length=255)] = ""
    shared: bool = False
    filter: str = ""  # as $filter; {now} and {myCategories} are filled in
    order_by: str = ""
    columns: list[str] = field(default_factory=list)
    rank: Int32 = 0


class TicketViewCounter(Carrier):
    ticket_view_id: Int32 = 0
    count: Int32 = 0
    more: bool = False  # whether there are more than were counted
