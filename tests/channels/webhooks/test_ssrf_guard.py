"""Connections go to the address that was checked, and a call ends in its time."""

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import httpcore
import httpx
import pytest

from skranke.channels.webhooks.http_call import (
    MAX_RESPONSE_BYTES,
    CallResponse,
    WebhookTarget,
    call,
)
from skranke.channels.webhooks.ssrf_guard import (
    MAX_CALL_SECONDS,
    CheckedNetwork,
    Resolve,
    client_over,
    resolve_host,
)
from skranke.core.clock import Clock
from tests.cast import NOW
from tests.channels.webhooks.conftest import Receiver, listening

PUBLIC = "93.184.216.34"


class Unplugged(httpcore.AsyncNetworkBackend):
    """A network whose cable is out; it keeps where it was to connect to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.timeouts: list[float | None] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore names it so
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> Any:
        self.asked.append(host)
        self.timeouts.append(timeout)
        raise httpcore.ConnectError("unplugged")


def answering(*answers: list[str]) -> tuple[Resolve, list[str]]:
    """A name server that answers so, one after the other, and what it was asked."""
    left, asked = list(answers), list[str]()

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return left.pop(0)

    return resolve, asked


async def posted(
    url: str, network: httpcore.AsyncNetworkBackend, within: float = 60
) -> CallResponse:
    target = WebhookTarget(url=url, secret="", headers={})
    async with client_over(network) as by:
        return await call(target, "test", "id", b"{}", by=by, within=within)


async def test_a_name_that_changes_its_mind_is_not_asked_twice(receiver: Receiver):
    resolve, asked = answering([PUBLIC], ["127.0.0.1"])
    cable = Unplugged()
    url = f"http://hook.example:{receiver.port}/"
    answer = await posted(url, CheckedNetwork(resolve, network=cable))
    assert (asked, cable.asked) == (["hook.example"], [PUBLIC])
    assert (answer.status, answer.text) == (0, "ConnectError: unplugged")
    assert receiver.got == []


@pytest.mark.parametrize("answers", [["127.0.0.1"], [PUBLIC, "10.0.0.1"], ["::ffff:127.0.0.1"]])
async def test_a_name_with_an_address_inside_is_not_connected_to(
    receiver: Receiver, answers: list[str]
):
    resolve, _ = answering(answers)
    answer = await posted(f"http://hook.example:{receiver.port}/", CheckedNetwork(resolve))
    assert answer.text == "ConnectError: hook.example is not on the open internet"
    assert receiver.got == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]"]
)
async def test_no_spelling_of_loopback_gets_through(receiver: Receiver, host: str):
    answer = await posted(f"http://{host}:{receiver.port}/", CheckedNetwork())
    assert answer.status == 0
    assert receiver.got == []


async def test_the_next_address_is_tried_when_one_is_dead(receiver: Receiver):
    resolve, _ = answering(["127.0.0.2", "127.0.0.1"])
    answer = await posted(
        f"http://hook.example:{receiver.port}/", CheckedNetwork(resolve, inside=True)
    )
    assert answer.is_success
    [request] = receiver.got
    assert request.header("Host") == f"hook.example:{receiver.port}"


async def test_each_address_has_its_share_of_the_time():
    resolve, _ = answering([PUBLIC, "8.8.8.8"])
    cable = Unplugged()
    await posted("http://hook.example/", CheckedNetwork(resolve, network=cable))
    assert cable.asked == [PUBLIC, "8.8.8.8"]
    assert cable.timeouts == [MAX_CALL_SECONDS / 2] * 2


async def test_names_are_looked_up_by_threads_that_nobody_else_needs():
    released = Event()
    everybody = ThreadPoolExecutor(1)
    loop = asyncio.get_running_loop()
    loop.set_default_executor(everybody)
    busy = asyncio.create_task(asyncio.to_thread(released.wait))
    assert await resolve_host("127.0.0.1", 80) == ["127.0.0.1"]
    released.set()
    assert await busy


async def test_tls_asks_for_the_name_that_was_resolved():
    hello = asyncio.get_running_loop().create_future()

    async def serve(reader: asyncio.StreamReader, writer: Any) -> None:
        hello.set_result(await reader.read(4096))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    resolve, _ = answering(["127.0.0.1"])
    network = CheckedNetwork(resolve, inside=True)
    answer = await posted(f"https://hook.example:{port}/", network)
    assert b"hook.example" in await hello
    assert answer.status == 0
    server.close()


async def test_a_redirect_is_a_failure_and_is_not_followed(receiver: Receiver):
    async with listening(Receiver(Clock(NOW))) as inside:
        receiver.raw = (
            f"HTTP/1.1 307 There\r\nLocation: {inside.url}\r\nContent-Length: 0\r\n\r\n"
        ).encode()
        answer = await posted(receiver.url, CheckedNetwork(inside=True))
        assert answer.status == 307
        assert not answer.is_success
        assert inside.got == []


async def test_who_says_nothing_is_not_waited_for(receiver: Receiver):
    receiver.silent = True
    answer = await posted(receiver.url, CheckedNetwork(inside=True), within=0.3)
    assert (answer.status, answer.text) == (0, "No answer within 0.3 seconds")


async def test_who_says_a_little_again_and_again_is_cut_off(receiver: Receiver):
    receiver.raw = b"HTTP/1.1 200 OK\r\nX-Slow: "
    receiver.dripping = True
    answer = await posted(receiver.url, CheckedNetwork(inside=True), within=0.3)
    assert (answer.status, answer.text) == (0, "No answer within 0.3 seconds")


async def test_who_has_said_200_may_take_his_time_for_the_rest(receiver: Receiver):
    receiver.raw = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nand"
    receiver.silent = True
    answer = await posted(receiver.url, CheckedNetwork(inside=True), within=0.5)
    assert answer.is_success


async def test_no_more_of_an_answer_is_read_than_is_needed(receiver: Receiver):
    receiver.answer = b"x" * 10 * MAX_RESPONSE_BYTES
    answer = await posted(receiver.url, CheckedNetwork(inside=True))
    assert answer.text.count("x") == MAX_RESPONSE_BYTES + 1  # one in a header


async def test_a_proxy_of_the_environment_is_not_used(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert (await posted(receiver.url, CheckedNetwork(inside=True))).is_success


@pytest.mark.parametrize("url", ["http://xn--/", "http://fjord.example/\ud800"])
async def test_what_is_no_url_is_told_of(url: str):
    assert (await posted(url, Unplugged())).status == 0


async def test_a_host_without_an_address_is_told_of():
    answer = await posted("http://nowhere.invalid/", CheckedNetwork())
    assert answer.text.startswith("ConnectError: nowhere.invalid can't be resolved")
    assert await resolve_host("127.0.0.1", 80) == ["127.0.0.1"]
    assert isinstance(client_over(CheckedNetwork()), httpx.AsyncClient)
