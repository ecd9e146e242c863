"""`/api/v1/Ticket` by bytes: every verb, every status, links, dates and patches."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest

from skranke.tickets.carriers import TicketEntity
from tests.conftest import DemoServer
from tests.test_page import GET, ask

PATH = "/api/v1/Ticket/389"
NAMES = [field.encode_name for field in msgspec.structs.fields(TicketEntity)]
Wire = dict[str, Any]


def read(desk: DemoServer, path: str = PATH) -> Wire:
    status, _, body = ask(desk, "GET", path)
    assert status == 200, body
    return json.loads(body)


def send(desk: DemoServer, method: str, path: str, body: Any, **headers: str) -> Wire:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    status, _, answer = ask(desk, method, path, sent, **headers)
    assert status == 200, answer
    return json.loads(answer)


def refused(desk: DemoServer, method: str, path: str, body: Any, **headers: str) -> tuple[int, str]:
    """Status and sentence of a refusal, after which ticket 389 is as it was."""
    before = ask(desk, "POST", GET + "389")[2]
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    status, _, answer = ask(desk, method, path, sent, **headers)
    assert ask(desk, "POST", GET + "389")[2] == before
    return status, json.loads(answer)["ErrorMessage"]


def test_a_ticket_is_read_as_the_agent_has_it_with_links_behind(demo: DemoServer) -> None:
    found = read(demo)
    assert list(found) == [*NAMES, "_Links"]
    links = found.pop("_Links")
    assert found == json.loads(ask(demo, "POST", GET + "389")[2])
    base = f"{demo.url}/api/v1"
    assert links["Self"] == f"{base}/Ticket/389"
    assert links["Self.Simple"] == f"{base}/Ticket/389/Simple"
    assert links["Archive"] == f"{base}/Ticket"
    assert links["Category.List"] == f"{base}/MDOList/ejcategory"


def test_every_list_of_the_links_is_there(demo: DemoServer) -> None:
    links = read(demo)["_Links"]
    for name, url in links.items():
        if name.endswith(".List"):
            assert ask(demo, "GET", url.removeprefix(demo.url))[0] == 200, name


def test_links_begin_where_the_client_has_reached_the_desk(demo: DemoServer) -> None:
    answer = ask(demo, "GET", PATH, host="desk.example:8443")[2]
    links = json.loads(answer)["_Links"]
    assert links["Self"] == "http://desk.example:8443/api/v1/Ticket/389"


def test_paths_are_read_in_any_case_and_literals_win_over_ids(demo: DemoServer) -> None:
    assert read(demo, "/API/v1/ticket/389/")["TicketId"] == 389
    default = read(demo, "/api/v1/Ticket/DEFAULT")
    assert (list(default), default["TicketId"]) == (NAMES, 0)
    agents = ask(demo, "POST", "/api/v1/Agents/Ticket/CreateDefaultTicketEntity")[2]
    assert default == json.loads(agents)


def test_the_simple_ticket_is_the_agents(demo: DemoServer) -> None:
    get = "/api/v1/Agents/Ticket/GetTicket?ticketId=389"
    assert read(demo, f"{PATH}/Simple") == json.loads(ask(demo, "POST", get)[2])


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("GET", "/Simple"), ("PUT", ""), ("PATCH", ""), ("DELETE", "")],
)
@pytest.mark.parametrize("ticket_id", ["99999", "0", "-1"])
def test_what_isnt_there_is_not_found(
    demo: DemoServer, method: str, path: str, ticket_id: str
) -> None:
    where = f"/api/v1/Ticket/{ticket_id}{path}"
    status, told = refused(demo, method, where, {"Title": "x"})
    assert (status, told) == (404, f"Ticket id {ticket_id} not found")


@pytest.mark.parametrize("ticket_id", ["abc", "99999999999", "1.5"])
def test_an_id_that_is_no_number_is_refused(demo: DemoServer, ticket_id: str) -> None:
    assert refused(demo, "GET", f"/api/v1/Ticket/{ticket_id}", b"")[0] == 400


def test_a_post_makes_a_ticket_and_answers_200_with_links(demo: DemoServer) -> None:
    made = send(demo, "POST", "/api/v1/Ticket?notify=True", {"title": "New over REST"})
    assert made["TicketId"] > 0
    assert made["Title"] == "New over REST"
    assert made["_Links"]["Self"].endswith(f"/api/v1/Ticket/{made['TicketId']}")
    assert read(demo, f"/api/v1/Ticket/{made['TicketId']}") == made


def test_a_post_with_an_id_changes_and_keeps_the_rest(demo: DemoServer) -> None:
    before = read(demo)
    after = send(demo, "POST", "/api/v1/Ticket", {"TicketId": 389, "Title": "Again"})
    assert after["Title"] == "Again"
    assert after["Author"] == before["Author"] != ""


def test_a_put_replaces_the_whole_and_the_path_names_it(demo: DemoServer) -> None:
    before = read(demo)
    assert before["Author"]
    body = {"TicketId": 12, "Title": "All new", "Category": before["Category"]}
    after = send(demo, "PUT", PATH, body)
    assert (after["TicketId"], after["Title"], after["Author"]) == (389, "All new", "")
    assert (after["Person"], after["Tags"]) == (None, [])
    for name in ("Category", "Priority", "Status", "OwnedBy", "TicketType", "Slevel"):
        assert after[name] == before[name], name
    assert read(demo, "/api/v1/Ticket/12")["Title"] != "All new"


def test_what_was_got_can_be_put_back_links_and_all(demo: DemoServer) -> None:
    got = read(demo)
    assert send(demo, "PUT", PATH, got) == got


@pytest.mark.parametrize("body", [b"", b"null"])
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_missing_body_is_refused(demo: DemoServer, method: str, body: bytes) -> None:
    assert refused(demo, method, PATH, body)[0] == 400


@pytest.mark.parametrize(
    "patch",
    [
        {"title": "Warm again"},
        [{"op": "replace", "path": "/Title", "value": "Warm again"}],
        [
            {"op": "test", "path": "ticketId", "value": "389"},
            {"op": "add", "path": "title", "value": "Warm again"},
        ],
    ],
)
@pytest.mark.parametrize(
    "kind", ["application/json", "application/json-patch+json", "application/merge-patch+json"]
)
def test_a_patch_changes_what_it_names_whatever_its_type(
    demo: DemoServer, patch: Any, kind: str
) -> None:
    before = read(demo)
    after = send(demo, "PATCH", PATH, patch, content_type=kind)
    assert after["Title"] == "Warm again"
    moved = {"Title", "LastChanged"}
    assert {n for n in after if after[n] != before[n]} <= moved
    assert read(demo) == after


def test_select_keeps_what_is_named_of_what_is_read_and_patched(demo: DemoServer) -> None:
    whole = read(demo)
    some = read(demo, f"{PATH}?$select=title,category/name")
    assert (some["TicketId"], some["Title"]) == (389, whole["Title"])
    assert some["Category"]["Name"] == whole["Category"]["Name"]
    assert (some["Author"], some["Priority"]) == ("", None)
    patched = send(demo, "PATCH", f"{PATH}?$select=title", {"Author": "Someone"})
    assert (patched["Title"], patched["Author"]) == (whole["Title"], "")
    assert read(demo)["Author"] == "Someone"


def test_a_patch_of_references_arrays_and_fields(demo: DemoServer) -> None:
    before = read(demo)
    after = send(
        demo,
        "PATCH",
        PATH,
        {
            "Priority": {"TicketPriorityId": "1"},
            "Person": None,
            "SecondaryPersons": {"PersonId": 75},
            "Tags": [{"Id": 131}],
            "Category": {"TicketCategoryId": before["Category"]["TicketCategoryId"]},
        },
    )
    assert after["Priority"]["TicketPriorityId"] == 1
    assert after["Priority"]["Name"] != ""
    assert after["Person"] is None
    assert after["Category"] == before["Category"]
    assert [tag["Id"] for tag in after["Tags"]] == [131]
    persons = [person["PersonId"] for person in after["SecondaryPersons"]]
    assert persons[-1] == 75
    removed = [{"op": "remove", "path": f"SecondaryPersons/{len(persons) - 1}"}]
    after = send(demo, "PATCH", PATH, removed)
    assert [p["PersonId"] for p in after["SecondaryPersons"]] == persons[:-1]


def test_of_patches_that_test_the_same_value_one_alone_is_done(demo: DemoServer) -> None:
    title = read(demo)["Title"]

    def race(number: int) -> int:
        mine = {"op": "replace", "path": "Title", "value": f"Mine, {number}"}
        patch = [{"op": "test", "path": "Title", "value": title}, mine]
        return ask(demo, "PATCH", PATH, json.dumps(patch).encode())[0]

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(race, range(8))) == [200, *[409] * 7]


def test_a_patch_that_equals_the_ticket_changes_nothing(demo: DemoServer) -> None:
    got = read(demo)
    assert send(demo, "PATCH", PATH, got) == got


def test_a_patch_cant_move_a_ticket_to_another_id(demo: DemoServer) -> None:
    assert send(demo, "PATCH", PATH, {"TicketId": 12})["TicketId"] == 389


@pytest.mark.parametrize(
    ("patch", "status", "told"),
    [
        (
            [
                {"op": "replace", "path": "Title", "value": "x"},
                {"op": "test", "path": "Author", "value": "nobody"},
            ],
            409,
            "Author",
        ),
        (
            [
                {"op": "replace", "path": "Title", "value": "x"},
                {"op": "replace", "path": "Nowhere", "value": "x"},
            ],
            400,
            "Nowhere",
        ),
        ([{"op": "move", "from": "Title", "path": "Author"}], 400, "move"),
        ({"Title": "x", "Priority": {"TicketPriorityId": 99}}, 400, "99"),
        ({"Title": "x", "BaseStatus": "Sleeping"}, 400, "BaseStatus"),
        (b"{nonsense", 400, "JSON"),
    ],
)
def test_a_patch_is_done_whole_or_not_at_all(
    demo: DemoServer, patch: Any, status: int, told: str
) -> None:
    found, sentence = refused(demo, "PATCH", PATH, patch)
    assert found == status
    assert told in sentence


def test_a_delete_answers_204_and_the_second_one_removes(demo: DemoServer) -> None:
    status, headers, body = ask(demo, "DELETE", PATH)
    assert (status, body, "Content-Length" in headers) == (204, b"", False)
    assert read(demo)["BaseStatus"] == "Deleted"
    assert ask(demo, "DELETE", PATH)[0] == 204
    assert ask(demo, "GET", PATH)[0] == 404
    assert ask(demo, "DELETE", PATH)[0] == 404


def test_a_ticket_that_hasnt_changed_since_is_not_sent_again(demo: DemoServer) -> None:
    current_second = ask(demo, "GET", PATH)[1]["Last-Modified"]
    assert current_second.endswith(" GMT")
    for path in (PATH, f"{PATH}/Simple"):
        status, headers, body = ask(demo, "GET", path, if_modified_since=current_second)
        assert (status, body, headers["Last-Modified"]) == (304, b"", current_second)
    old = "Fri, 31 Jan 2020 23:00:00 GMT"
    assert ask(demo, "GET", PATH, if_modified_since=old)[0] == 200
    assert ask(demo, "GET", PATH, if_modified_since="yesterday")[0] == 200
    iso = read(demo)["LastChanged"]
    assert ask(demo, "GET", PATH, if_modified_since=iso)[0] == 304


@pytest.mark.parametrize(
    ("method", "body"),
    [("PUT", {"Title": "x"}), ("PATCH", {"Title": "x"}), ("DELETE", {}), ("GET", {})],
)
def test_what_has_changed_since_is_left_alone(demo: DemoServer, method: str, body: Any) -> None:
    old = "Fri, 31 Jan 2020 23:00:00 GMT"
    status, told = refused(demo, method, PATH, body, if_unmodified_since=old)
    assert status == 412
    assert old in told
    current_second = ask(demo, "GET", PATH)[1]["Last-Modified"]
    sent = json.dumps(body).encode()
    done = ask(demo, method, PATH, sent, if_unmodified_since=current_second)[0]
    assert done == (204 if method == "DELETE" else 200)


def test_an_address_tells_which_verbs_it_takes(demo: DemoServer) -> None:
    status, headers, _ = ask(demo, "POST", PATH, b"{}")
    assert status == 405
    assert set(headers["Allow"].split(", ")) == {"GET", "HEAD", "PUT", "PATCH", "DELETE"}


def test_rights_are_minded(demo: DemoServer) -> None:
    reader = "Basic c29maWUwOlNvZmllMA=="
    assert ask(demo, "GET", PATH, authorization=reader)[0] == 200
    for method in ("PUT", "PATCH", "DELETE"):
        asked = refused(demo, method, PATH, {"Title": "x"}, authorization=reader)
        assert asked[0] == 403
    assert refused(demo, "GET", PATH, b"", authorization="")[0] == 401
