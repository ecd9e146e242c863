"""Log lines: as text or as JSON, each with the id of its request, none with a secret.

The id comes from the client's X-Request-ID where that is sane, else it is made here; it
stands in the answer, too. What looks like a credential is blacked out before a line is
written, whoever wrote it.
"""

import logging
import re
import secrets
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

request_id: ContextVar[str] = ContextVar("request_id", default="")

Format = Literal["text", "json"]
LEVELS = ("debug", "info", "warning", "error")
SANE_ID = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")
# a credential's name and what stands behind it; and secrets that have a form of their own
NAMED_SECRET = re.compile(
    r"""(?ix) \b(authorization|cookie|set-cookie|password|passwd|secret|token|api[_-]?key
        |so-apptoken|x-xsrf-token) (["']?\s*[:=]\s*["']?) ((?:basic|bearer|soticket)\s+)?
        [^\s"',;&}]+"""
)
FORMED_SECRET = re.compile(
    r"(?:8A:\w+\.|7T:)[\w+/=-]{8,}|\b(?:Basic|Bearer|SoTicket) +[\w+/=.:-]{6,}"
    r"|(?<=://)[^\s/@:]*:[^\s/@]+(?=@)"
)
BLACKED_OUT = "[redacted]"
# what every log record has; anything beyond it was given as `extra`
USUAL_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


def new_request_id(given: str) -> str:
    """The client's id of a request when it is sane, else a new one."""
    return given if SANE_ID.fullmatch(given) else secrets.token_hex(8)


def redact(text: str) -> str:
    """The text without credentials."""
    text = FORMED_SECRET.sub(BLACKED_OUT, text)
    return NAMED_SECRET.sub(lambda m: f"{m[1]}{m[2]}{BLACKED_OUT}", text)


class TextFormatter(logging.Formatter):
    """`2026-03-02 10:00:00,000 WARNING skranke.http [id]: sentence`."""

    def format(self, record: logging.LogRecord) -> str:
        said = request_id.get()
        record.request = f" [{said}]" if said else ""
        return redact(super().format(record))


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, request_id, and the extras."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, Any] = {
            "time": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage()),
            "process": record.process,
        }
        if said := request_id.get():
            line["request_id"] = said
        for name, value in vars(record).items():
            if name not in USUAL_ATTRIBUTES:
                line[name] = redact(value) if isinstance(value, str) else value
        if record.exc_info:
            line["exception"] = redact(self.formatException(record.exc_info))
        return msgspec.json.encode(line, enc_hook=str).decode()


def configure_logging(level: str, form: str) -> None:
    """Send the log to standard error; `level` is for this program, others only warn."""
    handler = logging.StreamHandler(sys.stderr)
    if form == "json":
        handler.setFormatter(JsonFormatter())
    else:
        pattern = "%(asctime)s %(levelname)s %(name)s%(request)s: %(message)s"
        handler.setFormatter(TextFormatter(pattern))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("skranke").setLevel(level.upper())
