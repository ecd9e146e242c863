"""The caller's choices for a list of the user interface, one row each."""

from msgspec import Struct, field

from skranke.core.context import RequestContext
from skranke.db.database import execute, row


class UserColumns(Struct, kw_only=True):
    """What was chosen; None where nothing was. Widths are by column in lower case."""

    columns: list[str] | None = None
    entities: list[str] | None = None
    widths: dict[str, str] = field(default_factory=dict)


async def load_user_columns(
    request_context: RequestContext, gui_name: str, provider_name: str, context: str
) -> UserColumns:
    """The caller's choice for a list; all None where he never chose."""
    found = await row(
        request_context.db,
        UserColumns,
        """
        SELECT columns, entities, widths FROM archive_choice
        WHERE associate_id = $1 AND gui_name = $2 AND provider_name = $3
              AND context = $4
        """,
        *_key(request_context, gui_name, provider_name, context),
    )
    return found or UserColumns()


async def save_columns(
    request_context: RequestContext,
    gui_name: str,
    provider_name: str,
    context: str,
    columns: list[str],
) -> None:
    """Show these columns from now on; none of them: the usual ones."""
    await execute(
        request_context.db,
        """
        INSERT INTO archive_choice
            (associate_id, gui_name, provider_name, context, columns)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (associate_id, gui_name, provider_name, context)
        DO UPDATE SET columns = excluded.columns
        """,
        *_key(request_context, gui_name, provider_name, context),
        columns,
    )


async def save_entities(
    request_context: RequestContext,
    gui_name: str,
    provider_name: str,
    context: str,
    entities: list[str],
) -> None:
    """Show these kinds of rows from now on."""
    await execute(
        request_context.db,
        """
        INSERT INTO archive_choice
            (associate_id, gui_name, provider_name, context, entities)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (associate_id, gui_name, provider_name, context)
        DO UPDATE SET entities = excluded.entities
        """,
        *_key(request_context, gui_name, provider_name, context),
        entities,
    )


async def save_widths(
    request_context: RequestContext,
    gui_name: str,
    provider_name: str,
    context: str,
    widths: dict[str, str],
) -> None:
    """Show these columns so wide; the others keep their width."""
    await execute(
        request_context.db,
        """
        INSERT INTO archive_choice
            (associate_id, gui_name, provider_name, context, widths)
        VALUES ($1, $2, $3, $4, $5::jsonb)
        ON CONFLICT (associate_id, gui_name, provider_name, context)
        DO UPDATE SET widths = archive_choice.widths || excluded.widths
        """,
        *_key(request_context, gui_name, provider_name, context),
        widths,
    )


def _key(
    request_context: RequestContext, gui_name: str, provider_name: str, context: str
) -> tuple[int, str, str, str]:
    names = (gui_name.strip().lower(), provider_name.strip().lower())
    return (request_context.user.associate_id, *names, context)


async def load_activity_filter(request_context: RequestContext) -> str | None:
    """The caller's activity filter as JSON; None where there is none."""
    return await request_context.db.fetchval(
        "SELECT filter::text FROM activity_filter WHERE associate_id = $1",
        request_context.user.associate_id,
    )


async def save_activity_filter(request_context: RequestContext, filter: object) -> None:
    """Keep the caller's activity filter, which is JSON."""
    await execute(
        request_context.db,
        """
        INSERT INTO activity_filter (associate_id, filter) VALUES ($1, $2::jsonb)
        ON CONFLICT (associate_id) DO UPDATE SET filter = excluded.filter
        """,
        request_context.user.associate_id,
        filter,
    )
