"""The list of sales. Source: reference, MDO list sale."""

from skranke.archive.mdo.carriers import MDOListItem
from skranke.archive.mdo.providers import ListQuery, mdo_list
from skranke.archive.mdo.words import patterns
from skranke.core.context import RequestContext
from skranke.db.database import rows


@mdo_list("sale", 11, narrows=True)
async def sale(context: RequestContext, asked: ListQuery) -> list[MDOListItem]:
    """At most 1000 sales by id, as `Heading (company)`; the extra info is the heading.

    `hasCurrency=<code>` keeps those in a currency. The desk knows neither stakeholders
    nor quotes, so `stakeholderOnly` and `hasQuoteOnly` keep none.
    """
    if asked.has("stakeholderOnly") or asked.has("hasQuoteOnly"):
        return []
    return await rows(
        context.db,
        MDOListItem,
        """
        SELECT s.sale_id AS "Id", s.heading AS "ExtraInfo", s.deleted AS "Deleted",
               s.heading || coalesce(' (' || nullif(c.name, '') || ')', '') AS "Name"
        FROM sale s LEFT JOIN contact c USING (contact_id)
        WHERE ($2::int[] IS NULL OR s.sale_id = ANY ($2))
          AND ($3 OR NOT s.deleted)
          AND ($4::text IS NULL OR upper(s.currency) = upper($4))
          AND text_fold(' ' || translate(concat_ws(' ', s.heading, c.name),
                               '@.-/,()', '       ')) LIKE ALL ($1)
        ORDER BY s.sale_id
        LIMIT CASE WHEN $2 IS NULL THEN 1000 END
        """,
        patterns(asked.search),
        asked.ids,
        asked.shows_deleted,
        asked.attributes.get("hascurrency"),
    )
