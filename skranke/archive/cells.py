"""One value of a row as the wire has it: plain, with its text, or as encoded text.

Source: reference, Slim and Full results; encoded display values of the Archive agent.
"""

from datetime import datetime
from typing import Any

from skranke.archive.query import Cell
from skranke.core import dates
from skranke.core.dates import Locale
from skranke.http.i18n.translated_text import localise_text

EMPTY_VALUES: dict[str, Any] = {
    "int": 0,
    "decimal": 0.0,
    "bool": False,
    "text": "",
    "ints": "",
    "moment": dates.NULL_DATE,
}
TABLES = {"ejcategory": "ej_category", "ticketpriority": "ticket_priority"} | {
    "ticketticketstatus": "ticket_status",
    "tickettype": "ticket_type",
}  # MDO list → the table whose ids it has, where the names differ
TYPE_MARKS = {"int": "I", "decimal": "F", "timespan": "TS"}


def slim_value(cell: Cell, locale: Locale) -> object:
    """The value as JSON has it, or what people see in its place."""
    column, value = cell.column, cell.value
    if column.is_listed:
        return display_text(cell, locale)
    if value is None:
        return dates.to_text(None, locale) if column.kind == "moment" else EMPTY_VALUES[column.kind]
    return dates.to_wire(value, locale) if isinstance(value, datetime) else value


def full_value(cell: Cell, locale: Locale) -> dict[str, object]:
    """The value beside what people see."""
    column, value = cell.column, cell.value
    raw = slim_value(cell, locale)
    if column.is_listed:
        raw = list_text(value) if column.kind == "ints" else value or 0
    return {
        "RawValue": raw,
        "DisplayValue": display_text(cell, locale),
        "LinkHint": "",
        "TooltipHint": _tooltip_hint(cell),
    }


def _tooltip_hint(cell: Cell) -> str:
    """What a value of a list is an id of: `{category_id=3}`; empty for other values."""
    table = TABLES.get(cell.column.list_name, cell.column.list_name)
    if not table or not isinstance(cell.value, int) or isinstance(cell.value, bool):
        return ""
    return f"{{{table}_id={cell.value}}}"


def encode(cell: Cell, locale: Locale) -> str:
    """The value as `[I:192]` says its type; texts and lists as people see them."""
    column, value = cell.column, cell.value
    if column.is_listed or column.type == "string":
        return display_text(cell, locale)
    if value is None:
        return ""
    if isinstance(value, bool):
        return f"[I:{value:d}]"
    if isinstance(value, datetime):
        return _encoded_moment(value, column.type, locale)
    return f"[{TYPE_MARKS[column.type]}:{_plain(value)}]"


def display_text(cell: Cell, locale: Locale) -> str:
    """What people see of a value."""
    column, shown = cell.column, cell.shown
    if column.names is not None:
        shown = column.names.get(cell.value or 0, "")
    elif not column.text:
        shown = cell.value
    if isinstance(shown, datetime):
        return dates.to_text(shown, locale)
    said = "" if shown is None else _plain(shown)
    if column.worded and locale.language is not None:
        return localise_text(said, locale.language)
    return said


def list_text(value: Any) -> str:
    """The ids of an array: `3,4`."""
    return ",".join(map(str, value or ()))


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return str(value)


def _encoded_moment(value: datetime, kind: str, locale: Locale) -> str:
    wall = value.astimezone(locale.zone)
    day = f"{wall.month:02}/{wall.day:02}/{wall.year:04}"
    if kind == "date":
        return f"[D:{day} 00:00:00.0000000]"
    clock = f"{wall.hour:02}:{wall.minute:02}:{wall.second:02}.{wall.microsecond:06}0"
    return f"[DT:{day} {clock}]"
