"""The log of a ticket as the wire has it. The reference publishes none; ours."""

from msgspec import field

from skranke.core.schema import Carrier, Instant, Int32


class TicketLogChange(Carrier):
    """One property; ids of lists stay ids. `log_change` is the vendor's number."""

    log_change: Int32 = 0
    property: str = ""  # the column, `ticket_status`
    from_value: str = ""
    to_value: str = ""


class TicketLogEntry(Carrier):
    ticket_log_entry_id: Int32 = 0
    when: Instant = None
    log_action: Int32 = 0  # TicketLogAction
    ej_user_id: Int32 = 0  # 1: the desk itself
    user_name: str = ""
    person_name: str = ""
    message_id: Int32 = 0
    description: str = ""
    changes: list[TicketLogChange] = field(default_factory=list)
