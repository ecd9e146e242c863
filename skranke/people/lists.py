"""The lists of people: associates and Service users, persons and companies.

Source: reference, the MDO lists associate, serviceassociate and contact_new; of
person_new there is no page, so it follows person_freetextsearch.
"""

from skranke.archive.mdo.carriers import MDOListItem
from skranke.archive.mdo.providers import ListQuery, mdo_list
from skranke.archive.mdo.words import patterns
from skranke.core.context import Permission, RequestContext
from skranke.db.database import rows
from skranke.people.carriers import Associate, UserType
from skranke.people.sql import load_accounts, load_associates

UNASSIGNED_ID = 0
AUTOMATIC_OWNER_ID = 2_147_483_647  # asks for the category's rules when a ticket is saved


@mdo_list("associate", 1)
async def associate(context: RequestContext, asked: ListQuery) -> list[MDOListItem]:
    """The internal associates by full name."""
    known = await context.get_cached(load_associates)
    return [_item(a, deleted=a.deleted) for a in _by_name(known)]


@mdo_list("serviceassociate", 2)
async def serviceassociate(context: RequestContext, asked: ListQuery) -> list[MDOListItem]:
    """The Service users by full name; who may no longer use Service is deleted.

    `ShouldIncludeDefaultItems` puts the caller, automatic and unassigned before them.
    """
    known = await context.get_cached(load_associates)
    accounts = (await context.get_cached(load_accounts)).by_id
    users = {i for i, a in accounts.items() if Permission.READ in a.user.permissions}
    found = [_item(a, deleted=a.associate_id not in users) for a in _by_name(known) if a.ej_user_id]
    if not asked.has("ShouldIncludeDefaultItems"):
        return found
    own = [i for i in found if i.id == context.user.associate_id]
    others = [i for i in found if i.id != context.user.associate_id]
    automatic = MDOListItem(id=AUTOMATIC_OWNER_ID, name="Automatic")
    return [*own, automatic, MDOListItem(id=UNASSIGNED_ID, name="Unassigned"), *others]


def _by_name(known: dict[int, Associate]) -> list[Associate]:
    internal = [a for a in known.values() if a.type is UserType.InternalAssociate]
    return sorted(internal, key=lambda a: (a.full_name.casefold(), a.associate_id))


def _item(associate: Associate, *, deleted: bool) -> MDOListItem:
    return MDOListItem(
        id=associate.associate_id,
        name=associate.full_name,
        tool_tip=associate.tooltip,
        rank=associate.rank,
        deleted=deleted,
    )


@mdo_list("person_new", 3, narrows=True)
async def person_new(context: RequestContext, asked: ListQuery) -> list[MDOListItem]:
    """At most 100 persons by name, as `Full name (company)`; extra info: company's id.

    The search looks at full name, e-mail addresses and company.
    """
    return await rows(
        context.db,
        MDOListItem,
        """
        SELECT p.person_id AS "Id",
               n.person || coalesce(' (' || nullif(n.company, '') || ')', '') AS "Name",
               n.person AS "FullName", coalesce(n.emails[1], '') AS "ToolTip",
               p.deleted OR p.retired <> 0 AS "Deleted", p.rank AS "Rank", 'Person' AS "Type",
               CASE WHEN p.contact_id IS NULL THEN 'Personwithoutcontact'
                    ELSE 'Personwithcontact' END AS "IconHint",
               coalesce(p.contact_id, 0)::text AS "ExtraInfo"
        FROM person p
        LEFT JOIN contact c USING (contact_id)
        CROSS JOIN LATERAL (
            SELECT concat_ws(' ', nullif(p.firstname, ''), nullif(p.middle_name, ''),
                             nullif(p.lastname, '')) AS person,
                   concat_ws(', ', nullif(c.name, ''), nullif(c.department, ''))
                       AS company,
                   ARRAY(SELECT email_address FROM email e
                         WHERE e.person_id = p.person_id AND e.type = 0 ORDER BY rank, email_id)
                       AS emails
        ) n
        WHERE ($2::int[] IS NULL OR p.person_id = ANY ($2))
          AND ($3 OR NOT p.deleted AND p.retired = 0)
          AND text_fold(' ' || translate(
                  concat_ws(' ', n.person, array_to_string(n.emails, ' '), n.company),
                  '@.-/,()', '       ')) LIKE ALL ($1)
        ORDER BY lower(n.person), p.person_id
        LIMIT CASE WHEN $2 IS NULL THEN 100 END
        """,
        patterns(asked.search),
        asked.ids,
        asked.shows_deleted,
    )


@mdo_list("contact_new", 4, narrows=True)
async def contact_new(context: RequestContext, asked: ListQuery) -> list[MDOListItem]:
    """At most 100 companies by name, as `Name, department`; extra info: the id again.

    `contact_id=1,2` leaves these alone.
    """
    listed = asked.attributes.get("contact_id", "").split(",")
    return await rows(
        context.db,
        MDOListItem,
        """
        SELECT c.contact_id AS "Id", n.company AS "Name", n.company AS "FullName",
               c.deleted AS "Deleted", 'Contact' AS "Type",
               c.contact_id::text AS "ExtraInfo"
        FROM contact c
        CROSS JOIN LATERAL (
            SELECT concat_ws(', ', nullif(c.name, ''), nullif(c.department, ''))
                       AS company
        ) n
        WHERE ($2::int[] IS NULL OR c.contact_id = ANY ($2))
          AND ($3 OR NOT c.deleted)
          AND ($4::text[] = '{}' OR c.contact_id::text = ANY ($4))
          AND text_fold(' ' || translate(n.company, '@.-/,()', '       ')) LIKE ALL ($1)
        ORDER BY lower(n.company), c.contact_id
        LIMIT CASE WHEN $2 IS NULL THEN 100 END
        """,
        patterns(asked.search),
        asked.ids,
        asked.shows_deleted,
        [contact_id.strip() for contact_id in listed if contact_id.strip()],
    )
