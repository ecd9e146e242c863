"""`$filter`: a text as a tree. `and` binds tighter than `or`, `not` tighter than both.

    or := and ("or" and)*      and := term ("and" term)*
    term := "not" term | "(" or ")" | function "(" … ")" | column operator values

Source: reference, OData filters and restriction strings of the Archive agent.
"""

from typing import Literal

from skranke.archive.lexer import Source, Token, tokens
from skranke.archive.syntax_tree import Comparison, Node, Not, join
from skranke.core.errors import BadValue
from skranke.http.formats.scalars import shorten

MAX_DEPTH = 64
MAX_CONDITIONS = 1000  # conditions
# function → the operator that says the same; the column is the first argument
FUNCTIONS = {
    "startswith": "begins",
    "endswith": "ends",
    "substringof": "contains",
    "contains": "contains",
    "this": "thisPeriod",
    "next": "nextPeriod",
    "previous": "previousPeriod",
    "thisandnext": "thisAndNext",
    "thisandprevious": "thisAndPrevious",
    "thispreviousandnext": "thisPreviousAndNext",
    "thisandpreviousandnext": "thisPreviousAndNext",
}
VALUES = ("text", "value", "word")
Word = Literal["and", "or"]


def parse_filter(source: Source) -> Node | None:
    """The tree of a filter; None for a blank one. BadValue points at the place."""
    if not source.text.strip():
        return None
    reader = _Reader(source)
    node = reader.parse_terms("or")
    reader.expect("end", "", "and, or")
    return node


class _Reader:
    """Walks over the tokens; `at` is the next one."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.tokens = tokens(source)
        self.at = 0
        self.depth = 0
        self.count = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.next
        self.at += 1
        return token

    def expect(self, kind: str, said: str, wanted: str) -> Token:
        token = self.next
        if token.kind != kind or (said and token.text.lower() != said):
            raise self.fault(token, wanted)
        return self.take()

    def fault(self, token: Token, wanted: str) -> BadValue:
        found = repr(shorten(token.text)) if token.text else "the end"
        sentence = f"{wanted} was expected, not {found}"
        return BadValue(self.source.where(token.at), sentence)

    def skip(self, kind: str, said: str) -> bool:
        """Whether this comes next; it is taken then."""
        if self.next.kind == kind and self.next.text.lower() == said:
            self.at += 1
            return True
        return False

    def parse_terms(self, word: Word) -> Node:
        """Terms with `or`, or with `and`, between them."""
        parts = [self._part(word)]
        while self.skip("word", word):
            parts.append(self._part(word))
        return join(word, parts)

    def _part(self, word: Word) -> Node:
        return self.parse_terms("and") if word == "or" else self._term()

    def _term(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            where = self.source.where(self.next.at)
            raise BadValue(where, f"more than {MAX_DEPTH} levels deep")
        try:
            if self.skip("word", "not"):
                return Not(self._term())
            if self.skip("symbol", "("):
                inner = self.parse_terms("or")
                self.expect("symbol", ")", "and, or, )")
                return inner
            return self._condition()
        finally:
            self.depth -= 1

    def _condition(self) -> Comparison:
        self.count += 1
        name = self.expect("word", "", "a column or a function")
        where = self.source.where(name.at)
        if self.count > MAX_CONDITIONS:
            raise BadValue(where, f"more than {MAX_CONDITIONS} conditions")
        if self.next.text == "(" and name.text.lower() in FUNCTIONS:
            return self._function(name, where)
        if self.next.kind not in ("word", "operator"):
            raise self.fault(self.next, "an operator")
        operator = self.take()
        return Comparison(
            column=name.text,
            operator=operator.text,
            values=tuple(token.text for token in self._values()),
            where=where,
        )

    def _function(self, name: Token, where: str) -> Comparison:
        arguments = self._arguments()
        if not arguments:
            raise self.fault(self.next, "a column")
        # OData has the text that is sought first, other functions the column
        if arguments[0].kind == "text":
            arguments.reverse()
        column, *values = arguments
        return Comparison(
            column=column.text,
            operator=FUNCTIONS[name.text.lower()],
            values=tuple(value.text for value in values),
            where=where,
        )

    def _values(self) -> list[Token]:
        """What stands behind an operator; nothing where the condition ends there."""
        if self.next.text == "(" and self.next.kind == "symbol":
            return self._arguments()
        if self.next.kind not in VALUES or self._ends():
            return []
        found = [self.take()]
        while self.skip("symbol", ",") or self._follows():
            found.append(self._value())
        return found

    def _follows(self) -> bool:
        """Whether one more value stands behind a blank: `thisPeriod 1 4`."""
        token = self.next
        return token.kind in ("text", "value") or (
            token.kind == "word" and token.text.removeprefix("-")[:1].isdigit()
        )

    def _ends(self) -> bool:
        return self.next.kind == "word" and self.next.text.lower() in ("and", "or")

    def _arguments(self) -> list[Token]:
        self.expect("symbol", "(", "(")
        if self.skip("symbol", ")"):
            return []
        found = [self._value()]
        while self.skip("symbol", ","):
            found.append(self._value())
        self.expect("symbol", ")", "a comma or )")
        return found

    def _value(self) -> Token:
        if self.next.kind not in VALUES:
            raise self.fault(self.next, "a value")
        return self.take()
