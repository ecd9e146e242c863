"""What others do, told to open browsers: one stream a tab, from one reader a process.

The reader asks the table of live events twice a second, whoever listens, and only while
somebody does. Each stream gets the events of tickets that its user may see. A browser
that lost its stream comes back with the last id, and gets what happened since.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from skranke.actions.views.resources import get_counters
from skranke.channels.live import sql
from skranke.channels.live.resources import delete_presence, put_presence
from skranke.channels.live.sql import LiveEvent
from skranke.core.app_state import AppState
from skranke.core.context import CurrentUser, Permission
from skranke.core.errors import ApiError
from skranke.db.database import CONNECTION_ERRORS, transaction
from skranke.people.auth.sessions import SESSION_COOKIE
from skranke.people.auth.sign_in import SignIn
from skranke.tickets.reference_data import ReferenceData, load_reference_data
from skranke.tickets.rights import is_own_or_open
from skranke.web.page import Page
from skranke.web.security import PAGE_HEADERS

log = logging.getLogger("skranke.web")
READ_EVERY = 0.5  # seconds
PING_EVERY = 20.0  # seconds between signs of life, and between looks at the session
MAX_WAITING = 500  # events of one stream; who lags behind starts anew
MAX_STREAMS = 1000
REMEMBERED = 500  # ids that were told: events may be committed out of their order
STREAM_HEADERS = {**PAGE_HEADERS, "x-accel-buffering": "no"}


class Stream:
    """One browser's events, those that its user may see."""

    def __init__(self, user: CurrentUser) -> None:
        self.user = user
        self.waiting: asyncio.Queue[LiveEvent] = asyncio.Queue(MAX_WAITING)

    def offer(self, event: LiveEvent, lists: ReferenceData) -> None:
        """Queue an event, unless it is of a ticket that the user may not see."""
        if not may_see(event, lists, self.user):
            return
        with contextlib.suppress(asyncio.QueueFull):
            self.waiting.put_nowait(event)


def may_see(event: LiveEvent, lists: ReferenceData, user: CurrentUser) -> bool:
    """Whether a user may know of an event's ticket."""
    return is_own_or_open(event.owned_by, event.category, lists, user)


class Feed:
    """The one reader of live events of this process, and the streams that it feeds."""

    def __init__(self, state: AppState, sign_in: SignIn) -> None:
        self.state = state
        self.sign_in = sign_in
        self.streams: set[Stream] = set()
        self.cursor = 0
        self.told: dict[int, None] = {}
        self.reader: asyncio.Task[None] | None = None

    async def open(self, request: Request) -> Response:
        """`GET /live`: the stream; 401 without a session, which ends the retries."""
        try:
            user = await self._user(request)
        except (ApiError, *CONNECTION_ERRORS):
            return Response(status_code=401, headers=PAGE_HEADERS)
        if Permission.READ not in user.permissions or len(self.streams) >= MAX_STREAMS:
            return Response(status_code=503, headers=PAGE_HEADERS)
        after = request.headers.get("last-event-id") or request.query_params.get("after", "")
        start = int(after) if after.isdecimal() and len(after) < 18 else 0
        pieces = self._pieces(request, user, start)
        return StreamingResponse(pieces, 200, STREAM_HEADERS, "text/event-stream")

    async def _user(self, request: Request) -> CurrentUser:
        return await self.sign_in.session_user(request.cookies.get(SESSION_COOKIE, ""))

    async def _pieces(
        self, request: Request, user: CurrentUser, start: int
    ) -> AsyncGenerator[bytes]:
        stream = Stream(user)
        self.streams.add(stream)
        if self.reader is None or self.reader.done():
            self.reader = asyncio.create_task(self._read())
        try:
            async with transaction(self.state.pool) as db:
                newest = await sql.latest(db)
                missed = await sql.since(db, start) if start else []
                await self.state.cache.refresh(db)
                lists = await self.state.cache.get(db, load_reference_data)
            yield b"retry: 2000\nevent: here\nid: %d\ndata: \n\n" % newest
            for event in missed:
                if event.id > start and may_see(event, lists, user):
                    yield encoded(event)
            while not self.state.closing.is_set():
                piece = await self._next(stream)
                if piece is None:
                    await self._user(request)  # raises once the session has ended
                    piece = b":\n\n"
                yield piece
        except (ApiError, *CONNECTION_ERRORS):
            return
        finally:
            self.streams.discard(stream)

    async def _next(self, stream: Stream) -> bytes | None:
        """The next event; None after a while without any, and at the server's end."""
        waiting = asyncio.ensure_future(stream.waiting.get())
        closing = asyncio.ensure_future(self.state.closing.wait())
        try:
            done, _ = await asyncio.wait(
                {waiting, closing}, timeout=PING_EVERY, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            for task in (waiting, closing):
                if not task.done():
                    task.cancel()
        return encoded(waiting.result()) if waiting in done else None

    async def _read(self) -> None:
        """Read events while anybody listens."""
        async with transaction(self.state.pool) as db:
            self.cursor = await sql.latest(db)
        while self.streams and not self.state.closing.is_set():
            await asyncio.sleep(READ_EVERY)
            try:
                await self._read_once()
            except CONNECTION_ERRORS as fault:
                log.warning("Live events wait: %s", fault)

    async def _read_once(self) -> None:
        async with transaction(self.state.pool) as db:
            newest = await sql.latest(db)
            if newest == self.cursor:
                return
            events = await sql.since(db, self.cursor)
            await self.state.cache.refresh(db)
            lists = await self.state.cache.get(db, load_reference_data)
        for event in events:
            if event.id <= self.cursor - REMEMBERED or event.id in self.told:
                continue
            self.told[event.id] = None
            for stream in list(self.streams):
                stream.offer(event, lists)
        self.cursor = max(newest, self.cursor)
        while len(self.told) > REMEMBERED:
            del self.told[next(iter(self.told))]


def encoded(event: LiveEvent) -> bytes:
    """An event as a stream has it: which ticket, and what happened to it."""
    data = msgspec.json.encode({"ticket": event.ticket_id, "event": event.event})
    return b"event: ticket\nid: %d\ndata: %b\n\n" % (event.id, data)


async def since(page: Page) -> Response:
    """`GET /live/since?after=`: the tickets that have changed, where streams don't work."""
    after = page.query("after")
    start = int(after) if after.isdecimal() and len(after) < 18 else 0
    newest = await sql.latest(page.context.db)
    lists = await page.context.get_cached(load_reference_data)
    events = await sql.since(page.context.db, start) if start else []
    tickets = sorted({e.ticket_id for e in events if e.id > start and may_see(e, lists, page.user)})
    return as_json({"cursor": newest, "tickets": tickets})


async def counters(page: Page) -> Response:
    """`GET /live/counters`: how many tickets each view finds now."""
    found = await page.call(get_counters, page.context)
    return as_json(
        [
            {"id": c.ticket_view_id, "count": f"{c.count}+" if c.more else str(c.count)}
            for c in found
        ]
    )


async def present(page: Page) -> Response:
    """`POST /ticket/{id}/present`: the user still has it open, and perhaps writes."""
    ticket_id = page.request.path_params["ticket_id"]
    await page.call(put_presence, page.context, ticket_id, page.form.text("writing") == "1")
    return Response(status_code=204, headers=PAGE_HEADERS)


async def leave(page: Page) -> Response:
    """`POST /ticket/{id}/leave`: the user has closed it."""
    await page.call(delete_presence, page.context, page.request.path_params["ticket_id"])
    return Response(status_code=204, headers=PAGE_HEADERS)


def as_json(value: object) -> Response:
    """A value for a script."""
    return Response(msgspec.json.encode(value), 200, PAGE_HEADERS, "application/json")
