"""The two doors: the CustomerService agent's, and the address of ours."""

import base64
import http.client
from urllib.parse import urlsplit

import httpx
import pytest

from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.core.settings import Settings
from skranke.people.carriers import Person
from skranke.search.operations import find_tickets_by_title_or_id
from tests.cast import ANNA, STEN, ContextOf
from tests.conftest import DemoServer
from tests.search.make import ticket
from tests.tickets.make import save

ADMIN = ("tje0", "Tje0")
SEARCH = "/api/v1/Ticket/Search"
SIGNED_IN = {"Authorization": f"Basic {base64.b64encode(b'tje0:Tje0').decode()}"}


async def ids(context: RequestContext, text: str, most: int = 0) -> list[int]:
    return [one.ticket_id for one in await find_tickets_by_title_or_id(context, text, most)]


async def test_a_title_is_found_by_its_beginning_at_once(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    one = await save(context, title="Boiler 100%_off", person=Person(person_id=7))
    await save(context, title="Boiler 100 off")
    [found] = await find_tickets_by_title_or_id(context, "boiler 100%_", 0)
    assert (found.ticket_id, found.title) == (one.ticket_id, "Boiler 100%_off")
    assert (found.owner_name, found.category_name) == ("Anna Agent", "Support")
    assert (found.person_name, found.contact_name) == ("Kari Kunde", "Fjord AS")
    assert found.priority_name


async def test_number_beginning_and_words_come_in_this_order(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    one = await ticket(context, "The leaking pump")
    two = await ticket(context, f"{one} leaking pumps")
    three = await ticket(context, "Other", "leaking pump")
    assert await ids(context, str(one)) == [one, two]
    assert await ids(context, "pumps leaking") == [two, one]
    assert await ids(context, "leak", 1) == [two]
    assert three not in await ids(context, "leaking pump")
    assert await ids(context, "") == []


async def test_its_address_leads_to_the_desk(context_of: ContextOf) -> None:
    desk = Settings(public_url="https://desk.example/")
    context = context_of(ANNA, settings=desk)
    one = await save(context, title="Boiler")
    [found] = await find_tickets_by_title_or_id(context, "boil", 0)
    assert found.ticket_url == f"https://desk.example/ticket/{one.ticket_id}"


async def test_a_stranger_finds_no_title_of_a_closed_category(context_of: ContextOf) -> None:
    payroll = TicketCategoryEntity(ticket_category_id=2)
    hidden = await ticket(context_of(ANNA), "Wages", category=payroll)
    for query in ("wages", "wag", str(hidden)):
        assert await ids(context_of(STEN), query) == []
        assert await ids(context_of(ANNA), query) == [hidden]


async def test_what_cannot_be_asked_is_refused(context_of: ContextOf) -> None:
    with pytest.raises(BadValue, match="MaxRows"):
        await ids(context_of(ANNA), "a", -1)
    with pytest.raises(BadValue, match="query"):
        await ids(context_of(ANNA), "a" * 501)
    for strange in ("\0", "\ud800", "a\0b", "'", "%", '"'):
        assert await ids(context_of(ANNA), strange) == []


def search_over_rest(demo: DemoServer, **query: object) -> httpx.Response:
    return httpx.get(
        f"{demo.url}{SEARCH}", params={k: str(v) for k, v in query.items()}, auth=ADMIN
    )


def test_over_rest_the_best_come_first(demo: DemoServer) -> None:
    answer = search_over_rest(demo, query="nothing of this kind")
    assert answer.json() == {"Total": 0, "More": False, "Value": []}
    answer = search_over_rest(demo, query="1", top=5)
    assert answer.status_code == 200
    first = answer.json()["Value"][0]
    assert first["TicketId"] == 1
    assert set(first) == {
        "TicketId",
        "Title",
        "MessageId",
        "Highlight",
        "Rank",
        "LastChanged",
        "Status",
        "OwnerName",
    }


@pytest.mark.parametrize(
    "query",
    [
        {"query": "x" * 501},
        {"query": "a", "top": -1},
        {"query": "a", "top": 101},
        {"query": "a", "skip": -1},
        {"query": "a", "top": "x"},
        {"query": "a", "skip": 2**31},
    ],
)
def test_a_wrong_question_is_refused(demo: DemoServer, query: dict[str, object]) -> None:
    assert search_over_rest(demo, **query).status_code == 400


def test_a_megabyte_of_question_is_refused(demo: DemoServer) -> None:
    connection = http.client.HTTPConnection(urlsplit(demo.url).netloc, timeout=20)
    connection.request("GET", f"{SEARCH}?query={'a' * 1_000_000}", headers=SIGNED_IN)
    assert 400 <= connection.getresponse().status < 500
    connection.close()


@pytest.mark.parametrize("raw", ["%00", "%ff%fe", "%ed%a0%80", "'%22%5c", "%", "%zz"])
def test_no_bytes_are_too_strange(demo: DemoServer, raw: str) -> None:
    answer = httpx.get(f"{demo.url}{SEARCH}?query={raw}", auth=ADMIN)
    assert answer.status_code in (200, 400)
