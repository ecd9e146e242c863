"""A project beside other things in archives. Source: reference, provider ticket."""

from typing import LiteralString

from skranke.archive.columns import Column, boolean, day, list_item, number, text, with_prefix
from skranke.archive.providers import Block, Join
from skranke.people.archive import associate_block


def project_block(prefix: str, j: LiteralString, project_id: LiteralString) -> Block:
    """A project by id, with the associate that minds it."""
    owner = associate_block("projectAssociate", f"{j}_a", f"{j}.associate_id", j)
    joins = {j: Join(f"LEFT JOIN project {j} ON {j}.project_id = {project_id}")}
    return Block(with_prefix(prefix, [*_columns(j), *owner.columns]), joins | owner.joins)


def _columns(j: LiteralString) -> list[Column]:
    own = (j,)
    return [
        boolean("completed", f"{j}.completed", joins=own),
        number("projectId", f"{j}.project_id", joins=own),
        text("name", f"{j}.name", "stringorPK", joins=own, primary_key=f"{j}.project_id"),
        text("number", f"{j}.project_number", joins=own),
        list_item("type", f"{j}.type_idx", text=f"{j}.type", worded=True, joins=own),
        list_item("status", f"{j}.status_idx", text=f"{j}.status", worded=True, joins=own),
        list_item(
            "associateId",
            f"{j}.associate_id",
            "associate",
            text=f"{j}_a.name",
            joins=(j, f"{j}_a"),
            list_name="associate",
        ),
        text("text", f"{j}.description", joins=own),
        text("description", f"{j}.description", joins=own),
        day("updatedDate", f"{j}.updated", joins=own),
        day("registeredDate", f"{j}.registered", joins=own),
        boolean("projectPublish/isPublished", f"{j}.is_published", joins=own),
        day("projectPublish/publishedFrom", f"{j}.publish_from", joins=own),
        day("projectPublish/publishedTo", f"{j}.publish_to", joins=own),
        text("projectUrl/URLAddress", f"{j}.url", joins=own),
        text("projectUrl/URLDescription", f"{j}.url_name", joins=own),
    ]
