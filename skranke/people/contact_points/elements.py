"""The arrays of phones, e-mails and web sites: their order is their rank, the first is shown.

Source: EntityElement of the reference; what the vendor leaves open is in
docs/differences.md.
"""

import re
from collections.abc import Sequence
from typing import LiteralString, TypeVar, cast

from msgspec import Struct

from skranke.core.errors import BadValue
from skranke.core.schema import Carrier
from skranke.db.database import Db, Record, execute
from skranke.people.contact_points.carriers import EntityElement

MAX_ELEMENTS = 100  # in one array
MAX_EMAIL, MAX_EMAIL_DESCRIPTION = 239, 254
MAX_PHONE, MAX_PHONE_DESCRIPTION = 239, 99
MAX_URL, MAX_URL_DESCRIPTION = 1023, 254
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
NOT_DIALLED = re.compile(r"[^0-9]")


class ElementKind(Struct, frozen=True):
    """An array of an entity: which property, in which table, of which kind."""

    property: str  # "OfficePhones"
    attribute: str  # "office_phones"
    table: str  # email, phone or url
    kind: int = 0  # email.type or phone.ptype_idx


PERSON_KINDS = (
    ElementKind("Emails", "emails", "email", 0),
    ElementKind("ChatEmails", "chat_emails", "email", 1),
    ElementKind("InternetPhones", "internet_phones", "email", 2),
    ElementKind("OfficePhones", "office_phones", "phone", 16385),
    ElementKind("Faxes", "faxes", "phone", 16387),
    ElementKind("PrivatePhones", "private_phones", "phone", 16388),
    ElementKind("MobilePhones", "mobile_phones", "phone", 16389),
    ElementKind("OtherPhones", "other_phones", "phone", 16390),
    ElementKind("Urls", "urls", "url"),
)
COMPANY_KINDS = (
    ElementKind("Emails", "emails", "email", 0),
    ElementKind("Phones", "phones", "phone", 1),
    ElementKind("Faxes", "faxes", "phone", 3),
    ElementKind("Urls", "urls", "url"),
)
Elements = dict[str, list[EntityElement]]  # by attribute
E = TypeVar("E", bound=Carrier)


def stripped_phone(number: str) -> str:
    """The digits of a phone number, with a plus where it begins with one."""
    digits = NOT_DIALLED.sub("", number)
    return f"+{digits}" if number.strip().startswith("+") else digits


def normalize(kind: ElementKind, posted: Sequence[EntityElement]) -> list[EntityElement]:
    """The elements to store: trimmed, without blanks and doubles; BadValue names the property."""
    if len(posted) > MAX_ELEMENTS:
        raise BadValue(kind.property, f"has more than {MAX_ELEMENTS} elements")
    kept: dict[str, EntityElement] = {}
    for element in posted:
        value, description = element.value.strip(), element.description.strip()
        if not value:
            continue
        _check(kind, value, description)
        kept.setdefault(
            value.lower(),
            EntityElement(
                value=value, stripped_value=strip_value(kind, value), description=description
            ),
        )
    return list(kept.values())


def strip_value(kind: ElementKind, value: str) -> str:
    """StrippedValue of a value of this kind."""
    return stripped_phone(value) if kind.table == "phone" else value


def _check(kind: ElementKind, value: str, description: str) -> None:
    longest, longest_description = {
        "email": (MAX_EMAIL, MAX_EMAIL_DESCRIPTION),
        "phone": (MAX_PHONE, MAX_PHONE_DESCRIPTION),
        "url": (MAX_URL, MAX_URL_DESCRIPTION),
    }[kind.table]
    if len(value) > longest:
        raise BadValue(kind.property, f"a value is longer than {longest} characters")
    if len(description) > longest_description:
        limit = longest_description
        raise BadValue(kind.property, f"a description is longer than {limit} characters")
    if "\x00" in value + description:
        raise BadValue(kind.property, "holds a character that cannot be stored")
    if kind.property == "Emails" and not EMAIL.fullmatch(value):
        raise BadValue(kind.property, f"{value!r} is not an e-mail address")


def with_elements(entity: E, elements: Elements) -> E:
    """The entity with these arrays in it."""
    for attribute, found in elements.items():
        setattr(entity, attribute, found)
    return entity


def read_elements(kinds: Sequence[ElementKind], record: Record) -> Elements:
    """The arrays of an owner, from the columns that READ_ELEMENTS yields."""
    found: Elements = {kind.attribute: [] for kind in kinds}
    by_kind = {(kind.table, kind.kind): kind for kind in kinds}
    for table in ("email", "phone", "url"):
        rows = cast("list[tuple[int, str, str]]", record[f"{table}_elements"] or [])
        for number, value, description in rows:
            if kind := by_kind.get((table, number)):
                found[kind.attribute].append(
                    EntityElement(
                        value=value,
                        stripped_value=strip_value(kind, value),
                        description=description,
                    )
                )
    return found


def columns(owner: LiteralString, alias: LiteralString) -> LiteralString:
    """Columns that bring all elements of an owner: its id column and its table's alias."""
    return f"""
        (SELECT jsonb_agg(jsonb_build_array(e.type, e.email_address, e.description)
                          ORDER BY e.rank, e.email_id)
         FROM email e WHERE e.{owner} = {alias}.{owner}) AS email_elements,
        (SELECT jsonb_agg(jsonb_build_array(n.ptype_idx, n.phone, n.description)
                          ORDER BY n.rank, n.phone_id)
         FROM phone n WHERE n.{owner} = {alias}.{owner}) AS phone_elements,
        (SELECT jsonb_agg(jsonb_build_array(0, u.url_address, u.url_description)
                          ORDER BY u.rank, u.url_id)
         FROM url u WHERE u.{owner} = {alias}.{owner}) AS url_elements
    """


async def write_elements(
    db: Db,
    owner: LiteralString,
    owner_id: int,
    kind: ElementKind,
    elements: Sequence[EntityElement],
) -> None:
    """Make these the elements of a kind; a row whose value stays keeps its id.

    `owner` is the column of the owner's id: person_id or contact_id.
    """
    statement = {"email": _emails, "phone": _phones, "url": _urls}[kind.table](owner)
    values = [e.value for e in elements], [e.description for e in elements]
    stripped_values = [e.stripped_value for e in elements]
    await execute(db, statement, owner_id, kind.kind, *values, stripped_values)


GIVEN_ROWS: LiteralString = """
    WITH given AS (
        SELECT * FROM unnest($3::text[], $4::text[], $5::text[])
            WITH ORDINALITY AS w (value, description, stripped, place)
    )
"""


def _emails(owner: LiteralString) -> LiteralString:
    return f"""
        {GIVEN_ROWS}, gone AS (
            DELETE FROM email e WHERE e.{owner} = $1 AND e.type = $2
                AND NOT EXISTS (SELECT FROM given g WHERE lower(g.value) = lower(e.email_address))
        ), kept AS (
            UPDATE email e SET email_address = g.value, description = g.description,
                rank = g.place
            FROM given g
            WHERE e.{owner} = $1 AND e.type = $2 AND lower(g.value) = lower(e.email_address)
        )
        INSERT INTO email ({owner}, type, email_address, description, rank)
        SELECT $1, $2, g.value, g.description, g.place FROM given g
        WHERE NOT EXISTS (SELECT FROM email e WHERE e.{owner} = $1 AND e.type = $2
                          AND lower(e.email_address) = lower(g.value))
        ORDER BY g.place
    """


def _phones(owner: LiteralString) -> LiteralString:
    return f"""
        {GIVEN_ROWS}, gone AS (
            DELETE FROM phone e WHERE e.{owner} = $1 AND e.ptype_idx = $2
                AND NOT EXISTS (SELECT FROM given g WHERE g.value = e.phone)
        ), kept AS (
            UPDATE phone e SET description = g.description, rank = g.place
            FROM given g WHERE e.{owner} = $1 AND e.ptype_idx = $2 AND g.value = e.phone
        )
        INSERT INTO phone ({owner}, ptype_idx, phone, description, search_phone_number, rank)
        SELECT $1, $2, g.value, g.description, g.stripped, g.place FROM given g
        WHERE NOT EXISTS (SELECT FROM phone e WHERE e.{owner} = $1 AND e.ptype_idx = $2
                          AND e.phone = g.value)
        ORDER BY g.place
    """


def _urls(owner: LiteralString) -> LiteralString:
    return f"""
        {GIVEN_ROWS}, gone AS (
            DELETE FROM url e WHERE e.{owner} = $1
                AND NOT EXISTS (SELECT FROM given g WHERE g.value = e.url_address)
        ), kept AS (
            UPDATE url e SET url_description = g.description, rank = g.place
            FROM given g WHERE e.{owner} = $1 AND g.value = e.url_address
        )
        INSERT INTO url ({owner}, url_address, url_description, rank)
        SELECT $1, g.value, g.description, g.place FROM given g
        WHERE $2::int = 0
          AND NOT EXISTS (SELECT FROM url e WHERE e.{owner} = $1 AND e.url_address = g.value)
        ORDER BY g.place
    """
