"""The demo desk's lists have everything that a rule may depend on."""

from skranke.catalog.extra_fields.encoding import wire_text
from skranke.catalog.extra_fields.sql import load_definitions
from skranke.catalog.priorities.sql import load_priorities
from skranke.db.database import Db
from tests.devtools.demo.asking import found, number


async def test_categories_form_a_tree_with_every_kind_of_delegation(demo: Db):
    tree = {c["id"]: c for c in await found(demo, "SELECT * FROM ej_category")}
    for category in tree.values():
        parent = tree.get(category["parent_id"])
        assert parent or category["parent_id"] == -1
        above = f"{parent['fullname']}/" if parent else ""
        assert category["fullname"] == above + category["name"]
        assert category["external_name"] or category["flags"] & 1
    assert {c["delegate_method"] for c in tree.values()} == {1, 2, 3, 4}
    flags = [c["flags"] for c in tree.values()]
    assert sum(bool(f & 128) for f in flags) == 1
    assert any(f & 32 for f in flags)
    assert any(c["flags"] & 4 and c["category_master"] for c in tree.values())
    assert any(c["assignment_lag"] > 0 for c in tree.values())
    assert any(c["closing_status"] for c in tree.values())


async def test_every_category_has_members_also_the_one_for_members_only(demo: Db):
    without = await found(
        demo,
        """
        SELECT id FROM ej_category c
        WHERE NOT EXISTS (SELECT FROM category_membership WHERE category_id = c.id)
        AND NOT EXISTS (SELECT FROM ej_category_group_link g JOIN associate a
                        ON a.group_idx = g.usergroup_id WHERE g.category_id = c.id)
    """,
    )
    assert without == []
    closed = "SELECT id FROM ej_category WHERE flags & 128 <> 0"
    members = f"SELECT count(*) FROM category_membership WHERE category_id IN ({closed})"
    assert await number(demo, members) >= 2
    weights = await found(demo, "SELECT DISTINCT weight FROM category_membership")
    assert {0, 1} < {w["weight"] for w in weights}
    assert await number(demo, "SELECT count(*) FROM ej_category_group_link") >= 1


async def test_priorities_have_hours_holidays_deadlines_and_levels(demo: Db):
    known = (await load_priorities(demo)).by_id
    assert [p.name for p in known.values()] == ["Low", "Medium", "High", "Urgent"]
    assert all(p.deadline and p.non_dates for p in known.values())
    assert all(p.mon_start < p.mon_stop for p in known.values())
    assert sum(len(p.escalation_levels) for p in known.values()) >= 5
    for priority in known.values():
        levels = [level.alert_level for level in priority.escalation_levels]
        assert levels == list(range(1, len(levels) + 1))


async def test_statuses_are_the_shipped_ones_and_three_more(demo: Db):
    listed = await found(
        demo, "SELECT name, status, time_counter, used_in_queue FROM ticket_status ORDER BY id"
    )
    assert [tuple(row.values()) for row in listed[5:]] == [
        ("Spam", 6, 0, False),
        ("Waiting for customer", 1, 2, False),
        ("In queue", 1, 3, True),
    ]


async def test_a_restricted_type_defaults_to_what_it_allows(demo: Db):
    restricted = await found(
        demo,
        """
        SELECT t.*, ARRAY(SELECT ticket_status_id FROM ticket_type_status s
                          WHERE s.ticket_type_id = t.ticket_type_id) AS statuses,
               ARRAY(SELECT ticket_priority_id FROM ticket_type_priority p
                     WHERE p.ticket_type_id = t.ticket_type_id) AS priorities
        FROM ticket_type t
    """,
    )
    limited = [t for t in restricted if t["statuses"] and t["priorities"]]
    assert limited
    for kind in limited:
        assert kind["default_ticket_status"] in kind["statuses"]
        assert kind["default_ticket_priority"] in kind["priorities"]
        outside = await found(
            demo,
            "SELECT id FROM ticket WHERE ticket_type = $1"
            " AND (ticket_status <> ALL ($2) OR priority <> ALL ($3))",
            kind["ticket_type_id"],
            kind["statuses"],
            kind["priorities"],
        )
        assert outside == []


async def test_tickets_bear_values_of_every_kind_of_extra_field(demo: Db):
    fields = (await load_definitions(demo))["ticket"]
    assert {f.type for f in fields.values()} == {
        "string",
        "int",
        "bool",
        "decimal",
        "date",
        "datetime",
        "time",
        "timespan",
    }
    for field in fields.values():
        stored = await found(
            demo,
            "SELECT extra_fields -> $1 AS held FROM ticket WHERE extra_fields ? $1",
            field.field_name,
        )
        assert stored
        unset = wire_text(field, None)
        assert all(wire_text(field, row["held"]) != unset for row in stored)
    names = await found(demo, "SELECT DISTINCT jsonb_object_keys(extra_fields) AS name FROM ticket")
    assert {row["name"] for row in names} == {f.field_name for f in fields.values()}
