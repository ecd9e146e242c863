"""`/_desk/inbox`: mails come in by HTTP, and what they came to is shown.

For an emulator and those who test against it the answer waits for the mail's end.
"""

from collections.abc import Awaitable, Callable
from functools import partial

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from skranke.channels.mail.incoming import ledger
from skranke.channels.mail.incoming.ledger import Delivery
from skranke.channels.mail.incoming.mailboxes import load_mailboxes
from skranke.channels.mail.incoming.processing import process_now
from skranke.core.app_state import AppState, current_second
from skranke.db.database import transaction
from skranke.messages.mime.addresses import parse_addresses
from skranke.messages.mime.parsed import MAX_MAIL_BYTES

Handler = Callable[[Request], Awaitable[Response]]
NOT_CACHED = {"cache-control": "no-store"}
MAX_ROWS = 500
MAX_KEY_CHARACTERS = 200


def emulator_routes(state: AppState, guard: Callable[[Handler], Handler]) -> list[Route]:
    """The mail door of an emulator; none of another desk."""
    if not state.settings.emulator:
        return []
    here = "/_desk/inbox"
    return [
        Route(here, guard(partial(receive_mail, state)), methods=["POST"]),
        Route(here, guard(partial(show_inbox, state)), methods=["GET"]),
        Route(f"{here}/{{inbound_id:int}}", guard(partial(show_mail, state)), methods=["GET"]),
    ]


async def receive_mail(state: AppState, request: Request) -> Response:
    """Take a mail as bytes and answer what it came to, once it has ended.

    `?mailbox=ID` says for which mailbox (0 or absent: for none). `X-Envelope-From` and
    `X-Envelope-To` are what SMTP said; an `Idempotency-Key` that was used before answers
    the earlier mail. 400 names what is wrong, 413 a mail that is too long.
    """
    mailbox = request.query_params.get("mailbox", "0")
    async with transaction(state.pool) as db:
        await state.cache.refresh(db)
        known = await state.cache.get(db, load_mailboxes)
    if not mailbox.isdecimal() or (int(mailbox) and int(mailbox) not in known):
        return _refusal(400, "mailbox", f"{mailbox!r} is not the id of a mailbox")
    key = request.headers.get("idempotency-key") or None
    if key and len(key) > MAX_KEY_CHARACTERS:
        return _refusal(400, "Idempotency-Key", f"has more than {MAX_KEY_CHARACTERS} characters")
    raw = await read_body(request)
    if raw is None:
        return _refusal(413, "body", f"a mail has at most {MAX_MAIL_BYTES} bytes")
    if not raw:
        return _refusal(400, "body", "holds no mail; send its bytes as message/rfc822")
    async with transaction(state.pool) as db:
        inbound_id, is_new = await ledger.accept(
            db,
            Delivery(
                door="http",
                mailbox_id=int(mailbox),
                raw=raw,
                envelope_from=envelope_sender(request.headers.get("x-envelope-from")),
                rcpt=[
                    one.address for one in parse_addresses(request.headers.get("x-envelope-to", ""))
                ],
                key=key,
            ),
            current_second(state.clock),
            leased=True,
        )
    if is_new:
        await process_now(state, inbound_id)
    return await _shown(state, inbound_id)


def envelope_sender(text: str | None) -> str | None:
    """An envelope's sender without brackets; "" of a bounce, None where none was said."""
    return None if text is None else text.strip().strip("<>").strip()


async def read_body(request: Request) -> bytes | None:
    """The body, as long as a mail may be; None for a longer one."""
    pieces: list[bytes] = []
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > MAX_MAIL_BYTES:
            return None
        pieces.append(piece)
    return b"".join(pieces)


async def show_inbox(state: AppState, request: Request) -> Response:
    """The newest mails of the ledger, newest first; `?before=ID` continues."""
    before = request.query_params.get("before", "")
    if before and not before.isdecimal():
        return _refusal(400, "before", f"{before!r} is not an id")
    async with transaction(state.pool) as db:
        found = await ledger.list_rows(
            db,
            MAX_ROWS,
            before_id=int(before) if before else None,
            state=request.query_params.get("state", ""),
        )
    return _json(found)


async def show_mail(state: AppState, request: Request) -> Response:
    """One mail of the ledger; 404 without one."""
    return await _shown(state, request.path_params["inbound_id"])


async def _shown(state: AppState, inbound_id: int) -> Response:
    async with transaction(state.pool) as db:
        found = await ledger.load(db, inbound_id)
    if found is None:
        return Response(status_code=404, headers=NOT_CACHED)
    return _json(found)


def _json(body: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, NOT_CACHED, "application/json")


def _refusal(status: int, field: str, fault: str) -> Response:
    return _json({"field": field, "error": f"{field}: {fault}"}, status)
