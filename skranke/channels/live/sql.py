"""Events for browsers, and who looks at what: unlogged, kept for a short while.

A crash of the database empties both tables: browsers then read their pages anew.
"""

from msgspec import Struct

from skranke.db.database import Db, execute, rows, value


class LiveEvent(Struct, frozen=True, kw_only=True):
    """A ticket that has changed; `associate_id` is who did it, 0 the desk itself.

    Owner and category are those of now: who may see the ticket hangs on them.
    """

    id: int
    event: str
    ticket_id: int
    associate_id: int
    owned_by: int
    category: int


class Presence(Struct, frozen=True, kw_only=True):
    """A person who has a ticket open."""

    associate_id: int
    name: str
    ticket_id: int
    writing: bool


async def record(db: Db, events: list[tuple[str, int, int]]) -> None:
    """Add events: name, ticket and associate of each; the old ones go."""
    await execute(
        db,
        """
        WITH old AS (DELETE FROM live_event
                     WHERE recorded < statement_timestamp() - interval '10 minutes')
        INSERT INTO live_event (event, ticket_id, associate_id)
        SELECT * FROM unnest($1::text[], $2::int[], $3::int[])
        """,
        [event for event, _, _ in events],
        [ticket_id for _, ticket_id, _ in events],
        [associate_id for _, _, associate_id in events],
    )


async def since(db: Db, cursor: int) -> list[LiveEvent]:
    """Events behind a cursor, and some before it: ids may be committed out of order."""
    return await rows(
        db,
        LiveEvent,
        """
        SELECT e.id, e.event, e.ticket_id, e.associate_id, t.owned_by, t.category
        FROM live_event e JOIN ticket t ON t.id = e.ticket_id
        WHERE e.id > $1 - 200 ORDER BY e.id
        """,
        cursor,
    )


async def latest(db: Db) -> int:
    """The id of the newest event; 0 without any."""
    return await value(db, int, "SELECT coalesce(max(id), 0) FROM live_event")


async def see(db: Db, associate_id: int, ticket_id: int, *, writing: bool) -> bool:
    """Note that somebody has a ticket open; whether that is news."""
    return await value(
        db,
        bool,
        """
        WITH old AS (SELECT writing, seen FROM presence
                     WHERE associate_id = $1 AND ticket_id = $2),
             new AS (INSERT INTO presence (associate_id, ticket_id, writing, seen)
                     VALUES ($1, $2, $3, statement_timestamp())
                     ON CONFLICT (ticket_id, associate_id) DO UPDATE SET
                         writing = excluded.writing, seen = excluded.seen)
        SELECT NOT EXISTS (SELECT FROM old WHERE writing = $3
                           AND seen > statement_timestamp() - interval '40 seconds')
        """,
        associate_id,
        ticket_id,
        writing,
    )


async def leave(db: Db, associate_id: int, ticket_id: int) -> None:
    """Note that somebody has closed a ticket."""
    await execute(
        db,
        "DELETE FROM presence WHERE associate_id = $1 AND ticket_id = $2",
        associate_id,
        ticket_id,
    )


async def present(db: Db) -> list[Presence]:
    """Everybody who has a ticket open: heard of within 40 seconds."""
    return await rows(
        db,
        Presence,
        """
        SELECT v.associate_id, coalesce(nullif(p."FullName", ''), a.name) AS name,
               v.ticket_id, v.writing
        FROM presence v JOIN associate a USING (associate_id)
        LEFT JOIN wire_person p ON p."PersonId" = a.person_id
        WHERE v.seen > statement_timestamp() - interval '40 seconds'
        ORDER BY v.ticket_id, v.associate_id LIMIT 1000
        """,
    )
