"""A draft as the wire has it. The reference has none; the names are ours."""

from typing import Annotated

from msgspec import Meta, field

from skranke.core.enums import WireEnum
from skranke.core.schema import Carrier, Instant, Int32


class DraftKind(WireEnum):
    Reply = "Reply", 1
    Note = "Note", 2
    Forward = "Forward", 3


class MessageDraft(Carrier):
    """A message that is being written; `send_at` is set once it was sent off.

    `ticket_status_id` is the status that the ticket gets with the send, 0 for none.
    `last_message_id` is the newest message when the draft was begun.
    """

    draft_id: Int32 = 0
    ticket_id: Int32 = 0
    kind: DraftKind = DraftKind.Reply
    to: list[Annotated[str, Meta(max_length=1000)]] = field(default_factory=list)
    cc: list[Annotated[str, Meta(max_length=1000)]] = field(default_factory=list)
    bcc: list[Annotated[str, Meta(max_length=1000)]] = field(default_factory=list)
    html_body: Annotated[str, Meta(max_length=2_000_000)] = ""
    attachment_ids: list[Int32] = field(default_factory=list)
    ticket_status_id: Int32 = 0
    last_message_id: Int32 = 0
    changed: Instant = None
    send_at: Instant = None
    failure: str = ""
