"""How failed sign-ins are slowed, without locking out those who belong.

Five failures are free. From then on each opens a window, 1 s doubling up to 15 min, in
which tries are refused unread. An address from which an account has signed in before
is bound by the failures of that pair alone; every other try by the failures at the
account and by those from the address. So a stranger who hammers at an account, or at
all of them, keeps nobody out who comes from where they always come, not even from
behind the same proxy. It all lives in memory: a restart forgets both.
"""

import math
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network

from msgspec import Struct

from skranke.core.clock import Clock
from skranke.core.errors import TooManyRequests

FREE_TRIES = 5
MAX_DELAY_SECONDS = 15 * 60
FAILURE_LIFETIME = timedelta(hours=1)
MAX_ENTRIES = 10_000  # of each kind; the oldest go first
MAX_NAME_CHARACTERS = 100  # longer names share a counter: nobody bears one

Key = tuple[str, ...]


class Failures(Struct, frozen=True):
    """How many in a row, and when the last one was."""

    count: int
    last: datetime


class Throttle:
    """The failures of this process, on the desk's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures: dict[Key, Failures] = {}
        self._familiar: dict[Key, None] = {}

    def check(self, name: str, peer: str) -> None:
        """TooManyTries while a window is open for this account or address."""
        wait = max(self._wait(key) for key in self._keys(name, peer))
        if wait > 0:
            raise TooManyRequests("Too many failed sign-ins; wait a little.", wait)

    def record_failure(self, name: str, peer: str) -> None:
        """Count a failure."""
        now = self._clock.now()
        for key in self._keys(name, peer):
            last = self._failures.pop(key, None)
            count = last.count if last and _is_recent(last, now) else 0
            self._failures[key] = Failures(count + 1, now)
        _limit_size(self._failures)

    def record_success(self, name: str, peer: str) -> None:
        """Forget the failures that this try was bound by; the pair is familiar now."""
        for key in self._keys(name, peer):
            self._failures.pop(key, None)
        pair = _pair(name, peer)
        self._familiar.pop(pair, None)
        self._familiar[pair] = None
        _limit_size(self._familiar)

    def _keys(self, name: str, peer: str) -> list[Key]:
        pair = _pair(name, peer)
        return [pair] if pair in self._familiar else [pair[:1], ("", pair[1])]

    def _wait(self, key: Key) -> int:
        failures = self._failures.get(key)
        now = self._clock.now()
        if failures is None or not _is_recent(failures, now):
            return 0
        left = delay(failures.count) - (now - failures.last).total_seconds()
        return math.ceil(left)


def delay(failures: int) -> int:
    """The seconds in which no try is read after so many failures in a row."""
    if failures < FREE_TRIES:
        return 0
    return min(2 ** (failures - FREE_TRIES), MAX_DELAY_SECONDS)


def _is_recent(failures: Failures, now: datetime) -> bool:
    return timedelta(0) <= now - failures.last < FAILURE_LIFETIME


def _pair(name: str, peer: str) -> Key:
    return name.lower()[:MAX_NAME_CHARACTERS], _neighbourhood(peer)


def _neighbourhood(peer: str) -> str:
    """An IPv6 address stands for its /64, all of which one subscriber has."""
    try:
        address = IPv6Address(peer)
    except ValueError:
        return peer
    return str(address.ipv4_mapped or IPv6Network((int(address), 64), strict=False))


def _limit_size(entries: dict[Key, Failures] | dict[Key, None]) -> None:
    while len(entries) > MAX_ENTRIES:
        del entries[next(iter(entries))]
