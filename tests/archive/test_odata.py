"""Archives over OData: what is shown, in which order, on which page, and to whom."""

from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from msgspec.structs import replace

import skranke.app
from skranke.archive.carriers import ArchiveOptions
from skranke.archive.resources import get_archive_rows
from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.catalog.statuses.carriers import TicketBaseStatus
from skranke.catalog.tags.carriers import Tag
from skranke.core.base_locale import base_locale
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.core.settings import Settings
from skranke.db.database import Db
from skranke.people.carriers import Associate, Person
from tests.archive.make import (
    Row,
    days_ago,
    fetch_archive,
    fetch_list,
    find_keys,
    make_ticket,
    update_ticket,
)
from tests.cast import ADA, ANNA, BO, STEN, ContextOf

assert skranke.app  # importing it is what lends every provider
PAYROLL = TicketCategoryEntity(ticket_category_id=2)


async def test_a_row_shows_numbers_dates_and_texts_of_lists(context_of: ContextOf):
    context = context_of(ANNA)
    ticket_id = await make_ticket(
        context, title="No heating", person=Person(person_id=7), owned_by=Associate(associate_id=3)
    )
    [row] = await fetch_list(
        context,
        filter=f"ticketId eq {ticket_id}",
        select="ticketId, title,createdAt,closedAt,has_attachment,ownedBy,"
        "ownedBy/associateDbId,ownedBy/fullName,status,ticketStatusName,"
        "person/fullName,contact/name,person/email/emailAddress,contactId,saleId",
    )
    assert row["PrimaryKey"] == str(ticket_id)
    assert row["EntityName"] == "ticket"
    assert row["ticketId"] == ticket_id
    assert row["title"] == "No heating"
    assert row["createdAt"] == datetime(2026, 3, 2, 10, 0)  # noqa: DTZ001 - as on the wire
    assert row["closedAt"] == "0001-01-01T00:00:00"
    assert row["has_attachment"] is False
    assert row["ownedBy"] == "anna"
    assert row["ownedBy/associateDbId"] == 3
    assert row["ownedBy/fullName"] == "Anna Agent"
    assert (row["status"], row["ticketStatusName"]) == ("Open", "Open")
    assert row["person/fullName"] == "Kari Kunde"
    assert row["person/email/emailAddress"] == "kari@fjord.example"
    assert (row["contact/name"], row["contactId"]) == ("Fjord AS", 2)
    assert row["saleId"] == 0


async def test_columns_are_named_in_any_case_and_shown_as_the_provider_spells_them(
    context_of: ContextOf,
):
    context = context_of(ANNA)
    ticket_id = await make_ticket(context)
    [row] = await fetch_list(
        context, select="TICKETID,person___fullname?", filter=f"TicketID eq {ticket_id}"
    )
    assert set(row) == {"PrimaryKey", "EntityName", "ticketId", "person/fullName"}


async def test_full_rows_hold_raw_and_display_values(context_of: ContextOf):
    context = context_of(ANNA)
    ticket_id = await make_ticket(context)
    [row] = await fetch_list(
        context, mode="full", select="status,createdAt", filter=f"ticketId = {ticket_id}"
    )
    assert row["PrimaryKey"] == ticket_id
    assert row["LinkHint"] == f"nav=ticket&ticket_id={ticket_id}"
    assert row["Column"]["status"]["RawValue"] == 1
    assert row["Column"]["status"]["DisplayValue"] == "Open"
    assert row["Column"]["createdAt"]["DisplayValue"] == "2026-03-02T10:00:00"


async def test_list_texts_are_told_in_the_callers_language(context_of: ContextOf, db: Db):
    await db.execute("""UPDATE ticket_status SET name = 'US:"Open";NO:"Åpen"' WHERE id = 1""")
    context = context_of(ANNA)
    ticket_id = await make_ticket(context, title='US:"a";NO:"b"')
    norwegian = replace(context, locale=replace(context.locale, language="nb"))
    for asking, shown in ((context, 'US:"Open";NO:"Åpen"'), (norwegian, "Åpen")):
        [row] = await fetch_list(
            asking, select="ticketStatusName,title", filter=f"ticketId = {ticket_id}"
        )
        assert row["ticketStatusName"] == shown
        assert row["title"] == 'US:"a";NO:"b"'


async def test_dates_are_read_and_shown_in_the_callers_zone(context_of: ContextOf):
    oslo = base_locale(Settings(timezone="Europe/Oslo"))
    context = context_of(ANNA, locale=oslo)
    late = await make_ticket(context)
    await update_ticket(context, late, deadline=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
    assert await find_keys(context, "deadline date '2026-03-02'") == [late]
    assert await find_keys(context, "deadline today") == [late]
    assert await find_keys(context_of(ANNA), "deadline today") == []
    [row] = await fetch_list(context, select="deadline", filter=f"ticketId = {late}")
    assert row["deadline"] == datetime(2026, 3, 2, 0, 30)  # noqa: DTZ001 - as on the wire


async def test_pages_follow_each_other_by_the_next_link(context_of: ContextOf):
    context = context_of(ANNA)
    made = [await make_ticket(context, title=f"Row {n % 3}") for n in range(7)]
    await update_ticket(context, made[3], last_changed=None)
    for order in (
        "",
        "title",
        "title desc,ticketId",
        "lastChanged desc",
        "lastChanged",
        "deadline,title desc",
        "person/fullName,closedAt desc",
    ):
        whole = await _ids(context, order_by=order, top="1000")
        assert sorted(whole) == made
        assert await _keys_of_all_pages(context, order) == whole, order


async def _ids(context: RequestContext, **options: str) -> list[int]:
    rows = await fetch_list(context, filter="title begins 'Row'", **options)
    return [int(row["PrimaryKey"]) for row in rows]


async def _keys_of_all_pages(context: RequestContext, order: str) -> list[int]:
    """The keys of all pages, three rows each, by their links."""
    ids: list[int] = []
    options = {"filter": "title begins 'Row'", "order_by": order, "top": "3"}
    while True:
        page = await fetch_archive(context, **options)
        assert len(page.value) <= 3
        ids += [int(str(row["PrimaryKey"])) for row in page.value]
        if page.next_link is None:
            return ids
        query = parse_qs(urlsplit(page.next_link).query)
        options["skip_token"] = query["$skipToken"][0]
        assert query["$filter"] == ["title begins 'Row'"]


async def test_a_page_begins_behind_its_mark_whatever_came_before_it(context_of: ContextOf):
    context = context_of(ANNA)
    made = [await make_ticket(context, title="Row") for _ in range(4)]
    first = await fetch_archive(context, filter="title = 'Row'", top="2")
    await update_ticket(context, made[0], title="Gone")
    token = parse_qs(urlsplit(first.next_link or "").query)["$skipToken"][0]
    rest = await fetch_archive(context, filter="title = 'Row'", top="2", skip_token=token)
    assert [row["ticketId"] for row in rest.value] == made[2:]
    assert rest.next_link is None


@pytest.mark.parametrize("mark", ["x", "WzFd", "W10=", "%", "WyJhIiwxXQ==", "é"])
async def test_a_mark_of_another_search_is_refused(context_of: ContextOf, mark: str):
    with pytest.raises(BadValue, match=r"skipToken.*doesn't belong"):
        await fetch_list(context_of(ANNA), order_by="lastChanged", skip_token=mark)


async def test_rows_are_skipped_and_counted(context_of: ContextOf):
    context = context_of(ANNA)
    made = [await make_ticket(context, title="Row") for _ in range(5)]
    page = await fetch_archive(
        context, filter="title = 'Row'", top="2", skip="1", inline_count="AllPages"
    )
    assert [row["ticketId"] for row in page.value] == made[1:3]
    assert getattr(page, "count", None) == 5
    uncounted = await fetch_archive(context, filter="title = 'Row'", inline_count="False")
    assert not hasattr(uncounted, "count")
    assert await fetch_list(context, filter="title = 'Row'", top="0") == []


async def test_without_the_entity_of_closed_ones_only_unfinished_tickets_are_listed(
    context_of: ContextOf,
):
    context = context_of(ANNA)
    made = await make_ticket(context, title="Row")
    closed = await make_ticket(context, title="Row", base_status=TicketBaseStatus.Closed)
    some = {"filter": "title = 'Row'", "select": "ticketId"}
    both = "Ticket,ticketDisplayClosed"
    for entities, wanted in (("", [made, closed]), ("ticket", [made]), (both, [made, closed])):
        rows = await fetch_list(context, entities=entities, **some)
        assert [row["ticketId"] for row in rows] == wanted


async def test_tags_are_asked_for_by_id_and_shown_by_name(context_of: ContextOf, db: Db):
    await db.execute("INSERT INTO tags (tags_id, name) VALUES (1, 'VIP'), (2, 'Late')")
    context = context_of(ANNA)
    both = await make_ticket(context, tags=[Tag(id=2), Tag(id=1)])
    one = await make_ticket(context, tags=[Tag(id=1)])
    none = await make_ticket(context)
    assert await find_keys(context, "tags intArrayOneOf (1,2)") == [both, one]
    assert await find_keys(context, "tags intArrayAllOf (1,2)") == [both]
    assert await find_keys(context, "tags intArrayNotAllOf ('[A:1,2]')") == [one, none]
    assert await find_keys(context, "tags intArrayNotAnyOf 2") == [one, none]
    assert await find_keys(context, "tags isNull") == [none]
    [row] = await fetch_list(context, select="tags", filter=f"ticketId = {both}")
    assert row["tags"] == "Late, VIP"


async def test_extra_fields_are_columns_of_their_types(context_of: ContextOf, db: Db):
    await db.execute(
        """INSERT INTO extra_fields (field_name, name, type) VALUES
               ('x_size', 'Size', 'int'), ('x_word', 'Word', 'string'),
               ('x_day', 'Day', 'date'), ('x_yes', 'Yes', 'bool')"""
    )
    oslo = base_locale(Settings(timezone="Europe/Oslo"))
    context = context_of(ANNA, locale=oslo)
    full = await make_ticket(
        context,
        extra_fields={
            "x_size": "[I:12]",
            "x_word": "Blue",
            "x_yes": "[I:1]",
            "x_day": "2026-03-02",
        },
    )
    bare = await make_ticket(context)
    assert await find_keys(context, "extra/x_size between (10,20)") == [full]
    assert await find_keys(context, "extra/x_size = 0") == [bare]
    assert await find_keys(context, "extra/x_word begins 'bl'") == [full]
    assert await find_keys(context, "extra/x_yes = false") == [bare]
    assert await find_keys(context, "extra/x_day = '2026-03-02'") == [full]
    rows = await fetch_list(
        context, select="extra/x_size,extra/x_day,extra/x_word", order_by="extra/x_size desc"
    )
    assert rows[0]["extra/x_size"] == 12
    assert rows[0]["extra/x_day"] == datetime(2026, 3, 2)  # noqa: DTZ001 - as on the wire
    assert rows[1]["extra/x_word"] == ""


async def test_what_an_extra_field_of_another_type_left_counts_as_unset(
    context_of: ContextOf, db: Db
):
    await db.execute(
        """INSERT INTO extra_fields (field_name, name, type) VALUES
               ('x_size', 'Size', 'int'), ('x_day', 'Day', 'date'),
               ('x_yes', 'Yes', 'bool'), ('x_time', 'Time', 'timespan')"""
    )
    context = context_of(ANNA)
    ticket_id = await make_ticket(context)
    left = {"x_size": "big", "x_day": "soon", "x_yes": 3, "x_time": True}
    await update_ticket(context, ticket_id, extra_fields=left)
    columns = ",".join(f"extra/{name}" for name in left)
    [row] = await fetch_list(context, select=columns, filter="extra/x_size = 0")
    assert list(row.values())[2:] == [0, "0001-01-01T00:00:00", False, 0]


async def test_strangers_find_nothing_of_a_category_for_members(context_of: ContextOf):
    anna, sten, ada = context_of(ANNA), context_of(STEN), context_of(ADA)
    open_one = await make_ticket(anna, title="Row")
    hidden = await make_ticket(anna, title="Row", category=PAYROLL)
    his = await make_ticket(anna, title="Row", category=PAYROLL)
    await update_ticket(anna, his, owned_by=STEN.ej_user_id)
    for context, wanted in (
        (anna, [open_one, hidden, his]),
        (sten, [open_one, his]),
        (context_of(BO), [open_one, hidden, his]),
        (ada, [open_one, hidden, his]),
    ):
        page = await fetch_archive(
            context,
            filter="title = 'Row' or ticketId > 0 or not title = 'x'",
            inline_count="true",
            top="1000",
        )
        assert [row["ticketId"] for row in page.value] == wanted
        assert getattr(page, "count", None) == len(wanted)
    first = await fetch_archive(sten, filter="title = 'Row'", top="1")
    token = parse_qs(urlsplit(first.next_link or "").query)["$skipToken"][0]
    rest = await fetch_archive(sten, filter="title = 'Row'", skip_token=token)
    assert [row["ticketId"] for row in rest.value] == [his]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"filter": "foo = 1"}, r"\$filter, character 1: there is no column 'foo'"),
        ({"filter": "title = 'a' and bar = 1"}, r"character 17: there is no column"),
        ({"filter": "titel = 'a'"}, r"no column 'titel'; did you mean title"),
        ({"filter": "person/ful = 'a'"}, r"did you mean .*person/fullName"),
        ({"filter": "title = 'a' or"}, r"character 15: a column or a function"),
        ({"filter": "title like 'a'"}, r"character 1: title has no operator 'like'"),
        ({"filter": "(title = 'a'"}, r"character 13: and, or, \) was expected"),
        ({"filter": "title = 'a"}, r"character 9: this text has no closing quote"),
        ({"filter": "ticketId = 'a'"}, r"character 1: 'a' is not a whole number"),
        ({"filter": "ticketId between (1)"}, r"between takes 2 values, not 1"),
        ({"filter": "ticketId ="}, r"equals takes 1 value, not 0"),
        ({"filter": "createdAt > 'soon'"}, r"'soon' is not a date"),
        ({"filter": "createdAt > '2026-02-30'"}, r"no|day"),
        ({"filter": "this(createdAt, 'eons')"}, r"'eons' is not a period"),
        ({"filter": "contact/nameDepartment = 'a'"}, r"can't be filtered by"),
        ({"filter": "(" * 70 + "title = 'a'" + ")" * 70}, r"64 levels deep"),
        ({"filter": "title = 'a' #"}, r"character 13"),
        ({"order_by": "tags"}, r"tags can't be sorted by"),
        ({"order_by": "title sideways"}, r"'sideways' is neither asc nor desc"),
        ({"entities": "sale"}, r"Ticket has no entity 'sale'"),
        ({"top": "many"}, r"\$top: 'many' is not a number"),
        ({"mode": "huge"}, r"\$mode"),
        ({"inline_count": "perhaps"}, r"\$inlineCount"),
    ],
)
async def test_what_is_wrong_is_pointed_at(
    context_of: ContextOf, options: dict[str, str], told: str
):
    with pytest.raises(BadValue, match=told):
        await fetch_list(context_of(ANNA), **options)


async def test_an_unknown_provider_is_not_found(context_of: ContextOf):
    with pytest.raises(NotFound, match="no archive provider 'Ticketz'"):
        await fetch_list(context_of(ANNA), "Ticketz")


INJECTIONS = [
    "'",
    "''",
    "\\'",
    "' OR 1=1 --",
    "'); DROP TABLE ticket; --",
    "$1",
    "%",
    "_",
    "\\",
    "{0}",
    "{1}",
    '" OR ""="',
    "1; SELECT pg_sleep(9)",
    "'::int",
    "E'\\''",
    "/*",
    "$$",
]


@pytest.mark.parametrize("evil", INJECTIONS)
async def test_values_are_never_read_as_sql(context_of: ContextOf, evil: str):
    context = context_of(ANNA)
    await make_ticket(context, title="innocent")
    ticket_id = await make_ticket(context, title=f"x{evil}x")
    quoted = f"x{evil}x".replace("\\", "\\\\").replace("'", "''")
    for operator in ("=", "begins", "contains", "ends", "in"):
        assert await find_keys(context, f"title {operator} '{quoted}'") == [ticket_id]


@pytest.mark.parametrize("evil", INJECTIONS)
async def test_names_are_never_read_as_sql(context_of: ContextOf, evil: str):
    context = context_of(ANNA)
    ticket_id = await make_ticket(context, title="innocent")
    attempts: list[dict[str, str]] = [
        {"order_by": f"title {evil}"},
        {"entities": f"ticket{evil}"},
        {"filter": f"title{evil} = 'a'"},
        {"filter": f"title {evil} 'a'"},
        {"skip_token": evil},
        {"top": evil},
        {"skip": evil},
        {"mode": evil},
        {"filter": f"ticketId = {evil}"},
        {"filter": f"createdAt > {evil}"},
    ]
    for attempt in attempts:
        with pytest.raises(BadValue):
            await fetch_list(context, **attempt)
    for option in ("select", "order_by"):
        with suppress(BadValue):  # what isn't refused is passed over
            assert await fetch_list(context, **{option: f"title{evil}"})
    assert await find_keys(context, "title = 'innocent'") == [ticket_id]


async def test_what_a_filter_says_is_what_it_finds(context_of: ContextOf):
    context = context_of(ANNA)
    old = await make_ticket(context, title="L'Oréal", owned_by=Associate(associate_id=3))
    new = await make_ticket(context, title="Heating 100%")
    await update_ticket(context, old, created_at=days_ago(10), closed_at=days_ago(1))
    await update_ticket(context, new, owned_by=1)
    cases: dict[str, list[int]] = {
        r"title = 'L\'Oréal'": [old],
        "title = 'l''oréal'": [old],
        "startswith(title, 'heat')": [new],
        "endswith(title,'%')": [new],
        "substringof('eat', title)": [new],
        "substringof(title, 'eat')": [new],
        "title contains '100%'": [new],
        "title begins Heat": [new],
        "title begins ''": [old, new],
        "title notContains 'heat'": [old],
        "not title contains 'heat'": [old],
        "title in ('heating 100%', 'x')": [new],
        "ownedBy = 3": [old],
        "ownedBy currentAssociate": [old],
        "ownedBy/associateDbId associateIsOneOf (3,4)": [old],
        "ownedBy/associateDbId isNull": [new],
        "createdAt before '2026-03-01'": [old],
        "createdAt today": [new],
        "createdAt between ('2026-02-20', '2026-02-20')": [old],
        "this(createdAt, 'weeks')": [new],
        "previous(createdAt, 2, weeks)": [old],
        "thisAndPrevious(createdAt, 1, 3)": [old, new],
        "createdAt lastMonth": [old],
        "createdAt ge 2026-03-02T10:00:00": [new],
        "createdAt eq '2026-03-02T10:00:00'": [new],
        "createdAt eq '[DT:03/02/2026 10:00:00.0000000]'": [new],
        "closedAt isNull": [new],
        "closedAt isNotNull": [old],
        "closedAt unequals '0001-01-01T00:00:00'": [old],
        "getAllRows = 1": [old, new],
        "getNoRows = true": [],
        f"ticketId = [I:{old}]": [old],
        f"ticketId in ({old}, {new})": [old, new],
        f"ticketId gt {old} AND title begins 'h' OR ticketId EQ {old}": [old, new],
        f"ticketId gt {old} and (title begins 'h' or ticketId = {old})": [new],
        "person/fullName = ''": [old, new],
        "saleId = 0": [old, new],
        "saleId < 5 and saleId unequals 7": [old, new],
        "person/retired = false": [old, new],
        "status oneOf(1,3)": [old, new],
        "status notOneOf (1)": [],
    }
    for text, wanted in cases.items():
        assert await find_keys(context, text) == wanted, text


async def test_the_columns_are_described(context_of: ContextOf):
    context = context_of(ANNA)
    told: Row = await get_archive_rows(context, "Ticket$metadata", ArchiveOptions())
    assert told["ownedBy"]["RestrictionType"] == "ejUser"
    assert told["ownedBy"]["CanOrderBy"] is True
    assert told["contact/nameDepartment"]["CanRestrictBy"] is False
