"""Signed-in browsers: a cookie that scripts can't read, and one that they must.

Both secrets are random and stored hashed, so sessions outlive a restart and a copy of
the database opens none. Each request of a session asks the database, so that signing
out is felt at once in every process. Source: reference, cookie session and XSRF.
"""

import hmac
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from urllib.parse import parse_qs

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from skranke.core.app_state import AppState
from skranke.core.errors import ApiError, MalformedRequest, NotAllowed, TooManyRequests, error_body
from skranke.db.database import Db, execute, row, value
from skranke.http.request import body_of_request, head_of
from skranke.people.auth.tokens import digest
from skranke.people.sql import Account, connection

SESSION_COOKIE, XSRF_COOKIE = "skranke_session", "XSRF-TOKEN"
DEFAULT_LIFETIME = timedelta(hours=8)  # since the last use, where inactivityHours says nothing
TOUCH_INTERVAL = timedelta(minutes=1)
MAX_FORM_BYTES = 16 * 1024

WithPassword = Callable[[str, str, str], Awaitable[Account]]
Endpoint = Callable[[Request], Awaitable[Response]]


class SignInForm(Struct):
    """What `POST /login` takes, as JSON or as a form."""

    user: str
    password: str = ""


class StoredSession(Struct, frozen=True):
    """A stored session."""

    associate_id: int
    xsrf_hash: str
    last_active: datetime


async def session_lifetime(db: Db) -> timedelta:
    """How long a session lives unused: the inactivity limit of the settings, or 8 h."""
    hours = await value(
        db,
        str,
        """
        SELECT coalesce((SELECT value FROM registry WHERE name = 'inactivityHours'), '')
        """,
    )
    if hours.isdecimal() and 0 < int(hours) < 10_000:
        return timedelta(hours=int(hours))
    return DEFAULT_LIFETIME


async def open_session(db: Db, associate_id: int, now: datetime) -> tuple[str, str]:
    """A new session's secrets: the cookie's and the XSRF token. Ended ones go."""
    session, xsrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    await execute(
        db,
        """
        WITH ended AS (DELETE FROM login WHERE last_active <= $5)
        INSERT INTO login
            (session_hash, xsrf_hash, associate_id, registered, last_active)
        VALUES ($1, $2, $3, $4, $4)
        """,
        digest(session),
        digest(xsrf),
        associate_id,
        now,
        now - await session_lifetime(db),
    )
    return session, xsrf


async def session_owner(
    db: Db, session: str, xsrf: str | None, now: datetime, lifetime: timedelta
) -> int:
    """The associate whose session this is; 0 when it has ended or `xsrf` is wrong.

    None for `xsrf` is for requests that change nothing. A use is written down at most
    once a minute.
    """
    login = await row(
        db,
        StoredSession,
        """
        SELECT associate_id, xsrf_hash, last_active FROM login WHERE session_hash = $1
        """,
        digest(session),
    )
    if login is None or now - login.last_active >= lifetime:
        return 0
    if xsrf is not None and not hmac.compare_digest(login.xsrf_hash, digest(xsrf)):
        return 0
    if now - login.last_active >= TOUCH_INTERVAL:
        touch = "UPDATE login SET last_active = $2 WHERE session_hash = $1"
        await execute(db, touch, digest(session), now)
    return login.associate_id


async def close_session(db: Db, session: str) -> None:
    """End a session; one that has ended already may end again."""
    await execute(db, "DELETE FROM login WHERE session_hash = $1", digest(session))


def set_session_cookies(response: Response, session: str, xsrf: str, *, secure: bool) -> None:
    """Hand a session to a browser: one cookie for scripts to read, one not."""
    response.set_cookie(SESSION_COOKIE, session, secure=secure, httponly=True, samesite="lax")
    response.set_cookie(XSRF_COOKIE, xsrf, secure=secure, samesite="lax")


def delete_session_cookies(response: Response) -> None:
    """Have a browser forget its session."""
    response.delete_cookie(SESSION_COOKIE)
    response.delete_cookie(XSRF_COOKIE)


def routes(state: AppState, with_password: WithPassword) -> list[Route]:
    """`POST /login` and `POST /logout`; none when sessions are switched off."""

    @_with_error_answers
    async def sign_in(request: Request) -> Response:
        # a foreign page must not sign its visitor in as somebody else
        if request.headers.get("sec-fetch-site") == "cross-site":
            raise NotAllowed("Sign in from a page of this desk.")
        form = await _form(request)
        peer = request.client.host if request.client else ""
        account = await with_password(form.user, form.password, peer)
        async with connection(state.pool) as db:
            session, xsrf = await open_session(db, account.user.associate_id, state.clock.now())
        answer = Response(status_code=204)
        set_session_cookies(answer, session, xsrf, secure=request.url.scheme == "https")
        return answer

    @_with_error_answers
    async def sign_out(request: Request) -> Response:
        async with connection(state.pool) as db:
            await close_session(db, request.cookies.get(SESSION_COOKIE, ""))
        answer = Response(status_code=204)
        delete_session_cookies(answer)
        return answer

    if not state.settings.authorize_with_implicit:
        return []
    return [
        Route("/login", sign_in, methods=["POST"]),
        Route("/logout", sign_out, methods=["POST"]),
    ]


async def _form(request: Request) -> SignInForm:
    body = await body_of_request(head_of(request.scope), request.receive, MAX_FORM_BYTES)
    try:
        if "json" in request.headers.get("content-type", ""):
            return msgspec.json.decode(body, type=SignInForm)
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=10)
        first = {name: values[0] for name, values in fields.items()}
        return msgspec.convert(first, SignInForm)
    except ValueError as fault:
        raise MalformedRequest("Send user and password.", str(fault)) from None


def _with_error_answers(endpoint: Endpoint) -> Endpoint:
    """The endpoint, with a refusal answered as the error object."""

    async def call_endpoint(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ApiError as refusal:
            wait = str(refusal.retry_after) if isinstance(refusal, TooManyRequests) else ""
            return Response(
                msgspec.json.encode(error_body(refusal)),
                refusal.status,
                {"retry-after": wait} if wait else None,
                "application/json",
            )

    return call_endpoint
