"""Whether a mail server would take letters, without sending one."""

import asyncio

from aiosmtplib import SMTPException
from msgspec.structs import replace

from skranke.channels.mail.addresses import first
from skranke.channels.mail.smtp import Server, client, leave, server_of, words
from skranke.core.errors import BadValue
from skranke.core.settings import InvalidSetting, Settings

MOST_SECONDS = 15
SAYS_WHAT = "smtp[s]://user:password@host:port is what it looks like"


async def fault_of(server: Server, sender: str) -> str:
    """What keeps the server from taking letters of this sender; "" for nothing."""
    connection = client(server)
    try:
        async with asyncio.timeout(MOST_SECONDS):
            await connection.connect()
            await connection.mail(sender)
            await connection.rset()
    except (SMTPException, OSError, TimeoutError, ValueError) as fault:
        return words(fault)
    finally:
        leave(connection)
    return ""


def server_to_try(uri: str, settings: Settings, *, stored_password: bool) -> Server:
    """The server that is meant; BadValue for what is no address of one.

    The desk's own password goes to the desk's own server and user, to nobody else.
    """
    try:
        server = server_of(uri)
    except InvalidSetting:
        raise BadValue("SmtpUri", SAYS_WHAT) from None
    if not stored_password:
        return server
    own = server_of(settings.smtp_url) if settings.smtp_url else None
    if own is None or replace(server, password=own.password) != own:
        raise BadValue("UseStoredPassword", "there is none for this server and user")
    return own


def sender_to_try(text: str) -> str:
    """The address that the letters would be from; BadValue for none."""
    found = first(text)
    if found is None:
        raise BadValue("From", "names no address that mail can come from")
    return found.address
