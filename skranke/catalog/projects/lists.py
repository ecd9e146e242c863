"""The list of projects. Source: reference, MDO list project."""

from skranke.archive.mdo.carriers import MDOListItem
from skranke.archive.mdo.providers import ListQuery, mdo_list
from skranke.archive.mdo.words import patterns
from skranke.core.context import RequestContext
from skranke.db.database import rows


@mdo_list("project", 12, narrows=True)
async def project(context: RequestContext, asked: ListQuery) -> list[MDOListItem]:
    """At most 1000 projects by name."""
    return await rows(
        context.db,
        MDOListItem,
        """
        SELECT project_id AS "Id", name AS "Name", deleted AS "Deleted"
        FROM project
        WHERE ($2::int[] IS NULL OR project_id = ANY ($2))
          AND ($3 OR NOT deleted)
          AND text_fold(' ' || translate(name, '@.-/,()', '       ')) LIKE ALL ($1)
        ORDER BY lower(name), project_id
        LIMIT CASE WHEN $2 IS NULL THEN 1000 END
        """,
        patterns(asked.search),
        asked.ids,
        asked.shows_deleted,
    )
