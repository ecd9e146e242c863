"""The MDO lists that describe companies and persons.

Source: reference, the MDO lists country, business, category, perspos, mrmrs, salutation,
contint, persint, source, customerlanguage, consentpurpose, consentsource, legalbase,
usergroup and addressformat.
"""

from collections.abc import Awaitable, Callable

from skranke.archive.mdo.carriers import MDOListItem
from skranke.archive.mdo.providers import ListQuery, mdo_list
from skranke.core.context import RequestContext
from skranke.db.database import Db, rows
from skranke.people.reference_data.sql import load_reference

# name to number, which is the list's own for good
NUMBERS = {
    "business": 201,
    "category": 202,
    "perspos": 203,
    "mrmrs": 204,
    "salutation": 205,
    "contint": 206,
    "persint": 207,
    "source": 208,
    "customerlanguage": 209,
    "consentpurpose": 210,
    "consentsource": 211,
    "legalbase": 212,
}
ADDRESS_FORMATS = (
    "European",
    "US",
    "UK",
    "German",
    "Canadian",
    "Japanese",
    "Other",
    "Spain",
    "European no prefix",
    "Caribbean",
    "German small",
    "German with title",
    "Australian",
    "Netherlands",
    "Denmark",
    "US street+postal",
)


def _provider(name: str) -> Callable[[RequestContext, ListQuery], Awaitable[list[MDOListItem]]]:
    async def provide(context: RequestContext, asked: ListQuery) -> list[MDOListItem]:
        reference = await context.get_cached(load_reference)
        return [
            MDOListItem(
                id=item.id,
                name=item.name,
                tool_tip=item.tooltip,
                rank=item.rank,
                deleted=item.deleted,
                type=name,
                extra_info=item.key,
            )
            for item in reference.items.get(name, {}).values()
        ]

    return provide


for _name, _number in NUMBERS.items():
    mdo_list(_name, _number)(_provider(_name))


@mdo_list("country", 220)
async def country(context: RequestContext, asked: ListQuery) -> list[MDOListItem]:
    """The countries by name; the id is the numeric one of ISO 3166-1."""
    reference = await context.get_cached(load_reference)
    return [
        MDOListItem(
            id=found.country_id,
            name=found.name,
            rank=found.rank,
            deleted=found.deleted,
            type="country",
            extra_info=found.two_letter_i_s_o_country,
        )
        for found in reference.countries.values()
    ]


@mdo_list("addressformat", 221)
async def addressformat(context: RequestContext, asked: ListQuery) -> list[MDOListItem]:
    """The ways in which addresses are laid out."""
    return [
        MDOListItem(id=number, name=name, rank=number)
        for number, name in enumerate(ADDRESS_FORMATS, start=1)
    ]


@mdo_list("usergroup", 222)
async def usergroup(context: RequestContext, asked: ListQuery) -> list[MDOListItem]:
    """The user groups by rank; `exclude_id=1,2` leaves these out."""
    excluded = asked.attributes.get("exclude_id", asked.attributes.get("exclude_ids", ""))
    left_out = {part.strip() for part in excluded.split(",")}
    return [item for item in await context.get_cached(load_groups) if str(item.id) not in left_out]


async def load_groups(db: Db) -> list[MDOListItem]:
    """Every user group by rank and name, deleted ones too."""
    return await rows(
        db,
        MDOListItem,
        """
        SELECT usergroup_id AS "Id", name AS "Name", tooltip AS "ToolTip", rank AS "Rank",
               deleted AS "Deleted", 'usergroup' AS "Type"
        FROM usergroup ORDER BY rank, lower(name), usergroup_id
        """,
    )
