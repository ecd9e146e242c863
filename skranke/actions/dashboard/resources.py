"""`/api/v1/Dashboard`: the figures of the desk. Ours; the reference has none."""

from datetime import timedelta

from skranke.actions.dashboard import sql
from skranke.actions.dashboard.carriers import DeskFigures
from skranke.catalog.categories.archive import closed_category_ids
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue
from skranke.core.schema import Int32
from skranke.http.operation import resource

DEFAULT_DAYS, MAX_DAYS = 28, 366


@resource("GET", "/api/v1/Dashboard", permission=Permission.READ, query=("days",))
async def get_desk_figures(context: RequestContext, days: Int32 = 0) -> DeskFigures:
    """Figures of the tickets that the caller may see: of now, and of so many days.

    28 days for 0, at most 366; BadValue beyond. Days are those of the caller's zone.
    """
    if not 0 <= days <= MAX_DAYS:
        raise BadValue("days", f"must be from 0 to {MAX_DAYS}")
    zone = context.locale.zone
    today = context.now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    since = today - timedelta(days=(days or DEFAULT_DAYS) - 1)
    hidden, me, db = await closed_category_ids(context), context.user.ej_user_id, context.db
    figures = await sql.load_figures(db, hidden, me, context.now, since)
    figures.days = await sql.load_days(db, hidden, me, context.now, since, zone.key)
    figures.categories = await sql.load_categories(db, hidden, me, since)
    figures.owners = await sql.load_owners(db, hidden, me, context.now, since)
    return figures
