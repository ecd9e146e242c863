"""Archive requests that documented clients send, against a served desk.

Each case is named by its id in the list of cases from the field.
"""

from typing import Any

import httpx
import pytest

from tests.conftest import DemoServer

AGENT = ("tje0", "Tje0")


@pytest.fixture
def client(demo: DemoServer) -> httpx.Client:
    return httpx.Client(base_url=f"{demo.url}/api/v1", auth=AGENT, timeout=60)


def rows(client: httpx.Client, path: str, **options: str) -> list[dict[str, Any]]:
    answer = client.get(path, params={f"${name}": value for name, value in options.items()})
    assert answer.status_code == 200, answer.text
    return answer.json()["value"]


@pytest.mark.parametrize(
    ("path", "options", "columns", "passed_over"),
    [
        ("Ticket", {"select": "ticketId,contact/business"}, {"ticketId", "contact/business"}, ""),
        ("Ticket", {"select": "ticketId,ownedByName"}, {"ticketId"}, "ownedByName"),
        ("Ticket", {"select": "ticketId", "orderby": "nothing desc"}, {"ticketId"}, "nothing"),
        ("Person", {"select": "personId", "orderby": "name"}, {"personId"}, "name"),
        ("Archive/Contact", {"select": "contactId,nothing"}, {"contactId"}, "nothing"),
        ("TicketMessage", {"select": "ticketId,glops,Count(glops2)"}, None, ""),
    ],
)
def test_an_unknown_column_or_sort_is_passed_over(
    client: httpx.Client,
    path: str,
    options: dict[str, str],
    columns: set[str] | None,
    passed_over: str,
):
    """A2."""
    params = {f"${name}": value for name, value in options.items()} | {"$top": "2"}
    answer = client.get(path, params=params)
    if columns is None:  # a function needs its column
        assert answer.status_code == 400
        return
    assert answer.status_code == 200, answer.text
    [first, *_] = answer.json()["value"]
    assert set(first) == {"PrimaryKey", "EntityName"} | columns
    assert answer.headers.get("x-skranke-passed-over", "") == passed_over


def test_a_published_column_without_data_is_empty(client: httpx.Client):
    """A2."""
    [row] = rows(client, "Ticket", select="contact/business,person/birthDay", top="1")
    assert row["contact/business"] == ""
    assert rows(client, "Ticket", filter="contact/business = 3", select="ticketId") == []


@pytest.mark.parametrize("name", ["ownedByName", "nothing"])
def test_a_filter_on_an_unknown_column_is_refused(client: httpx.Client, name: str):
    """A2."""
    answer = client.get("Ticket", params={"$filter": f"{name} = 1"})
    assert answer.status_code == 400
    assert f"there is no column '{name}'" in answer.json()["Message"]


def test_an_agent_passes_over_unknown_columns_too(client: httpx.Client):
    """A2."""
    answer = client.post(
        "Agents/Archive/GetArchiveListByColumns2",
        json={
            "ProviderName": "Ticket",
            "Columns": "ticketId,glops",
            "SortOrder": "glops asc",
            "Restrictions": "ticketId = 389",
            "PageSize": 1,
        },
    )
    assert answer.status_code == 200, answer.text
    assert list(answer.json()[0]["ColumnData"]) == ["ticketId"]


@pytest.mark.parametrize("path", ["Ticket", "Person", "Contact", "TicketMessage"])
def test_without_select_every_own_column_is_shown_and_none_joined(client: httpx.Client, path: str):
    """A4."""
    [row] = rows(client, path, top="1")
    known = client.get(f"Archive/{path}/$metadata").json()
    own = {n for n in known if "/" not in n and n not in ("getAllRows", "getNoRows", "content")}
    assert set(row) == own | {"PrimaryKey", "EntityName"}


@pytest.mark.parametrize(
    "path",
    [
        "Ticket",
        "Person",
        "Contact",
        "TicketMessage",
        "Archive",
        "Archive/FindTicket",
        "Ticket/389/Messages",
        "Contact/2/Tickets",
    ],
)
def test_every_metadata_link_that_is_written_is_answered(client: httpx.Client, path: str):
    """A5."""
    link = client.get(path).json()["odata.metadata"]
    answer = client.get(link)
    assert answer.status_code == 200, (link, answer.text)
    assert answer.json()


@pytest.mark.parametrize("path", ["Ticket", "Person", "Contact", "TicketMessage", "Archive/"])
def test_an_entitys_own_metadata_address_is_answered(client: httpx.Client, path: str):
    """A5."""
    assert client.get(f"{path}/$metadata").status_code == 200


@pytest.mark.parametrize("provider", ["InternalUsers", "AllUsers", "Associate"])
def test_all_is_an_entity_of_users(client: httpx.Client, provider: str):
    """A6."""
    found = rows(client, f"archive/{provider}", select="firstName", entities="all")
    assert found == rows(client, f"archive/{provider}", select="firstName")
    assert found


@pytest.mark.parametrize(
    ("path", "condition", "same"),
    [
        ("Ticket", "status equals 'Closed'", "status = 2"),
        ("Ticket", "status oneOf ('open','Closed')", "status in (1,2)"),
        ("Ticket", "status notOneOf ('Open',2)", "status notOneOf (1,2)"),
        ("Ticket", "priorityName = 'high'", "priorityName oneOf ('HIGH')"),
        ("Ticket", "ownedBy equals 'tje0'", "ownedBy/assocName = 'TJE0'"),
        ("Ticket", "categoryFullName contains 'invoi'", "categoryFullName contains 'INVOI'"),
        ("Contact", "contactId set 5", "contactId = 5"),
        ("Contact", "contactId set (5, 6)", "contactId in (5,6)"),
        ("Ticket", "createdAt thisPeriod 1 4", "createdAt thisPeriod 4"),
        ("Ticket", "createdAt thisAndPrevious 2 'months'", "createdAt thisAndPrevious 2,3"),
    ],
)
def test_lists_compare_by_id_and_by_text(
    client: httpx.Client, path: str, condition: str, same: str
):
    """A7."""
    options = {"select": "PrimaryKey", "top": "1000", "orderby": "getAllRowsX"}
    first, second = (
        [row["PrimaryKey"] for row in rows(client, path, **options, filter=text)]
        for text in (condition, same)
    )
    assert first == second
    assert first


def test_a_text_that_no_list_has_is_answered_with_those_that_it_has(client: httpx.Client):
    """A7."""
    answer = client.get("Ticket", params={"$filter": "status = 'Opened'"})
    assert answer.status_code == 400
    assert "'Opened' is not in the list: use Open, Closed" in answer.json()["Message"]


def test_full_rows_have_the_id_of_a_lists_value(client: httpx.Client):
    """A7."""
    [row] = rows(client, "Ticket", mode="Full", select="priorityName,ownedBy", top="1")
    cell = row["Column"]["priorityName"]
    assert isinstance(cell["RawValue"], int)
    assert cell["TooltipHint"] == f"{{ticket_priority_id={cell['RawValue']}}}"
    assert row["Column"]["ownedBy"]["TooltipHint"].startswith("{associate_id=")


@pytest.mark.parametrize("provider", ["Ticket", "Person", "Contact", "TicketMessage", "AllUsers"])
def test_every_column_may_be_filtered_sorted_and_grouped_by(client: httpx.Client, provider: str):
    """A8: a condition, an order and a group on each column is never a 5xx."""
    known: dict[str, dict[str, Any]] = client.get(f"Archive/{provider}/$metadata").json()
    values = {"bool": "true", "datetime": "'2026-01-02'", "date": "'2026-01-02'"}
    real = [n for n in known if n.count("/") < 2]
    for name in real:
        kind = known[name]["RestrictionType"]
        asked = {"$select": name, "$top": "1"}
        if kind:
            operator = "oneOf" if kind == "intArray" else "="
            asked["$filter"] = f"{name} {operator} ({values.get(kind, '1')})"
        answer = client.get(f"Archive/{provider}", params=asked)
        assert answer.status_code == 200, (name, answer.text)
        grouped = {"$select": f"GroupBy({name}):HideDetail", "$top": "1"}
        answer = client.get(f"Archive/{provider}", params=grouped)
        assert answer.status_code in (200, 400), (name, answer.text)
