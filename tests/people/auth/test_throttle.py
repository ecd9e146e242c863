"""Failed sign-ins on a clock that the test moves."""

from itertools import pairwise

import pytest

from skranke.core.clock import Clock
from skranke.core.errors import TooManyRequests
from skranke.people.auth import throttle
from skranke.people.auth.throttle import Throttle, delay
from tests.cast import NOW
from tests.people.conftest import ELSEWHERE, HOME


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


def fail(tries: Throttle, name: str, peer: str, times: int) -> None:
    for _ in range(times):
        tries.record_failure(name, peer)


def wait(tries: Throttle, name: str, peer: str) -> int:
    try:
        tries.check(name, peer)
    except TooManyRequests as refusal:
        return refusal.retry_after
    return 0


def test_windows_double_from_the_fifth_failure_up_to_a_quarter_of_an_hour():
    windows = [delay(failures) for failures in range(20)]
    assert windows[:8] == [0, 0, 0, 0, 0, 1, 2, 4]
    assert windows[-1] == 900
    assert all(earlier <= later for earlier, later in pairwise(windows))


def test_a_window_closes_with_the_clock(clock: Clock):
    tries = Throttle(clock)
    fail(tries, "anna", HOME, 9)
    assert wait(tries, "anna", HOME) == 16
    clock.advance(15.5)
    assert wait(tries, "anna", HOME) == 1
    clock.advance(0.5)
    assert wait(tries, "anna", HOME) == 0


def test_the_account_is_slowed_from_every_strange_address(clock: Clock):
    tries = Throttle(clock)
    for number in range(6):
        tries.record_failure("anna", f"203.0.113.{number}")
    assert wait(tries, "ANNA", ELSEWHERE) == 2
    assert wait(tries, "bo", ELSEWHERE) == 0


def test_the_address_is_slowed_at_every_account(clock: Clock):
    tries = Throttle(clock)
    for name in ("ada", "anna", "bo", "sten", "rita", "nobody"):
        tries.record_failure(name, ELSEWHERE)
    assert wait(tries, "kari", ELSEWHERE) == 2
    assert wait(tries, "kari", HOME) == 0


def test_success_forgets_the_failures(clock: Clock):
    tries = Throttle(clock)
    fail(tries, "anna", HOME, 4)
    tries.record_success("anna", HOME)
    fail(tries, "anna", HOME, 4)
    assert wait(tries, "anna", HOME) == 0


def test_a_stranger_keeps_nobody_out_of_where_they_always_come_from(clock: Clock):
    tries = Throttle(clock)
    tries.record_success("anna", HOME)
    fail(tries, "anna", ELSEWHERE, 50)
    assert wait(tries, "anna", ELSEWHERE) == 900
    assert wait(tries, "anna", HOME) == 0


def test_a_stranger_behind_the_same_proxy_keeps_out_only_whom_he_tries(clock: Clock):
    tries = Throttle(clock)
    tries.record_success("anna", HOME)
    tries.record_success("bo", HOME)
    fail(tries, "bo", HOME, 20)
    fail(tries, "nobody", HOME, 20)
    assert wait(tries, "bo", HOME) == 900
    assert wait(tries, "sten", HOME) == 900
    assert wait(tries, "anna", HOME) == 0


def test_signing_in_with_an_account_of_ones_own_buys_no_more_guesses(clock: Clock):
    tries = Throttle(clock)
    tries.record_success("sten", ELSEWHERE)
    for _ in range(3):
        fail(tries, "anna", ELSEWHERE, 3)
        tries.record_success("sten", ELSEWHERE)
    assert wait(tries, "anna", ELSEWHERE) == 16


def test_failures_are_forgotten_after_an_hour_and_when_the_clock_goes_back(clock: Clock):
    tries = Throttle(clock)
    fail(tries, "anna", HOME, 30)
    clock.advance(3600)
    fail(tries, "anna", HOME, 1)
    assert wait(tries, "anna", HOME) == 0
    fail(tries, "anna", HOME, 30)
    clock.set(NOW)
    assert wait(tries, "anna", HOME) == 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("192.0.2.1:4711", "192.0.2.2:4711", False),
        ("", "", True),
    ],
)
def test_an_ipv6_address_stands_for_its_network(clock: Clock, one: str, other: str, same: bool):
    tries = Throttle(clock)
    fail(tries, "anna", one, 6)
    assert (wait(tries, "bo", other) > 0) is same


def test_memory_is_bounded_and_the_oldest_failures_go_first(clock: Clock):
    tries = Throttle(clock)
    fail(tries, "bo", ELSEWHERE, 6)
    for number in range(throttle.MAX_ENTRIES // 2):
        tries.record_failure(f"{number}" + "x" * 200, f"peer {number}")
    assert wait(tries, "bo", ELSEWHERE) == 0
