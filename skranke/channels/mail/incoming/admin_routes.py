"""`/_desk/mail`: how the mailboxes fare, for whoever administers the desk.

Besides the mails that wait for a decision, the rest of a mailbox's settings and the
filters, which no operation of the vendor's has.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from skranke.channels.mail.incoming import ledger
from skranke.channels.mail.incoming.doors import envelope_sender, read_body
from skranke.channels.mail.incoming.filters import MailFilter, load_filters
from skranke.channels.mail.incoming.ledger import Delivery
from skranke.channels.mail.incoming.mailboxes import load_mailboxes
from skranke.channels.mail.incoming.settings import (
    MailboxSettings,
    load_mailbox_settings,
    save_filters,
    save_mailbox_settings,
)
from skranke.channels.mail.incoming.status import load_status
from skranke.core.app_state import AppState
from skranke.core.context import CurrentUser, Permission, RequestContext
from skranke.core.errors import (
    ApiError,
    BadValue,
    Conflict,
    MalformedRequest,
    NotAllowed,
    NotFound,
    NotSignedIn,
    PayloadTooLarge,
    error_body,
)
from skranke.core.jobs.worker import context_for
from skranke.db.database import transaction
from skranke.http.request import Head, head_of
from skranke.messages.mime.addresses import parse_addresses
from skranke.messages.mime.parsed import MAX_MAIL_BYTES

T = TypeVar("T")
SignIn = Callable[[Head], Awaitable[CurrentUser]]
Answer = Callable[[RequestContext, Request], Awaitable[object]]
NOT_CACHED = {"cache-control": "no-store"}
MAX_SETTINGS_BYTES = 1024 * 1024
HELD = frozenset({ledger.QUARANTINED, ledger.BLOCKED, ledger.IGNORED})


def routes(state: AppState, sign_in: SignIn) -> list[Route]:
    """The addresses below `/_desk/mail`; all ask for the permission to administer."""

    def route(path: str, answer: Answer, method: str = "GET") -> Route:
        endpoint = partial(_answer, state, sign_in, answer)
        return Route(f"/_desk/mail{path}", endpoint, methods=[method])

    return [
        route("", show_status),
        route("/inbound", list_mails),
        route("/inbound/{inbound_id:int}", show_mail),
        route("/inbound/{inbound_id:int}/raw", show_raw),
        route("/inbound/{inbound_id:int}/replay", replay_mail, "POST"),
        route("/mailboxes/{mailbox_id:int}", show_mailbox),
        route("/mailboxes/{mailbox_id:int}", put_mailbox, "PUT"),
        route("/filters", show_filters),
        route("/filters", put_filters, "PUT"),
        route("/{mailbox_id:int}", receive_mail, "POST"),
    ]


async def _answer(state: AppState, sign_in: SignIn, answer: Answer, request: Request) -> Response:
    try:
        user = await sign_in(head_of(request.scope))
        if Permission.ADMINISTER not in user.permissions:
            if not user.associate_id:
                raise NotSignedIn("Sign in first: Basic, SoTicket, Bearer or a session.")
            raise NotAllowed(f"{user.name} lacks a right: {Permission.ADMINISTER.value}.")
        async with transaction(state.pool) as db:
            await state.cache.refresh(db)
            context = context_for(state, db, user)
            body = await answer(context, request)
    except ApiError as refusal:
        return _json(error_body(refusal), refusal.status)
    return body if isinstance(body, Response) else _json(body)


def _json(body: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, NOT_CACHED, "application/json")


async def show_status(context: RequestContext, _: Request) -> object:
    """Every mailbox and what waits: is anything late, held or failing?"""
    return await load_status(context.db, context.now)


async def list_mails(context: RequestContext, request: Request) -> object:
    """The newest mails of the ledger; `?state=` and `?before=ID` narrow them."""
    before = request.query_params.get("before", "")
    if before and not before.isdecimal():
        raise BadValue("before", f"{before!r} is not an id")
    state = request.query_params.get("state", "")
    return await ledger.list_rows(
        context.db, 200, before_id=int(before) if before else None, state=state
    )


async def show_mail(context: RequestContext, request: Request) -> object:
    """A mail of the ledger."""
    return await _find(context, request)


async def show_raw(context: RequestContext, request: Request) -> object:
    """A mail's bytes, as a file."""
    found = await _find(context, request)
    raw = await ledger.load_raw(context.db, found.id)
    if raw is None:
        raise NotFound(f"The bytes of mail {found.id} are forgotten.")
    headers = {"content-disposition": f'attachment; filename="{found.id}.eml"'}
    return Response(raw, 200, NOT_CACHED | headers, "application/octet-stream")


async def replay_mail(context: RequestContext, request: Request) -> object:
    """Have a held or ignored mail imported after all; past the filter that blocked it."""
    found = await _find(context, request)
    if found.state not in HELD:
        raise Conflict(f"Mail {found.id} is {found.state!r} and can't be imported again.")
    blocking = [one for one in await load_filters(context.db) if one.name == found.mail_sorter]
    skipped = blocking[0].id if blocking and found.state == ledger.BLOCKED else 0
    if not await ledger.replay(context.db, found.id, context.now, skipped_filter_id=skipped):
        raise Conflict(f"The bytes of mail {found.id} are forgotten.")
    return await _find(context, request)


async def _find(context: RequestContext, request: Request) -> ledger.LedgerRow:
    inbound_id = request.path_params["inbound_id"]
    found = await ledger.load(context.db, inbound_id) if inbound_id < 2**63 else None
    if found is None:
        raise NotFound(f"Mail {inbound_id} does not exist.")
    return found


async def show_mailbox(context: RequestContext, request: Request) -> object:
    """What a mailbox has beyond MailboxEntity."""
    return await load_mailbox_settings(context.db, request.path_params["mailbox_id"])


async def put_mailbox(context: RequestContext, request: Request) -> object:
    """Set what was given of a mailbox's settings; the rest is kept."""
    mailbox_id = request.path_params["mailbox_id"]
    before = await load_mailbox_settings(context.db, mailbox_id)
    given = await _decode(request, dict[str, object])
    merged = msgspec.to_builtins(before) | given
    try:
        wish = msgspec.convert(merged, MailboxSettings)
    except msgspec.ValidationError as fault:
        raise MalformedRequest("The settings can't be read.", str(fault)) from None
    unknown = sorted(given.keys() - merged_names())
    if unknown:
        raise BadValue(unknown[0], "is not a setting of a mailbox")
    await save_mailbox_settings(context, mailbox_id, wish)
    return await load_mailbox_settings(context.db, mailbox_id)


def merged_names() -> set[str]:
    """The wire names of a mailbox's settings."""
    return {field.encode_name for field in msgspec.structs.fields(MailboxSettings)}


async def show_filters(context: RequestContext, _: Request) -> object:
    """Every filter, the highest priority first."""
    return await load_filters(context.db)


async def put_filters(context: RequestContext, request: Request) -> object:
    """Put these filters in place of all; one that keeps its id is the same one."""
    await save_filters(context, await _decode(request, list[MailFilter]))
    return await load_filters(context.db)


async def receive_mail(context: RequestContext, request: Request) -> object:
    """Take a mail for a mailbox; 202 once it is written down.

    An `Idempotency-Key` that was used before answers the earlier mail.
    """
    mailbox_id = request.path_params["mailbox_id"]
    if mailbox_id not in await context.get_cached(load_mailboxes):
        raise NotFound(f"Mailbox {mailbox_id} does not exist.")
    raw = await read_body(request)
    if raw is None:
        raise PayloadTooLarge(f"A mail has at most {MAX_MAIL_BYTES} bytes.")
    if not raw:
        raise BadValue("body", "holds no mail; send its bytes as message/rfc822")
    key = request.headers.get("idempotency-key", "")[:200] or None
    delivery = Delivery(
        door="http",
        mailbox_id=mailbox_id,
        raw=raw,
        envelope_from=envelope_sender(request.headers.get("x-envelope-from")),
        rcpt=[one.address for one in parse_addresses(request.headers.get("x-envelope-to", ""))],
        key=key,
    )
    inbound_id, _ = await ledger.accept(context.db, delivery, context.now)
    return _json(await ledger.load(context.db, inbound_id), 202)


async def _decode(request: Request, shape: type[T]) -> T:
    pieces: list[bytes] = []
    async for piece in request.stream():
        pieces.append(piece)
        if sum(map(len, pieces)) > MAX_SETTINGS_BYTES:
            raise PayloadTooLarge(f"The body has more than {MAX_SETTINGS_BYTES} bytes.")
    try:
        return msgspec.json.decode(b"".join(pieces), type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise MalformedRequest("The body can't be read.", str(fault)) from None
