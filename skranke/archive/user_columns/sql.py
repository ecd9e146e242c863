"""SQL of users' column choices, one row per list of the user interface."""

from msgspec import Struct, field

from skranke.core.context import RequestContext
from skranke.db.database import execute, row


class UserColumns(Struct, kw_only=True):
    """A user's choice; None if nothing was chosen. Widths are by lower-case column name."""

    columns: list[str] | None = None
    entities: list[str] | None = None
    widths: dict[str, str] = field(default_factory=dict)


async def load_user_columns(
    request_context: RequestContext, gui_name: str, provider_name: str, context: str
) -> UserColumns:
    """The user's choice for a list; all None if the user never chose."""
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
    """Store the columns to show; an empty list means the default columns."""
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
    """Store the entities to show."""
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
    """Store the widths of these columns; the others keep theirs."""
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
    """The user's activity filter as JSON; None if there is none."""
    return await request_context.db.fetchval(
        "SELECT filter::text FROM activity_filter WHERE associate_id = $1",
        request_context.user.associate_id,
    )


async def save_activity_filter(request_context: RequestContext, filter: object) -> None:
    """Store the user's activity filter, which is JSON."""
    await execute(
        request_context.db,
        """
        INSERT INTO activity_filter (associate_id, filter) VALUES ($1, $2::jsonb)
        ON CONFLICT (associate_id) DO UPDATE SET filter = excluded.filter
        """,
        request_context.user.associate_id,
        filter,
    )
