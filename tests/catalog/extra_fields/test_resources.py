"""Which extra fields tickets have, over REST."""

import httpx

from tests.conftest import DemoServer

TJE = ("tje0", "Tje0")


def read(demo: DemoServer, path: str) -> httpx.Response:
    return httpx.get(f"{demo.url}/api/v1/Ticket/CustomField{path}", auth=TJE)


def test_the_fields_of_tickets_are_told(demo: DemoServer) -> None:
    told = read(demo, "").json()
    names = [field["FieldName"] for field in told]
    assert "x_serial_number" in names
    serial = read(demo, "/X_Serial_Number").json()
    assert serial == told[names.index("x_serial_number")]
    assert (serial["FieldType"], serial["DisplayName"] != "") == ("string", True)


def test_a_field_that_is_not_there_is_a_404(demo: DemoServer) -> None:
    answer = read(demo, "/x_nothing")
    assert answer.status_code == 404
    assert answer.json()["ErrorMessage"] == "CustomField x_nothing not found"
