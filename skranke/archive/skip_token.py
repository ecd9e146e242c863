"""Where a page ended, as the next link carries it: the last row's place in the order.

Whoever follows it begins behind that row, wherever it stands by then; page 1,000 costs
as page 1. It holds values that the caller has seen, and only ever becomes parameters.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Any

import msgspec

from skranke.archive.query import ArchiveRow, Search
from skranke.core.errors import BadValue

SHAPES: dict[str, Any] = {
    "int": int,
    "decimal": float,
    "bool": bool,
    "text": str,
    "moment": datetime | None,
}
OPTION_NAME = "$skipToken"


def token_of(row: ArchiveRow) -> str:
    """The mark of a row."""
    values = [None if _is_null_date(value) else value for value in row.order]
    return urlsafe_b64encode(msgspec.json.encode([*values, row.key])).decode()


def _is_null_date(value: Any) -> bool:
    return isinstance(value, datetime) and value.year == 1


def read_token(mark: str, search: Search) -> list[Any]:
    """The order's values and the key in a mark; BadValue unless it fits the search."""
    shapes = [str if order.column.text else SHAPES[order.column.kind] for order in search.order]
    try:
        values = msgspec.json.decode(urlsafe_b64decode(mark), type=list[Any])
        found = [
            msgspec.convert(value, shape)
            for value, shape in zip(values, [*shapes, int], strict=True)
        ]
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        raise BadValue(OPTION_NAME, "doesn't belong to this search") from None
    return found
