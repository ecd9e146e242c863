"""The addresses under `/_desk`."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

import asyncpg
import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from skranke import __version__
from skranke.ai.health import engines
from skranke.channels.mail import pages
from skranke.channels.mail.incoming import doors
from skranke.channels.mail.incoming.status import MailCounts, count_mails
from skranke.core.app_state import AppState
from skranke.core.clock import Clock
from skranke.core.errors import ServiceUnavailable
from skranke.core.jobs.failures import count_failures
from skranke.core.jobs.time_travel import run_until
from skranke.db.faults import CONNECTION_ERRORS
from skranke.devtools.emulator.clock import BadField, turn
from skranke.devtools.emulator.exposure import guarded
from skranke.devtools.emulator.seed_state import NothingRemembered, reset
from skranke.people.sql import connection

Coverage = Callable[[], Mapping[str, Any]]


def routes(state: AppState, coverage: Coverage) -> list[Route]:
    """`health` on every desk; clock, reset and coverage where settings say emulator.

    Besides, what a demo and an emulator would have mailed.

    To be called once, when the server starts: a reset takes the clock back to how it
    is now, running or stopped.
    """
    near = partial(guarded, state.settings)
    always = [
        Route("/_desk/health", partial(health, state)),
        *pages.routes(state, near),
        *doors.emulator_routes(state, near),
    ]
    if not state.settings.emulator:
        return always
    started = state.clock.now() if state.clock.is_frozen else None
    return [
        *always,
        Route("/_desk/clock", near(partial(show_clock, state))),
        Route("/_desk/clock", near(partial(turn_clock, state)), methods=["POST"]),
        Route("/_desk/state/reset", near(partial(reset_state, state, started)), methods=["POST"]),
        Route("/_desk/coverage", near(partial(show_coverage, coverage))),
    ]


async def health(state: AppState, _: Request, patience: float = 2.0) -> Response:
    """Live: the process answers. Ready: so does the database, else it is a 503.

    `failing` is how many items the periodic jobs have failed at and will try again;
    `skranke worker --once` names them. Null where the database doesn't answer, which it
    has so many seconds for. `ai` says per field whether anybody finds it out,
    and the host of the service that does. `mail` counts what came in and has not ended,
    what is late, and what is held in quarantine.
    """
    failing: int | None = None
    mail: MailCounts | None = None
    with suppress(ServiceUnavailable, TimeoutError, asyncpg.PostgresError):
        async with asyncio.timeout(patience), connection(state.pool) as db:
            failing = await count_failures(db)
            mail = await count_mails(db, state.clock.now())
    ready = failing is not None
    told = {
        "live": True,
        "ready": ready,
        "failing": failing,
        "version": __version__,
        "ai": engines(state.settings),
        "mail": mail,
    }
    return _json(told, 200 if ready else 503)


async def show_clock(state: AppState, _: Request) -> Response:
    """The desk's instant in UTC, and whether it stands still."""
    return _json({"now": state.clock.now(), "frozen": state.clock.is_frozen})


async def turn_clock(state: AppState, request: Request) -> Response:
    """Set, advance or release the clock (`turn`), having done what falls due meanwhile.

    400 names the field at fault. 503 where the database is away: the clock then stands
    at the instant that it got to.
    """
    body = await request.body()
    try:
        async with state.clock.turning:
            old = state.clock.now()
            turn(state.clock, body, state.settings.zone)
            if state.clock.is_frozen:
                await run_until(state, old, state.clock.now())
    except BadField as fault:
        return _json({"field": fault.field, "error": str(fault)}, 400)
    except CONNECTION_ERRORS:
        return _json({"error": "Not now: the database is away."}, 503)
    return await show_clock(state, request)


async def reset_state(state: AppState, started: datetime | None, _: Request) -> Response:
    """Every row and sequence as they were remembered, and the clock as it `started`.

    409 where nothing was remembered, 503 where the database is away or deadlocked by
    requests under way.
    """
    try:
        async with state.clock.turning, connection(state.pool) as db:
            await reset(db)
            await state.cache.check(db)
            _restart(state.clock, started)
    except NothingRemembered:
        return _json({"error": "No state was remembered on this database."}, 409)
    except (ServiceUnavailable, asyncpg.DeadlockDetectedError):
        return _json({"error": "Not now: the database is away or busy."}, 503)
    return _json({"now": state.clock.now(), "frozen": state.clock.is_frozen})


async def show_coverage(coverage: Coverage, _: Request) -> Response:
    """What the application tells of its operations."""
    return _json(coverage())


def _restart(clock: Clock, started: datetime | None) -> None:
    if started:
        clock.set(started)
    else:
        clock.release()


def _json(told: object, status: int = 200) -> Response:
    return Response(
        msgspec.json.encode(told), status, {"cache-control": "no-store"}, "application/json"
    )
