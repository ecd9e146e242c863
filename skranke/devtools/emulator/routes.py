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
from skranke.core.app_state import Desk
from skranke.core.clock import Clock
from skranke.core.errors import Unavailable
from skranke.core.jobs.failures import how_many
from skranke.core.jobs.time_travel import run_until
from skranke.db.database import NO_ANSWER
from skranke.devtools.emulator.clock import BadField, turn
from skranke.devtools.emulator.exposure import guarded
from skranke.devtools.emulator.state import NothingRemembered, reset
from skranke.people.sql import connection

Coverage = Callable[[], Mapping[str, Any]]


def routes(desk: Desk, coverage: Coverage) -> list[Route]:
    """`health` on every desk; clock, reset and coverage where settings say emulator.

    Besides, what a demo and an emulator would have mailed.

    To be called once, when the server starts: a reset takes the clock back to how it
    is now, running or stopped.
    """
    near = partial(guarded, desk.settings)
    always = [Route("/_desk/health", partial(health, desk)), *pages.routes(desk, near)]
    if not desk.settings.emulator:
        return always
    started = desk.clock.now() if desk.clock.frozen else None
    return [
        *always,
        Route("/_desk/clock", near(partial(show_clock, desk))),
        Route("/_desk/clock", near(partial(turn_clock, desk)), methods=["POST"]),
        Route("/_desk/state/reset", near(partial(reset_state, desk, started)), methods=["POST"]),
        Route("/_desk/coverage", near(partial(show_coverage, coverage))),
    ]


async def health(desk: Desk, _: Request, patience: float = 2.0) -> Response:
    """Live: the process answers. Ready: so does the database, else it is a 503.

    `failing` is how many items the periodic jobs have failed at and will try again;
    `skranke worker --once` names them. Null where the database doesn't answer, which it
    has so many seconds for. `ai` says per field whether anybody finds it out,
    and the host of the service that does.
    """
    failing: int | None = None
    with suppress(Unavailable, TimeoutError, asyncpg.PostgresError):
        async with asyncio.timeout(patience), connection(desk.pool) as db:
            failing = await how_many(db)
    ready = failing is not None
    told = {
        "live": True,
        "ready": ready,
        "failing": failing,
        "version": __version__,
        "ai": engines(desk.settings),
    }
    return _json(told, 200 if ready else 503)


async def show_clock(desk: Desk, _: Request) -> Response:
    """The desk's instant in UTC, and whether it stands still."""
    return _json({"now": desk.clock.now(), "frozen": desk.clock.frozen})


async def turn_clock(desk: Desk, request: Request) -> Response:
    """Set, advance or release the clock (`turn`), having done what falls due meanwhile.

    400 names the field at fault. 503 where the database is away: the clock then stands
    at the instant that it got to.
    """
    body = await request.body()
    try:
        async with desk.clock.turning:
            old = desk.clock.now()
            turn(desk.clock, body, desk.settings.zone)
            if desk.clock.frozen:
                await run_until(desk, old, desk.clock.now())
    except BadField as fault:
        return _json({"field": fault.field, "error": str(fault)}, 400)
    except NO_ANSWER:
        return _json({"error": "Not now: the database is away."}, 503)
    return await show_clock(desk, request)


async def reset_state(desk: Desk, started: datetime | None, _: Request) -> Response:
    """Every row and sequence as they were remembered, and the clock as it `started`.

    409 where nothing was remembered, 503 where the database is away or deadlocked by
    requests under way.
    """
    try:
        async with desk.clock.turning, connection(desk.pool) as db:
            await reset(db)
            await desk.memory.check(db)
            _restart(desk.clock, started)
    except NothingRemembered:
        return _json({"error": "No state was remembered on this database."}, 409)
    except (Unavailable, asyncpg.DeadlockDetectedError):
        return _json({"error": "Not now: the database is away or busy."}, 503)
    return _json({"now": desk.clock.now(), "frozen": desk.clock.frozen})


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
