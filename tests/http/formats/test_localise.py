"""Which fields of a value are told in the caller's zone and language."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from skranke.catalog.sales.carriers import Sale
from skranke.catalog.statuses.carriers import TicketStatusEntity
from skranke.catalog.tags.carriers import Tag
from skranke.core.dates import Locale
from skranke.core.schema import (
    NO_WALL_TIME,
    Carrier,
    FieldProperty,
    FieldRight,
    Instant,
    TableRight,
    WallTime,
)
from skranke.http.formats import localise
from skranke.people.carriers import Person
from skranke.tickets.carriers import Ticket, TicketEntity

OSLO = Locale(ZoneInfo("Europe/Oslo"))
OSLO_OFFSET = Locale(ZoneInfo("Europe/Oslo"), offset=True)
NORWEGIAN = Locale(ZoneInfo("Europe/Oslo"), language="nb")
NAME = 'US:"Open";NO:"Åpen";'


class Tree(Carrier):
    planted: Instant = None
    opens: WallTime = NO_WALL_TIME
    branches: "list[Tree]" = []  # noqa: RUF012 - msgspec copies an empty list
    named: "dict[str, Tree]" = {}  # noqa: RUF012 - and an empty dict


def test_settling_reaches_every_level():
    west = datetime(2022, 1, 1, tzinfo=timezone(timedelta(hours=-5)))
    tree = Tree(branches=[Tree(planted=west)], named={"a": Tree(planted=west)})
    localise.to_utc(tree, OSLO)
    utc = datetime(2022, 1, 1, 5, tzinfo=UTC)
    assert [tree.branches[0].planted, tree.named["a"].planted] == [utc, utc]


def test_showing_reaches_every_level_and_leaves_the_carrier_alone():
    utc = datetime(2022, 1, 1, 5, tzinfo=UTC)
    tree = Tree(branches=[Tree(planted=utc)], named={"a": Tree(planted=utc)})
    shown = localise.to_wire([tree], OSLO_OFFSET)[0]
    assert shown.branches[0].planted == "2022-01-01T06:00:00+01:00"
    assert shown.named["a"].planted == "2022-01-01T06:00:00+01:00"
    assert tree.branches[0].planted == utc


def test_a_carrier_without_instants_is_passed_through_untouched():
    ticket = TicketEntity(sale=Sale(), created_at=datetime(2022, 1, 1, tzinfo=UTC))
    shown = localise.to_wire(ticket, OSLO)
    assert shown.secondary_persons is ticket.secondary_persons
    assert shown.extra_fields is ticket.extra_fields
    assert shown.sale is not ticket.sale


def test_list_names_are_told_in_the_language_and_kept_in_the_carrier():
    ticket = TicketEntity(status=TicketStatusEntity(name=NAME), tags=[Tag(name=NAME)])
    shown = localise.to_wire(ticket, NORWEGIAN)
    assert [shown.status.name, shown.tags[0].name] == ["Åpen", "Åpen"]
    assert [ticket.status and ticket.status.name, ticket.tags[0].name] == [NAME, NAME]
    assert localise.to_wire(Ticket(priority_name=NAME), NORWEGIAN).priority_name == ("Åpen")


def test_without_a_language_list_names_go_as_they_are_stored():
    ticket = TicketEntity(status=TicketStatusEntity(name=NAME))
    assert localise.to_wire(ticket, OSLO).status is ticket.status


def test_what_people_wrote_is_never_told_in_another_language():
    ticket = TicketEntity(
        title=NAME,
        author="[SR_YES]",
        custom_fields={"x_a": NAME},
        person=Person(full_name=NAME, firstname="[SR_NO]"),
    )
    shown = localise.to_wire(ticket, NORWEGIAN)
    assert [shown.title, shown.author] == [NAME, "[SR_YES]"]
    assert shown.custom_fields == {"x_a": NAME}
    assert [shown.person.full_name, shown.person.firstname] == [NAME, "[SR_NO]"]


def test_reasons_are_told_in_the_language():
    right = FieldRight(reason="[SR_SKRANKE_ONLY_READ]")
    ticket = TicketEntity(
        table_right=TableRight(reason="[SR_SKRANKE_NO_DELETE_TICKET]"),
        field_properties={"Title": FieldProperty(field_right=right)},
    )
    shown = localise.to_wire(ticket, NORWEGIAN)
    assert shown.table_right.reason == "Rollen din kan ikke slette saker."
    title = shown.field_properties["Title"].field_right
    assert title.reason == "Rollen din kan bare lese."
    assert right.reason == "[SR_SKRANKE_ONLY_READ]"
