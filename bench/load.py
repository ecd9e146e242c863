"""The load: keep-alive connections that each ask again as soon as they are answered.

A process of its own, as its work must not count as the desk's. Of an answer it reads
only the status and the length. What it noted goes to standard output as JSON.
"""

import asyncio
import itertools
import sys
from random import Random
from time import time, time_ns

import msgspec
import uvloop

from bench.workloads import WORKLOADS


class Answers(msgspec.Struct, kw_only=True):
    """When each came, in seconds since 1970, and after how many; what was wrong."""

    noted: list[tuple[float, float]]
    faults: list[str]


class Requests:
    """One request after another, each of a random ticket and with a new text."""

    def __init__(self, workload: str, until: float) -> None:
        make, self._ids = WORKLOADS[workload]
        self._request, self._until = make(), until
        self._random = Random(time_ns())  # noqa: S311 - spreads the load
        self._turns = itertools.count(time_ns() // 10_000 % 10**10)

    def next(self, now: float) -> bytes | None:
        """The next request's bytes; None when it is time to end."""
        if now >= self._until:
            return None
        return self._request(self._random.choice(self._ids), next(self._turns))


class CurrentUser(asyncio.Protocol):
    """One connection: sends, waits for the whole answer, notes how long it took."""

    def __init__(self, requests: Requests, answers: Answers) -> None:
        self.ended = asyncio.get_running_loop().create_future()
        self._requests, self._answers = requests, answers
        self._head = b""
        self._left = self._sent = 0.0  # bytes that are still to come; when it was asked

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._ask(time())

    def data_received(self, data: bytes) -> None:
        if not self._left:
            self._head += data
            head, end, data = self._head.partition(b"\r\n\r\n")
            if not end:
                return
            self._left = self._length(head)
            self._head = b""
        self._left -= len(data)
        if not self._left:
            now = time()
            self._answers.noted.append((now, now - self._sent))
            self._ask(now)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._sent:
            self._answers.faults.append(f"a connection was lost: {exc}")
        self.ended.set_result(None)

    def _length(self, head: bytes) -> int:
        if not head.startswith(b"HTTP/1.1 200 "):
            self._answers.faults.append(head.decode("latin-1"))
        return int(head.lower().partition(b"\r\ncontent-length:")[2].split(b"\r", 1)[0])

    def _ask(self, now: float) -> None:
        if request := self._requests.next(now):
            self._sent = now
            self._transport.write(request)  # pyright: ignore[reportAttributeAccessIssue] # TCP's are transports of both ways
        else:
            self._sent = 0.0
            self._transport.close()


async def load(port: int, workload: str, connections: int, seconds: float) -> Answers:
    """Ask for so long."""
    loop = asyncio.get_running_loop()
    answers = Answers(noted=[], faults=[])
    requests = Requests(workload, time() + seconds)
    callers = [CurrentUser(requests, answers) for _ in range(connections)]
    for user in callers:
        await loop.create_connection(lambda user=user: user, "127.0.0.1", port)
    await asyncio.gather(*(user.ended for user in callers))
    return answers


def command(port: int, workload: str, connections: int, seconds: float) -> list[str]:
    """What runs it as a process of its own."""
    numbers = [str(port), str(connections), str(seconds)]
    return [sys.executable, "-m", "bench.load", workload, *numbers]


def main() -> None:
    """`python -m bench.load WORKLOAD PORT CONNECTIONS SECONDS`."""
    workload, port, connections, seconds = sys.argv[1:]
    asking = load(int(port), workload, int(connections), float(seconds))
    sys.stdout.buffer.write(msgspec.json.encode(uvloop.run(asking)))


if __name__ == "__main__":
    main()
