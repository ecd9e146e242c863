"""The Archive agent's calls about how the caller wants to see a list.

A choice is the caller's own, one for each name that a user interface gives its list,
provider and context. Source: reference, the configuration calls of the Archive agent.
"""

import re

import msgspec

from skranke.archive.carriers import ActivityFilter, ArchiveColumnInfo, ArchiveConfiguration
from skranke.archive.mdo.carriers import SelectableMDOListItem
from skranke.archive.metadata import entities_of, info
from skranke.archive.providers import Provider, columns_of, provider_of
from skranke.archive.query import Columns, require_column
from skranke.archive.request import MAX_COLUMNS
from skranke.archive.user_columns import sql
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue
from skranke.http.operation import operation

WIDTH = re.compile(r"\s*(?:(?P<column>[^=:]+)[=:])?\s*(?P<width>\d{1,4}(?:c|%|px)?)\s*")
NAME_ONLY_PROVIDER = ""  # the provider of widths that came without one


@operation("Archive", permission=Permission.READ, transaction=False)
async def get_archive_configuration(
    request_context: RequestContext, gui_name: str, provider_name: str
) -> ArchiveConfiguration:
    """Every column of a provider, the chosen ones first and visible; its entities."""
    return await _configuration(request_context, gui_name, provider_name, "")


@operation("Archive", permission=Permission.READ, transaction=False)
async def get_archive_configuration_with_context(
    request_context: RequestContext, gui_name: str, provider_name: str, context: str
) -> ArchiveConfiguration:
    """As GetArchiveConfiguration, for one context of the list."""
    return await _configuration(request_context, gui_name, provider_name, context)


@operation("Archive", permission=Permission.READ, transaction=False)
async def get_archive_configuration_v2(
    request_context: RequestContext,
    gui_name: str,
    provider_name: str,
    context: str,
    owner_keys: str,
) -> ArchiveConfiguration:
    """As GetArchiveConfiguration, for one context of the list; owner keys come back."""
    found = await _configuration(request_context, gui_name, provider_name, context)
    found.owner_keys = owner_keys
    return found


@operation("Archive", permission=Permission.READ)
async def set_chosen_columns(
    request_context: RequestContext, gui_name: str, provider_name: str, chosen_columns: list[str]
) -> None:
    """Show these columns in this order; none: the usual ones. BadValue for others."""
    await _choose_columns(request_context, gui_name, provider_name, "", chosen_columns)


@operation("Archive", permission=Permission.READ)
async def set_chosen_columns_v2(
    request_context: RequestContext,
    gui_name: str,
    provider_name: str,
    context: str,
    owner_keys: str,
    chosen_columns: list[str],
) -> None:
    """As SetChosenColumns, for one context of the list."""
    await _choose_columns(request_context, gui_name, provider_name, context, chosen_columns)


@operation("Archive", permission=Permission.READ)
async def set_chosen_entities(
    request_context: RequestContext, gui_name: str, provider_name: str, entities: list[str]
) -> None:
    """Show these kinds of rows where a list doesn't say. BadValue for others."""
    await _choose_entities(request_context, gui_name, provider_name, "", entities)


@operation("Archive", permission=Permission.READ)
async def set_chosen_entities_v2(
    request_context: RequestContext,
    gui_name: str,
    provider_name: str,
    context: str,
    owner_keys: str,
    entities: list[str],
) -> None:
    """As SetChosenEntities, for one context of the list."""
    await _choose_entities(request_context, gui_name, provider_name, context, entities)


@operation("Archive", permission=Permission.READ)
async def set_column_widths(
    request_context: RequestContext, gui_name: str, column_widths: list[str]
) -> None:
    """Show columns so wide, each as `column=20c`; the others keep their width."""
    await _choose_widths(request_context, gui_name, NAME_ONLY_PROVIDER, "", column_widths, [])


@operation("Archive", permission=Permission.READ)
async def set_column_widths_v2(
    request_context: RequestContext,
    gui_name: str,
    provider_name: str,
    context: str,
    owner_keys: str,
    column_widths: list[str],
) -> None:
    """Show columns so wide: `column=20c`, or a width for each visible one in order."""
    provider = provider_of(provider_name)
    choice = await sql.load_user_columns(request_context, gui_name, provider.name, context)
    columns = choice.columns or list(provider.default_columns)
    await _choose_widths(request_context, gui_name, provider.name, context, column_widths, columns)


@operation("Archive", permission=Permission.READ, transaction=False)
async def get_activity_filter(request_context: RequestContext) -> ActivityFilter:
    """The caller's activity filter as it was set last; an empty one before that."""
    kept = await sql.load_activity_filter(request_context)
    if kept is None:
        return ActivityFilter()
    return msgspec.json.decode(kept, type=ActivityFilter)


@operation("Archive", permission=Permission.READ, wrapped=True)
async def set_activity_filter(
    request_context: RequestContext, activity_filter: ActivityFilter
) -> None:
    """Keep the caller's activity filter; the desk has no activities to filter."""
    await sql.save_activity_filter(request_context, msgspec.to_builtins(activity_filter))


async def _configuration(
    request_context: RequestContext, gui_name: str, provider_name: str, context: str
) -> ArchiveConfiguration:
    provider = provider_of(provider_name)
    choice = await sql.load_user_columns(request_context, gui_name, provider.name, context)
    widths = (await sql.load_user_columns(request_context, gui_name, NAME_ONLY_PROVIDER, "")).widths
    known = await columns_of(request_context, provider)
    wanted = choice.columns or list(provider.default_columns)
    return ArchiveConfiguration(
        archive_column_info=_columns(known, wanted, widths | choice.widths),
        archive_entity_info=_entities(provider, choice.entities),
    )


def _columns(known: Columns, wanted: list[str], widths: dict[str, str]) -> list[ArchiveColumnInfo]:
    """The wanted columns that are still there, then the others."""
    first = [known[name.lower()] for name in wanted if name.lower() in known]
    others = [column for column in known.values() if column not in first]
    infos = [info(column, visible=True) for column in first]
    infos += [info(column) for column in others]
    for column in infos:
        column.width = widths.get(column.name.lower(), column.width)
    return infos


def _entities(provider: Provider, chosen: list[str] | None) -> list[SelectableMDOListItem]:
    return [
        SelectableMDOListItem(
            id=item.id,
            name=item.name,
            type=item.type,
            selected=chosen is None or item.type in chosen,
        )
        for item in entities_of(provider)
    ]


async def _choose_columns(
    request_context: RequestContext,
    gui_name: str,
    provider_name: str,
    context: str,
    names: list[str],
) -> None:
    provider = provider_of(provider_name)
    known = await columns_of(request_context, provider)
    if len(names) > MAX_COLUMNS:
        raise BadValue("ChosenColumns", f"more than {MAX_COLUMNS} columns")
    columns = [require_column(known, name, "ChosenColumns").name for name in names]
    chosen = list(dict.fromkeys(columns))
    await sql.save_columns(request_context, gui_name, provider.name, context, chosen)


async def _choose_entities(
    request_context: RequestContext,
    gui_name: str,
    provider_name: str,
    context: str,
    names: list[str],
) -> None:
    provider = provider_of(provider_name)
    wanted = list(dict.fromkeys(name.strip().lower() for name in names))
    for name in wanted:
        if name not in provider.kinds:
            raise BadValue("Entities", f"{provider.name} has no entity {name[:40]!r}")
    await sql.save_entities(request_context, gui_name, provider.name, context, wanted)


async def _choose_widths(
    request_context: RequestContext,
    gui_name: str,
    provider_name: str,
    context: str,
    said: list[str],
    columns: list[str],
) -> None:
    if len(said) > MAX_COLUMNS:
        raise BadValue("ColumnWidths", f"more than {MAX_COLUMNS} columns")
    widths: dict[str, str] = {}
    for place, text in enumerate(said):
        found = WIDTH.fullmatch(text)
        named = found and (found["column"] or (columns + [""] * len(said))[place])
        if not found or not named:
            raise BadValue("ColumnWidths", f"{text[:40]!r} is not a width of a column")
        widths[named.strip().lower()] = found["width"]
    await sql.save_widths(request_context, gui_name, provider_name, context, widths)
