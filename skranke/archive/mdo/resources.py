"""`/api/v1/MDOList`: the lists over REST. Source: reference, MDOList resources."""

from skranke.archive.mdo import operations, providers
from skranke.archive.mdo.carriers import MDOListItem, SelectableMDOListItem
from skranke.archive.mdo.providers import ListQuery
from skranke.archive.mdo.selection import to_selectable
from skranke.core.context import Permission, RequestContext
from skranke.http.operation import resource


@resource("GET", "/api/v1/MDOList", permission=Permission.READ)
async def get_names(context: RequestContext) -> list[str]:
    """The names of all lists, sorted, without their variants."""
    return await operations.get_list_names(context)


@resource(
    "GET",
    "/api/v1/MDOList/{name}",
    permission=Permission.READ,
    query=("flat", "additional", "query", "search"),
)
async def get_list(
    context: RequestContext, name: str, flat: bool, additional: str, query: str, search: str
) -> list[MDOListItem]:
    """The items of a list; a query, also spelled search, implies flat."""
    text = query or search
    asked = ListQuery(flat=flat or bool(text), additional=additional, search=text)
    return await providers.items(context, name, asked)


@resource(
    "GET",
    "/api/v1/MDOList/{name}/selectable",
    permission=Permission.READ,
    query=("flat", "additional"),
)
async def get_selectable_list(
    context: RequestContext, name: str, flat: bool, additional: str
) -> list[SelectableMDOListItem]:
    """The items of a list, with the user's selection."""
    found = await providers.items(context, name, ListQuery(flat=flat, additional=additional))
    return await to_selectable(context, name, additional, found)
