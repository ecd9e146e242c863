"""What users are told of, and by which way, as the wire has it."""

from skranke.core.enums import WireEnum, WireFlags


class NotifyType(WireFlags):
    NewTicket = "NewTicket", 1
    NewTicketMessage = "NewTicketMessage", 2
    TicketEscalated = "TicketEscalated", 4
    TicketActivated = "TicketActivated", 8
    ChatAlert = "ChatAlert", 16
    ActiveTickets = "ActiveTickets", 32
    TicketTakeOver = "TicketTakeOver", 64
    ChatMessageAlert = "ChatMessageAlert", 128
    ChatSessionTransfered = "ChatSessionTransfered", 256
    Hotlist = "Hotlist", 512
    Custom = "Custom", 1024
    ContactAssignment = "ContactAssignment", 2048
    NotifyAll = "NotifyAll", 4095
    UndefinedValue4096 = "UndefinedValue4096", 4096


class NotifyChannel(WireEnum):
    Unknown = "Unknown", 0
    PopUp = "PopUp", 1
    Email = "Email", 2
    Sms = "Sms", 3
