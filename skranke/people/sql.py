"""Associates and persons as carriers, and what sign-in must know of an associate."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from msgspec import Struct

from skranke.core.context import CurrentUser, Permission
from skranke.core.errors import ServiceUnavailable
from skranke.db.database import Db, Pool, row, rows
from skranke.db.faults import CONNECTION_ERRORS
from skranke.people.carriers import Associate, Person, SoPrincipalCarrier
from skranke.people.rights import permissions_of


class Account(Struct, frozen=True, kw_only=True):
    """An associate that may sign in; without a password hash, by token alone."""

    user: CurrentUser
    password_hash: str


class Accounts(Struct, frozen=True):
    """Everybody who may sign in, by login name in lower case and by associate id."""

    by_name: dict[str, Account]
    by_id: dict[int, Account]


class _AccountRow(Struct, frozen=True, kw_only=True):
    associate_id: int
    ej_user_id: int
    person_id: int
    role_id: int
    name: str
    full_name: str
    status: int
    password_hash: str
    group_ids: frozenset[int]


@asynccontextmanager
async def connection(pool: Pool) -> AsyncGenerator[Db, None]:
    """A connection of the pool for those who ask before the server has one.

    Unavailable while the database doesn't answer.
    """
    try:
        async with pool.acquire() as db:  # pyright: ignore[reportUnknownVariableType] # asyncpg types no pool
            yield db
    except CONNECTION_ERRORS as fault:
        raise ServiceUnavailable("The database can't be reached just now.") from fault


async def load_associates(db: Db) -> dict[int, Associate]:
    """Every associate, deleted ones too, by id; one without a person bears its name."""
    found = await rows(
        db,
        Associate,
        """
        SELECT a.associate_id AS "AssociateId", a.name AS "Name",
               coalesce(a.person_id, 0) AS "PersonId", a.rank AS "Rank",
               a.tooltip AS "Tooltip", a.type::text AS "Type",
               coalesce(a.group_idx, 0) AS "GroupIdx",
               coalesce(nullif(p."FullName", ''), a.name) AS "FullName",
               coalesce(nullif(p."FormalName", ''), a.name) AS "FormalName",
               a.deleted AS "Deleted", coalesce(e.id, 0) AS "EjUserId",
               a.name AS "UserName"
        FROM associate a
        LEFT JOIN wire_person p ON p."PersonId" = a.person_id
        LEFT JOIN ejuser e USING (associate_id)
        """,
    )
    return {associate.associate_id: associate for associate in found}


async def load_associates_by_ej_user(db: Db) -> dict[int, Associate]:
    """The associates that are Service users, by ejuser id."""
    found = await load_associates(db)
    return {a.ej_user_id: a for a in found.values() if a.ej_user_id}


async def load_accounts(db: Db) -> Accounts:
    """Everybody who may sign in: not deleted, not retired, of a status that may."""
    members = await rows(
        db,
        _AccountRow,
        """
        SELECT a.associate_id, coalesce(e.id, 0) AS ej_user_id,
               coalesce(a.person_id, 0) AS person_id,
               coalesce(a.role_id, 0) AS role_id, a.name,
               coalesce(nullif(p."FullName", ''), a.name) AS full_name,
               coalesce(e.status, 0) AS status, coalesce(c.value, '') AS password_hash,
               ARRAY(SELECT usergroup_id FROM user_group_link g
                     WHERE g.associate_id = a.associate_id
                     UNION SELECT a.group_idx WHERE a.group_idx IS NOT NULL)
                   AS group_ids
        FROM associate a
        LEFT JOIN wire_person p ON p."PersonId" = a.person_id
        LEFT JOIN ejuser e USING (associate_id)
        LEFT JOIN credentials c ON c.associate_id = a.associate_id
                               AND c.type = 'password'
        WHERE NOT a.deleted AND coalesce(p."Retired", 0) = 0
        """,
    )
    accounts = [account for m in members if (account := _account(m))]
    return Accounts(
        {account.user.name.lower(): account for account in accounts},
        {account.user.associate_id: account for account in accounts},
    )


def _account(member: _AccountRow) -> Account | None:
    rights = permissions_of(member.role_id, member.status)
    if Permission.SIGNED_IN not in rights:
        return None
    user = CurrentUser(
        associate_id=member.associate_id,
        ej_user_id=member.ej_user_id,
        person_id=member.person_id,
        role_id=member.role_id,
        group_ids=member.group_ids,
        name=member.name,
        full_name=member.full_name,
        permissions=rights,
    )
    return Account(user=user, password_hash=member.password_hash)


async def load_persons(db: Db, person_ids: list[int]) -> dict[int, Person]:
    """These persons whole, by id, retired ones too; unknown ids are left out."""
    found = await rows(
        db, Person, 'SELECT * FROM wire_person WHERE "PersonId" = ANY($1)', person_ids
    )
    return {person.person_id: person for person in found}


async def load_principal(db: Db, associate_id: int) -> SoPrincipalCarrier | None:
    """The associate as a principal, its rights still to be named; None if unknown."""
    return await row(
        db,
        SoPrincipalCarrier,
        """
        SELECT a.type::text AS "UserType", a.name AS "Associate",
               a.associate_id AS "AssociateId", p.person_id IS NOT NULL AS "IsPerson",
               coalesce(p.person_id, 0) AS "PersonId",
               coalesce(nullif(p.country_id, 0), c.country_id, 0) AS "CountryId",
               coalesce(c.country_id, 0) AS "HomeCountryId",
               coalesce(c.contact_id, 0) AS "ContactId",
               coalesce(a.group_idx, 0) AS "GroupId",
               coalesce(c.associate_id, 0) AS "ContactOwner",
               coalesce(r.role_id, 0) AS "RoleId", coalesce(r.name, '') AS "RoleName",
               coalesce(r.tooltip, '') AS "RoleDescription",
               coalesce(w."FullName", '') AS "FullName",
               coalesce(w."Email", '') AS "EMailAddress",
               coalesce(e.id, 0) AS "EjUserId",
               coalesce(e.status, 0)::text AS "EjUserStatus",
               ARRAY(SELECT usergroup_id FROM user_group_link g
                     WHERE g.associate_id = a.associate_id
                       AND usergroup_id IS DISTINCT FROM a.group_idx
                     ORDER BY usergroup_id) AS "SecondaryGroups",
               'Default' AS "DatabaseContextIdentifier"
        FROM associate a
        LEFT JOIN role r USING (role_id)
        LEFT JOIN ejuser e USING (associate_id)
        LEFT JOIN person p ON p.person_id = a.person_id
        LEFT JOIN contact c USING (contact_id)
        LEFT JOIN wire_person w ON w."PersonId" = p.person_id
        WHERE a.associate_id = $1
        """,
        associate_id,
    )
