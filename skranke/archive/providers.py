"""The table of archive providers: who lends which columns, and who sees which rows.

A room lends one from its `archive.py`: `lend(Provider(name="Ticket", …))`. Source:
reference, archive providers.
"""

import re
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import LiteralString, cast

from msgspec import Struct
from msgspec.structs import replace

from skranke.archive.columns import Column, boolean
from skranke.core.context import RequestContext
from skranke.core.errors import NotFound
from skranke.db.database import Db, Record
from skranke.http.formats.scalars import shorten

PLAIN_NAME = re.compile(r"[A-Za-z_][\w.]*")  # a column's SQL that needs no parentheses
CONSTANT = re.compile(r"-?\d+(?:\.\d+)?|'[^']*'|true|false|null", re.IGNORECASE)
SQL_TYPES: dict[str, LiteralString] = {
    "int": "bigint",
    "decimal": "float8",
    "bool": "boolean",
    "text": "text",
    "ints": "integer[]",
    "moment": "timestamptz",
}
PARAMETER_MARKS: tuple[LiteralString, ...] = ("{0}", "{1}")  # of a column's parameters
# filters that say aloud that all rows are wanted, or none
PSEUDO_COLUMNS = [
    boolean("getAllRows", "true", sortable=False, nullable=False),
    boolean("getNoRows", "false", sortable=False, nullable=False),
]


class InvalidProvider(Exception):
    """A registration that can't work; the sentence names the mend."""


class Join(Struct, frozen=True):
    """Tables that columns need beside their own, and the joins that stand before it."""

    sql: LiteralString
    needs: tuple[str, ...] = ()


class Block(Struct, frozen=True):
    """Columns about one thing beside a provider's own, and the joins that reach it."""

    columns: list[Column]
    joins: dict[str, Join]


class Bind:
    """The parameters of one statement, as they are met."""

    def __init__(self) -> None:
        self.values: list[object] = []
        self._named: dict[str, LiteralString] = {}

    def __call__(self, value: object) -> LiteralString:
        """`$n`, standing for the value."""
        self.values.append(value)
        # a number of our own counting: the one text here that isn't in the source
        return cast("LiteralString", f"${len(self.values):d}")

    def value_of(self, column: Column) -> LiteralString:
        """A column's value, always the same text within a statement."""
        sql = column.sql
        for mark, parameter in zip(PARAMETER_MARKS, column.parameters, strict=False):
            if mark in sql:
                if parameter not in self._named:
                    self._named[parameter] = self(parameter)
                sql = sql.replace(mark, self._named[parameter])
        if CONSTANT.fullmatch(sql.strip("()")):  # PostgreSQL refuses to group by a bare constant
            return f"coalesce({sql})::{SQL_TYPES[column.kind]}"
        return sql if PLAIN_NAME.fullmatch(sql) else f"({sql})"


async def fetch_planned(db: Db, sql: LiteralString, bind: Bind) -> list[Record]:
    """The rows of a search, planned for its very values.

    A plan for any values at all can't know that a status is rare or a category empty.
    """
    async with db.transaction():
        await db.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        return await db.fetch(sql, *bind.values)


Condition = Callable[[RequestContext, Bind], Awaitable[LiteralString]]
More = Callable[[RequestContext], Awaitable[list[Column]]]


async def all_rows(_call: RequestContext, _bind: Bind) -> LiteralString:
    """The condition under which every caller sees a row."""
    return ""


async def no_columns(_call: RequestContext) -> list[Column]:
    """No columns but those that never change."""
    return []


class Provider(Struct, frozen=True, kw_only=True, dict=True):
    """An archive: where its rows lie, its columns, and which rows a caller sees.

    `seen` is the condition of sight (empty: all), part of every question. `more` are
    the columns that the desk's own settings add. `kinds` are the kinds of rows to pick
    from, by name; a kind with a condition is left out by it unless it is asked for.
    """

    name: str
    entity: str  # what its rows are called
    table: LiteralString  # with its alias: "ticket t"
    alias: LiteralString
    key: LiteralString
    columns: list[Column]
    default_columns: tuple[str, ...]  # columns of who names none
    joins: dict[str, Join]
    link: str = ""  # the start of a row's link: nav=ticket&ticket_id
    always: tuple[str, ...] = ()  # joins that `seen` needs
    visible_sql: Condition = all_rows
    more: More = no_columns
    kinds: dict[str, LiteralString] = {}
    rights: tuple[int, str] = (1, "")  # mask and reason of its rows
    published: list[Column] = []  # columns of the reference; empty where there is no data

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns that never change, by name in lower case."""
        real = {c.name.lower(): c for c in [*self.columns, *PSEUDO_COLUMNS]}
        empty = {c.name.lower(): c for c in self.published if c.name.lower() not in real}
        return real | empty

    @cached_property
    def own_columns(self) -> list[str]:
        """The columns of the row itself, none of what is join_sql: those shown by default.

        A text that is put together from other rows is left out.
        """
        hidden = {column.name for column in PSEUDO_COLUMNS}
        return [
            column.name
            for column in self.by_name.values()
            if "/" not in column.name and column.name not in hidden and not column.words
        ]


PROVIDERS: dict[str, Provider] = {}


def register_provider(provider: Provider) -> Provider:
    """Put a provider into the table."""
    if provider.name.lower() in PROVIDERS:
        raise InvalidProvider(f"{provider.name}: the name is taken; choose another")
    names = {column.name.lower() for column in [*provider.columns, *PSEUDO_COLUMNS]}
    if len(names) != len(provider.columns) + len(PSEUDO_COLUMNS):
        raise InvalidProvider(f"{provider.name}: give each column a name of its own")
    for column in provider.columns:
        if unknown := set(column.joins) - provider.joins.keys():
            raise InvalidProvider(f"{provider.name}/{column.name}: no join {unknown}")
    PROVIDERS[provider.name.lower()] = provider
    return provider


def rename(provider: Provider, name: str) -> Provider:
    """The same rows and columns under another name."""
    return replace(provider, name=name)


def provider_of(name: str) -> Provider:
    """The provider of a name in any case; NotFound."""
    found = PROVIDERS.get(name.strip().lower())
    if found is None:
        raise NotFound(f"There is no archive provider {shorten(name)!r}.")
    return found


async def columns_of(context: RequestContext, provider: Provider) -> dict[str, Column]:
    """Every column by name in lower case, the desk's own too."""
    more = await provider.more(context)
    return provider.by_name | {column.name.lower(): column for column in more}


def join_sql(provider: Provider, names: set[str]) -> LiteralString:
    """The tables of these joins, each after what it needs."""
    met: dict[str, None] = {}
    for name in provider.joins:
        if name in names:
            _add_join(provider, name, met)
    return " ".join([provider.joins[name].sql for name in met])


def _add_join(provider: Provider, name: str, met: dict[str, None]) -> None:
    for needed in provider.joins[name].needs:
        _add_join(provider, needed, met)
    met[name] = None
