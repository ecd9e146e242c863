"""A mail as the desk works with it, and the limits of what is read of one."""

from datetime import datetime

from msgspec import Struct, field

from skranke.messages.mime.addresses import Address

MAX_MAIL_BYTES = 40 * 1024 * 1024
MAX_PARTS = 1000
MAX_DEPTH = 30
MAX_FILES = 200
MAX_DECODED_BYTES = 100 * 1024 * 1024
MAX_TEXT_CHARACTERS = 1024 * 1024  # of a body; a longer one is also kept as a file
MAX_REFERENCES = 200
MAX_REPORT_RECIPIENTS = 100


class MailFile(Struct, kw_only=True):
    """A file of a mail. `content_id` is set for an image that the html shows."""

    name: str
    content_type: str
    data: bytes
    content_id: str = ""


class ReportRecipient(Struct, kw_only=True):
    """Whom a delivery report is about, and what became of the mail to them."""

    address: str
    action: str = ""  # "failed", "delayed", "delivered", "relayed", "expanded"
    status: str = ""  # "5.1.1"
    diagnosis: str = ""


class Report(Struct, kw_only=True):
    """A machine's report on another mail. Source: RFC 3464, RFC 8098, RFC 6522.

    `type` is "delivery-status", "disposition-notification" or another report-type;
    `message_ids` are what the mail that it is about calls itself.
    """

    type: str
    recipients: list[ReportRecipient] = field(default_factory=list[ReportRecipient])
    message_ids: list[str] = field(default_factory=list[str])


class ParsedMail(Struct, kw_only=True):
    """A mail taken apart; what it lacks is empty.

    `headers` are all header lines, names in lower case, values decoded. `head` is the
    text above the body as it was sent. Ids are without angle brackets. `notes` say in
    English what the reader of the body should know; `is_cut` that a limit was reached,
    and the rest is the file `rest.eml`.
    """

    headers: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    head: str = ""
    subject: str = ""
    sender_text: str = ""  # all of From as people read it
    senders: list[Address] = field(default_factory=list[Address])
    reply_to: list[Address] = field(default_factory=list[Address])
    to: list[Address] = field(default_factory=list[Address])
    cc: list[Address] = field(default_factory=list[Address])
    message_id: str | None = None
    in_reply_to: list[str] = field(default_factory=list[str])
    references: list[str] = field(default_factory=list[str])
    date: datetime | None = None
    plain: str = ""
    html: str = ""
    files: list[MailFile] = field(default_factory=list[MailFile])
    report: Report | None = None
    content_type: str = ""
    notes: list[str] = field(default_factory=list[str])
    is_cut: bool = False

    def header(self, name: str) -> str:
        """The first header of a name in lower case; "" without one."""
        return next((value for key, value in self.headers if key == name), "")

    def all_headers(self, name: str) -> list[str]:
        """Every header of a name in lower case, the topmost first."""
        return [value for key, value in self.headers if key == name]

    @property
    def content_ids(self) -> dict[int, str]:
        """The content ids of the images that the html shows, by the file's place."""
        return {place: file.content_id for place, file in enumerate(self.files) if file.content_id}
