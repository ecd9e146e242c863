"""From settings to an open desk: database, workers, and an end in good order.

One worker runs in this process. More are processes of their own on one listening
socket, started again when they die; the embedded PostgreSQL stays with the parent and
is started again when it dies.
"""

import asyncio
import ctypes
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn
from msgspec import structs

from skranke import app
from skranke.core.app_state import AppState
from skranke.core.jobs.failures import Failure, waiting_failures
from skranke.core.jobs.worker import JobOutcome, run_forever, run_round
from skranke.core.settings import InvalidSetting, Settings
from skranke.db.embedded.server import EmbeddedServer, running_dsn
from skranke.devtools.emulator.exposure import refuse_exposed
from skranke.tickets.explain import routes
from skranke.tickets.explain.schema import Explanation

log = logging.getLogger("skranke")
LOOK_EVERY = 0.5  # seconds between two looks at PostgreSQL and the workers
LEAVE_WITHIN = 10  # seconds that requests under way are given at the end
BACKLOG = 2048
MMAP_THRESHOLD = -3  # mallopt's number for it


@contextmanager
def database(settings: Settings) -> Generator[str]:
    """The DSN for a short command: the external database's, that of a running desk on
    the same data, or that of an embedded server started for the while.
    """
    if settings.database_url:
        yield settings.database_url
    elif dsn := running_dsn(settings.data):
        yield dsn
    else:
        server = EmbeddedServer(settings.data)
        try:
            yield server.start()
        finally:
            server.stop()


def serve(settings: Settings, opened: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; `opened` gets the address once it listens.

    Raises WrongSetting, CannotStart (DataInUse) for the data, OSError for the address.
    """
    if settings.workers < 1:
        raise InvalidSetting("SKRANKE_WORKERS: a desk needs at least one worker")
    refuse_exposed(settings)
    for end in (signal.SIGTERM, signal.SIGINT):
        signal.signal(end, _end)
    subscribe = _listener(settings)
    server = None if settings.database_url else EmbeddedServer(settings.data)
    try:
        dsn = server.start() if server else settings.database_url
        asyncio.run(app.prepare(dsn, settings))
        subscribe.listen(BACKLOG)
        opened(_address(subscribe))
        if settings.workers == 1:
            _run(_one(settings, dsn, subscribe, server))
        else:
            _many(settings, dsn, subscribe, server)
    finally:
        subscribe.close()
        if server:
            server.stop()


def work(settings: Settings, dsn: str, descriptor: int) -> None:
    """One worker process of several, on the listening socket it was handed."""
    for end in (signal.SIGTERM, signal.SIGINT):
        signal.signal(end, _end)
    subscribe = socket.socket(fileno=descriptor)
    _run(_one(settings, dsn, subscribe, None))


def keep_working(settings: Settings, dsn: str, started: Callable[[], object]) -> None:
    """Do periodic jobs, and nothing else, until SIGTERM or SIGINT.

    `started` is called when the first round is about to begin.
    """
    for end in (signal.SIGTERM, signal.SIGINT):
        signal.signal(end, _end)

    async def run() -> None:
        state = await app.open_desk(dsn, settings)
        started()
        await run_forever(state, settings.worker_seconds or Settings().worker_seconds)

    _run(run())


async def work_once(settings: Settings, dsn: str) -> tuple[dict[str, JobOutcome], list[Failure]]:
    """One round of periodic jobs: what came of each, and all that waits to be retried.

    Raises OSError and its like where the database is away.
    """
    state = await app.open_desk(dsn, settings)
    try:
        outcomes = await run_round(state)
        async with state.pool.acquire() as db:
            return outcomes, await waiting_failures(db)
    finally:
        await state.pool.close()


async def explain(settings: Settings, dsn: str, ticket_id: int) -> Explanation:
    """Why a ticket's times are what they are; NotFound where there is none."""
    state = await app.open_desk(dsn, settings)
    try:
        return await routes.explain_locally(state, ticket_id)
    finally:
        await state.pool.close()


def _end(*_: object) -> None:
    raise SystemExit(0)


def _listener(settings: Settings) -> socket.socket:
    """A bound socket that doesn't listen yet: nobody is kept waiting by migrations."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    subscribe = socket.socket(family, socket.SOCK_STREAM)
    subscribe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    subscribe.bind((settings.host, settings.port))
    return subscribe


def _address(subscribe: socket.socket) -> str:
    host, port = subscribe.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _run(state: Coroutine[Any, Any, None]) -> None:
    _return_large_blocks()
    with asyncio.Runner(loop_factory=_loop()) as runner:
        runner.run(state)


def _return_large_blocks() -> None:
    """Have the system take back what is large, such as the 19 MiB of a sign-in's hash.

    glibc takes the first that is freed for the usual size, and keeps two like it. Other
    C libraries have no such choice.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(MMAP_THRESHOLD, 2**20)


def _loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    return uvicorn.Config(app=None).get_loop_factory()  # pyright: ignore[reportArgumentType] # the loop alone is asked for


async def _one(
    settings: Settings, dsn: str, subscribe: socket.socket, server: EmbeddedServer | None
) -> None:
    state = await app.open_desk(dsn, settings)
    config = uvicorn.Config(
        app.application(state),
        http="httptools",
        lifespan="off",
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=LEAVE_WITHIN,
    )
    beside = [asyncio.create_task(_keep_alive(server))] if server else []
    if settings.worker_seconds:
        beside.append(asyncio.create_task(run_forever(state, settings.worker_seconds)))
    web_server = uvicorn.Server(config)
    beside.append(asyncio.create_task(_announce_end(web_server, state)))
    try:
        await web_server.serve(sockets=[subscribe])
    finally:
        for task in beside:
            task.cancel()
        if beside:
            await asyncio.wait(beside, timeout=LEAVE_WITHIN)
        state.pool.terminate()


async def _announce_end(web_server: uvicorn.Server, state: AppState) -> None:
    """End what would go on for ever, such as a browser's stream, when the server ends."""
    while not web_server.should_exit:  # noqa: ASYNC110 - a flag that uvicorn sets
        await asyncio.sleep(LOOK_EVERY)
    state.closing.set()


async def _keep_alive(server: EmbeddedServer) -> None:
    while True:
        await asyncio.sleep(LOOK_EVERY)
        if not server.is_alive():
            log.error("PostgreSQL has died; starting it again")
            await asyncio.to_thread(server.start)


def _many(
    settings: Settings, dsn: str, subscribe: socket.socket, server: EmbeddedServer | None
) -> None:
    places = range(settings.workers)
    workers = [_worker(settings, dsn, subscribe, place) for place in places]
    try:
        while True:
            time.sleep(LOOK_EVERY)
            if server and not server.is_alive():
                log.error("PostgreSQL has died; starting it again")
                server.start()
            for place, worker in enumerate(workers):
                if worker.poll() is not None:
                    log.error("Worker %d has died; starting another", worker.pid)
                    workers[place] = _worker(settings, dsn, subscribe, place)
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait(LEAVE_WITHIN + 5)


def _worker(
    settings: Settings, dsn: str, subscribe: socket.socket, place: int
) -> subprocess.Popen[bytes]:
    """A worker process; of several, the first alone does the periodic jobs."""
    if place:
        settings = structs.replace(settings, worker_seconds=0)
    command = [sys.executable, "-m", "skranke", "work", str(subscribe.fileno())]
    environment = {**os.environ, **settings.environment(), "SKRANKE_DATABASE_URL": dsn}
    return subprocess.Popen(command, pass_fds=[subscribe.fileno()], env=environment)
