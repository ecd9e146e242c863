"""What the papers say of the operations is what the code has."""

from scripts.write_compatibility import PAGE, page
from skranke.http.openapi.coverage import coverage, reference


def test_the_compatibility_page_is_up_to_date() -> None:
    assert PAGE.read_text() == page(), "docs/compatibility.md is stale: run make coverage"


def test_the_reference_is_the_vendors_whole_list() -> None:
    assert len(reference()) == 2017
    assert len(coverage()) == 57
    assert len(coverage()["Ticket"]) == 80
    assert coverage()["Ticket"]["SaveTicketEntity"] == "real"


def test_customers_are_answered() -> None:
    for agent, total, least in (("Contact", 37, 28), ("Person", 64, 45)):
        states = coverage()[agent].values()
        assert len(states) == total
        assert sum(state == "real" for state in states) >= least


def test_what_an_operation_lacks_is_told() -> None:
    state = coverage()["Ticket"]["CopyFromCRMDocument"]
    assert state == "partial: refused: this desk keeps no CRM documents"
    assert f"CopyFromCRMDocument ({state[9:]})" in PAGE.read_text()


def test_no_operation_of_the_ticket_agent_is_absent() -> None:
    told = coverage()["Ticket"]
    assert [name for name, state in told.items() if state == "absent"] == []
