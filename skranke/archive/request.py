"""What a caller asks for in text, as a search: columns, filter, order, page."""

import re
from collections.abc import Iterable

from skranke.archive import functions, grouping
from skranke.archive.columns import plain_name
from skranke.archive.functions import Selection
from skranke.archive.lexer import Source
from skranke.archive.parser import parse_filter
from skranke.archive.providers import Provider, columns_of
from skranke.archive.query import ArchiveRow, Columns, Order, Search, fetch_rows
from skranke.archive.syntax_tree import Node, all_of
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.http.formats.scalars import shorten

DEFAULT_ROWS = 100
MAX_ROWS = 50_000  # of one answer
MAX_COLUMNS = 500
MAX_ORDERS = 8
DIRECTIONS = {"": False, "asc": False, "desc": True, "ascending": False, "descending": True}


def split_names(text: str) -> list[str]:
    """The names of a list with commas; a `?` that clients leave at its end is none."""
    parts = (part.strip() for part in text.strip().rstrip("?").split(","))
    return functions.rejoin_calls(part for part in parts if part)


async def build_search(
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
) -> tuple[Search, Selection]:
    """The search itself and its functions, every name looked up.

    An unknown column or sort is passed over and noted in the context; BadValue names
    whatever else isn't there.
    """
    known = await columns_of(context, provider)
    wanted = list(dict.fromkeys(columns)) or list(provider.own_columns)
    if len(wanted) > MAX_COLUMNS:
        raise BadValue("Columns", f"more than {MAX_COLUMNS} columns")
    selection = functions.parse_selection(known, wanted, context.locale.zone.key)
    context.passed_over += selection.unknown
    search = Search(
        provider=provider,
        known=known,
        columns=selection.plain,
        where=all_of(implied, where),
        order=_orders(context, known, list(order)),
        entities=_entities(provider, entities),
        top=min(max(top, 0), MAX_ROWS),
        skip=max(skip, 0),
        language=context.locale.language,
    )
    return search, selection


async def fetch_page(
    context: RequestContext, search: Search, selected: Selection, options: str
) -> list[ArchiveRow]:
    """The rows of a page, one more than `top` where there are more of them.

    Rows of groups and, with the option `GrandTotal=true`, of totals among them.
    """
    grand_total = has_option(options, "grandtotal") or selected.is_total
    if not (selected.groups or selected.totals or grand_total):
        return await fetch_rows(context, search)
    return await grouping.rows(context, search, selected, grand_total=grand_total)


def has_option(options: str, name: str) -> bool:
    """Whether options of the form `rowcount=true&…` switch this on."""
    pairs = (part.partition("=") for part in re.split("[&;,]", options.lower()))
    return any(n.strip() == name and v.strip() in ("true", "1") for n, _, v in pairs)


async def fetch_keys(context: RequestContext, provider: Provider, where: Node) -> list[int]:
    """The keys of all rows that a filter finds, one more than MOST_ROWS at most."""
    known = await columns_of(context, provider)
    search = Search(provider=provider, known=known, columns=[], where=where, top=MAX_ROWS)
    return [row.key for row in await fetch_rows(context, search)]


def read_filter(name: str, text: str) -> Node | None:
    """The filter in a text; refusals call it by its name."""
    return parse_filter(Source(name, text))


def read_order(name: str, text: str) -> list[tuple[str, bool]]:
    """`title desc, ticketId` → column and whether descending."""
    orders: list[tuple[str, bool]] = []
    for part in split_names(text):
        column, _, word = part.partition(" ")
        if word.strip().lower() not in DIRECTIONS:
            raise BadValue(name, f"{shorten(word.strip())!r} is neither asc nor desc")
        orders.append((column, DIRECTIONS[word.strip().lower()]))
    return orders


def read_count(name: str, text: str, usual: int) -> int:
    """A number of rows; the usual one where the text is blank."""
    said = text.strip()
    if not said:
        return usual
    if not said.isdecimal() or not said.isascii() or len(said) > 12:
        raise BadValue(name, f"{shorten(text)!r} is not a number of rows")
    return int(said)


def _orders(context: RequestContext, known: Columns, asked: list[tuple[str, bool]]) -> list[Order]:
    """The columns to sort by, each once; unknown ones are passed over."""
    if len(asked) > MAX_ORDERS:
        raise BadValue("Order", f"more than {MAX_ORDERS} columns")
    orders: dict[str, Order] = {}
    for name, descending in asked:
        column = known.get(plain_name(name))
        if column is None:
            context.passed_over.append(name)
            continue
        if not column.sortable:
            raise BadValue("Order", f"{column.name} can't be sorted by")
        orders.setdefault(column.name, Order(column, descending))
    return list(orders.values())


def _entities(provider: Provider, asked: Iterable[str]) -> frozenset[str]:
    wanted = frozenset(name.strip().lower() for name in asked if name.strip())
    for name in sorted(wanted - provider.kinds.keys()):
        have = ", ".join(provider.kinds)
        fault = f"{provider.name} has no entity {shorten(name)!r}; it has {have}"
        raise BadValue("Entities", fault)
    return wanted
