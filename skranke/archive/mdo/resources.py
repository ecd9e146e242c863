"""`/api/v1/MDOList`: the lists over REST. Source: reference, MDOList resources."""

from skranke.archive.mdo import operations, providers
from skranke.archive.mdo.carriers import MDOListItem, SelectableMDOListItem
from skranke.archive.mdo.providers import Asked
from skranke.archive.mdo.selection import selectable
from skranke.core.context import Call, Right
from skranke.http.operation import resource


@resource("GET", "/api/v1/MDOList", right=Right.READ)
async def get_names(call: Call) -> list[str]:
    """The names of all lists, sorted, without their variants."""
    return await operations.get_list_names(call)


@resource(
    "GET",
    "/api/v1/MDOList/{name}",
    right=Right.READ,
    query=("flat", "additional", "query", "search"),
)
async def get_list(
    call: Call, name: str, flat: bool, additional: str, query: str, search: str
) -> list[MDOListItem]:
    """The items of a list; a query, also spelled search, implies flat."""
    sought = query or search
    asked = Asked(flat=flat or bool(sought), additional=additional, search=sought)
    return await providers.items(call, name, asked)


@resource(
    "GET", "/api/v1/MDOList/{name}/selectable", right=Right.READ, query=("flat", "additional")
)
async def get_selectable_list(
    call: Call, name: str, flat: bool, additional: str
) -> list[SelectableMDOListItem]:
    """The items of a list, with what the caller has chosen."""
    found = await providers.items(call, name, Asked(flat=flat, additional=additional))
    return await selectable(call, name, additional, found)
