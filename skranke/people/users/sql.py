"""Users and user groups in the database."""

from datetime import datetime

from msgspec import Struct

from skranke.db.database import Db, Record, execute, rows, value
from skranke.people.users.carriers import UserGroup


class UserRow(Struct, kw_only=True):
    """A user as its tables have it: associate, ejuser and the groups beside the first."""

    associate_id: int = 0
    name: str = ""
    person_id: int = 0
    group_idx: int = 0
    role_id: int = 0
    rank: int = 0
    tooltip: str = ""
    type: int = 1
    deleted: bool = False
    ej_user_id: int = 0
    status: int = 1
    nick_name: str = ""
    not_present: str = ""
    request_signature: str = ""
    group_ids: list[int] = []


READ = """
    SELECT a.associate_id, a.name, coalesce(a.person_id, 0) AS person_id,
           coalesce(a.group_idx, 0) AS group_idx, coalesce(a.role_id, 0) AS role_id, a.rank,
           a.tooltip, a.type, a.deleted, coalesce(u.id, 0) AS ej_user_id,
           coalesce(u.status, 3) AS status, coalesce(u.nick_name, '') AS nick_name,
           coalesce(u.not_present, '') AS not_present,
           coalesce(u.request_signature, '') AS request_signature,
           ARRAY(SELECT l.usergroup_id FROM user_group_link l
                 WHERE l.associate_id = a.associate_id AND l.usergroup_id <> a.group_idx
                 ORDER BY 1) AS group_ids
    FROM associate a LEFT JOIN ejuser u USING (associate_id)
"""


async def load_users(db: Db, associate_ids: list[int]) -> dict[int, UserRow]:
    """These users by id, deleted ones too."""
    sql = f"{READ} WHERE a.associate_id = ANY ($1)"
    return {user.associate_id: user for user in await rows(db, UserRow, sql, associate_ids)}


async def user_id_of(db: Db, name: str) -> int:
    """The associate of a name in any case, deleted or not; 0 without one."""
    sql = "SELECT coalesce((SELECT associate_id FROM associate WHERE lower(name) = lower($1)), 0)"
    return await value(db, int, sql, name)


async def user_ids_where(db: Db, person_id: int, ej_user_id: int) -> list[int]:
    """The associates of a person, or behind a Service user."""
    found = await db.fetch(
        """
        SELECT associate_id FROM associate LEFT JOIN ejuser u USING (associate_id)
        WHERE person_id = nullif($1, 0) OR u.id = nullif($2, 0) ORDER BY 1
        """,
        person_id,
        ej_user_id,
    )
    return [record["associate_id"] for record in found]


async def names_of(db: Db) -> Record:
    """The roles by id and name, as two arrays; deleted ones are left out."""
    found = await db.fetchrow(
        """
        SELECT array_agg(role_id ORDER BY role_id) AS ids,
               array_agg(name ORDER BY role_id) AS names,
               array_agg(tooltip ORDER BY role_id) AS tooltips
        FROM role WHERE NOT deleted
        """
    )
    assert found  # an aggregate has always one row
    return found


async def load_groups(db: Db) -> dict[int, UserGroup]:
    """Every user group by id, in the order of their ranks, deleted ones too."""
    found = await rows(
        db,
        UserGroup,
        """
        SELECT name AS "Value", tooltip AS "Tooltip", usergroup_id AS "Id", rank AS "Rank",
               deleted AS "Deleted"
        FROM usergroup ORDER BY rank, lower(name), usergroup_id
        """,
    )
    return {group.id: group for group in found}


async def write_user(db: Db, user: UserRow, editor: int, now: datetime) -> int:
    """Write a user over the one of its id, a new one for id 0; its associate id."""
    associate_id = await value(
        db,
        int,
        """
        INSERT INTO associate AS a (associate_id, name, person_id, group_idx, role_id, rank,
            tooltip, type, deleted, registered, registered_associate_id)
        VALUES (coalesce(nullif($1, 0),
                    nextval(pg_get_serial_sequence('associate', 'associate_id'))::int),
                $2, nullif($3, 0), nullif($4, 0), nullif($5, 0), $6, $7, $8, $9, $10, $11)
        ON CONFLICT (associate_id) DO UPDATE SET (name, person_id, group_idx, role_id, rank,
            tooltip, type, deleted, updated, updated_associate_id)
            = ($2, nullif($3, 0), nullif($4, 0), nullif($5, 0), $6, $7, $8, $9, $10, $11)
        RETURNING associate_id
        """,
        user.associate_id,
        user.name,
        user.person_id,
        user.group_idx,
        user.role_id,
        user.rank,
        user.tooltip,
        user.type,
        user.deleted,
        now,
        editor,
    )
    await execute(
        db,
        """
        INSERT INTO ejuser (associate_id, status, nick_name, not_present, request_signature)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (associate_id) DO UPDATE SET (status, nick_name, not_present,
            request_signature) = ($2, $3, $4, $5)
        """,
        associate_id,
        user.status,
        user.nick_name,
        user.not_present,
        user.request_signature,
    )
    await execute(
        db,
        """
        WITH gone AS (
            DELETE FROM user_group_link
            WHERE associate_id = $1 AND usergroup_id <> ALL ($2::int[])
        )
        INSERT INTO user_group_link (associate_id, usergroup_id)
        SELECT $1, unnest($2::int[]) ON CONFLICT DO NOTHING
        """,
        associate_id,
        user.group_ids,
    )
    return associate_id


async def add_event(db: Db, event: str, associate_id: int, editor: int, now: datetime) -> None:
    """Note an event of a user."""
    await execute(
        db,
        """
        INSERT INTO event_outbox (event, primary_key, changes, associate_id, happened)
        VALUES ($1, $2, '{}', $3, $4)
        """,
        event,
        associate_id,
        editor,
        now,
    )


async def end_sign_ins(db: Db, associate_id: int) -> None:
    """End a user's sessions, tokens and tickets."""
    await execute(db, "DELETE FROM login WHERE associate_id = $1", associate_id)
    sql = "DELETE FROM credentials WHERE associate_id = $1 AND type <> 'password'"
    await execute(db, sql, associate_id)


async def retire_person(db: Db, person_id: int, retired: int) -> None:
    """Mark a user's person as a former employee, or not."""
    sql = "UPDATE person SET retired = $2 WHERE person_id = $1"
    await execute(db, sql, person_id, retired)


async def other_administrators(db: Db, associate_id: int) -> int:
    """How many users beside this one may administer the desk."""
    return await value(
        db,
        int,
        """
        SELECT count(*)::int FROM associate a JOIN ejuser u USING (associate_id)
        LEFT JOIN person p USING (person_id)
        WHERE a.associate_id <> $1 AND a.role_id = 1 AND NOT a.deleted AND u.status IN (1, 2)
          AND coalesce(p.retired, 0) = 0
        """,
        associate_id,
    )


async def write_group(db: Db, group: UserGroup) -> int:
    """Write a group over the one of its id, a new one behind all others for id 0; its id."""
    return await value(
        db,
        int,
        """
        INSERT INTO usergroup (usergroup_id, name, tooltip, rank, deleted)
        SELECT coalesce(nullif($1, 0),
                   nextval(pg_get_serial_sequence('usergroup', 'usergroup_id'))::int),
               $2, $3, coalesce(nullif($4, 0), (SELECT coalesce(max(rank), 0) + 1 FROM usergroup)),
               $5
        ON CONFLICT (usergroup_id) DO UPDATE SET (name, tooltip, rank, deleted)
            = (excluded.name, excluded.tooltip, excluded.rank, excluded.deleted)
        RETURNING usergroup_id
        """,
        group.id,
        group.value,
        group.tooltip,
        group.rank,
        group.deleted,
    )


async def delete_group(db: Db, group_id: int, destination_id: int) -> None:
    """Hide a group and give its members to another."""
    for statement in (
        "UPDATE associate SET group_idx = $2 WHERE group_idx = $1",
        """INSERT INTO user_group_link (associate_id, usergroup_id)
           SELECT associate_id, $2 FROM user_group_link WHERE usergroup_id = $1
           ON CONFLICT DO NOTHING""",
        "DELETE FROM user_group_link WHERE usergroup_id = $1 AND $2::int > 0",
        "UPDATE usergroup SET deleted = true WHERE usergroup_id = $1 AND $2::int > 0",
    ):
        await execute(db, statement, group_id, destination_id)
