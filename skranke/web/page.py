"""A request for a page: who asks, in which language, and what they may do.

`page.call(operation, …)` runs an operation of the API as the signed-in user; it checks
the permission and opens the transaction as the HTTP server does.
"""

import gzip
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any, ParamSpec, TypeVar
from urllib.parse import parse_qsl, quote
from zoneinfo import ZoneInfo, available_timezones

import asyncpg
from msgspec import Struct
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from skranke.core.app_state import AppState, current_second
from skranke.core.context import CurrentUser, Permission, RequestContext
from skranke.core.dates import Locale
from skranke.core.errors import (
    ApiError,
    Conflict,
    InternalError,
    MalformedRequest,
    NotAllowed,
    NotSignedIn,
    ServiceUnavailable,
)
from skranke.db.database import CONNECTION_ERRORS
from skranke.http.operation import OPERATIONS, Operation
from skranke.http.request import body_of_request, head_of
from skranke.people.auth.sessions import SESSION_COOKIE, XSRF_COOKIE
from skranke.people.auth.sign_in import SignIn
from skranke.people.interface.carriers import InterfaceSettings
from skranke.people.interface.resources import get_interface_settings
from skranke.web.i18n.catalogue import Translator, language_of
from skranke.web.i18n.times import Times
from skranke.web.security import PAGE_HEADERS, mask, unmask

log = logging.getLogger("skranke.web")
P = ParamSpec("P")
T = TypeVar("T")
MAX_FORM_BYTES = 2 * 1024 * 1024
MAX_FORM_FIELDS = 4000
MIN_COMPRESSED_BYTES = 1024
ZONES = available_timezones()
UTC_ZONE = ZoneInfo("UTC")


class Form(Struct, frozen=True):
    """The fields of a posted form; a name may have several values."""

    fields: tuple[tuple[str, str], ...] = ()
    content: bytes = b""  # of a body that is a file, not a form

    def text(self, name: str) -> str:
        """The first value of a field; empty without one."""
        return next((value for key, value in self.fields if key == name), "")

    def texts(self, name: str) -> list[str]:
        """Every value of a field."""
        return [value for key, value in self.fields if key == name]

    def number(self, name: str) -> int:
        """A field's number; MalformedRequest for what isn't one, 0 without one."""
        return whole_number(name, self.text(name))

    def numbers(self, name: str) -> list[int]:
        """Every number of a field."""
        return [whole_number(name, value) for value in self.texts(name)]


def whole_number(name: str, text: str) -> int:
    """The number in a text; 0 for an empty one, MalformedRequest for any other."""
    if not text:
        return 0
    if not text.isdecimal() or not text.isascii() or len(text) > 9:
        raise MalformedRequest(f"{name}: {text[:20]!r} is not a number")
    return int(text)


class Page(Struct, kw_only=True):
    """One request for a page by a signed-in user."""

    state: AppState
    request: Request
    context: RequestContext
    settings: InterfaceSettings
    translate: Translator
    times: Times
    csrf: str
    form: Form = Form()

    @property
    def user(self) -> CurrentUser:
        return self.context.user

    @property
    def is_fragment(self) -> bool:
        """Whether a script asks, which replaces a part of the page it is on."""
        return "hx-request" in self.request.headers

    def query(self, name: str) -> str:
        """A parameter of the address; empty without it."""
        return self.request.query_params.get(name, "")

    def may(self, run: Callable[..., Awaitable[object]]) -> bool:
        """Whether the user has the permission that an operation asks for."""
        return operation_of(run).permission in self.user.permissions

    async def call(self, run: Callable[P, Awaitable[T]], /, *args: P.args, **values: P.kwargs) -> T:
        """Run an operation of the API; the first argument is the page's context.

        NotAllowed without its permission; in a transaction where it asks for one.
        """
        operation = operation_of(run)
        if operation.permission not in self.user.permissions:
            raise NotAllowed(f"{self.user.name} lacks a permission: {operation.permission.value}.")
        transaction: AbstractAsyncContextManager[object] = nullcontext()
        if operation.transaction:
            transaction = self.context.db.transaction()
        async with transaction:
            return await run(*args, **values)

    def given(self, *names: str) -> RequestContext:
        """The context of a save in which the carrier really has these properties."""
        return replace(self.context, given=frozenset(names))


OPERATION_BY_FUNCTION: dict[Any, Operation] = {}


def operation_of(run: Callable[..., Awaitable[object]]) -> Operation:
    """The operation that a function is published as."""
    if run not in OPERATION_BY_FUNCTION:
        OPERATION_BY_FUNCTION.update({operation.run: operation for operation in OPERATIONS})
    return OPERATION_BY_FUNCTION[run]


Handler = Callable[[Page], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


def compressed(request: Request, text: str, status: int, headers: Mapping[str, str]) -> Response:
    """An HTML response, compressed for browsers that take it."""
    body = text.encode()
    headers = {**PAGE_HEADERS, **headers, "vary": "accept-encoding, hx-request"}
    gzipped = "gzip" in request.headers.get("accept-encoding", "")
    if gzipped and len(body) >= MIN_COMPRESSED_BYTES:
        body = gzip.compress(body, 4, mtime=0)
        headers["content-encoding"] = "gzip"
    return Response(body, status, headers, "text/html; charset=utf-8")


class Pages:
    """Makes endpoints of page handlers: signs in, checks forms, shows errors."""

    def __init__(
        self, state: AppState, sign_in: SignIn, show_error: Callable[[Page, ApiError], Response]
    ) -> None:
        self.state = state
        self.sign_in = sign_in
        self.show_error = show_error

    def endpoint(self, handler: Handler) -> Endpoint:
        """The endpoint of a handler, for signed-in users alone."""

        async def respond(request: Request) -> Response:
            try:
                form = Form()
                if request.method == "POST":
                    form = await read_form(request, self.state.settings.max_body_bytes)
                user = await self._user(request, form)
            except NotSignedIn:
                return sign_in_first(request)
            except ApiError as error:
                return Response(error.message, error.status, PAGE_HEADERS, "text/plain")
            try:
                async with self.open_page(request, user, form) as page:
                    return await self._answer(handler, page)
            except CONNECTION_ERRORS:
                sentence = "The database can't be reached just now; nothing was saved."
                return Response(sentence, 503, {**PAGE_HEADERS, "retry-after": "1"}, "text/plain")

        return respond

    async def _answer(self, handler: Handler, page: Page) -> Response:
        try:
            return await handler(page)
        except ApiError as error:
            return self.show_error(page, error)
        except asyncpg.DataError:
            return self.show_error(page, MalformedRequest("A value can't be stored."))
        except asyncpg.IntegrityConstraintViolationError:
            fault = "Somebody else changed the same; look again and repeat it."
            return self.show_error(page, Conflict(fault))
        except CONNECTION_ERRORS:
            fault = "The database can't be reached just now; nothing was saved."
            return self.show_error(page, ServiceUnavailable(fault))
        except Exception:
            log.exception("%s %s failed", page.request.method, page.request.url.path)
            return self.show_error(page, InternalError("The desk failed; its log says why."))

    async def _user(self, request: Request, form: Form) -> CurrentUser:
        session = request.cookies.get(SESSION_COOKIE, "")
        if not session:
            raise NotSignedIn("Sign in first.")
        if request.method in ("GET", "HEAD"):
            user = await self.sign_in.session_user(session)
        else:
            token = request.headers.get("x-xsrf-token") or unmask(form.text("csrf"))
            user = await self.sign_in.session_user(session, token)
        if Permission.READ not in user.permissions:
            raise NotAllowed(f"{user.name} is not a Service user; the pages need one.")
        return user

    @asynccontextmanager
    async def open_page(
        self, request: Request, user: CurrentUser, form: Form
    ) -> AsyncGenerator[Page]:
        """A page with a connection of its own, in the user's language and zone."""
        state = self.state
        async with state.pool.acquire() as db:
            await state.cache.refresh(db)
            locale = Locale(UTC_ZONE, language="en", culture="en")
            context = RequestContext(
                db=db,
                user=user,
                now=current_second(state.clock),
                settings=state.settings,
                cache=state.cache,
                rng=state.rng,
                locale=locale,
                base_url=base_url(state, request),
            )
            settings = await get_interface_settings(context)
            language = language_of(settings.language, request.headers.get("accept-language", ""))
            context.locale = Locale(UTC_ZONE, language=language, culture=language)
            zone = zone_of(settings.zone, request, state.settings.timezone)
            translate = Translator(language)
            yield Page(
                state=state,
                request=request,
                context=context,
                settings=settings,
                translate=translate,
                times=Times(translate, zone, context.now),
                csrf=mask(request.cookies.get(XSRF_COOKIE, "")),
                form=form,
            )


def base_url(state: AppState, request: Request) -> str:
    """Where the desk's addresses begin."""
    return state.settings.public_url.rstrip("/") or str(request.base_url).rstrip("/")


def zone_of(chosen: str, request: Request, base: str) -> ZoneInfo:
    """The zone that a person chose, else the browser's, else the desk's."""
    for name in (chosen, request.cookies.get("skranke_zone", "").replace("%2F", "/"), base):
        if name in ZONES:
            return ZoneInfo(name)
    return UTC_ZONE


async def read_form(request: Request, max_file_bytes: int = 0) -> Form:
    """The fields of a posted form, or the file that was posted in its place.

    It is read before a connection is taken: a slow client must not hold one.
    PayloadTooLarge, MalformedRequest.
    """
    head = head_of(request.scope)
    if "form-urlencoded" not in head.header("content-type"):
        return Form(content=await body_of_request(head, request.receive, max_file_bytes))
    body = await body_of_request(head, request.receive, MAX_FORM_BYTES)
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MAX_FORM_FIELDS)
    except ValueError as fault:
        raise MalformedRequest("The form can't be read.", str(fault)) from None
    return Form(tuple(fields))


def sign_in_first(request: Request) -> Response:
    """To the sign-in page, and from there on to where one wanted to go."""
    wanted = request.url.path
    if request.url.query:
        wanted += f"?{request.url.query}"
    if request.method != "GET":
        wanted = "/"
    address = f"/sign-in?to={quote(wanted, safe='/')}"
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"hx-redirect": address, **PAGE_HEADERS})
    return RedirectResponse(address, 303, PAGE_HEADERS)


def redirect(address: str) -> Response:
    """On to another page, after a form was done."""
    return RedirectResponse(address, 303, PAGE_HEADERS)
