"""Delivery reports and read receipts: about whom, and about which mail.

Source: RFC 3464 (delivery status), RFC 8098 (disposition), RFC 6522 (multipart/report).
"""

import re

from skranke.messages.mime.entity import Entity, parse_entity
from skranke.messages.mime.headers import parse_headers
from skranke.messages.mime.parsed import MAX_REPORT_RECIPIENTS, Report, ReportRecipient

MESSAGE_ID = re.compile(r"<([^<>\s]{1,250})>")
MAX_STATUS_BYTES = 256 * 1024
STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
RECEIPT = "disposition-notification"


def read_report(report: Report | None, part: Entity, whole: Entity) -> Report | None:
    """The report with what this part adds; None for parts of a mail that is none."""
    declared = whole.type_parameters.get("report-type", "").lower()
    is_report = whole.type == "multipart/report" or part.type in STATUS_TYPES
    if not is_report and part.type != f"message/{RECEIPT}" and report is None:
        return None
    report = report or Report(type=declared or "delivery-status")
    if part.type in STATUS_TYPES:
        report.type = "delivery-status"
        _read_status(report, part.content[:MAX_STATUS_BYTES])
    elif part.type == f"message/{RECEIPT}":
        report.type = RECEIPT
        headers, _ = parse_headers(part.content, 0, min(len(part.content), MAX_STATUS_BYTES))
        report.message_ids += MESSAGE_ID.findall(headers.raw("original-message-id"))
    elif part.type in (
        "message/rfc822",
        "message/global",
        "text/rfc822-headers",
        "message/global-headers",
    ):
        content = part.content
        returned = parse_entity(content, 0, min(len(content), MAX_STATUS_BYTES))
        report.message_ids += MESSAGE_ID.findall(returned.headers.raw("message-id"))[:1]
    return report


def _read_status(report: Report, data: bytes) -> None:
    """One group of fields a recipient; the first group is about the mail as a whole."""
    place = 0
    while place < len(data) and len(report.recipients) < MAX_REPORT_RECIPIENTS:
        headers, after = parse_headers(data, place, len(data))
        if after <= place:
            return
        place = after
        who = headers.raw("final-recipient") or headers.raw("original-recipient")
        if who:
            report.recipients.append(
                ReportRecipient(
                    address=who.rpartition(";")[2].strip().strip("<>")[:254],
                    action=headers.raw("action").split("(")[0].strip().lower()[:20],
                    status=headers.raw("status").split("(")[0].strip()[:20],
                    diagnosis=headers.text("diagnostic-code")[:1000],
                )
            )
