"""Texts to telephones.

Whoever has a contract with a network lends a `Gateway`; there is none yet but the one
that keeps texts where tests can read them.
"""

import re
from typing import Protocol

from msgspec import Struct

from skranke.channels.mail import sql
from skranke.channels.mail.addresses import MailAddress
from skranke.channels.mail.capture import captures
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.core.settings import Settings

SMS_TYPE = "sms"
NUMBER_PATTERN = re.compile(r"\+?[0-9]{4,15}")  # ITU-T E.164 has 15 digits at most
SEPARATORS = re.compile(r"[\s()./-]")


class SmsGateway(Protocol):
    """What hands a text to a network: returns when the network has taken it.

    Raises OSError for trouble that may pass, ValueError for a number or text that the
    network refuses.
    """

    final: int  # the status of what it has taken

    async def send(self, number: str, text: str) -> None: ...


class CaptureGateway:
    """Texts stay in the outbox, and are read at `/_desk/outbox`."""

    final = sql.CAPTURED

    async def send(self, number: str, text: str) -> None:
        """Nothing: the text has been where it stays."""


class OutgoingSms(Struct, frozen=True, kw_only=True):
    """A text to be sent; what is no number is left out."""

    ticket_id: int
    message_id: int | None = None
    to: list[str]
    text: str


def gateway_of(settings: Settings) -> SmsGateway | None:
    """The way that texts of this desk go; None where there is none."""
    return CaptureGateway() if captures(settings) else None


def phone_numbers(texts: list[str]) -> list[str]:
    """The telephone numbers among the texts, each once, without separators."""
    bare = [SEPARATORS.sub("", text) for part in texts for text in part.split(",")]
    return list(dict.fromkeys(n for n in bare if NUMBER_PATTERN.fullmatch(n)))


async def post_sms(context: RequestContext, sms: OutgoingSms) -> int:
    """Have a text sent once this transaction is committed; its outbox id.

    BadValue where there is nobody to send it to, or no gateway.
    """
    to = phone_numbers(sms.to)
    if not to:
        raise BadValue("Sms", "names no telephone number")
    if gateway_of(context.settings) is None:
        raise BadValue("Sms", "this desk has no gateway for text messages")
    outbox_id = await sql.next_id(context.db)
    text = sql.EmailContent(sender=MailAddress(""), to=[], message_id="", plain=sms.text)
    await sql.insert(
        context.db,
        sql.OutboxEmail(
            id=outbox_id,
            ticket_id=sms.ticket_id or None,
            message_id=sms.message_id,
            type=SMS_TYPE,
            subject="",
            from_email="",
            from_envelope="",
            rcpt=to,
            created=context.now,
            status=sql.WAITING,
            letter=text,
        ),
    )
    return outbox_id
