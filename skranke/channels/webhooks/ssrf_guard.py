"""Connections that go to the very address that was checked.

A name is resolved once, for the connection: a second answer, which a hostile name
server would give after a check, is never asked for. TLS still asks for the name. Each
call has a connection of its own, so that each is checked and none has gone stale.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Any, cast

import httpcore
import httpx

from skranke.channels.webhooks.addresses import is_outside

Network = httpcore.AsyncNetworkBackend
Resolve = Callable[[str, int], Awaitable[list[str]]]
MAX_CONNECTIONS = 100  # connections at once
MAX_CALL_SECONDS = 10.0  # seconds that a call may take in all
# a name server that is dead must not hold the threads that passwords wait for
RESOLVER_THREADS = ThreadPoolExecutor(20, "webhook-names")


async def resolve_host(host: str, port: int) -> list[str]:
    """The addresses of a host, in the system's order; OSError where it has none."""
    ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(RESOLVER_THREADS, ask)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class CheckedNetwork(Network):
    """Connects to hosts whose every address is on the open internet."""

    def __init__(
        self,
        resolve: Resolve = resolve_host,
        *,
        inside: bool = False,
        network: Network | None = None,
    ) -> None:
        self._resolve = resolve
        self._inside = inside
        self._network = network or cast("Network", httpcore.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore names it so
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first address that answers; ConnectError for none.

        Each has its share of the time, so that a dead one leaves some for the next.
        """
        fault = httpcore.ConnectError(f"{host} has no address")
        found = await self._addresses(host, port)
        for address in found:
            try:
                return await self._network.connect_tcp(
                    address, port, timeout and timeout / len(found), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as refused:
                fault = refused
        raise fault

    async def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = await self._resolve(host, port)
        except (OSError, UnicodeError) as fault:
            raise httpcore.ConnectError(f"{host} can't be resolved: {fault}") from fault
        if not self._inside and not all(map(is_outside, found)):
            raise httpcore.ConnectError(f"{host} is not on the open internet")
        return found

    async def connect_unix_socket(self, *_: Any, **__: Any) -> Any:
        """Refused: a hook has no business in the file system."""
        raise httpcore.ConnectError("sockets in the file system aren't reached")


class _Transport(httpx.AsyncHTTPTransport):
    """httpx's own, over the connections that it is given."""

    def __init__(self, network: Network) -> None:
        super().__init__(trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            max_connections=MAX_CONNECTIONS,
            max_keepalive_connections=0,
            network_backend=network,
        )


def client_over(network: Network) -> httpx.AsyncClient:
    """A client that follows no redirect and knows no proxy."""
    return httpx.AsyncClient(
        transport=_Transport(network),
        trust_env=False,
        follow_redirects=False,
        timeout=MAX_CALL_SECONDS,
    )


@cache
def client(inside: bool) -> httpx.AsyncClient:
    """The client of this process; one that may reach inside, for who lets it."""
    return client_over(CheckedNetwork(inside=inside))
