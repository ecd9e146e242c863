"""Groups and totals of an archive: which rows there are, and what they hold."""

from datetime import UTC, datetime

import pytest

import skranke.app
from skranke.archive import operations as agent
from skranke.archive.carriers import ArchiveListItem
from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from tests.archive.make import Row, fetch_archive, fetch_list, make_ticket, update_ticket
from tests.cast import ANNA, STEN, ContextOf

assert skranke.app  # importing it is what lends every provider
ROW = "title begins 'Row'"


@pytest.fixture
async def context(context_of: ContextOf) -> RequestContext:
    """Anna's, at a desk with three open tickets and one closed, of two months."""
    context = context_of(ANNA)
    for n, (status, minutes, month) in enumerate([(1, 10, 1), (1, 20, 1), (2, 5, 2), (1, 0, 2)]):
        ticket_id = await make_ticket(context, title=f"Row {n}")
        at = datetime(2026, month, 3, 12, tzinfo=UTC)
        await update_ticket(context, ticket_id, status=status, time_spent=minutes, created_at=at)
    return context


def short(row: Row) -> tuple[object, ...]:
    return tuple(value for name, value in row.items() if name != "PrimaryKey")


async def rows(context: RequestContext, select: str, **options: str) -> list[tuple[object, ...]]:
    found = await fetch_list(context, select=select, filter=ROW, **options)
    return [short(row) for row in found]


async def test_groups_alone_have_a_row_each(context: RequestContext):
    select = "GroupBy(status):HideDetail:Footer,CountAll(ticketId),Sum(timeSpent)"
    assert await rows(context, select) == [
        ("footer", "Open", 3, 30.0),
        ("footer", "Closed", 1, 5.0),
    ]
    assert await rows(context, select, top="1", skip="1") == [("footer", "Closed", 1, 5.0)]


async def test_a_total_of_everything_is_one_row(context: RequestContext):
    assert await rows(context, "Count(ticketId)") == [("grandtotal", 4)]
    told = await rows(context, "title,Avg(timeSpent)", options="GrandTotal=true", top="1")
    assert told == [("ticket", "Row 0"), ("grandtotal", 8.75)]
    assert await rows(context, "Median(timeSpent),Count(status)") == [("grandtotal", 7.5, 2)]


async def test_details_stand_between_header_and_footer(context: RequestContext):
    select = "GroupBy(status):Header:Footer,title,Count(ticketId):Footer"
    total = {"order_by": "title desc", "options": "grandTotal=true"}
    assert await rows(context, select, **total) == [
        ("header", "Open"),
        ("ticket", "Row 3", "Open"),
        ("ticket", "Row 1", "Open"),
        ("ticket", "Row 0", "Open"),
        ("footer", "Open", 3),
        ("header", "Closed"),
        ("ticket", "Row 2", "Closed"),
        ("footer", "Closed", 1),
        ("grandtotal", 4),
    ]


async def test_groups_lie_within_groups(context: RequestContext):
    select = (
        "GroupBy(DatePart(createdAt):YearMonth):HideDetail:Header,"
        "GroupBy(status):HideDetail,CountAll(ticketId):Header,Footer"
    )
    assert await rows(context, select) == [
        ("header", "2026-01", 2),
        ("footer", "2026-01", "Open", 2),
        ("header", "2026-02", 2),
        ("footer", "2026-02", "Open", 1),
        ("footer", "2026-02", "Closed", 1),
    ]


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("Year", 2026),
        ("Quarter", 1),
        ("Month", 1),
        ("Day", 3),
        ("DayOfYear", 3),
        ("DayOfWeek", 6),
        ("DayOfWeekFromMonday", 6),
        ("Hour", 12),
        ("Weekno", 1),
        ("YearMonth", "2026-01"),
        ("YearWeekno", "2026-01"),
        ("YearQuarter", "2026-1"),
        ("ISODate", "2026-01-03"),
        ("ISODateHour", "2026-01-03T12"),
        ("YearWeekAsISODate", "2025-12-29"),
    ],
)
async def test_a_part_of_a_date_is_a_column(context: RequestContext, part: str, told: object):
    [first, *_] = await rows(context, f"DatePart(createdAt):{part}", order_by="ticketId")
    assert first == ("ticket", told)


async def test_the_agent_has_the_same_rows(context: RequestContext):
    columns = ["GroupBy(status):HideDetail,Footer", "CountAll(ticketId)"]
    found: list[ArchiveListItem] = await agent.get_archive_list_by_columns2(
        context, "Ticket", ",".join(columns), "", ROW, "", 0, 10
    )
    cells = [[cell.display_value for cell in row.column_data.values()] for row in found]
    assert cells == [["Open", "[I:3]"], ["Closed", "[I:1]"]]
    assert [row.entity_name for row in found] == ["footer", "footer"]


async def test_a_stranger_counts_only_what_he_sees(context: RequestContext, context_of: ContextOf):
    payroll = TicketCategoryEntity(ticket_category_id=2)
    await make_ticket(context, title="Row hidden", category=payroll)
    select = "GroupBy(categoryFullName):HideDetail,CountAll(ticketId)"
    assert await rows(context, select) == [("footer", "Payroll", 1), ("footer", "Support", 4)]
    sten = context_of(STEN)
    assert await rows(sten, select) == [("footer", "Support", 4)]
    assert await rows(sten, "Count(ticketId)") == [("grandtotal", 4)]


@pytest.mark.parametrize(
    ("select", "told"),
    [
        ("Count(foo)", "there is no column 'foo'"),
        ("Shout(title)", "there is no function 'Shout'"),
        ("Sum(title)", "title is not a number"),
        ("DatePart(title):Year", "title is not a date"),
        ("DatePart(createdAt):Aeon", "'aeon' is no part"),
        ("DatePart(createdAt)", "'' is no part"),
        (
            ",".join(
                f"GroupBy(DatePart(createdAt):{p})"
                for p in ("Year", "Month", "Day", "Hour", "Quarter")
            ),
            "more than 4 groups",
        ),
    ],
)
async def test_what_is_wrong_is_told(context: RequestContext, select: str, told: str):
    with pytest.raises(BadValue, match=told):
        await fetch_archive(context, select=select)
