"""What the papers say of the operations is what the code has."""

from scripts.write_compatibility import PAGE, page
from skranke.coverage import coverage, reference


def test_the_compatibility_page_is_up_to_date() -> None:
    assert PAGE.read_text() == page(), (
        "docs/compatibility.md is stale: run make coverage"
    )


def test_the_reference_is_the_vendors_whole_list() -> None:
    assert len(reference()) == 370
    assert len(coverage()) == 12
    assert len(coverage()["Ticket"]) == 80
    assert coverage()["Ticket"]["SaveTicketEntity"] == "real"
