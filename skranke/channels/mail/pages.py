"""`/_desk/outbox`: what a desk would have sent, for those who test against it."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from email.parser import BytesHeaderParser
from email.policy import default
from functools import partial
from io import BytesIO

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from skranke.channels.mail import sql
from skranke.channels.mail.capture import captures
from skranke.channels.mail.compose import load_parts, write_email
from skranke.channels.mail.mime import header_lines
from skranke.channels.mail.sms import SMS_TYPE
from skranke.core.app_state import AppState
from skranke.core.jobs.worker import context_for
from skranke.db.database import Db, transaction

Handler = Callable[[Request], Awaitable[Response]]
SHOWN_STATUSES = (sql.WAITING, sql.CAPTURED)  # nothing leaves such a desk, so both are here
NO_STORE = {"cache-control": "no-store"}


class OutboxFile(Struct, rename="camel", kw_only=True):
    """A file of a letter; `content_id` where it is an image of the text."""

    attachment_id: int
    name: str
    content_type: str
    size: int
    content_id: str


class OutboxEntry(Struct, rename="camel", kw_only=True):
    """A letter as testers see it; `raw` is where its bytes are."""

    id: int
    type: str
    ticket_id: int | None
    message_id: int | None
    created: datetime
    subject: str
    sender: str = msgspec.field(name="from")
    envelope: str
    recipients: list[str]
    to: list[str]
    cc: list[str]
    bcc: list[str]
    plain: str
    html: str
    attachments: list[OutboxFile]
    headers: dict[str, str]
    raw: str


def routes(state: AppState, guard: Callable[[Handler], Handler]) -> list[Route]:
    """The pages of a desk that keeps its mail; none of another.

    `guard` wraps a handler so that strangers don't reach it.
    """
    if not captures(state.settings):
        return []
    here = "/_desk/outbox"
    return [
        Route(here, guard(partial(show_outbox, state)), methods=["GET"]),
        Route(here, guard(partial(empty_outbox, state)), methods=["DELETE"]),
        Route(f"{here}/{{outbox_id:int}}", guard(partial(show_email, state))),
    ]


async def show_outbox(state: AppState, _: Request) -> Response:
    """Every letter and text that would have left, the oldest first."""
    async with transaction(state.pool) as db:
        letters = await sql.load_emails(db, list(SHOWN_STATUSES))
        kept = [await _entry(db, letter) for letter in letters]
    return Response(msgspec.json.encode(kept), 200, NO_STORE, "application/json")


async def empty_outbox(state: AppState, _: Request) -> Response:
    """Forget them all."""
    async with transaction(state.pool) as db:
        letters = await sql.load_emails(db, list(SHOWN_STATUSES))
        await sql.delete(db, [letter.id for letter in letters])
    return Response(status_code=204, headers=NO_STORE)


async def show_email(state: AppState, request: Request) -> Response:
    """A letter's bytes as a mail server would get them, files and all; 404 without."""
    raw = BytesIO()
    async with transaction(state.pool) as db:
        letter = await sql.load_email(db, request.path_params["outbox_id"])
        if letter is None or letter.status not in SHOWN_STATUSES or letter.type == SMS_TYPE:
            return Response(status_code=404, headers=NO_STORE)
        await write_email(context_for(state, db), letter, raw)
    return Response(raw.getvalue(), 200, NO_STORE, "message/rfc822")


async def _entry(db: Db, letter: sql.OutboxEmail) -> OutboxEntry:
    text, texted = letter.letter, letter.type == SMS_TYPE
    files = [
        OutboxFile(
            attachment_id=part.attachment_id,
            name=part.name,
            size=part.att_size,
            content_type=part.content_type,
            content_id=part.content_id,
        )
        for part in await load_parts(db, letter)
    ]
    return OutboxEntry(
        id=letter.id,
        type=letter.type,
        ticket_id=letter.ticket_id,
        message_id=letter.message_id,
        created=letter.created,
        subject=letter.subject,
        sender="" if texted else str(text.sender),
        envelope=letter.from_envelope,
        recipients=letter.rcpt,
        to=letter.rcpt if texted else [str(b) for b in text.to],
        cc=[str(b) for b in text.cc],
        bcc=[str(b) for b in text.bcc],
        plain=text.plain,
        html=text.html,
        attachments=files,
        headers={} if texted else _headers(letter),
        raw="" if texted else f"/_desk/outbox/{letter.id}",
    )


def _headers(letter: sql.OutboxEmail) -> dict[str, str]:
    """The letter's header lines by name, decoded."""
    lines = BytesHeaderParser(policy=default).parsebytes(header_lines(letter))
    return {name: str(said) for name, said in lines.items()}
