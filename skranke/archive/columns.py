"""Archive columns: the value in SQL, the display text, and the allowed restrictions.

Source: reference, archive providers; restriction types of the archive lists.
"""

from collections.abc import Mapping
from typing import LiteralString, Protocol, TypedDict, Unpack

from msgspec import Struct
from msgspec.structs import replace

# the SQL kind of a value, by restriction type, else by display type
KINDS = {
    "int": "int",
    "timeSpan": "int",
    "timespan": "int",
    "listAny": "int",
    "ejCategory": "int",
    "ejUser": "int",
    "userGroup": "int",
    "associate": "int",
    "decimal": "decimal",
    "bool": "bool",
    "intArray": "ints",
    "string": "text",
    "positiveString": "text",
    "stringorPK": "text",
    "date": "moment",
    "datetime": "moment",
}
# the default of missing values; a missing moment is before all others
ZEROS: dict[str, LiteralString] = {
    "int": "0",
    "decimal": "0",
    "bool": "false",
    "text": "''",
    "ints": "'{}'::int[]",
    "moment": "'-infinity'::timestamptz",
}


class WordIndex(Struct, frozen=True):
    """A word index of a text; {} in its SQL stands for the search text.

    `met` yields the key of each row that has all the words, and whether it contains the
    text itself.
    """

    key: LiteralString
    met: LiteralString

    def condition(self, text: LiteralString) -> LiteralString:
        """The condition that a row contains the text."""
        met = self.met.replace("{}", text)
        return f"{self.key} IN (SELECT key FROM ({met}) AS met WHERE said)"


class Column(Struct, frozen=True, kw_only=True):
    """One column; `sql` is its value, which may be missing.

    A missing value counts as 0, false, the empty text or the null date. `text` is the
    display text of the value, `names` are display texts by number.
    """

    name: str
    sql: LiteralString
    type: str  # of what is shown: int, decimal, string, bool, date, datetime, timespan
    restriction: str = ""  # restriction type; empty where nothing may be asked
    text: LiteralString = ""
    names: Mapping[int, str] | None = None
    worded: bool = False  # the text is a list's, told in the caller's language
    joins: tuple[str, ...] = ()
    sortable: bool = True
    nullable: bool = True  # may be NULL in SQL
    list_name: str = ""  # the MDO list that its values are ids of
    primary_key: LiteralString = ""  # what isPK asks of
    words: WordIndex | None = None  # where it is contained by its words
    parameters: tuple[str, ...] = ()  # what `{0}`, `{1}` in `sql` stand for

    @property
    def kind(self) -> str:
        """What its value is in SQL: int, decimal, bool, text, moment or ints."""
        return KINDS[self.restriction or self.type]

    @property
    def zero(self) -> LiteralString:
        """What counts in place of a value that a row lacks."""
        return ZEROS[self.kind]

    @property
    def is_listed(self) -> bool:
        """Whether the display text differs from the value."""
        return bool(self.text) or self.names is not None


def plain_name(said: str) -> str:
    """Normalise a column's name for look-up; older clients write `___` for a slash."""
    return said.strip().lower().replace("___", "/")


class Traits(TypedDict, total=False):
    """The optional properties of a column."""

    text: LiteralString
    names: Mapping[int, str]
    worded: bool
    joins: tuple[str, ...]
    sortable: bool
    nullable: bool
    list_name: str
    primary_key: LiteralString
    words: WordIndex | None
    parameters: tuple[str, ...]


class Maker(Protocol):
    """Makes columns of one type."""

    def __call__(
        self, name: str, sql: LiteralString, restriction: str = ..., /, **traits: Unpack[Traits]
    ) -> Column: ...


def _maker(kind: str, usual: str) -> Maker:
    def make(
        name: str, sql: LiteralString, restriction: str = usual, /, **traits: Unpack[Traits]
    ) -> Column:
        return Column(name=name, sql=sql, type=kind, restriction=restriction, **traits)

    return make


number = _maker("int", "int")
decimal = _maker("decimal", "decimal")
text = _maker("string", "string")
_truth = _maker("bool", "bool")
moment = _maker("datetime", "datetime")
day = _maker("date", "date")  # a moment of which people mind the day
span = _maker("timespan", "timeSpan")  # in the unit of the entity's property
list_item = _maker("string", "listAny")  # an id that people see as a list's text


def boolean(
    name: str, sql: LiteralString, restriction: str = "bool", /, **traits: Unpack[Traits]
) -> Column:
    """A column of true and false; its condition stands in parentheses beside operators."""
    return _truth(name, f"({sql})", restriction, **traits)


def with_prefix(prefix: str, columns: list[Column]) -> list[Column]:
    """The columns under a prefix: `name` → `contact/name`."""
    begin = f"{prefix}/" if prefix else ""
    return [replace(column, name=begin + column.name) for column in columns]
