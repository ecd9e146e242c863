"""The worker processes of a desk: they share one socket, and end with their parent.

Each worker holds one end of a socket pair. It writes a line when it answers, and ends
when it reads the end of the stream, which comes however its parent dies. The parent
reads the other end, so it knows at once when a worker has died, and starts another. A
worker that dies again and again is started after growing pauses.
"""

import asyncio
import logging
import signal
import socket
import subprocess
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

from skranke.db.embedded.binaries import CannotStart
from skranke.http.uvicorn_server import LEAVE_WITHIN, QUEUE_SECONDS

log = logging.getLogger("skranke")
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between two starts of what dies at once
STEADY_SECONDS = 30.0  # a worker that has lived so long begins with the first pause again
READY = b"ready\n"
END_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

# starts a process that inherits the socket and reports on it
StartProcess = Callable[[int, socket.socket], subprocess.Popen[bytes]]


class WorkerProcess:
    """A worker and the line to it."""

    def __init__(self, place: int, start: StartProcess) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = start(place, theirs)
        ours.setblocking(False)
        self._line = ours
        self.ready = asyncio.Event()
        self.ended = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        loop = asyncio.get_running_loop()
        with suppress(OSError):
            while said := await loop.sock_recv(self._line, 64):
                if said.startswith(READY):
                    self.ready.set()
        self._line.close()
        await asyncio.to_thread(self.process.wait)
        self.ended.set()

    async def wait_until_ready(self) -> bool:
        """True once it answers, False when it has ended before that."""
        waits = [asyncio.create_task(event.wait()) for event in (self.ready, self.ended)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        return self.ready.is_set()

    def terminate(self) -> None:
        """Ask it to finish what is under way and to end."""
        with suppress(ProcessLookupError):
            self.process.terminate()

    async def wait_until_ended(self) -> None:
        """Wait for the end; by force when it takes too long."""
        try:
            async with asyncio.timeout(LEAVE_WITHIN + 5):
                await self.ended.wait()
        except TimeoutError:
            log.warning("Worker %d is killed: it did not end in time", self.process.pid)
            self.process.kill()
            await self.ended.wait()


class Supervisor:
    """Keeps `count` workers alive on one listener, until a signal ends them."""

    def __init__(self, count: int, listener: socket.socket, start: StartProcess) -> None:
        self._listener = listener
        self._start = start
        self._count = count
        self._workers: dict[int, WorkerProcess] = {}
        self._ending = asyncio.Event()
        self._rolling = asyncio.Event()

    async def run(self, opened: Callable[[], None]) -> None:
        """Start all, call `opened` when all answer, and keep them until the end.

        Raises CannotStart when one ends before it answers.
        """
        loop = asyncio.get_running_loop()
        for end in END_SIGNALS:
            loop.add_signal_handler(end, self._ending.set)
        loop.add_signal_handler(signal.SIGUSR2, self._rolling.set)
        beside: list[asyncio.Task[None]] = []
        try:
            self._workers = {p: WorkerProcess(p, self._start) for p in range(self._count)}
            if not await self._are_ready():
                return
            opened()
            beside = [asyncio.create_task(self._keep(place)) for place in self._workers]
            beside.append(asyncio.create_task(self._roll()))
            await self._ending.wait()
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            await self._stop()

    async def _are_ready(self) -> bool:
        ending = asyncio.create_task(self._ending.wait())
        for worker in self._workers.values():
            ready = asyncio.create_task(worker.wait_until_ready())
            await asyncio.wait([ready, ending], return_when=asyncio.FIRST_COMPLETED)
            if self._ending.is_set():
                ready.cancel()
                return False
            if not ready.result():
                raise CannotStart("a worker ended before it could answer; its log says why")
        ending.cancel()
        return True

    async def _keep(self, place: int) -> None:
        """Start the worker of a place again whenever it has died."""
        pause = FIRST_PAUSE
        while True:
            worker, since = self._workers[place], monotonic()
            await worker.ended.wait()
            if self._workers[place] is not worker:  # a rolling restart has replaced it
                continue
            log.error("Worker %d has died; starting another", worker.process.pid)
            if monotonic() - since < STEADY_SECONDS:
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                pause = FIRST_PAUSE
            self._workers[place] = WorkerProcess(place, self._start)

    async def _roll(self) -> None:
        """On SIGUSR2: for each worker, start a new one, and end the old when it answers."""
        while True:
            await self._rolling.wait()
            self._rolling.clear()
            for place, old in list(self._workers.items()):
                new = WorkerProcess(place, self._start)
                if not await new.wait_until_ready():
                    log.error("A new worker did not start; the old ones go on")
                    break
                self._workers[place] = new
                old.terminate()
                await old.wait_until_ended()
            else:
                log.warning("Every worker has been replaced")

    async def _stop(self) -> None:
        with suppress(OSError):
            self._listener.listen(0)  # the queue takes no more, but for one
        await asyncio.sleep(QUEUE_SECONDS)
        for worker in self._workers.values():
            worker.terminate()
        self._listener.close()  # the last worker that closes its own ends the listening
        for worker in self._workers.values():
            await worker.wait_until_ended()
