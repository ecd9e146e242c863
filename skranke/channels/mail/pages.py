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
from skranke.channels.mail.compose import parts_of, write_whole
from skranke.channels.mail.mime import head
from skranke.channels.mail.sms import SMS
from skranke.core.app_state import AppState
from skranke.core.jobs.worker import context_for
from skranke.db.database import Db, transaction

Handler = Callable[[Request], Awaitable[Response]]
KEPT = (sql.WAITING, sql.CAPTURED)  # nothing leaves such a desk, so both are here
TRANSIENT = {"cache-control": "no-store"}


class Attached(Struct, rename="camel", kw_only=True):
    """A file of a letter; `content_id` where it is an image of the text."""

    attachment_id: int
    name: str
    content_type: str
    size: int
    content_id: str


class Kept(Struct, rename="camel", kw_only=True):
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
    attachments: list[Attached]
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
        Route(f"{here}/{{outbox_id:int}}", guard(partial(show_letter, state))),
    ]


async def show_outbox(state: AppState, _: Request) -> Response:
    """Every letter and text that would have left, the oldest first."""
    async with transaction(state.pool) as db:
        letters = await sql.letters(db, list(KEPT))
        kept = [await _kept(db, letter) for letter in letters]
    return Response(msgspec.json.encode(kept), 200, TRANSIENT, "application/json")


async def empty_outbox(state: AppState, _: Request) -> Response:
    """Forget them all."""
    async with transaction(state.pool) as db:
        letters = await sql.letters(db, list(KEPT))
        await sql.delete(db, [letter.id for letter in letters])
    return Response(status_code=204, headers=TRANSIENT)


async def show_letter(state: AppState, request: Request) -> Response:
    """A letter's bytes as a mail server would get them, files and all; 404 without."""
    raw = BytesIO()
    async with transaction(state.pool) as db:
        letter = await sql.letter(db, request.path_params["outbox_id"])
        if letter is None or letter.status not in KEPT or letter.type == SMS:
            return Response(status_code=404, headers=TRANSIENT)
        await write_whole(context_for(state, db), letter, raw)
    return Response(raw.getvalue(), 200, TRANSIENT, "message/rfc822")


async def _kept(db: Db, letter: sql.Row) -> Kept:
    text, texted = letter.letter, letter.type == SMS
    files = [
        Attached(
            attachment_id=part.attachment_id,
            name=part.name,
            size=part.att_size,
            content_type=part.content_type,
            content_id=part.content_id,
        )
        for part in await parts_of(db, letter)
    ]
    return Kept(
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


def _headers(letter: sql.Row) -> dict[str, str]:
    """The letter's header lines by name, decoded."""
    lines = BytesHeaderParser(policy=default).parsebytes(head(letter))
    return {name: str(said) for name, said in lines.items()}
