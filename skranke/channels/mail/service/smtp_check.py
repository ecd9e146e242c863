"""Whether a mail server would take letters, without sending one."""

import asyncio

from aiosmtplib import SMTPException
from msgspec.structs import replace

from skranke.channels.mail.addresses import first_address
from skranke.channels.mail.smtp import SmtpServer, error_text, quit_later, server_of, smtp_client
from skranke.core.errors import BadValue
from skranke.core.settings import InvalidSetting, Settings

MAX_SECONDS = 15
URI_FORMAT = "smtp[s]://user:password@host:port is what it looks like"


async def find_fault(server: SmtpServer, sender: str) -> str:
    """What keeps the server from taking letters of this sender; "" for nothing."""
    connection = smtp_client(server)
    try:
        async with asyncio.timeout(MAX_SECONDS):
            await connection.connect()
            await connection.mail(sender)
            await connection.rset()
    except (SMTPException, OSError, TimeoutError, ValueError) as fault:
        return error_text(fault)
    finally:
        quit_later(connection)
    return ""


def parse_server(uri: str, settings: Settings, *, stored_password: bool) -> SmtpServer:
    """The server that is meant; BadValue for what is no address of one.

    The desk's own password goes to the desk's own server and user, to nobody else.
    """
    try:
        server = server_of(uri)
    except InvalidSetting:
        raise BadValue("SmtpUri", URI_FORMAT) from None
    if not stored_password:
        return server
    own = server_of(settings.smtp_url) if settings.smtp_url else None
    if own is None or replace(server, password=own.password) != own:
        raise BadValue("UseStoredPassword", "there is none for this server and user")
    return own


def parse_sender(text: str) -> str:
    """The address that the letters would be from; BadValue for none."""
    found = first_address(text)
    if found is None:
        raise BadValue("From", "names no address that mail can come from")
    return found.address
