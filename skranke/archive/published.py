"""The columns that the reference publishes, for those that this desk has no data for.

A client that selects one of them gets it, empty; without them it would get nothing at
all. Source: reference, archive provider ticket, whose blocks are the columns of the
providers person, contact and users.
"""

from functools import cache
from importlib import resources
from typing import LiteralString

from skranke.archive.columns import Column

TYPES = {  # restriction type → what is shown; a text for all others
    "int": "int",
    "bool": "bool",
    "decimal": "decimal",
    "date": "date",
    "datetime": "datetime",
    "timeSpan": "timespan",
}
LISTS = {"listInterest": "listAny"}  # restriction types that filter alike
EMPTY_VALUES: dict[str, LiteralString] = {  # what the row holds
    "int": "NULL::integer",
    "decimal": "NULL::float8",
    "bool": "NULL::boolean",
    "text": "NULL::text",
    "ints": "NULL::integer[]",
    "moment": "NULL::timestamptz",
}


@cache
def published_columns(block: str = "") -> list[Column]:
    """The published columns of tickets, or those of a block: `person/` without it."""
    prefix = f"{block}/" if block else ""
    return [
        _empty(name.removeprefix(prefix), restriction, is_sortable=sort == "yes")
        for name, restriction, sort in _rows()
        if name.startswith(prefix)
    ]


def _empty(name: str, restriction: str, *, is_sortable: bool) -> Column:
    """A column without data."""
    known = LISTS.get(restriction, restriction)
    bare = Column(name=name, sql="", type=TYPES.get(known, "string"), restriction=known)
    is_list = bare.type == "string" and bare.kind == "int"
    return Column(
        name=name,
        sql=EMPTY_VALUES[bare.kind],
        type=bare.type,
        restriction=known,
        names={} if is_list else None,
        sortable=is_sortable,
    )


def _rows() -> list[list[str]]:
    table = resources.files("skranke.archive").joinpath("published_columns.tsv").read_text()
    return [line.split("\t") for line in table.splitlines()[1:]]
