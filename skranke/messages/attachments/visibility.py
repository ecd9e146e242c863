"""Which files a caller may know of: those of tickets he sees, and his own new ones."""

from skranke.core.context import Permission, RequestContext
from skranke.core.errors import NotFound
from skranke.db.database import execute
from skranke.tickets.visibility import visible_ids as visible_tickets


async def visible_file_ids(context: RequestContext, ids: list[int]) -> list[int]:
    """Those of the ids that the caller may see, each once, in their order.

    A file that hangs on no message is its maker's and the administrators' alone; one of
    a reply template is everybody's who may see the desk.
    """
    found = await context.db.fetch(
        """
        SELECT a.id, a.registered_associate_id AS maker,
               ARRAY(SELECT DISTINCT m.ticket_id FROM ticket_attachment l
                     JOIN ej_message m ON m.id = l.message_id
                     WHERE l.attachment_id = a.id) AS tickets,
               EXISTS (SELECT FROM reply_template_attachment
                       WHERE attachment_id = a.id) AS of_template
        FROM attachment a WHERE a.id = ANY ($1)
        """,
        ids,
    )
    tickets = [ticket for row in found for ticket in row["tickets"]]
    seen = set(await visible_tickets(context, tickets))
    all_free = Permission.ADMINISTER in context.user.permissions
    mine = {
        row["id"]
        for row in found
        if row["of_template"]
        or seen.intersection(row["tickets"])
        or (not row["tickets"] and (all_free or row["maker"] == context.user.associate_id))
    }
    return [wish for wish in dict.fromkeys(ids) if wish in mine]


async def require_visible_files(context: RequestContext, name: str, ids: list[int]) -> None:
    """NotFound, naming the parameter and the id, unless the caller may see them all."""
    seen = await visible_file_ids(context, ids)
    for wish in ids:
        if wish not in seen:
            raise NotFound(f"{name}: {wish} does not exist")


async def lock_files(context: RequestContext, ids: list[int]) -> None:
    """Let nobody remove these files until the transaction ends."""
    await execute(context.db, "SELECT id FROM attachment WHERE id = ANY ($1) FOR KEY SHARE", ids)
