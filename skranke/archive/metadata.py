"""Columns as clients are told of them. Source: reference, archive column metadata."""

import msgspec

from skranke.archive.carriers import ArchiveColumnInfo, Row
from skranke.archive.columns import Column
from skranke.archive.mdo.carriers import MDOListItem
from skranke.archive.providers import Provider, columns_of
from skranke.archive.query import Columns
from skranke.core.context import Permission, RequestContext
from skranke.http.operation import resource

WIDTHS = {"bool": "6c", "int": "8c", "date": "12c", "datetime": "16c"}
UPPER = str.maketrans({c: f" {c.lower()}" for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"})


def metadata(known: Columns) -> Row:
    """The columns by name, each an object of the members of ArchiveColumnInfo."""
    return {column.name: msgspec.to_builtins(info(column)) for column in known.values()}


def publish_metadata(provider: Provider, path: str, about: str) -> None:
    """Answer `{path}/$metadata` with the columns of a provider."""

    @resource(
        "GET", f"{path}/$metadata", permission=Permission.READ, about=about, name="GetMetadata"
    )
    async def get_metadata(context: RequestContext) -> Row:  # pyright: ignore[reportUnusedFunction] # published
        """Every column of this archive by name: type, operators, list."""
        return metadata(await columns_of(context, provider))


def info(column: Column, *, visible: bool = False) -> ArchiveColumnInfo:
    """A column: what it shows, and what may be asked of it."""
    return ArchiveColumnInfo(
        display_name=title_of(column.name),
        display_tooltip=column.name,
        display_type=column.type,
        can_order_by=column.sortable,
        name=column.name,
        can_restrict_by=bool(column.restriction),
        restriction_type=column.restriction,
        restriction_list_name=column.list_name,
        is_visible=visible,
        width=WIDTHS.get(column.type, "20c"),
    )


def title_of(name: str) -> str:
    """`person/fullName` → `Person: full name`."""
    *prefixes, last = name.replace("_", " ").split("/")
    words = ": ".join(part.translate(UPPER).strip() for part in [*prefixes, last])
    return words[:1].upper() + words[1:]


def entities_of(provider: Provider) -> list[MDOListItem]:
    """The kinds of rows, numbered in order; the type is the name to ask for."""
    return [
        MDOListItem(id=place, name=title_of(name), type=name)
        for place, name in enumerate(provider.kinds, 1)
    ]
