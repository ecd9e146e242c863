"""The log of a ticket in the database."""

from skranke.db.database import Db, rows
from skranke.tickets.log.carriers import TicketLogEntry


async def newest_entries(db: Db, ticket_id: int, limit: int) -> list[TicketLogEntry]:
    """The newest entries with their changes, the oldest of them first."""
    return await rows(
        db,
        TicketLogEntry,
        """
        SELECT * FROM (
            SELECT a.id AS "TicketLogEntryId", a.log_when AS "When",
                a.log_action AS "LogAction", a.user_id AS "EjUserId",
                coalesce(nullif(o."FullName", ''), s.name, '') AS "UserName",
                coalesce(p."FullName", '') AS "PersonName",
                coalesce(a.message_id, 0) AS "MessageId", a.description AS "Description",
                coalesce((
                    SELECT jsonb_agg(jsonb_build_object('LogChange', c.log_change,
                        'FromValue', c.from_value, 'ToValue', c.to_value) ORDER BY c.id)
                    FROM ticket_log_change c WHERE c.action_id = a.id), '[]') AS "Changes"
            FROM ticket_log_action a
            LEFT JOIN ejuser u ON u.id = a.user_id
            LEFT JOIN associate s USING (associate_id)
            LEFT JOIN wire_person o ON o."PersonId" = s.person_id
            LEFT JOIN wire_person p ON p."PersonId" = a.customer_id
            WHERE a.ticket_id = $1 ORDER BY a.log_when DESC, a.id DESC LIMIT $2
        ) newest ORDER BY "When", "TicketLogEntryId"
        """,
        ticket_id,
        limit,
    )
