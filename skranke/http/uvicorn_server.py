"""uvicorn, opened last and closed first.

`opened` is called once the socket listens. At the end every connection that waits in
the socket's queue is taken before the socket is closed; whoever still sends a request
on an idle connection gets its answer with `Connection: close`, and the others go after
LINGER_SECONDS. So a client sees a refused connection at most, never a reset one.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import uvicorn

from skranke.http.connections import (
    KEEP_ALIVE_SECONDS,
    BoundedProtocol,
    Limits,
    bounded,
    limits_for,
    raise_descriptor_limit,
)

BACKLOG = 2048
LEAVE_WITHIN = 10  # seconds that requests under way are given at the end
LINGER_SECONDS = 0.3  # that idle connections are kept at the end
QUEUE_SECONDS = 0.05  # to take what waits in the socket's queue


class BoundedServer(uvicorn.Server):
    """One process's server on a bound socket."""

    def __init__(
        self,
        application: Any,
        trusted_proxies: str,
        opened: Callable[[], None] = lambda: None,
        closing: Callable[[], None] = lambda: None,
        *,
        is_alone: bool = True,
    ) -> None:
        proxies = [p for p in trusted_proxies.split() if p != "none"]
        self.limits: Limits = limits_for(raise_descriptor_limit(), frozenset(proxies))
        config = uvicorn.Config(
            application,
            http=bounded(self.limits),
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            date_header=True,
            proxy_headers=bool(proxies),
            forwarded_allow_ips=proxies,
            backlog=BACKLOG,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=LEAVE_WITHIN,
        )
        super().__init__(config)
        self._opened = opened
        self._closing = closing  # what would go on for ever, such as a browser's stream, ends
        self._is_alone = is_alone  # no other process answers on the same socket
        self._watch: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._watch = asyncio.create_task(self.limits.watch())
        self._opened()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._closing()
        self.server_state.default_headers = [
            *self.server_state.default_headers,
            (b"connection", b"close"),
        ]
        if self._is_alone:
            for listener in sockets or []:
                listener.listen(0)  # the queue takes no more, but for one
        await asyncio.sleep(QUEUE_SECONDS)
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        if any(not _is_busy(connection) for connection in self.server_state.connections):
            await asyncio.sleep(LINGER_SECONDS)
        if self._watch:
            self._watch.cancel()
        await super().shutdown(sockets)


def _is_busy(connection: object) -> bool:
    assert isinstance(connection, BoundedProtocol)
    return connection.has_request
