"""Presence as the wire has it. The reference has none; the names are ours."""

from skranke.core.schema import Carrier, Int32


class TicketPresence(Carrier):
    associate_id: Int32 = 0
    name: str = ""
    ticket_id: Int32 = 0
    writing: bool = False
