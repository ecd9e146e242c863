"""`POST /api/v1/Ticket/Merge` by bytes."""

import json
from typing import Any

from tests.conftest import DemoServer
from tests.test_page import GET, SAVE, ask

MERGE = "/api/v1/Ticket/Merge"


def posted(demo: DemoServer, path: str, body: Any) -> tuple[int, Any]:
    status, _, answer = ask(demo, "POST", path, json.dumps(body).encode())
    return status, json.loads(answer)


def made(demo: DemoServer, title: str) -> int:
    return posted(demo, SAVE, {"Title": title})[1]["TicketId"]


def test_tickets_are_merged_over_rest(demo: DemoServer) -> None:
    first, second = made(demo, "One"), made(demo, "Two")
    wish = {
        "MergedTicketEntity": {"TicketId": first, "Title": "Both"},
        "SecondaryTicketIds": [second],
    }
    status, whole = posted(demo, MERGE, wish)
    assert (status, whole["TicketId"], whole["Title"]) == (200, first, "Both")
    gone = json.loads(ask(demo, "POST", f"{GET}{second}")[2])
    assert (gone["BaseStatus"], gone["ConnectId"]) == ("Merged", first)
    status, fault = posted(demo, MERGE, wish)
    assert status == 400
    assert f"SecondaryTicketIds: {second} is merged" in fault["ErrorMessage"]


def test_what_is_not_there_is_not_merged_over_rest(demo: DemoServer) -> None:
    first = made(demo, "One")
    wish = {"MergedTicketEntity": {"TicketId": first}, "SecondaryTicketIds": [999999]}
    status, fault = posted(demo, MERGE, wish)
    assert status == 404
    assert "SecondaryTicketIds: 999999" in fault["ErrorMessage"]
