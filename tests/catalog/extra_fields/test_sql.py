"""The definitions and the values in a true database."""

from skranke.catalog.extra_fields.encoding import Field
from skranke.catalog.extra_fields.rules import apply_texts, wire_texts
from skranke.catalog.extra_fields.sql import load_definitions
from skranke.db.database import Db, value
from tests.catalog.extra_fields.make import EACH


async def test_definitions_are_by_domain_and_lower_case_name_in_their_order(db: Db):
    await db.execute("DELETE FROM extra_fields")
    await db.execute(
        """INSERT INTO extra_fields
               (id, domain, field_name, name, type, size, default_value) VALUES
           (30, 'ticket', 'x_Serial', 'Serial number', 'string', 40, 'none'),
           (31, 'ej_message', 'x_paid', 'Paid', 'bool', 0, ''),
           (32, 'ticket', 'x_count', 'Count', 'int', 0, '[I:1]')"""
    )
    found = await load_definitions(db)
    assert found.keys() == {"ticket", "ej_message"}
    assert list(found["ticket"]) == ["x_serial", "x_count"]
    assert found["ticket"]["x_serial"] == Field(
        id=30,
        domain="ticket",
        field_name="x_Serial",
        name="Serial number",
        type="string",
        size=40,
        default_value="none",
    )


async def test_a_desk_without_extra_fields_has_no_domains(db: Db):
    await db.execute("DELETE FROM extra_fields")
    assert await load_definitions(db) == {}


async def test_what_a_save_stores_comes_back_from_the_column_unchanged(db: Db):
    posted = {
        "x_Site": "Blåbærøya 🫐",
        "x_count": "-2147483648",
        "x_paid": "true",
        "x_hours": "1.7976931348623157E+308",
        "x_bought": "[D:02/29/2024]",
        "x_seen": "2019-03-28T14:52:07.000001",
        "x_call_at": "[T:00:00]",
        "x_travel": "[TS:5]",
    }
    stored = apply_texts(EACH, {}, {}, posted)
    loaded = await value(db, dict[str, object], "SELECT $1::jsonb", stored)
    assert loaded.keys() == posted.keys()
    assert wire_texts(EACH, loaded) == wire_texts(EACH, stored)
    assert apply_texts(EACH, loaded, *wire_texts(EACH, loaded)) is loaded
