"""The Archive agent's lists: the questions as arrays, and (…2) as strings.

Both become the same search. Unknown providers are NotFound; BadValue names what is
wrong and points at its place. `Context` is for providers that need one: none here.
"""

from skranke.archive import agent_rows, user_columns
from skranke.archive import restrictions as infos
from skranke.archive.agent_rows import AgentQuery, orders_of
from skranke.archive.carriers import (
    ArchiveColumnInfo,
    ArchiveListItem,
    ArchiveListResult,
    ArchiveOrderByInfo,
    ArchiveRestrictionInfo,
    RelatedData,
)
from skranke.archive.mdo.carriers import MDOListItem
from skranke.archive.metadata import entities_of, info
from skranke.archive.providers import PROVIDERS, columns_of, provider_of
from skranke.archive.request import read_filter, read_order, split_names
from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import operation

Orders = list[ArchiveOrderByInfo]
Restrictions = list[ArchiveRestrictionInfo]
RESTRICTION = "Restriction"


@operation("Archive", permission=Permission.READ, transaction=False)
async def create_default_archive_list_result(request_context: RequestContext) -> ArchiveListResult:
    """No rows at all."""
    return ArchiveListResult()


@operation("Archive", permission=Permission.READ, transaction=False)
async def get_provider_names(request_context: RequestContext) -> list[str]:
    """The names of the archive providers, sorted."""
    return sorted(provider.name for provider in PROVIDERS.values())


@operation("Archive", permission=Permission.READ, transaction=False)
async def get_available_columns(
    request_context: RequestContext, provider_name: str, context: str
) -> list[ArchiveColumnInfo]:
    """Every column of a provider; the usual ones are visible."""
    provider = provider_of(provider_name)
    known = await columns_of(request_context, provider)
    return [info(c, visible=c.name in provider.default_columns) for c in known.values()]


@operation("Archive", permission=Permission.READ, transaction=False)
async def get_available_entities(
    request_context: RequestContext, provider_name: str, context: str
) -> list[MDOListItem]:
    """The kinds of rows of a provider."""
    return entities_of(provider_of(provider_name))


@operation("Archive", permission=Permission.READ, transaction=False)
async def get_archive_list_by_columns(
    request_context: RequestContext,
    provider_name: str,
    columns: list[str],
    sort_order: Orders,
    restriction: Restrictions,
    entities: list[str],
    page: Int32,
    page_size: Int32,
) -> list[ArchiveListItem]:
    """A page of rows with these columns."""
    return await agent_rows.items(
        request_context,
        _query_of_lists(provider_name, columns, sort_order, restriction, entities, page, page_size),
    )


@operation("Archive", permission=Permission.READ, transaction=False)
async def get_archive_list_by_columns_with_context(
    request_context: RequestContext,
    provider_name: str,
    columns: list[str],
    sort_order: Orders,
    restriction: Restrictions,
    entities: list[str],
    page: Int32,
    page_size: Int32,
    context: str,
) -> list[ArchiveListItem]:
    """A page of rows with these columns."""
    return await agent_rows.items(
        request_context,
        _query_of_lists(provider_name, columns, sort_order, restriction, entities, page, page_size),
    )


@operation("Archive", permission=Permission.READ, transaction=False)
async def get_archive_list_by_columns_with_header(
    request_context: RequestContext,
    provider_name: str,
    columns: list[str],
    sort_order: Orders,
    restriction: Restrictions,
    entities: list[str],
    page: Int32,
    page_size: Int32,
    options: str,
) -> ArchiveListResult:
    """A page of rows and, with the option `rowcount=true`, the number on all pages."""
    return await agent_rows.result(
        request_context,
        _query_of_lists(provider_name, columns, sort_order, restriction, entities, page, page_size),
        options,
    )


@operation("Archive", permission=Permission.READ, transaction=False)
async def get_archive_list_by_columns_with_header_with_context(
    request_context: RequestContext,
    provider_name: str,
    columns: list[str],
    sort_order: Orders,
    restriction: Restrictions,
    entities: list[str],
    page: Int32,
    page_size: Int32,
    options: str,
    context: str,
) -> ArchiveListResult:
    """A page of rows and, with the option `rowcount=true`, the number on all pages."""
    return await agent_rows.result(
        request_context,
        _query_of_lists(provider_name, columns, sort_order, restriction, entities, page, page_size),
        options,
    )


@operation("Archive", permission=Permission.READ, transaction=False)
async def get_archive_list(
    request_context: RequestContext,
    gui_name: str,
    provider_name: str,
    sort_order: Orders,
    restriction: Restrictions,
    entities: list[str],
    page: Int32,
    page_size: Int32,
) -> list[ArchiveListItem]:
    """A page of rows with the columns that the caller has chosen for this list."""
    wanted = _query_of_lists(provider_name, [], sort_order, restriction, entities, page, page_size)
    return await agent_rows.items(
        request_context, await user_columns.with_user_columns(request_context, wanted, gui_name)
    )


@operation("Archive", permission=Permission.READ, transaction=False)
async def get_archive_list_with_context(
    request_context: RequestContext,
    gui_name: str,
    provider_name: str,
    sort_order: Orders,
    restriction: Restrictions,
    entities: list[str],
    page: Int32,
    page_size: Int32,
    context: str,
) -> list[ArchiveListItem]:
    """A page of rows with the columns that the caller has chosen for this context."""
    wanted = _query_of_lists(provider_name, [], sort_order, restriction, entities, page, page_size)
    wanted = await user_columns.with_user_columns(request_context, wanted, gui_name, context)
    return await agent_rows.items(request_context, wanted)


@operation("Archive", permission=Permission.READ, transaction=False)
async def get_archive_list_by_columns2(
    request_context: RequestContext,
    provider_name: str,
    columns: str,
    sort_order: str,
    restrictions: str,
    entities: str,
    page: Int32,
    page_size: Int32,
) -> list[ArchiveListItem]:
    """A page of rows with these columns."""
    where = "Restrictions"  # as this one operation spells it
    return await agent_rows.items(
        request_context,
        _query_of_texts(
            provider_name, columns, sort_order, restrictions, entities, page, page_size, where
        ),
    )


@operation("Archive", permission=Permission.READ, transaction=False)
async def get_archive_list_by_columns_with_context2(
    request_context: RequestContext,
    provider_name: str,
    columns: str,
    sort_order: str,
    restriction: str,
    entities: str,
    page: Int32,
    page_size: Int32,
    context: str,
) -> list[ArchiveListItem]:
    """A page of rows with these columns."""
    return await agent_rows.items(
        request_context,
        _query_of_texts(provider_name, columns, sort_order, restriction, entities, page, page_size),
    )


@operation("Archive", permission=Permission.READ, transaction=False)
async def get_archive_list_by_columns_with_header2(
    request_context: RequestContext,
    provider_name: str,
    columns: str,
    sort_order: str,
    restriction: str,
    entities: str,
    page: Int32,
    page_size: Int32,
    options: str,
) -> ArchiveListResult:
    """A page of rows and, with the option `rowcount=true`, the number on all pages."""
    return await agent_rows.result(
        request_context,
        _query_of_texts(provider_name, columns, sort_order, restriction, entities, page, page_size),
        options,
    )


@operation("Archive", permission=Permission.READ, transaction=False)
async def get_archive_list_by_columns_with_header_with_context2(
    request_context: RequestContext,
    provider_name: str,
    columns: str,
    sort_order: str,
    restriction: str,
    entities: str,
    page: Int32,
    page_size: Int32,
    options: str,
    context: str,
) -> ArchiveListResult:
    """A page of rows and, with the option `rowcount=true`, the number on all pages."""
    return await agent_rows.result(
        request_context,
        _query_of_texts(provider_name, columns, sort_order, restriction, entities, page, page_size),
        options,
    )


@operation("Archive", permission=Permission.READ, transaction=False)
async def get_archive_list2(
    request_context: RequestContext,
    gui_name: str,
    provider_name: str,
    sort_order: str,
    restriction: str,
    entities: str,
    page: Int32,
    page_size: Int32,
) -> list[ArchiveListItem]:
    """A page of rows with the columns that the caller has chosen for this list."""
    wanted = _query_of_texts(provider_name, "", sort_order, restriction, entities, page, page_size)
    return await agent_rows.items(
        request_context, await user_columns.with_user_columns(request_context, wanted, gui_name)
    )


@operation("Archive", permission=Permission.READ, transaction=False)
async def get_archive_list_with_context2(
    request_context: RequestContext,
    gui_name: str,
    provider_name: str,
    sort_order: str,
    restriction: str,
    entities: str,
    page: Int32,
    page_size: Int32,
    context: str,
) -> list[ArchiveListItem]:
    """A page of rows with the columns that the caller has chosen for this context."""
    wanted = _query_of_texts(provider_name, "", sort_order, restriction, entities, page, page_size)
    wanted = await user_columns.with_user_columns(request_context, wanted, gui_name, context)
    return await agent_rows.items(request_context, wanted)


@operation("Archive", permission=Permission.READ, transaction=False)
async def get_related_data(
    request_context: RequestContext, table: str, record_id: Int32, fields: list[str]
) -> list[RelatedData]:
    """Columns of one row, of the provider that is called as the table; none without it.

    Source: GetRelatedData of the reference, which says no more than its types.
    """
    return await agent_rows.related_data(request_context, table, record_id, fields)


@operation("Archive", permission=Permission.READ, transaction=False)
async def get_related_data2(
    request_context: RequestContext, table: str, record_id: Int32, fields: str
) -> list[RelatedData]:
    """As GetRelatedData, with the fields in one text, commas between them."""
    return await agent_rows.related_data(request_context, table, record_id, split_names(fields))


def _query_of_lists(
    provider_name: str,
    columns: list[str],
    sort_order: Orders,
    restriction: Restrictions,
    entities: list[str],
    page: int,
    page_size: int,
) -> AgentQuery:
    return AgentQuery(
        provider_name=provider_name,
        columns=columns,
        order=orders_of(sort_order),
        where=infos.restriction_tree(RESTRICTION, restriction),
        entities=entities,
        page=page,
        page_size=page_size,
    )


def _query_of_texts(
    provider_name: str,
    columns: str,
    sort_order: str,
    restriction: str,
    entities: str,
    page: int,
    page_size: int,
    where: str = RESTRICTION,
) -> AgentQuery:
    return AgentQuery(
        provider_name=provider_name,
        columns=split_names(columns),
        order=read_order("SortOrder", sort_order),
        where=read_filter(where, restriction),
        entities=split_names(entities),
        page=page,
        page_size=page_size,
    )
