"""Every page as everybody: what may be seen is there, what may not is refused, nothing fails."""

import re
from html.parser import HTMLParser

import httpx
import pytest

from skranke.web import routes
from tests.web.conftest import USERS, ServedDesk, password_of

pytestmark = pytest.mark.xdist_group("web")
ADMINISTRATORS = re.compile(r"/settings/(?!me|quick)")
NOTHING = {"/sign-out", "/next"}  # do something without any field


class Attributes(HTMLParser):
    """Collects the attributes that the policy forbids: inline style and handlers."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [name for name, _ in attrs if name == "style" or name.startswith("on")]


def forbidden_attributes(html: str) -> list[str]:
    """The inline styles and handlers in a page."""
    parser = Attributes()
    parser.feed(html)
    return parser.found


class Client:
    """A signed-in browser without scripts."""

    def __init__(self, desk: ServedDesk, name: str) -> None:
        self.http = httpx.Client(base_url=desk.url, timeout=30)
        if name:
            form = {"user": name, "password": password_of(name), "to": "/"}
            assert self.http.post("/sign-in", data=form).status_code == 303

    def csrf(self) -> str:
        page = self.http.get("/settings/me").text
        found = re.search(r'name="csrf" value="([^"]+)"', page)
        assert found
        return found[1]


def filled(path: str, ticket_id: int, message_id: int) -> str:
    """An address with every part filled in."""
    parts = {"ticket_id": ticket_id, "message_id": message_id, "person_id": 7, "company_id": 2}
    return re.sub(r"{(\w+):int}", lambda found: str(parts.get(found[1], 1)), path)


@pytest.mark.parametrize("name", [*USERS, ""])
def test_every_page_as_everybody(desk: ServedDesk, name: str) -> None:
    ticket_id = desk.make_ticket("Seen by all")
    message_id = desk.say(ticket_id, "And once more.")
    client = Client(desk, name)
    for path in routes.GET:
        answer = client.http.get(filled(path, ticket_id, message_id))
        told = f"{path} as {name}: {answer.status_code} {answer.text[:300]}"
        if not name:
            assert answer.status_code == 303, told
            assert answer.headers["location"].startswith("/sign-in?to="), told
            continue
        if ADMINISTRATORS.search(path) and name != "ada":
            assert answer.status_code == 403, told
            continue
        assert answer.status_code in (200, 303) or "file" in path, told
        assert answer.status_code < 500, told
        policy = answer.headers.get("content-security-policy", "")
        assert "default-src 'none'" in policy, told
        if "/message/" not in path:
            assert "unsafe" not in policy.replace("'unsafe-inline'", "") or "file" in path, told
            assert forbidden_attributes(answer.text) == [], told


@pytest.mark.parametrize("name", ["anna", "rita"])
def test_no_form_is_done_without_its_token(desk: ServedDesk, name: str) -> None:
    ticket_id = desk.make_ticket("Guarded")
    client = Client(desk, name)
    for path in routes.POST:
        answer = client.http.post(filled(path, ticket_id, 1), data={"name": "title", "value": "x"})
        assert answer.status_code == 303, path
        assert "/sign-in" in answer.headers["location"], path
    ticket = desk.ticket(ticket_id)
    assert (ticket["Title"], ticket["BaseStatus"]) == ("Guarded", "Active")
    assert ticket["NumMessages"] == 1


def test_a_reader_changes_nothing_by_any_form(desk: ServedDesk) -> None:
    ticket_id = desk.make_ticket("Not for readers")
    client = Client(desk, "rita")
    fields = {
        "name": "title",
        "value": "changed",
        "action": "close",
        "ticket": str(ticket_id),
        "set": f"{ticket_id}:title:changed",
        "body": "words",
        "title": "t",
        "category": "1",
        "priority": "1",
        "into": "1",
        "csrf": client.csrf(),
    }
    allowed = ("/settings/me", "/settings/density", "/sign-out", "present", "leave")
    for path in routes.POST:
        if path.endswith(allowed):
            continue
        answer = client.http.post(filled(path, ticket_id, 1), data=fields)
        assert answer.status_code in (400, 403, 404), f"{path}: {answer.status_code}"
    ticket = desk.ticket(ticket_id)
    assert (ticket["Title"], ticket["BaseStatus"]) == ("Not for readers", "Active")


def test_a_sign_in_leads_to_where_one_wanted_to_go_on_this_desk_alone(desk: ServedDesk) -> None:
    client = httpx.Client(base_url=desk.url)
    asked = client.get("/ticket/5?view=2")
    assert asked.headers["location"] == "/sign-in?to=/ticket/5%3Fview%3D2"
    form = {"user": "anna", "password": password_of("anna")}
    for to, leads in [
        ("/ticket/5?view=2", "/ticket/5?view=2"),
        ("//evil.example/x", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ]:
        done = httpx.post(f"{desk.url}/sign-in", data={**form, "to": to})
        assert done.headers["location"] == leads
    wrong = httpx.post(f"{desk.url}/sign-in", data={"user": "anna", "password": "no", "to": "/"})
    assert wrong.status_code == 401
    assert 'value="anna"' in wrong.text


def test_a_new_ticket_by_hand(desk: ServedDesk) -> None:
    client = Client(desk, "anna")
    fields = {
        "csrf": client.csrf(),
        "title": "Called about the noise",
        "customer": "Kari Kunde",
        "category": "1",
        "priority": "1",
        "origin": "Phone",
        "body": "It <hums> at night.",
    }
    done = client.http.post("/new", data=fields)
    assert done.status_code == 303, done.text
    page = client.http.get(done.headers["location"]).text
    assert "It &lt;hums&gt; at night." in page
    ticket = desk.ticket(int(done.headers["location"].rpartition("/")[2]))
    assert ticket["Person"]["PersonId"] == 7
    refused = client.http.post("/new", data={**fields, "customer": "Nobody Atall"})
    assert refused.status_code == 400
    assert "Called about the noise" in refused.text


def test_office_hours_are_set_and_wrong_ones_named(desk: ServedDesk) -> None:
    client = Client(desk, "ada")
    hours = {f"{day}_start": "08:00" for day in ("mon", "tue", "wed", "thu", "fri")}
    hours |= {f"{day}_stop": "16:30" for day in ("mon", "tue", "wed", "thu", "fri")}
    fields = {"csrf": client.csrf(), "name": "Low", "deadline": "12", **hours}
    done = client.http.post("/settings/priorities/1", data=fields)
    assert done.status_code == 303, done.text
    page = client.http.get("/settings/priorities/1").text
    assert 'name="tue_stop" value="16:30"' in page
    assert 'name="sun_start" value=""' in page
    wrong = client.http.post("/settings/priorities/1", data={**fields, "fri_stop": "07:00"})
    assert wrong.status_code == 400
    assert "Friday: ends before it begins" in wrong.text
