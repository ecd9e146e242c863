"""From settings to an open desk: database, processes, and an end in good order.

One worker runs in this process. More are processes of their own on one listening
socket (`supervisor`); the embedded PostgreSQL stays with the parent and is started
again for as long as it takes. The socket opens last and closes first.
"""

import asyncio
import ctypes
import errno
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
from skranke.core.jobs.failures import Failure, waiting_failures
from skranke.core.jobs.worker import JobOutcome, run_forever, run_round
from skranke.core.settings import InvalidSetting, Settings
from skranke.db.embedded.server import EmbeddedServer, has_cluster, running_dsn
from skranke.devtools.emulator.exposure import refuse_exposed
from skranke.http.uvicorn_server import LEAVE_WITHIN, BoundedServer
from skranke.supervisor import END_SIGNALS, READY, Supervisor
from skranke.tickets.explain import routes
from skranke.tickets.explain.schema import Explanation

log = logging.getLogger("skranke")
LOOK_EVERY = 0.5  # seconds between two looks at PostgreSQL
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between two tries to start it
BIND_SECONDS = 3.0  # that the workers of a killed desk have to let go of the port
MMAP_THRESHOLD, ARENA_MAX = -3, -8  # mallopt's numbers for them


@contextmanager
def database(settings: Settings, *, may_create: bool = False) -> Generator[str]:
    """The DSN for a short command: the external database's, that of a running desk on
    the same data, or that of an embedded server started for the while.

    InvalidSetting where there is no desk, unless the command may create one.
    """
    if settings.database_url:
        yield settings.database_url
    elif not may_create and not has_cluster(settings.data):
        raise InvalidSetting(
            f"SKRANKE_DATA: there is no desk in {settings.data.resolve()}; name its "
            "directory with --data, or make a new one with: skranke migrate"
        )
    elif dsn := running_dsn(settings.data):
        yield dsn
    else:
        server = EmbeddedServer(settings.data)
        try:
            yield server.start()
        finally:
            server.stop()


def serve(settings: Settings, opened: Callable[[str, str], None]) -> None:
    """Serve until SIGTERM, SIGINT or SIGHUP; `opened` gets the address once it answers,
    and the sentence that states how many connections to PostgreSQL there may be.

    Raises InvalidSetting for a setting or the address, CannotStart (DataInUse) for the
    data and the database.
    """
    if settings.workers < 1:
        raise InvalidSetting("SKRANKE_WORKERS: a desk needs at least one worker")
    refuse_exposed(settings)
    end_by_signals()
    listener = _listener(settings)
    server = None if settings.database_url else EmbeddedServer(settings.data)
    try:
        dsn = server.start() if server else settings.database_url
        plan = asyncio.run(app.prepare(dsn, settings))
        settings = structs.replace(settings, pool=plan.size)
        address = _address(listener)
        if settings.workers == 1:
            _run(_one(settings, dsn, listener, lambda: opened(address, plan.sentence), server))
        else:
            _run(_many(settings, dsn, listener, lambda: opened(address, plan.sentence), server))
    finally:
        listener.close()
        if server:
            server.stop()


def work(settings: Settings, dsn: str, listener: int, line: int) -> None:
    """One worker process of several: on the listening socket it was handed, for as long
    as there is somebody at the other end of the line.
    """
    end_by_signals()
    _run(_one_of_many(settings, dsn, socket.socket(fileno=listener), socket.socket(fileno=line)))


def keep_working(settings: Settings, dsn: str, started: Callable[[], object]) -> None:
    """Do periodic jobs, and nothing else, until SIGTERM, SIGINT or SIGHUP.

    `started` is called when the first round is about to begin.
    """
    end_by_signals()

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


def end_by_signals() -> None:
    """End in order on SIGTERM and SIGINT, and on SIGHUP unless nohup has it ignored."""
    for end in END_SIGNALS:
        if signal.getsignal(end) is not signal.SIG_IGN:
            signal.signal(end, _end)


def _end(*_: object) -> None:
    raise SystemExit(0)


def _pass_on(*_: object) -> None:
    """Do as on SIGTERM, which uvicorn knows."""
    signal.raise_signal(signal.SIGTERM)


def _listener(settings: Settings) -> socket.socket:
    """A bound socket that doesn't listen yet: it opens when there is somebody to answer.

    InvalidSetting names the setting that makes the address unusable.
    """
    where = f"{settings.host}:{settings.port}"
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _bind(listener, settings)
    except socket.gaierror as fault:
        raise InvalidSetting(f"SKRANKE_HOST: {settings.host!r} is not a known host") from fault
    except OSError as fault:
        sentence = {
            errno.EADDRINUSE: f"SKRANKE_PORT: another program listens on {where}; end it, "
            "or choose another port with --port (0 takes a free one)",
            errno.EACCES: f"SKRANKE_PORT: this user may not listen on {where}; choose a "
            "port above 1023 with --port",
            errno.EADDRNOTAVAIL: f"SKRANKE_HOST: {settings.host} is not an address of this machine",
        }.get(fault.errno or 0, f"SKRANKE_HOST: {where} can't be listened on: {fault}")
        raise InvalidSetting(sentence) from fault
    return listener


def _bind(listener: socket.socket, settings: Settings) -> None:
    until = time.monotonic() + BIND_SECONDS
    while True:
        try:
            listener.bind((settings.host, settings.port))
        except OSError as fault:
            if fault.errno != errno.EADDRINUSE or time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _run(main: Coroutine[Any, Any, None]) -> None:
    _return_memory()
    with asyncio.Runner(loop_factory=_loop()) as runner:
        runner.run(main)


def _return_memory() -> None:
    """Have the system take back what is large, such as the 19 MiB of a sign-in's hash,
    and keep the threads from holding a heap each.

    glibc takes the first that is freed for the usual size, and keeps two like it. Other
    C libraries have no such choice.
    """
    with suppress(AttributeError, OSError):
        libc = ctypes.CDLL(None)
        libc.mallopt(MMAP_THRESHOLD, 2**20)
        libc.mallopt(ARENA_MAX, 2)


def _loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    return uvicorn.Config(app=None).get_loop_factory()  # pyright: ignore[reportArgumentType] # the loop alone is asked for


async def _one(
    settings: Settings,
    dsn: str,
    listener: socket.socket,
    opened: Callable[[], None],
    postgres: EmbeddedServer | None = None,
    line: socket.socket | None = None,
) -> None:
    """Answer in this process until a signal, or until the line's other end is gone."""
    state = await app.open_desk(dsn, settings)
    is_alone = line is None
    server = BoundedServer(
        app.application(state),
        settings.trusted_proxies,
        opened,
        state.closing.set,
        is_alone=is_alone,
    )
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _pass_on)
    beside = [asyncio.create_task(keep_postgres(postgres))] if postgres else []
    if settings.worker_seconds:
        beside.append(asyncio.create_task(run_forever(state, settings.worker_seconds)))
    if line:
        beside.append(asyncio.create_task(_end_with_parent(line, server)))
    try:
        await server.serve(sockets=[listener])
    finally:
        for task in beside:
            task.cancel()
        if postgres:
            postgres.give_up()
        if beside:
            await asyncio.wait(beside, timeout=LEAVE_WITHIN)
        state.pool.terminate()


async def _one_of_many(
    settings: Settings, dsn: str, listener: socket.socket, line: socket.socket
) -> None:
    line.setblocking(False)
    await _one(settings, dsn, listener, lambda: _report(line), line=line)


def _report(line: socket.socket) -> None:
    with suppress(OSError):  # the parent is gone: the line's end says so, too
        line.send(READY)


async def _end_with_parent(line: socket.socket, server: BoundedServer) -> None:
    with suppress(OSError):
        while await asyncio.get_running_loop().sock_recv(line, 64):
            pass
    if not server.should_exit:
        log.error("The desk's main process has died; this worker ends")
        server.should_exit = True


async def keep_postgres(server: EmbeddedServer) -> None:
    """Start PostgreSQL again whenever it has died, for as long as it takes."""
    while True:
        await asyncio.sleep(LOOK_EVERY)
        pause, fault = FIRST_PAUSE, "it has died"
        while not server.is_alive():
            log.error("PostgreSQL is started again: %s", fault)
            try:
                await asyncio.to_thread(server.start)
            except Exception as error:  # nobody else would start it
                fault = f"{type(error).__name__}: {error}"
                log.warning("The next try to start PostgreSQL is in %.1f s: %s", pause, fault)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                log.warning("PostgreSQL answers again")


async def _many(
    settings: Settings,
    dsn: str,
    listener: socket.socket,
    opened: Callable[[], None],
    postgres: EmbeddedServer | None,
) -> None:
    """Keep PostgreSQL and the workers alive until a signal."""

    def start(place: int, line: socket.socket) -> subprocess.Popen[bytes]:
        return _worker(settings, dsn, listener, place, line)

    keeping = asyncio.create_task(keep_postgres(postgres)) if postgres else None
    try:
        await Supervisor(settings.workers, listener, start).run(opened)
    finally:
        if postgres and keeping:
            keeping.cancel()
            postgres.give_up()
            await asyncio.wait([keeping], timeout=LEAVE_WITHIN)


def _worker(
    settings: Settings, dsn: str, listener: socket.socket, place: int, line: socket.socket
) -> subprocess.Popen[bytes]:
    """A worker process; of several, the first alone does the periodic jobs."""
    if place:
        settings = structs.replace(settings, worker_seconds=0)
    descriptors = [listener.fileno(), line.fileno()]
    command = [sys.executable, "-m", "skranke", "work", *map(str, descriptors)]
    environment = {**os.environ, **settings.environment(), "SKRANKE_DATABASE_URL": dsn}
    return subprocess.Popen(command, pass_fds=descriptors, env=environment)
