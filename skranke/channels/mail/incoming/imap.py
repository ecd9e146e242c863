"""Fetch mail by IMAP: each mail once, by UID, and nothing on the server before it is here.

A mail's identity is (folder, UIDVALIDITY, UID), never a flag or a date: every UID from
the last one on is fetched. The connection lives in a thread, with a limit of time on
every read. Source: RFC 3501, RFC 7628 and Google's page for XOAUTH2.
"""

import imaplib
import re
import ssl
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from msgspec import Struct

from skranke.messages.mime.parsed import MAX_MAIL_BYTES

TIMEOUT_SECONDS = 60.0
MAX_MAILS_AT_ONCE = 200  # in one look; the next follows at once
MAX_LINE_BYTES = 10 * 1024 * 1024  # of an answer, such as the UIDs of a large folder
STUB_BYTES = 64 * 1024  # of a mail that is too long to be read
FETCHED_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
imaplib._MAXLINE = MAX_LINE_BYTES  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue] # it has no other way


class MailboxUnreadable(Exception):
    """The mail server refuses, or can't be reached; the words are its own."""


class Server(Struct, frozen=True, kw_only=True):
    """A mailbox on an IMAP server."""

    host: str
    port: int
    is_tls: bool
    username: str
    password: str
    is_oauth: bool  # the password is an access token
    folder: str


class Fetched(Struct, kw_only=True):
    """A mail as the server has it; of one that is too long only its beginning."""

    uid: int
    size: int
    raw: bytes

    @property
    def is_whole(self) -> bool:
        """Whether all of it was fetched."""
        return self.size <= MAX_MAIL_BYTES


class Progress(Struct, frozen=True, kw_only=True):
    """How far a folder has been read; zeros before the first contact."""

    uid_validity: int = 0
    last_uid: int = 0
    first_uid: int = 0


class Look(Struct, kw_only=True):
    """What a look into a folder has found.

    `mails` are those after `last_uid`, the oldest first; `uids` all from `first_uid` on.
    """

    progress: Progress
    is_first_contact: bool
    has_more: bool
    uids: list[int]


def look(
    server: Server, before: Progress, *, takes_old: bool, keep: Callable[[int, Fetched], None]
) -> Look:
    """Fetch what is new in a folder; each mail is handed to `keep` before the next.

    At the first contact what lies there is passed over, unless `takes_old`. Where the
    folder's UIDVALIDITY has changed all of it is fetched anew: the ledger knows what it
    has. MailboxUnreadable where the server does not let us.
    """
    try:
        with _connect(server) as connection:
            return _look(connection, server, before, takes_old=takes_old, keep=keep)
    except (imaplib.IMAP4.error, OSError, ValueError) as fault:
        raise MailboxUnreadable(str(fault) or type(fault).__name__) from fault


def _connect(server: Server) -> imaplib.IMAP4:
    if server.is_tls:
        context = ssl.create_default_context()
        connection: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            server.host, server.port, ssl_context=context, timeout=TIMEOUT_SECONDS
        )
    else:
        connection = imaplib.IMAP4(server.host, server.port, timeout=TIMEOUT_SECONDS)
        if "STARTTLS" in connection.capabilities:
            connection.starttls(ssl.create_default_context())
    try:
        if server.is_oauth:
            proof = f"user={server.username}\x01auth=Bearer {server.password}\x01\x01"
            connection.authenticate("XOAUTH2", lambda _: proof.encode())
        else:
            connection.login(server.username, server.password)
    except Exception:
        with suppress(OSError, imaplib.IMAP4.error):
            connection.shutdown()
        raise
    return connection


def _look(
    connection: imaplib.IMAP4,
    server: Server,
    before: Progress,
    *,
    takes_old: bool,
    keep: Callable[[int, Fetched], None],
) -> Look:
    quoted = server.folder.replace("\\", "\\\\").replace('"', '\\"')
    status, _ = connection.select(f'"{encode_folder(quoted)}"', readonly=True)
    if status != "OK":
        raise MailboxUnreadable(f"there is no folder {server.folder!r}")
    validity = _number(connection.response("UIDVALIDITY")[1])
    is_first = before.uid_validity == 0
    uids = _uids(connection)
    if is_first and not takes_old:
        following = _number(connection.response("UIDNEXT")[1])
        last = max([following - 1, *uids, 0])
        progress = Progress(uid_validity=validity, last_uid=last, first_uid=last + 1)
    elif is_first or validity != before.uid_validity:
        progress = Progress(uid_validity=validity, last_uid=0, first_uid=1)
    else:
        progress = before
    fresh = [uid for uid in uids if uid > progress.last_uid]
    last_uid = progress.last_uid
    for uid in fresh[:MAX_MAILS_AT_ONCE]:
        fetched = _fetch(connection, uid)
        if fetched is not None:
            keep(validity, fetched)
        last_uid = uid
    return Look(
        progress=Progress(uid_validity=validity, last_uid=last_uid, first_uid=progress.first_uid),
        is_first_contact=is_first,
        has_more=len(fresh) > MAX_MAILS_AT_ONCE,
        uids=[uid for uid in uids if uid >= progress.first_uid],
    )


def _number(answer: Any) -> int:
    """The number of an untagged answer; 0 where the server gave none."""
    digits: bytes | None = answer[-1] if answer else None
    return int(digits) if digits and digits.isdigit() else 0


def _uids(connection: imaplib.IMAP4) -> list[int]:
    """The UIDs of a folder, ascending, but for what is marked as deleted."""
    status, answer = connection.uid("SEARCH", "UNDELETED")
    if status != "OK":
        raise MailboxUnreadable("the server does not search its folder")
    return sorted(int(uid) for uid in (answer[0] or b"").split())


def _fetch(connection: imaplib.IMAP4, uid: int) -> Fetched | None:
    """A mail; None where it has gone meanwhile."""
    _, answer = connection.uid("FETCH", str(uid), "(RFC822.SIZE)")
    found = FETCHED_SIZE.search(answer[0]) if answer and isinstance(answer[0], bytes) else None
    if found is None:
        return None
    size = int(found[1])
    part = "BODY.PEEK[]" if size <= MAX_MAIL_BYTES else f"BODY.PEEK[]<0.{STUB_BYTES}>"
    pieces: list[Any] = connection.uid("FETCH", str(uid), f"({part})")[1]
    for piece in pieces:
        if isinstance(piece, tuple):  # a literal's announcement, and its bytes
            _, raw = cast("tuple[bytes, bytes]", piece)
            return Fetched(uid=uid, size=size, raw=raw) if raw else None
    return None


def encode_folder(name: str) -> str:
    """A folder's name in the UTF-7 of RFC 3501, section 5.1.3."""
    out: list[str] = []
    for piece in re.findall(r"[\x20-\x7e]+|[^\x20-\x7e]+", name):
        if piece.isascii() and piece.isprintable():
            out.append(piece.replace("&", "&-"))
        else:
            encoded = piece.encode("utf-16-be")
            out.append("&" + _base64(encoded) + "-")
    return "".join(out)


def _base64(data: bytes) -> str:
    return b64encode(data).decode().rstrip("=").replace("/", ",")
