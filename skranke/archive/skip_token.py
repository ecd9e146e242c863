"""`$skipToken`: the position of a page's last row, carried by the next link.

The next page begins after that position, so page 1,000 costs as much as page 1. The token
contains only values that the user has seen, and they are only used as parameters.
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
    """The token of a row."""
    values = [None if _is_null_date(value) else value for value in row.order]
    return urlsafe_b64encode(msgspec.json.encode([*values, row.key])).decode()


def _is_null_date(value: Any) -> bool:
    return isinstance(value, datetime) and value.year == 1


def read_token(mark: str, search: Search) -> list[Any]:
    """Read the order's values and the key; BadValue if they do not fit the search."""
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
