"""The HTTP server: address → user → body → operation in a transaction → response."""

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from skranke.core.app_state import AppState, current_second
from skranke.core.base_locale import base_locale
from skranke.core.context import CurrentUser, Permission, RequestContext
from skranke.core.dates import Locale
from skranke.core.errors import (
    ApiError,
    InternalError,
    MethodNotAllowed,
    NotAllowed,
    NotFound,
    NotImplementedHere,
    NotSignedIn,
    ServiceUnavailable,
    TooManyRequests,
    error_body,
)
from skranke.core.logs import new_request_id, request_id
from skranke.core.response import response_of
from skranke.http import cors, negotiation, select_option
from skranke.http.conditional import conditions_of
from skranke.http.faults import error_for
from skranke.http.i18n import request_locale
from skranke.http.negotiation import Codec
from skranke.http.openapi.coverage import is_absent
from skranke.http.openapi.discovery import describe_operation, is_listing
from skranke.http.operation import OPERATIONS, Operation
from skranke.http.origin import refuse_cross_origin
from skranke.http.parameters import read_parameters, with_address_parameters
from skranke.http.request import Head, body_of_request, head_of
from skranke.http.streams import (
    File,
    read_first_piece,
    receive_upload,
    send_pieces,
    stream_response,
)

log = logging.getLogger("skranke.http")
PARAMETER = re.compile(r"{\w+}")
INTERNAL_ERROR_MESSAGE = "An internal error occurred; the server's log has the details."
CHANGING = frozenset({Permission.WRITE, Permission.DELETE, Permission.ADMINISTER})
SignIn = Callable[[Head], Awaitable[CurrentUser]]
Headers = list[tuple[bytes, bytes]]
SECURITY_HEADERS: Headers = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]


class HttpServer:
    """The ASGI application: handles operations, passes every other address to `pages`."""

    def __init__(self, state: AppState, sign_in: SignIn, pages: Any) -> None:
        self.state = state
        self.sign_in = sign_in
        self.pages = pages
        self.origins = frozenset(state.settings.cors_origin.split())
        self.locale = base_locale(state.settings)
        self.fixed: dict[str, dict[str, Operation]] = {}
        self.patterns: dict[re.Pattern[str], dict[str, Operation]] = {}
        # "{" sorts after every letter, so literal parts win over parameters
        for operation in sorted(OPERATIONS, key=_rank):
            self._add(operation)

    def _add(self, operation: Operation) -> None:
        path = operation.path.lower()
        if "{" not in path:
            self.fixed.setdefault(path, {})[operation.method] = operation
            return
        literal = path.replace("$", r"\$")
        pattern = re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", literal), re.IGNORECASE)
        self.patterns.setdefault(pattern, {})[operation.method] = operation

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.pages(scope, receive, send)
            return
        head = head_of(scope)
        marked = new_request_id(head.header("x-request-id"))
        request_id.set(marked)
        send = _with_headers([(b"x-request-id", marked.encode())], send)
        if head.method == "HEAD":  # RFC 9110 §9.3.2: as GET, without the body
            head.method, send = "GET", _without_body(send)
        methods, parts = self._find_route(head.path)
        listed = not methods and is_listing(head.path)
        extra = cors.headers(head, self.state.settings)
        if (methods or listed) and head.method == "OPTIONS" and extra:
            await send_response(send, 204, b"", extra)
        elif listed:
            path = head.tenant + head.path.rstrip("/")
            here = {**scope, "path": path, "root_path": scope.get("root_path", "") + head.tenant}
            await self.pages(here, receive, _with_headers(extra, send))
        elif methods or head.path.lower().startswith("/api/"):
            codec, kind = negotiation.response_codec(head)
            status, body, more = await self._respond(head, methods, parts, receive, codec)
            if isinstance(body, File):
                outcome = stream_response(head, body, codec, kind, self.locale)
                await send_pieces(send, outcome, [*SECURITY_HEADERS, *extra, *more])
                return
            content_type = (b"content-type", kind.encode())
            await send_response(send, status, body, [content_type, *extra, *more])
        else:
            await self.pages(scope, receive, send)

    async def _respond(
        self,
        head: Head,
        methods: dict[str, Operation],
        parts: dict[str, str],
        receive: Any,
        codec: Codec,
    ) -> tuple[int, bytes | File, Headers]:
        """Status, body and headers of the answer or of an error."""
        try:
            return await self._call_operation(head, methods, parts, receive, codec)
        except ApiError as refusal:
            body = codec.encode(error_body(refusal), self.locale)
            return refusal.status, body, _error_headers(refusal, head, methods)
        except Exception:
            log.exception("%s %s failed", head.method, head.path)
            return (
                500,
                codec.encode(error_body(InternalError(INTERNAL_ERROR_MESSAGE)), self.locale),
                [],
            )

    def _find_route(self, path: str) -> tuple[dict[str, Operation], dict[str, str]]:
        lower = path.lower()
        if found := self.fixed.get(lower) or self.fixed.get(lower.rstrip("/")):
            return found, {}
        for pattern, methods in self.patterns.items():
            if match := pattern.fullmatch(path.rstrip("/")):
                return methods, match.groupdict()
        return {}, {}

    async def _call_operation(
        self,
        head: Head,
        methods: dict[str, Operation],
        parts: dict[str, str],
        receive: Any,
        codec: Codec,
    ) -> tuple[int, bytes | File, Headers]:
        operation = methods.get(head.method)
        is_agent = "/agents/" in head.path.lower()
        if operation is None and not (methods and is_agent) and is_absent(head.method, head.path):
            raise NotImplementedHere(head.method, head.path)
        if not methods:
            raise NotFound(f"There is nothing at {head.path}.")
        if operation is None:
            if head.method == "GET" and "POST" in methods:
                outcome = describe_operation(methods["POST"])
                return 200, codec.encode(outcome, self.locale, dict[str, str]), []
            raise MethodNotAllowed(f"{head.path} takes {' and '.join(_allowed_methods(methods))}.")
        user = await self.sign_in(head)
        if operation.permission not in user.permissions:
            if not user.associate_id:
                raise NotSignedIn("Sign in first: Basic, SoTicket, Bearer or a session.")
            raise NotAllowed(f"{user.name} lacks a right: {operation.permission.value}.")
        refuse_cross_origin(head, self.origins)
        locale = request_locale.locale_of(head, self.state.settings)
        passed_over: list[str] = []
        if operation.streamed:
            result = await self._run_upload(operation, head, parts, receive, user, locale)
        else:
            most = self.state.settings.max_body_bytes
            body = await body_of_request(head, receive, most)
            values, given = read_parameters(operation, head, parts, body, locale)
            result = await self._run(operation, head, user, locale, values, given, passed_over)
        outcome = response_of(result)
        headers = request_locale.headers(locale) + outcome.raw_headers()
        if passed_over and self.state.settings.emulator:
            headers.append((b"x-skranke-passed-over", quote(", ".join(passed_over)).encode()))
        if operation.answer in (None, type(None)):
            return 204, b"", headers
        if outcome.status == 304:
            return 304, b"", headers
        shown = outcome.body
        if isinstance(shown, File):
            return outcome.status, await read_first_piece(shown), headers
        if (names := head.query.get("$select")) and select_option.may_select(operation):
            shown = select_option.select_properties(shown, names)
        return outcome.status, codec.encode(shown, locale, operation.answer), headers

    async def _run_upload(
        self,
        operation: Operation,
        head: Head,
        parts: dict[str, str],
        receive: Any,
        user: CurrentUser,
        locale: Locale,
    ) -> Any:
        """Run an operation that receives its body as an Upload.

        The body is received completely before a database connection is acquired, so a
        slow client does not hold one.
        """
        limit = self.state.settings.max_attachment_bytes
        async with receive_upload(head, receive, limit) as upload:
            given = {str(operation.entity): upload}
            values, _ = with_address_parameters(operation, head, parts, given, locale)
            return await self._run(operation, head, user, locale, values)

    async def _run(
        self,
        operation: Operation,
        head: Head,
        user: CurrentUser,
        locale: Locale,
        values: dict[str, Any],
        given: frozenset[str] = frozenset(),
        passed_over: list[str] | None = None,
    ) -> Any:
        """The operation's result; it adds to `passed_over` what it leaves out."""
        state = self.state
        may_be_kept = False
        try:
            async with state.pool.acquire() as db:
                await state.cache.refresh(db)
                context = RequestContext(
                    db=db,
                    user=user,
                    now=current_second(state.clock),
                    settings=state.settings,
                    cache=state.cache,
                    rng=state.rng,
                    locale=locale,
                    given=given,
                    base_url=_base_url(state.settings.public_url, head),
                    conditions=conditions_of(head, locale),
                    passed_over=[] if passed_over is None else passed_over,
                )
                if not operation.transaction:
                    # each of its statements commits by itself
                    may_be_kept = operation.permission in CHANGING
                    return await operation.run(context, **values)
                async with db.transaction():
                    result = await operation.run(context, **values)
                    may_be_kept = operation.permission in CHANGING  # from the COMMIT on
                return result
        except Exception as fault:
            if error := error_for(fault, may_be_kept=may_be_kept):
                raise error from fault
            raise


def _base_url(public_url: str, head: Head) -> str:
    """Where the addresses of this desk begin for this client."""
    public = public_url.rstrip("/")
    return f"{public}{head.tenant}" if public else head.base_url


def _rank(operation: Operation) -> str:
    return PARAMETER.sub("{", operation.path.lower())


def _error_headers(refusal: ApiError, head: Head, methods: dict[str, Operation]) -> Headers:
    """The headers that belong to an error: WWW-Authenticate, Allow or Retry-After."""
    if isinstance(refusal, NotSignedIn):
        quiet = head.header("x-xsrf-token") or head.header("x-requested-with")
        realm = b'Basic realm="SuperOffice Username or Ticket"'
        return [] if quiet else [(b"www-authenticate", realm)]
    if isinstance(refusal, MethodNotAllowed):
        described = ["GET"] if "POST" in methods else []
        allowed = dict.fromkeys([*described, *_allowed_methods(methods)])
        return [(b"allow", ", ".join(allowed).encode())]
    if isinstance(refusal, TooManyRequests):
        return [(b"retry-after", str(refusal.retry_after).encode())]
    return [(b"retry-after", b"1")] if isinstance(refusal, ServiceUnavailable) else []


def _allowed_methods(methods: dict[str, Operation]) -> list[str]:
    """The methods of an address, HEAD wherever GET is."""
    return [*methods, *(["HEAD"] if "GET" in methods else [])]


def _without_body(send: Any) -> Any:
    """`send` for a HEAD request: the headers of the answer to GET, and no body."""

    async def send_head(message: Any) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return send_head


def _with_headers(extra: Headers, send: Any) -> Any:
    """Wrap `send` so that it adds these headers to the response."""

    async def send_with(message: Any) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *extra]}
        await send(message)

    return send_with


async def send_response(send: Any, status: int, body: bytes, extra: Headers) -> None:
    """Send a complete response."""
    bare = status in (204, 304)
    length = [] if bare else [(b"content-length", str(len(body)).encode())]
    headers = [*SECURITY_HEADERS, *length, *extra]
    start = {"type": "http.response.start", "status": status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": body})
