"""Reads the lists that describe companies and persons.

Everything here is meant for `context.get_cached`: triggers on these tables raise the
version of what is remembered.
"""

from msgspec import Struct

from skranke.db.database import Db, execute, rows, value
from skranke.people.carriers import Associate
from skranke.people.reference_data.carriers import (
    Business,
    Category,
    CategoryGroup,
    Country,
    CustomerLanguage,
    Position,
    TicketPriority,
)
from skranke.people.sql import load_associates

NORWAY = 578  # where the vendor is at home; the country of a desk that has not said its own


class ListItem(Struct, kw_only=True):
    """A row of `list_item`."""

    list: str
    id: int
    name: str
    tooltip: str = ""
    key: str = ""
    category_group: int = 0
    rank: int = 0
    deleted: bool = False


class PeopleReference(Struct, frozen=True, kw_only=True):
    """What companies and persons point at, by id."""

    items: dict[str, dict[int, ListItem]]  # by list
    countries: dict[int, Country]
    priorities: dict[int, TicketPriority]
    associates: dict[int, Associate]
    own_country_id: int
    own_contact_ids: frozenset[int]  # the companies that users belong to
    registry: dict[str, str]

    def item(self, list_name: str, item_id: int) -> ListItem | None:
        """An item, deleted or not; None for an id that the list does not have."""
        return self.items.get(list_name, {}).get(item_id)

    def by_key(self, list_name: str, key: str) -> ListItem | None:
        """The item of a key in any case; None without one."""
        found = self.items.get(list_name, {}).values()
        return next((i for i in found if i.key.lower() == key.strip().lower()), None)

    def country(self, country_id: int) -> Country | None:
        """A country with the address layout that it has for this desk; None for 0."""
        found = self.countries.get(country_id)
        if found is None:
            return None
        own = country_id == self.own_country_id
        layout = found.domestic_address_layout_id if own else found.foreign_address_layout_id
        found = Country(**{n: getattr(found, n) for n in Country.__struct_fields__})
        found.address_layout_id = layout
        return found

    def business(self, item_id: int) -> Business | None:
        """The business as a property shows it; None for none."""
        found = self.item("business", item_id)
        return found and Business(id=found.id, value=found.name, tooltip=found.tooltip)

    def category(self, item_id: int) -> Category | None:
        """The category as a property shows it; None for none."""
        found = self.item("category", item_id)
        return found and Category(
            id=found.id,
            value=found.name,
            tooltip=found.tooltip,
            category_group=CategoryGroup.of(found.category_group),
            rank=found.rank,
            deleted=found.deleted,
        )

    def position(self, item_id: int) -> Position | None:
        """The position as a property shows it; None for none."""
        found = self.item("perspos", item_id)
        return found and Position(id=found.id, value=found.name, tooltip=found.tooltip)

    def customer_language(self, item_id: int) -> CustomerLanguage | None:
        """The language as a property shows it; None for none."""
        found = self.item("customerlanguage", item_id)
        return found and CustomerLanguage(id=found.id, value=found.name, tooltip=found.tooltip)


async def load_reference(db: Db) -> PeopleReference:
    """All of it, in a few reads."""
    items: dict[str, dict[int, ListItem]] = {}
    for item in await rows(db, ListItem, "SELECT * FROM list_item ORDER BY list, rank, id"):
        items.setdefault(item.list, {})[item.id] = item
    priorities = await rows(
        db,
        TicketPriority,
        """SELECT id AS "Id", name AS "Value", '' AS "Tooltip" FROM ticket_priority
           ORDER BY sort_order, id""",
    )
    own = await db.fetch(
        """
        SELECT DISTINCT p.contact_id, c.country_id
        FROM associate a JOIN person p USING (person_id) JOIN contact c USING (contact_id)
        WHERE NOT a.deleted ORDER BY 1
        """
    )
    registry = await db.fetch("SELECT name, value FROM registry")
    own_countries = [record["country_id"] for record in own if record["country_id"]]
    return PeopleReference(
        items=items,
        countries={c.country_id: c for c in await _countries(db)},
        priorities={p.id: p for p in priorities},
        associates=await load_associates(db),
        own_country_id=own_countries[0] if own_countries else NORWAY,
        own_contact_ids=frozenset(record["contact_id"] for record in own),
        registry={record["name"]: record["value"] for record in registry},
    )


async def _countries(db: Db) -> list[Country]:
    return await rows(
        db,
        Country,
        """
        SELECT country_id AS "CountryId", name AS "Name", name AS "EnglishName",
               two_letter AS "TwoLetterISOCountry", three_letter AS "ThreeLetterISOCountry",
               orgnr_text AS "OrgNrText", dial_in_prefix AS "DialInPrefix",
               zip_prefix AS "ZipPrefix", two_letter AS "DomainName",
               address_layout_id AS "AddressLayoutId",
               address_layout_id AS "DomesticAddressLayoutId",
               address_layout_id AS "ForeignAddressLayoutId",
               rank AS "Rank", deleted AS "Deleted"
        FROM country ORDER BY name
        """,
    )


async def write_item(db: Db, item: ListItem) -> int:
    """Write an item over the one of its id; a new one for id 0. Its id."""
    return await value(
        db,
        int,
        """
        INSERT INTO list_item AS i (list, id, name, tooltip, key, category_group, rank, deleted)
        SELECT $1, coalesce(nullif($2, 0), (SELECT coalesce(max(id), 0) + 1
                                            FROM list_item WHERE list = $1)),
               $3, $4, $5, $6, $7, $8
        ON CONFLICT (list, id) DO UPDATE SET (name, tooltip, key, category_group, rank, deleted)
            = ($3, $4, $5, $6, $7, $8)
        RETURNING id
        """,
        item.list,
        item.id,
        item.name,
        item.tooltip,
        item.key,
        item.category_group,
        item.rank,
        item.deleted,
    )


async def delete_item(db: Db, list_name: str, item_id: int) -> None:
    """Hide an item; those who have it keep it."""
    sql = "UPDATE list_item SET deleted = true WHERE list = $1 AND id = $2"
    await execute(db, sql, list_name, item_id)
