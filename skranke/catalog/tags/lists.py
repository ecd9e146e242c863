"""The list of tags. Source: reference, MDO list tags."""

from skranke.archive.mdo.carriers import MDOListItem
from skranke.archive.mdo.providers import ListQuery, mdo_list
from skranke.catalog.tags.sql import load_tags as every_tag
from skranke.core.context import RequestContext


@mdo_list("tags", 10)
async def tags(context: RequestContext, asked: ListQuery) -> list[MDOListItem]:
    """The tags by rank and name."""
    known = await context.get_cached(every_tag)
    return [
        MDOListItem(
            id=tag_id, name=tag.name, tool_tip=tag.tool_tip, deleted=tag_id in known.deleted
        )
        for tag_id, tag in known.by_id.items()
    ]
