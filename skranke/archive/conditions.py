"""What conditions on numbers, texts, lists and arrays put into SQL.

What a row lacks counts as zero, so a comparison that zero stands must find it: then,
and only then, the value is taken with its default, which no index could serve. Texts
compare as `text_fold` says: in any case, without accents.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, LiteralString

from msgspec import Struct
from msgspec.structs import replace

from skranke.archive import periods, values
from skranke.archive.columns import Column
from skranke.archive.providers import Bind
from skranke.archive.syntax_tree import Comparison
from skranke.archive.values import Moment
from skranke.core.context import RequestContext
from skranke.core.text_fold import text_fold
from skranke.http.formats.scalars import shorten

WILDCARD = re.compile(r"([\\%_])")
CASTS: dict[str, LiteralString] = {
    "int": "::bigint",
    "decimal": "::float8",
    "bool": "::boolean",
    "text": "::text",
}
ZEROS: dict[str, Any] = {"int": 0, "decimal": 0.0, "bool": False, "text": ""}
READERS: dict[str, Callable[[str], Any]] = {
    "int": values.integer,
    "decimal": values.decimal,
    "bool": values.boolean,
    "text": values.text,
}


class Condition(Struct, frozen=True):
    """One condition on its way into SQL: who asks what of which column."""

    context: RequestContext
    bind: Bind
    column: Column
    asked: Comparison

    @property
    def sql(self) -> LiteralString:
        return self.bind.value_of(self.column)

    @property
    def instant(self) -> LiteralString:
        """A moment as lists are ordered by it, so that one index finds and orders."""
        column = self.column
        return f"coalesce({self.sql}, {column.zero})" if column.nullable else self.sql

    def before(self, end: datetime) -> LiteralString:
        """Before an instant; what a row lacks is not."""
        held: LiteralString = f"{self.instant} < {self.bind(end)}"
        missing: LiteralString = f"{self.instant} > {self.column.zero}"
        return f"({held} AND {missing})" if self.column.nullable else held

    def since(self, begin: datetime) -> LiteralString:
        """At an instant or after it; what a row lacks is not."""
        return f"{self.instant} >= {self.bind(begin)}"

    def asking(self, said: tuple[str, ...]) -> "Condition":
        """The same condition with other values."""
        return replace(self, asked=replace(self.asked, values=said))

    def read(self, reader: Callable[[str], Any]) -> list[Any]:
        """The values; BadValue at the first that can't be read."""
        found: list[Any] = []
        for said in self.asked.values:
            try:
                found.append(reader(said))
            except ValueError as fault:
                raise self.asked.error(f"{shorten(said)!r} {fault}") from None
        return found

    def plain(self) -> list[Any]:
        return self.read(READERS[self.column.kind])

    def moments(self) -> list[Moment]:
        zone = self.context.locale.zone
        return self.read(lambda said: values.moment(said, zone))

    def operand(self, *, zero_counts: bool) -> LiteralString:
        """The value, with its default where a row that lacks it may be meant."""
        sql = self.sql
        if zero_counts and self.column.nullable:
            sql = f"coalesce({sql}, {self.column.zero})"
        return f"text_fold({sql})" if self.column.kind == "text" else sql

    def parameter(self, value: Any) -> LiteralString:
        """The parameter to compare with."""
        placed: LiteralString = f"{self.bind(value)}{CASTS[self.column.kind]}"
        return f"text_fold({placed})" if self.column.kind == "text" else placed

    @property
    def today(self) -> date:
        return self.context.now.astimezone(self.context.locale.zone).date()

    def between_days(self, days: periods.Period) -> LiteralString:
        """From the midnight that begins the first day to that of the other."""
        zone = self.context.locale.zone
        begins, ends = (values.midnight(day, zone) for day in days)
        return self.within(Moment(begins, ends))

    def within(self, moment: Moment) -> LiteralString:
        """At or after the beginning, before the end."""
        if moment.begins is None or moment.ends is None:
            return f"{self.sql} IS NULL"
        end = self.bind(moment.ends)
        return f"({self.since(moment.begins)} AND {self.instant} < {end})"


Build = Callable[[Condition], LiteralString]


def compare(symbol: LiteralString, holds: Callable[[Any, Any], bool]) -> Build:
    def build(c: Condition) -> LiteralString:
        [value] = c.plain()
        zero_counts = holds(ZEROS[c.column.kind], value)
        return f"{c.operand(zero_counts=zero_counts)} {symbol} {c.parameter(value)}"

    return build


def between(c: Condition) -> LiteralString:
    low, high = c.plain()
    operand = c.operand(zero_counts=low <= ZEROS[c.column.kind] <= high)
    return f"({operand} >= {c.parameter(low)} AND {operand} <= {c.parameter(high)})"


def among(c: Condition) -> LiteralString:
    wanted = _read_several(c)
    operand = c.operand(zero_counts=ZEROS[c.column.kind] in wanted)
    return f"{operand} = ANY ({_array(c, wanted)})"


def not_among(c: Condition) -> LiteralString:
    unwanted = _read_several(c)
    operand = c.operand(zero_counts=ZEROS[c.column.kind] not in unwanted)
    return f"{operand} <> ALL ({_array(c, unwanted)})"


def _read_several(c: Condition) -> list[Any]:
    if c.column.kind != "int":
        return c.plain()
    return [number for several in c.read(values.integers) for number in several]


def _array(c: Condition, wanted: list[Any]) -> LiteralString:
    placed = c.bind(wanted)
    if c.column.kind == "text":
        return f"ARRAY(SELECT text_fold(w) FROM unnest({placed}::text[]) w)"
    return f"{placed}{CASTS[c.column.kind]}[]"


def like(before: str, after: str, *, negated: bool = False) -> Build:
    def build(c: Condition) -> LiteralString:
        [words] = c.plain()
        literal = WILDCARD.sub(r"\\\1", words)
        operand = c.operand(zero_counts=negated or not words)
        pattern = c.parameter(f"{before}{literal}{after}")
        word: LiteralString = "NOT LIKE" if negated else "LIKE"
        return f"{operand} {word} {pattern}"

    return build


def contains(*, negated: bool = False) -> Build:
    """Anywhere in the text; by its words where the column has an index of them."""
    anywhere = like("%", "%", negated=negated)

    def build(c: Condition) -> LiteralString:
        [words] = c.plain()
        if not c.column.words or not has_words(words):
            return anywhere(c)
        held = c.column.words.condition(c.parameter(words))
        return f"(({held}) IS NOT TRUE)" if negated else f"({held})"

    return build


def has_words(text: str) -> bool:
    """Whether there is anything that an index of words could have."""
    return any(map(str.isalnum, text))


def is_null(*, negated: bool) -> Build:
    def build(c: Condition) -> LiteralString:
        wanted = c.read(values.boolean) or [True]
        is_empty: LiteralString = f"{c.sql} IS NULL"
        if c.column.kind != "moment":
            is_empty = f"coalesce({c.sql}, {c.column.zero}) = {c.column.zero}"
        return f"({is_empty})" if wanted[0] is not negated else f"(NOT ({is_empty}))"

    return build


def is_set(c: Condition) -> LiteralString:
    [wanted] = c.read(values.boolean) or [True]
    zero = c.column.zero
    compared_with: LiteralString = "<>" if wanted else "="
    return f"coalesce({c.sql}, {zero}) {compared_with} {zero}"


def in_set(c: Condition) -> LiteralString:
    """`set` of a number: among the ids that are given, or whether there is any."""
    words = [said.strip().lower() for said in c.asked.values]
    return is_set(c) if words in ([], ["true"], ["false"]) else among(c)


def is_listed(by_id: Build, *, negated: bool = False) -> Build:
    """A value of a list by its id, or by the text that people see, in any case."""

    def build(c: Condition) -> LiteralString:
        texts = [said for said in c.asked.values if not _is_id(said)]
        if not texts or not c.column.is_listed:
            return by_id(c)
        if c.column.names is not None:
            named = {text_fold(name): str(i) for i, name in c.column.names.items()}
            for said in texts:
                if text_fold(said.strip()) not in named:
                    listed = ", ".join(c.column.names.values()) or "numbers"
                    raise c.asked.error(f"{shorten(said)!r} is not in the list: use {listed}")
            ids = tuple(named.get(text_fold(said.strip()), said) for said in c.asked.values)
            return by_id(c.asking(ids))
        wanted: LiteralString = (
            f"{_shown(c)} = ANY (ARRAY(SELECT text_fold(w) FROM unnest({c.bind(texts)}::text[]) w))"
        )
        ids = tuple(said for said in c.asked.values if _is_id(said))
        if ids:
            wanted = f"({wanted} OR {among(c.asking(ids))})"
        return f"(({wanted}) IS NOT TRUE)" if negated else wanted

    return build


def shows(before: str, after: str) -> Build:
    """What people see of a value of a list begins with, contains or ends with a text."""

    def build(c: Condition) -> LiteralString:
        [said] = c.asked.values
        if c.column.names is not None:
            inside = _matcher(before, after)
            ids = [
                i for i, name in c.column.names.items() if inside(text_fold(name), text_fold(said))
            ]
            return f"coalesce({c.sql}, 0) = ANY ({c.bind(ids)}::bigint[])"
        literal = WILDCARD.sub(r"\\\1", said)
        return f"{_shown(c)} LIKE text_fold({c.bind(f'{before}{literal}{after}')}::text)"

    return build


def _matcher(before: str, after: str) -> Callable[[str, str], bool]:
    if before and after:
        return lambda name, part: part in name
    return str.endswith if before else str.startswith


def _shown(c: Condition) -> LiteralString:
    """What people see of a value of a list, as texts are compared."""
    return f"text_fold(coalesce({c.column.text}, ''))"


def _is_id(said: str) -> bool:
    try:
        values.integers(said)
    except ValueError:
        return False
    return True


def current_user(c: Condition) -> LiteralString:
    user = c.context.user
    service = c.column.restriction == "ejUser"
    return f"{c.sql} = {c.parameter(user.ej_user_id if service else user.associate_id)}"


def is_key(c: Condition) -> LiteralString:
    keys = [key for several in c.read(values.integers) for key in several]
    return f"{c.column.primary_key} = ANY ({c.bind(keys)}::bigint[])"


def arrays(symbol: LiteralString, *, negated: bool = False) -> Build:
    def build(c: Condition) -> LiteralString:
        wanted = [one for several in c.read(_ids) for one in several]
        holds: LiteralString = f"{c.sql} {symbol} {c.bind(wanted)}::int[]"
        if wanted:  # as the index has none that are empty
            holds = f"{holds} AND {c.sql} <> '{{}}'::integer[]"
        return f"(NOT ({holds}))" if negated else f"({holds})"

    return build


def _ids(said: str) -> list[int]:
    ids = values.integers(said)
    if any(abs(one) >= 2**31 for one in ids):
        raise ValueError("is not a valid id")
    return ids
