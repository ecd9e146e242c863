"""Addresses and Message-Ids that only this desk can make.

A ticket's number is no secret, so a number alone must not let a stranger write into a
ticket. What stands in a Reply-To, in the envelope or in a Message-Id carries a
signature (HMAC-SHA256, 80 bits of it) by a key of the desk's own. Addresses are
subaddresses: `support+r.12345.mz4q…@desk.example`. Source: RFC 5233, section 1.
"""

import re
import secrets
from base64 import b32encode
from hashlib import sha256
from hmac import compare_digest, digest

from skranke.channels.mail.addresses import MAX_LOCAL_CHARACTERS
from skranke.db.database import Db, value

REPLY_KIND, BOUNCE_KIND = "r", "b"
SIGNED_ADDRESS = re.compile(
    r"[^@]*\+(?P<kind>[rb])\.(?P<number>\d{1,18})\.(?P<proof>[a-z2-7]{16})@[^@]+", re.IGNORECASE
)
MESSAGE_ID_PATTERN = re.compile(
    r"<?t(?P<ticket>\d{1,10})\.(?P<nonce>[0-9a-f]{16})\.(?P<proof>[a-z2-7]{16})@[^@>]+>?"
)


async def mail_key(db: Db) -> str:
    """The desk's own key; to be recalled from memory."""
    return await value(db, str, "SELECT key FROM mail_key")


def reply_address(key: str, address: str, ticket_id: int) -> str:
    """Where an answer about a ticket goes to; the address itself if it is too long."""
    return _sign(key, address, REPLY_KIND, ticket_id)


def bounce_address(key: str, address: str, outbox_id: int) -> str:
    """Where mail servers return a letter to that they can't deliver."""
    return _sign(key, address, BOUNCE_KIND, outbox_id)


def ticket_of_address(key: str, address: str) -> int | None:
    """The ticket that an answer belongs to; None for an address that isn't ours."""
    return _number(key, address, REPLY_KIND)


def outbox_id_of_address(key: str, address: str) -> int | None:
    """The outbox id of what has come back; None for an address that isn't ours."""
    return _number(key, address, BOUNCE_KIND)


def new_message_id(key: str, ticket_id: int, domain: str) -> str:
    """A Message-Id that no other letter has: `<t12345.….…@desk.example>`."""
    nonce = secrets.token_hex(8)
    return f"<t{ticket_id}.{nonce}.{_signature(key, f'm.{ticket_id}.{nonce}')}@{domain}>"


def ticket_of_message_id(key: str, message_id: str) -> int | None:
    """The ticket that one of our Message-Ids is of; None for any other."""
    found = MESSAGE_ID_PATTERN.fullmatch(message_id.strip())
    if found is None:
        return None
    right = _signature(key, f"m.{found['ticket']}.{found['nonce']}")
    return int(found["ticket"]) if compare_digest(right, found["proof"]) else None


def _sign(key: str, address: str, kind: str, number: int) -> str:
    local, _, domain = address.rpartition("@")
    signed = f"{local}+{kind}.{number}.{_signature(key, f'{kind}.{number}')}"
    return f"{signed}@{domain}" if len(signed) <= MAX_LOCAL_CHARACTERS else address


def _number(key: str, address: str, kind: str) -> int | None:
    found = SIGNED_ADDRESS.fullmatch(address.strip())
    if found is None or found["kind"].lower() != kind:
        return None
    number = int(found["number"])
    right = _signature(key, f"{kind}.{number}")  # servers may have changed the case
    return number if compare_digest(right, found["proof"].lower()) else None


def _signature(key: str, text: str) -> str:
    return b32encode(digest(key.encode(), text.encode(), sha256)[:10]).decode().lower()
