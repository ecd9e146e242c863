"""What is asked of many tickets at once, and what has come of it."""

from msgspec import field

from skranke.core.schema import Carrier, Instant, Int32
from skranke.tickets.message_rows import TicketSecurityLevel


class TicketBatchReplyData(Carrier):
    ticket_ids: list[Int32] = field(default_factory=list)
    close_tickets: bool = False
    attachment_ids: list[Int32] = field(default_factory=list)
    html_body: str = ""
    slevel: TicketSecurityLevel = TicketSecurityLevel.Unknown
    time_spent: Int32 = 0
    send_copy_to_customer: bool = False


class BatchTaskFailure(Carrier):
    ticket_id: Int32 = 0
    error: str = ""


class BatchTask(Carrier):
    batch_task_id: Int32 = 0
    kind: str = ""
    registered: Instant = None
    total: Int32 = 0
    done: Int32 = 0
    failures: list[BatchTaskFailure] = field(default_factory=list)
