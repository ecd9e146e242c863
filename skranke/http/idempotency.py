"""A request repeated with the same Idempotency-Key is done once and answered the same.

The key and the answer are written in the transaction of the work itself: either both
are there or neither. A repetition that comes while the first is under way waits for its
end. Only what succeeded is kept, for KEPT; a request that was refused changed nothing,
and is tried anew. Source: draft-ietf-httpapi-idempotency-key-header.
"""

import hashlib
import re
from datetime import datetime, timedelta

from msgspec import Struct

from skranke.core.errors import ApiError, BadValue
from skranke.db.database import Db, execute, row, value
from skranke.http.request import Head

HEADER = "idempotency-key"
KEPT = timedelta(days=1)
KEY = re.compile(r'"?([!#-~]{1,255})"?')  # visible ASCII; quoted as the draft has it, or bare


class KeyReused(ApiError):
    """The key belongs to another request."""

    status = 422
    error_type = "ArgumentException"


class StoredAnswer(Struct, frozen=True, kw_only=True):
    """What a request was answered: everything but the lines that every answer has."""

    request_hash: bytes
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header_lines(self) -> list[tuple[bytes, bytes]]:
        """The headers as ASGI sends them, and the mark of a repetition."""
        lines = [(name.encode("latin-1"), text.encode("latin-1")) for name, text in self.headers]
        return [*lines, (b"idempotency-replayed", b"true")]


def key_of(head: Head) -> str:
    """The request's key; empty without one. BadValue for one that can't be used."""
    given = head.header(HEADER)
    if not given:
        return ""
    if match := KEY.fullmatch(given):
        return match[1]
    raise BadValue("Idempotency-Key", "takes 1 to 255 visible ASCII characters, such as a UUID")


def request_hash(method: str, path: str, query: dict[str, str], body: bytes) -> bytes:
    """What makes two requests the same: where they go, and every byte of the body."""
    digest = hashlib.sha256()
    for part in (method, path.lower(), repr(sorted(query.items()))):
        digest.update(part.encode() + b"\0")
    digest.update(body)
    return digest.digest()


async def reserve(
    db: Db, associate_id: int, key: str, digest: bytes, now: datetime
) -> StoredAnswer | None:
    """Take the key for this transaction; the answer where it has been given already.

    KeyReused where the key came with another request. Waits for a transaction that has
    taken the same key and has not ended yet.
    """
    is_new = await value(
        db,
        bool,
        """
        WITH taken AS (
            INSERT INTO idempotency_key AS k (associate_id, key, request_hash, created)
            VALUES ($1, $2, $3, $4)
            ON CONFLICT (associate_id, key) DO UPDATE
                SET request_hash = excluded.request_hash, created = excluded.created
                WHERE k.created <= $5
            RETURNING 1)
        SELECT EXISTS (SELECT FROM taken)
        """,
        associate_id,
        key,
        digest,
        now,
        now - KEPT,
    )
    if is_new:
        return None
    stored = await row(
        db,
        StoredAnswer,
        """
        SELECT request_hash, status, headers, body FROM idempotency_key
        WHERE associate_id = $1 AND key = $2
        """,
        associate_id,
        key,
    )
    if stored is None or stored.request_hash != digest:
        raise KeyReused("Idempotency-Key: has been used for another request; take a new one.")
    return stored


async def keep(
    db: Db,
    associate_id: int,
    key: str,
    status: int,
    headers: list[tuple[bytes, bytes]],
    body: bytes,
) -> None:
    """Write down what the request is answered, in the transaction that did its work."""
    await execute(
        db,
        """
        UPDATE idempotency_key SET status = $3, headers = $4, body = $5
        WHERE associate_id = $1 AND key = $2
        """,
        associate_id,
        key,
        status,
        [[name.decode("latin-1"), text.decode("latin-1")] for name, text in headers],
        body,
    )
