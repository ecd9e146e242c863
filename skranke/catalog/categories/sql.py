"""The category tree with its members, and whose turn it is."""

from datetime import datetime, timedelta

from msgspec import Struct

from skranke.catalog.categories.carriers import (
    TicketCategoryClosingStatus,
    TicketCategoryDelegateMethod,
    TicketCategoryEntity,
    TicketCategoryFlags,
)
from skranke.catalog.extra_fields.encoding import Field
from skranke.catalog.extra_fields.rules import wire_texts
from skranke.catalog.extra_fields.sql import load_definitions
from skranke.catalog.statuses.carriers import TicketBaseStatus, TicketStatusEntity
from skranke.catalog.statuses.sql import Statuses, load_statuses
from skranke.db.database import Db, Record, execute, value

EXTRA_FIELDS_DOMAIN = "ej_category"  # of its extra fields
NORMAL_USER_STATUS = 1  # ejuser.status of a user who takes work


class Member(Struct, frozen=True):
    """A Service user who gets tickets of a category; weight 0 gets none by itself."""

    ej_user_id: int
    weight: int
    available: bool


class Category(Struct, frozen=True, kw_only=True):
    """A category as tickets show it, its members, and its own default statuses."""

    carrier: TicketCategoryEntity
    members: tuple[Member, ...]  # by ejuser id
    group_ids: frozenset[int]

    def has_member(self, ej_user_id: int) -> bool:
        """Whether this Service user is a member, directly or through a group."""
        return any(m.ej_user_id == ej_user_id for m in self.members)


async def load_categories(db: Db) -> dict[int, Category]:
    """Every category by id, sorted by its full name."""
    known = await load_statuses(db)
    fields = (await load_definitions(db)).get(EXTRA_FIELDS_DOMAIN, {})
    members = await db.fetch(
        """
        SELECT m.category_id, m.user_id, m.weight, u.status
        FROM category_membership m JOIN ejuser u ON u.id = m.user_id
        UNION ALL
        SELECT DISTINCT g.category_id, u.id, 1::smallint, u.status
        FROM ej_category_group_link g
        JOIN associate a ON a.group_idx = g.usergroup_id
             OR EXISTS (SELECT FROM user_group_link l
                        WHERE l.associate_id = a.associate_id
                              AND l.usergroup_id = g.usergroup_id)
        JOIN ejuser u ON u.associate_id = a.associate_id AND NOT a.deleted
        WHERE NOT EXISTS (SELECT FROM category_membership m
                          WHERE m.category_id = g.category_id AND m.user_id = u.id)
        ORDER BY 1, 2
        """
    )
    rows = await db.fetch(
        """
        SELECT c.*, ARRAY(SELECT usergroup_id FROM ej_category_group_link g
                          WHERE g.category_id = c.id) AS groups
        FROM ej_category c ORDER BY fullname, id
        """
    )
    above = {row["id"]: row for row in rows}
    return {
        row["id"]: Category(
            carrier=_carrier(row, above, known, fields),
            members=tuple(
                Member(m["user_id"], m["weight"], m["status"] == NORMAL_USER_STATUS)
                for m in members
                if m["category_id"] == row["id"]
            ),
            group_ids=frozenset(row["groups"]),
        )
        for row in rows
    }


def _carrier(
    row: Record, above: dict[int, Record], known: Statuses, fields: dict[str, Field]
) -> TicketCategoryEntity:
    extra, custom = wire_texts(fields, row["extra_fields"])
    new_ticket = known.by_id.get(row["closing_status"] or 0)
    new_message = known.by_id.get(row["msg_closing_status"] or 0)
    return TicketCategoryEntity(
        ticket_category_id=row["id"],
        parent_id=row["parent_id"],
        name=row["name"],
        fullname=row["fullname"],
        category_master=row["category_master"] or 0,
        flags=TicketCategoryFlags.of(row["flags"]),
        delegate_method=TicketCategoryDelegateMethod.of(row["delegate_method"]),
        external_name=row["external_name"],
        closing_status=_closing_status(new_ticket),
        msg_closing_status=_closing_status(new_message),
        assignment_lag=row["assignment_lag"],
        reply_template=row["reply_template"],
        notification_email=row["notification_email"],
        default_ticket_status=new_ticket,
        default_message_status=new_message,
        effective_reply_template_id=_effective_template(row, above),
        extra_fields=extra,
        custom_fields=custom,
    )


def _closing_status(status: TicketStatusEntity | None) -> TicketCategoryClosingStatus:
    """The status as the older enum says it: its base, or the user's own preference."""
    views = {
        TicketBaseStatus.Active: TicketCategoryClosingStatus.Active,
        TicketBaseStatus.Closed: TicketCategoryClosingStatus.Closed,
        TicketBaseStatus.Postponed: TicketCategoryClosingStatus.Postponed,
    }
    user_defined = TicketCategoryClosingStatus.UserDefined
    return views.get(status.status, user_defined) if status else user_defined


def _effective_template(row: Record, above: dict[int, Record]) -> int:
    """The own template, else that of the nearest ancestor that passes its own on."""
    if row["reply_template"] > 0:
        return row["reply_template"]
    seen = {row["id"]}
    parent = above.get(row["parent_id"])
    while parent and parent["id"] not in seen:
        flags = TicketCategoryFlags.of(parent["flags"])
        passes_on = TicketCategoryFlags.PropagateReplyTemplate in flags
        if passes_on and parent["reply_template"] > 0:
            return parent["reply_template"]
        seen.add(parent["id"])
        parent = above.get(parent["parent_id"])
    return 0


async def take_turn(db: Db, category_id: int) -> int:
    """How many tickets this category has delegated before this one; counts it."""
    return await value(
        db,
        int,
        """
        INSERT INTO ej_category_delegation AS d (category_id, delegate_counter)
        VALUES ($1, 1)
        ON CONFLICT (category_id)
            DO UPDATE SET delegate_counter = d.delegate_counter + 1
        RETURNING delegate_counter - 1
        """,
        category_id,
    )


async def count_open_tickets(db: Db, ej_user_ids: list[int]) -> dict[int, int]:
    """How many open tickets each of these Service users owns."""
    rows = await db.fetch(
        """
        SELECT owned_by, count(*) FROM ticket
        WHERE owned_by = ANY ($1) AND status = $2 GROUP BY owned_by
        """,
        ej_user_ids,
        TicketBaseStatus.Active.number,
    )
    return {row["owned_by"]: row["count"] for row in rows}


async def active_users(db: Db, ej_user_ids: list[int], since: datetime) -> set[int]:
    """Which of these Service users have a session that was active since then."""
    rows = await db.fetch(
        """
        SELECT DISTINCT u.id FROM ejuser u JOIN login l USING (associate_id)
        WHERE u.id = ANY ($1) AND l.last_active >= $2
        """,
        ej_user_ids,
        since,
    )
    return {row["id"] for row in rows}


async def previous_owner(
    db: Db, person_id: int, category_id: int | None, now: datetime, minutes: int
) -> int | None:
    """Who owns the customer's latest ticket of these last minutes; None without one.

    A `category_id` of None looks in every category.
    """
    return await value(
        db,
        int,
        """
        SELECT owned_by FROM ticket
        WHERE cust_id = $1 AND ($2::int IS NULL OR category = $2) AND created_at >= $3
        ORDER BY created_at DESC, id DESC LIMIT 1
        """,
        person_id,
        category_id,
        now - timedelta(minutes=minutes),
    )


async def write_category(db: Db, category: TicketCategoryEntity) -> int:
    """Write a category's own columns, of a new one for id 0; its id."""
    new_ticket, new_message = (
        status.ticket_status_id if status else None
        for status in (category.default_ticket_status, category.default_message_status)
    )
    return await value(
        db,
        int,
        """
        INSERT INTO ej_category (id, parent_id, name, fullname, category_master, flags,
            delegate_method, external_name, closing_status, msg_closing_status,
            assignment_lag, reply_template, notification_email)
        VALUES (coalesce(nullif($1, 0),
                         nextval(pg_get_serial_sequence('ej_category', 'id'))::int),
                $2, $3, $3, nullif($4, 0), $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (id) DO UPDATE SET (parent_id, name, category_master, flags,
            delegate_method, external_name, closing_status, msg_closing_status,
            assignment_lag, reply_template, notification_email)
            = ($2, $3, nullif($4, 0), $5, $6, $7, $8, $9, $10, $11, $12)
        RETURNING id
        """,
        category.ticket_category_id,
        category.parent_id,
        category.name,
        category.category_master,
        category.flags.number,
        category.delegate_method.number,
        category.external_name,
        new_ticket,
        new_message,
        category.assignment_lag,
        category.reply_template,
        category.notification_email,
    )


async def write_full_names(db: Db, ids: list[int], names: list[str]) -> None:
    """Give categories their full names."""
    await execute(
        db,
        """
        UPDATE ej_category c SET fullname = w.name
        FROM unnest($1::int[], $2::text[]) AS w (id, name)
        WHERE c.id = w.id AND c.fullname <> w.name
        """,
        ids,
        names,
    )


async def load_extra_fields(db: Db, category_id: int) -> dict[str, object]:
    """The values of a category's extra fields."""
    found = await db.fetchval("SELECT extra_fields FROM ej_category WHERE id = $1", category_id)
    return found or {}


async def write_extra_fields(db: Db, category_id: int, values: dict[str, object]) -> None:
    """Write the values of a category's extra fields."""
    await execute(db, "UPDATE ej_category SET extra_fields = $2 WHERE id = $1", category_id, values)


async def any_ticket_of(db: Db, category_id: int) -> int | None:
    """A ticket of a category; None without one."""
    sql = "SELECT id FROM ticket WHERE category = $1 LIMIT 1"
    return await value(db, int, sql, category_id)


async def delete_category(db: Db, category_id: int) -> None:
    """Remove a category and the wishes of users to begin in it."""
    await execute(
        db,
        """
        WITH wished AS (
            UPDATE ejuser SET default_category = NULL WHERE default_category = $1
        ), used AS (
            DELETE FROM ejuser_last_category WHERE category_id = $1
        )
        DELETE FROM ej_category WHERE id = $1
        """,
        category_id,
    )


async def is_user_group(db: Db, group_id: int) -> bool:
    """Whether there is a user group of this id."""
    sql = "SELECT EXISTS (SELECT FROM usergroup WHERE usergroup_id = $1)"
    return await value(db, bool, sql, group_id)


async def link_group(db: Db, group_id: int, category_ids: list[int]) -> None:
    """Make a group a member of these categories and of no others."""
    await execute(
        db,
        """
        WITH gone AS (
            DELETE FROM ej_category_group_link
            WHERE usergroup_id = $1 AND category_id <> ALL ($2::int[])
        )
        INSERT INTO ej_category_group_link (usergroup_id, category_id)
        SELECT DISTINCT $1::int, unnest($2::int[]) ON CONFLICT DO NOTHING
        """,
        group_id,
        category_ids,
    )
