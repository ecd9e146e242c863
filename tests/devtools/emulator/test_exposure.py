"""Who reaches the emulator, and which settings would open it to strangers."""

import pytest

from skranke.core.settings import InvalidSetting, Secret, Settings
from skranke.devtools.emulator.exposure import is_loopback, refuse_exposed
from tests.devtools.emulator.conftest import Opener

EMULATOR = [
    ("GET", "/_desk/clock"),
    ("POST", "/_desk/clock"),
    ("POST", "/_desk/state/reset"),
    ("GET", "/_desk/coverage"),
]


@pytest.mark.parametrize(("method", "path"), EMULATOR)
async def test_without_the_setting_there_is_no_emulator(opened: Opener, method: str, path: str):
    _, ask = opened(emulator=False, emulator_token="t0ken")
    answer = await ask(method, path, headers={"authorization": "Bearer t0ken"})
    assert answer.status == 404
    assert (await ask("GET", "/_desk/health")).status == 200


@pytest.mark.parametrize(("method", "path"), EMULATOR)
@pytest.mark.parametrize("peer", ["192.0.2.7", "2001:db8::7", "testclient", None])
async def test_without_a_token_only_this_machine_gets_in(
    opened: Opener, method: str, path: str, peer: str | None
):
    _, ask = opened()
    for borne in ("", "Bearer ", "Bearer x"):
        answer = await ask(method, path, peer=peer, headers={"authorization": borne})
        assert answer.status == 403
        assert "token" in answer.body["error"]


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
async def test_this_machine_needs_no_token(opened: Opener, peer: str):
    _, ask = opened(emulator_token="t0ken")
    assert (await ask("GET", "/_desk/clock", peer=peer)).status == 200


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        ("Bearer t0ken", 200),
        ("bearer t0ken", 200),
        ("", 401),
        ("Bearer", 401),
        ("Bearer ", 401),
        ("Bearer t0keN", 401),
        ("Bearer t0ken2", 401),
        ("Basic t0ken", 401),
        ("t0ken", 401),
        ("Bearer blåbær", 401),
    ],
)
async def test_others_bear_the_token(opened: Opener, authorization: str, status: int):
    _, ask = opened(emulator_token="t0ken")
    answer = await ask(
        "GET", "/_desk/clock", peer="192.0.2.7", headers={"authorization": authorization}
    )
    assert answer.status == status
    assert ("www-authenticate" in answer.headers) == (status == 401)


@pytest.mark.parametrize("header", ["origin", "forwarded", "x-forwarded-for"])
async def test_who_speaks_for_others_here_is_not_of_this_machine(opened: Opener, header: str):
    _, ask = opened(emulator_token="t0ken")
    for text in ("http://evil.example", "127.0.0.1"):
        answer = await ask("POST", "/_desk/state/reset", headers={header: text})
        assert answer.status == 401


async def test_coverage_is_what_the_application_tells(opened: Opener):
    _, ask = opened()
    answer = await ask("GET", "/_desk/coverage")
    assert (answer.status, answer.body) == (200, {"done": 3})
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_a_loopback_host_may_have_the_emulator(host: str):
    assert is_loopback(host)
    refuse_exposed(Settings(emulator=True, host=host))


EVERYWHERE = ["0.0.0.0", "::", ""]


@pytest.mark.parametrize("host", [*EVERYWHERE, "192.0.2.1", "desk.example"])
def test_any_other_host_needs_a_token(host: str):
    refuse_exposed(Settings(emulator=False, host=host))
    refuse_exposed(Settings(emulator=True, host=host, emulator_token=Secret("t0ken")))
    with pytest.raises(InvalidSetting, match="SKRANKE_EMULATOR_TOKEN"):
        refuse_exposed(Settings(emulator=True, host=host))


def test_several_workers_have_no_emulator():
    refuse_exposed(Settings(workers=4))
    with pytest.raises(InvalidSetting, match="one worker, not 4"):
        refuse_exposed(Settings(emulator=True, workers=4))
