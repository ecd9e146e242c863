"""Handing a letter to the mail server.

Source: RFC 5321 for replies and the dots, RFC 3207 for STARTTLS, RFC 1870 for SIZE.
"""

import asyncio
import ipaddress
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, cast
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP, SMTPException, SMTPResponseException
from aiosmtplib.errors import SMTPAuthenticationError
from msgspec import Struct

from skranke.core.settings import InvalidSetting

TIMEOUT_SECONDS = 60  # seconds for each answer
MAX_SECONDS = 540  # of a whole attempt, less than its lease
QUIT_SECONDS = 5  # for the server's goodbye
BLOCK_BYTES = 64 * 1024
SIGN_IN_FAULTS = frozenset({530, 534, 535, 538})  # our sign-in is at fault, not the letter
DEFAULT_PORTS = {"smtp": 25, "smtps": 465}
SUBMISSION_PORT = 587


class SmtpServer(Struct, frozen=True, kw_only=True):
    """Where letters are handed in; `tls` from the first byte on."""

    host: str
    port: int
    tls: bool = False
    user: str = ""
    password: str = ""

    @property
    def starts_tls(self) -> bool | None:
        """None: where it is offered. A password crosses no network in the clear."""
        if self.tls:
            return False
        return True if self.user and not _is_this_machine(self.host) else None


class SmtpOutcome(Struct, kw_only=True):
    """Who has the letter, who may get it later and who never will, with the reason."""

    taken: list[str] = []
    later: dict[str, str] = {}
    refused: dict[str, str] = {}

    def pending(self, rcpt: list[str]) -> list[str]:
        """Those of whom nothing is known yet."""
        known = {*self.taken, *self.later, *self.refused}
        return [one for one in rcpt if one not in known]


def server_of(url: str) -> SmtpServer:
    """The server of `smtp[s]://user:password@host:port`; WrongSetting for another."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidSetting("SKRANKE_SMTP_URL: this is no address") from None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise InvalidSetting("SKRANKE_SMTP_URL: begins with smtp:// or smtps:// and has a host")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    usual = SUBMISSION_PORT if user and parts.scheme == "smtp" else DEFAULT_PORTS[parts.scheme]
    return SmtpServer(
        host=parts.hostname,
        port=port or usual,
        user=user,
        password=password,
        tls=parts.scheme == "smtps",
    )


async def send(
    server: SmtpServer, envelope: str, rcpt: list[str], text: IO[bytes], size: int
) -> SmtpOutcome:
    """Hand a letter in, once for all recipients.

    Never raises for what the network or the server does.
    """
    outcome = SmtpOutcome()
    connection = smtp_client(server)
    try:
        async with asyncio.timeout(MAX_SECONDS):
            await connection.connect()
            await _offer(connection, envelope, rcpt, size, outcome)
            if accepted := outcome.pending(rcpt):
                await _send_data(connection, text)
                outcome.taken += accepted
    except (SMTPException, OSError, TimeoutError, ValueError) as fault:
        why = dict.fromkeys(outcome.pending(rcpt), error_text(fault))
        (outcome.refused if _is_final(fault) else outcome.later).update(why)
    finally:
        quit_later(connection)
    return outcome


def smtp_client(server: SmtpServer) -> SMTP:
    """A connection to be: `connect` opens it, secures it and signs in."""
    return SMTP(
        hostname=server.host,
        port=server.port,
        use_tls=server.tls,
        start_tls=server.starts_tls,
        timeout=TIMEOUT_SECONDS,
        username=server.user or None,
        password=server.password or None,
    )


def error_text(fault: Exception) -> str:
    """What a server or the network said, in one line without a secret in it."""
    if isinstance(fault, SMTPResponseException):
        return " ".join(f"{fault.code} {fault.message}".split())[:300]
    return " ".join(f"{type(fault).__name__}: {fault}".split())[:300]


def quit_later(connection: SMTP) -> None:
    """Say QUIT in the background: until the outcome is recorded, each moment counts."""
    task = asyncio.create_task(_quit(connection))
    _QUITTING.add(task)
    task.add_done_callback(_QUITTING.discard)


_QUITTING: set[asyncio.Task[None]] = set()  # a loop holds its tasks by weak references


async def _quit(connection: SMTP) -> None:
    try:
        with suppress(SMTPException, OSError, TimeoutError):
            await asyncio.wait_for(connection.quit(), QUIT_SECONDS)
    finally:
        connection.close()


def _open_transport(connection: SMTP) -> asyncio.WriteTransport | None:
    """The connection's transport, or None where the connection is closed.

    The type is declared, not tested: uvloop's transports inherit from no class of
    asyncio, so `isinstance` is false for every one of them.
    """
    transport = cast("asyncio.WriteTransport | None", connection.transport)
    return None if transport is None or transport.is_closing() else transport


async def _offer(
    connection: SMTP, envelope: str, rcpt: list[str], size: int, outcome: SmtpOutcome
) -> None:
    """Name the sender and each recipient."""
    options = [f"SIZE={size}"] if connection.supports_extension("size") else []
    await connection.mail(envelope, options=options)
    for one in rcpt:
        try:
            await connection.rcpt(one)
        except SMTPResponseException as fault:
            why = outcome.refused if _is_final(fault) else outcome.later
            why[one] = error_text(fault)


async def _send_data(connection: SMTP, text: IO[bytes]) -> None:
    """Send the letter's bytes; raises unless the server takes it."""
    start = await connection.execute_command(b"DATA")
    if start.code != 354:
        raise SMTPResponseException(start.code, start.message)
    text.seek(0)
    for block in _dot_stuff(text):
        await _write(connection, block)
    taken = await connection.execute_command(b".")
    if taken.code != 250:
        raise SMTPResponseException(taken.code, taken.message)


def _dot_stuff(text: IO[bytes]) -> Iterator[bytes]:
    """The text in blocks of whole lines, a dot before each that begins with one."""
    block = bytearray()
    for line in text:
        block += b"." + line if line.startswith(b".") else line
        if len(block) >= BLOCK_BYTES:
            yield bytes(block)
            block.clear()
    yield bytes(block)


async def _write(connection: SMTP, block: bytes) -> None:
    """Write, and wait until most of it is gone: a transport would keep everything."""
    transport = _open_transport(connection)
    if transport is None:
        raise ConnectionResetError("The server closed the connection")
    transport.write(block)
    await asyncio.sleep(0)  # a long letter must not hold up what else there is to do
    while transport.get_write_buffer_size() > BLOCK_BYTES and not transport.is_closing():  # noqa: ASYNC110 - the library waits for no writes of ours
        await asyncio.sleep(0.01)


def _is_final(fault: Exception) -> bool:
    if not isinstance(fault, SMTPResponseException) or fault.code in SIGN_IN_FAULTS:
        return False
    return 500 <= fault.code <= 599 and not isinstance(fault, SMTPAuthenticationError)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
