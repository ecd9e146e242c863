"""What a caller asks for in text, as a search: columns, filter, order, page."""

import re
from collections.abc import Iterable

from skranke.archive import functions, grouping
from skranke.archive.columns import Column
from skranke.archive.functions import Selected
from skranke.archive.lexer import Source
from skranke.archive.parser import parsed
from skranke.archive.providers import Provider, columns_of
from skranke.archive.query import Columns, Found, Order, Search, found, require_found
from skranke.archive.syntax_tree import Node, all_of
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.http.codecs.scalars import short

USUAL_ROWS = 100
MOST_ROWS = 50_000  # of one answer
MOST_COLUMNS = 500
MOST_ORDERS = 8
DIRECTIONS = {"": False, "asc": False, "desc": True, "ascending": False, "descending": True}


def names_in(text: str) -> list[str]:
    """The names of a list with commas; a `?` that clients leave at its end is none."""
    parts = (part.strip() for part in text.strip().rstrip("?").split(","))
    return functions.joined_again(part for part in parts if part)


async def search(
    context: RequestContext,
    provider: Provider,
    *,
    columns: Iterable[str],
    where: Node | None,
    order: Iterable[tuple[str, bool]],
    entities: Iterable[str],
    top: int,
    skip: int,
    implied: Node | None = None,
) -> tuple[Search, Selected]:
    """The search itself and its functions, every name looked up.

    BadValue names one that isn't there.
    """
    known = await columns_of(context, provider)
    wanted = list(dict.fromkeys(columns)) or list(provider.usual)
    if len(wanted) > MOST_COLUMNS:
        raise BadValue("Columns", f"more than {MOST_COLUMNS} columns")
    selected = functions.selected(known, wanted, context.locale.zone.key)
    search = Search(
        provider=provider,
        known=known,
        columns=selected.plain,
        where=all_of(implied, where),
        order=_orders(known, list(order)),
        entities=_entities(provider, entities),
        top=min(max(top, 0), MOST_ROWS),
        skip=max(skip, 0),
    )
    return search, selected


async def rows(
    context: RequestContext, search: Search, selected: Selected, options: str
) -> list[Found]:
    """The rows of a page, one more than `top` where there are more of them.

    Rows of groups and, with the option `GrandTotal=true`, of totals among them.
    """
    grand_total = is_set(options, "grandtotal") or selected.is_total
    if not (selected.groups or selected.totals or grand_total):
        return await found(context, search)
    return await grouping.rows(context, search, selected, grand_total=grand_total)


def is_set(options: str, name: str) -> bool:
    """Whether options of the form `rowcount=true&…` switch this on."""
    pairs = (part.partition("=") for part in re.split("[&;,]", options.lower()))
    return any(n.strip() == name and v.strip() in ("true", "1") for n, _, v in pairs)


async def keys(context: RequestContext, provider: Provider, where: Node) -> list[int]:
    """The keys of all rows that a filter finds, one more than MOST_ROWS at most."""
    known = await columns_of(context, provider)
    search = Search(provider=provider, known=known, columns=[], where=where, top=MOST_ROWS)
    return [row.key for row in await found(context, search)]


def filtered(name: str, text: str) -> Node | None:
    """The filter in a text; refusals call it by its name."""
    return parsed(Source(name, text))


def ordered_by(name: str, text: str) -> list[tuple[str, bool]]:
    """`title desc, ticketId` → column and whether descending."""
    orders: list[tuple[str, bool]] = []
    for part in names_in(text):
        column, _, word = part.partition(" ")
        if word.strip().lower() not in DIRECTIONS:
            raise BadValue(name, f"{short(word.strip())!r} is neither asc nor desc")
        orders.append((column, DIRECTIONS[word.strip().lower()]))
    return orders


def whole(name: str, text: str, usual: int) -> int:
    """A number of rows; the usual one where the text is blank."""
    said = text.strip()
    if not said:
        return usual
    if not said.isdecimal() or not said.isascii() or len(said) > 12:
        raise BadValue(name, f"{short(text)!r} is no number of rows")
    return int(said)


def _orders(known: Columns, asked: list[tuple[str, bool]]) -> list[Order]:
    """The columns to sort by, each once."""
    if len(asked) > MOST_ORDERS:
        raise BadValue("Order", f"more than {MOST_ORDERS} columns")
    orders: dict[str, Order] = {}
    for name, descending in asked:
        column = _sortable(known, name)
        orders.setdefault(column.name, Order(column, descending))
    return list(orders.values())


def _sortable(known: Columns, name: str) -> Column:
    column = require_found(known, name, "Order")
    if not column.sortable:
        raise BadValue("Order", f"{column.name} can't be sorted by")
    return column


def _entities(provider: Provider, asked: Iterable[str]) -> frozenset[str]:
    wanted = frozenset(name.strip().lower() for name in asked if name.strip())
    for name in sorted(wanted - provider.kinds.keys()):
        raise BadValue("Entities", f"{provider.name} has no entity {short(name)!r}")
    return wanted
