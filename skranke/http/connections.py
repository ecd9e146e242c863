"""HTTP connections within bounds: how many, how long, how slow.

uvicorn reads a head or a body for as long as the client likes. Here a head has
HEAD_SECONDS, a body must keep coming, and whoever doesn't read an answer is cut off.
When all places are taken, the connection that has waited longest without a request
makes room: a client that sends its request at once is always served.
"""

import asyncio
import logging
import resource
from collections import Counter
from time import monotonic
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

log = logging.getLogger("skranke.http")

HEAD_SECONDS = 10.0  # from the first byte, or from the connection, to the end of the head
MAX_HEAD_BYTES = 64 * 1024
BODY_SILENCE_SECONDS = 30.0  # between two pieces of a body
BODY_GRACE_SECONDS = 30.0  # until the least rate counts
MIN_BODY_RATE = 1024  # bytes a second, over the whole body
UNREAD_SECONDS = 60.0  # that a client may leave an answer unread
KEEP_ALIVE_SECONDS = 20
MAX_CONNECTIONS = 10_000
MAX_PER_ADDRESS = 500
RESERVED_DESCRIPTORS = 160  # of the process: the pool, files, logs, the listener


class Limits:
    """The places of one process: who waits with a head, who sends a body, who reads."""

    def __init__(self, most: int, per_address: int, exempt: frozenset[str]) -> None:
        self.most = most
        self.per_address = per_address
        self.exempt = exempt  # proxies, who speak for many
        self.waiting: dict[BoundedProtocol, float] = {}  # since when, the oldest first
        self.receiving: dict[BoundedProtocol, float] = {}
        self.unread: dict[BoundedProtocol, float] = {}
        self.by_address: Counter[str] = Counter()
        self.count = 0
        self.turned_away = 0
        self._warned_at = float("-inf")

    def add(self, protocol: "BoundedProtocol") -> bool:
        """A place for a new connection; False when every place has a request under way."""
        address = protocol.address
        crowded = address not in self.exempt and self.by_address[address] >= self.per_address
        if crowded or self.count >= self.most:
            self.turned_away += 1
            self._warn(address, crowded=crowded)
            rivals = (p for p in self.waiting if not crowded or p.address == address)
            oldest = next(rivals, None)
            if oldest is None:
                return False
            self.remove(oldest)
            oldest.transport.abort()
        self.count += 1
        self.by_address[address] += 1
        protocol.placed = True
        self.waiting[protocol] = monotonic()
        return True

    def remove(self, protocol: "BoundedProtocol") -> None:
        """Free the place of a connection that has ended; as often as you like."""
        self.waiting.pop(protocol, None)
        self.receiving.pop(protocol, None)
        self.unread.pop(protocol, None)
        if protocol.placed:
            protocol.placed = False
            self.count -= 1
            self.by_address[protocol.address] -= 1
            if not self.by_address[protocol.address]:
                del self.by_address[protocol.address]

    async def watch(self) -> None:
        """Cut off who is too slow, once a second, until cancelled."""
        while True:
            await asyncio.sleep(1)
            self.cut_off(monotonic())

    def cut_off(self, now: float) -> None:
        """End what is over its time at this instant of the monotonic clock."""
        for protocol, since in list(self.waiting.items()):
            if now - since < HEAD_SECONDS:
                break
            if not protocol.is_idle:
                protocol.refuse(408, "The head of the request did not come in time.")
        for protocol, since in list(self.receiving.items()):
            if protocol.is_too_slow(since, now):
                protocol.refuse(408, "The body of the request did not come in time.")
        for protocol, since in list(self.unread.items()):
            if now - since >= UNREAD_SECONDS:
                protocol.transport.abort()

    def _warn(self, address: str, *, crowded: bool) -> None:
        if monotonic() - self._warned_at < 60:
            return
        self._warned_at = monotonic()
        whose = f"{address} has {self.per_address}" if crowded else f"there are {self.most}"
        log.warning("Connections are cut off to make room: %s", whose)


class BoundedProtocol(HttpToolsProtocol):
    """A connection that knows its limits; `limits` is set by `bounded`."""

    limits: Limits

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.placed = False
        self.address = ""
        self.head_bytes = 0
        self.body_bytes = 0
        self.last_piece = 0.0
        self.is_idle = False  # between two requests: the keep-alive time counts

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.address = self.client[0] if self.client else ""
        if not self.limits.add(self):
            self.refuse(503, "Too many connections; try again.")

    def connection_lost(self, exc: Exception | None) -> None:
        self.limits.remove(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self in self.limits.waiting:
            if self.is_idle:
                self.is_idle = False
                self._wait_for_head()
            self.head_bytes += len(data)
            self.last_piece = monotonic()
            super().data_received(data)
            if self in self.limits.waiting and self.head_bytes > MAX_HEAD_BYTES:
                self.refuse(431, f"The head of the request is over {MAX_HEAD_BYTES} bytes.")
            return
        self.last_piece = monotonic()
        super().data_received(data)

    def on_headers_complete(self) -> None:
        self.limits.waiting.pop(self, None)
        self.limits.receiving[self] = monotonic()
        self.head_bytes = self.body_bytes = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self.body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self.limits.receiving.pop(self, None)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self.limits.receiving.pop(self, None)
        if self.placed and not self.pipeline and not self.transport.is_closing():
            self.is_idle = True
            self._wait_for_head()

    def pause_writing(self) -> None:
        super().pause_writing()
        self.limits.unread[self] = monotonic()

    def resume_writing(self) -> None:
        super().resume_writing()
        self.limits.unread.pop(self, None)

    @property
    def has_request(self) -> bool:
        """Whether a request is being answered."""
        return bool(self.cycle) and not self.cycle.response_complete

    def is_too_slow(self, since: float, now: float) -> bool:
        """Whether the body has stopped coming, or comes in drops."""
        if self.flow.read_paused:  # we are the ones who don't read
            self.last_piece = now
            return False
        taken = now - since
        in_drops = taken > BODY_GRACE_SECONDS and self.body_bytes < MIN_BODY_RATE * taken
        return in_drops or now - self.last_piece > BODY_SILENCE_SECONDS

    def refuse(self, status: int, sentence: str) -> None:
        """Say why, as far as nothing else is being said, and hang up."""
        self.limits.remove(self)
        if not (self.cycle and self.cycle.response_started and not self.cycle.response_complete):
            body = sentence.encode()
            self.transport.write(
                b"HTTP/1.1 %d %s\r\ncontent-type: text/plain\r\ncontent-length: %d\r\n"
                b"connection: close\r\n\r\n%s" % (status, REASONS[status], len(body), body)
            )
        self.transport.close()

    def _wait_for_head(self) -> None:
        self.limits.waiting.pop(self, None)
        self.limits.waiting[self] = monotonic()


REASONS = {
    408: b"Request Timeout",
    431: b"Request Header Fields Too Large",
    503: b"Service Unavailable",
}


def bounded(limits: Limits) -> type[BoundedProtocol]:
    """The protocol class whose connections share these limits."""
    return type("BoundedProtocol", (BoundedProtocol,), {"limits": limits})


def raise_descriptor_limit() -> int:
    """Raise the soft limit of open files to the hard one; what it is now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MAX_CONNECTIONS + RESERVED_DESCRIPTORS
    wanted = most if hard == resource.RLIM_INFINITY else min(hard, most)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return most if soft == resource.RLIM_INFINITY else soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError) as fault:
        log.warning("Open files stay limited to %d: %s", soft, fault)
        return soft
    log.info("Open files: the limit is raised from %d to %d", soft, wanted)
    return wanted


def limits_for(descriptors: int, exempt: frozenset[str]) -> Limits:
    """Places for as many connections as there are descriptors to spare."""
    most = max(min(MAX_CONNECTIONS, descriptors - RESERVED_DESCRIPTORS), 16)
    return Limits(most, min(MAX_PER_ADDRESS, max(most // 2, 8)), exempt)
