"""Parses XML to a tree of elements: names without prefixes, text, and nil flags.

expat parses; this module limits size and depth. DTDs are rejected, so only the five
predefined entities exist and nothing is fetched. Source: XML 1.0;
docs/decisions/0009-xml-parser.md.
"""

import codecs
import re
from xml.parsers import expat

from msgspec import Struct

from skranke.core.errors import MalformedRequest, UnsupportedMediaType

MAX_DEPTH = 64
MAX_NODES = 500_000  # elements and attributes; each takes some hundred bytes of memory
MAX_ATTRIBUTES = 256  # per element
ENCODINGS_BY_MARK = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}
# the text may have been converted from UTF-16 to UTF-8 before
ALLOWED_ENCODING = re.compile(r"utf-?8|us-ascii|utf-?16(-?[lb]e)?", re.IGNORECASE)
# Both patterns are checked before expat parses, which cannot be stopped inside a token:
# it would expand entities, and collect a million attributes until the tag ends. A tag
# contains no second `<`, so each byte is examined once.
PROLOGUE = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
TOO_MANY_ATTRIBUTES = re.compile(
    rb"""<[^!?/<>"'][^"'<>]*+(?:(?:"[^"<]*+"|'[^'<]*+')[^"'<>]*+){%d}""" % (MAX_ATTRIBUTES + 1)
)
DTD_MESSAGE = "The body has a DTD; DTDs are not supported."


class Element(Struct):
    """An element by its local name, with its text and elements in order."""

    name: str
    nil: bool
    parts: "list[Element | str]"

    @property
    def children(self) -> "list[Element]":
        return [part for part in self.parts if isinstance(part, Element)]

    @property
    def text(self) -> str:
        return "".join([part for part in self.parts if isinstance(part, str)])


def parse_xml(body: bytes) -> Element:
    """Parse text in UTF-8, or in UTF-16 if its first bytes say so; return the root.

    MalformedRequest if it is not XML, has a DTD, or is too deep or too large;
    UnsupportedMediaType for any other encoding.
    """
    body = _to_utf_8(body)
    if body.startswith(b"<!", _prologue_end(body)):
        raise MalformedRequest(DTD_MESSAGE)
    if TOO_MANY_ATTRIBUTES.search(body):
        raise MalformedRequest(f"An element has more than {MAX_ATTRIBUTES} attributes.")
    tree = _Tree()
    # ignore the declared encoding: the first bytes and the Content-Type decide
    parser = expat.ParserCreate("utf-8")
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.XmlDeclHandler = _check_declaration
    parser.StartDoctypeDeclHandler = _reject_dtd
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.text
    try:
        # in one piece: expat before 2.6 rereads a long token with each piece
        parser.Parse(body, True)
    except expat.ExpatError as fault:
        raise MalformedRequest("The body is not valid XML.", str(fault)) from None
    return tree.open[0].children[0]


class _Tree:
    """Builds the tree from expat's events; `open` are the unfinished elements."""

    def __init__(self) -> None:
        self.open = [Element("", False, [])]
        self.size = 0

    def start(self, name: str, attributes: list[str]) -> None:
        self.size += 1 + len(attributes) // 2
        if self.size > MAX_NODES:
            raise MalformedRequest(f"The body has more than {MAX_NODES} elements.")
        if len(self.open) > MAX_DEPTH:
            raise MalformedRequest(f"The body is nested more than {MAX_DEPTH} levels deep.")
        element = Element(_local_name(name), _is_nil(attributes), [])
        self.open[-1].parts.append(element)
        self.open.append(element)

    def end(self, _name: str) -> None:
        self.open.pop()

    def text(self, said: str) -> None:
        self.open[-1].parts.append(said)


def _prologue_end(body: bytes) -> int:
    """The offset behind blanks, comments and instructions: of the root or the DTD."""
    end = 0
    while found := PROLOGUE.match(body, end):
        end = found.end()
    return end


def _local_name(name: str) -> str:
    return name.rpartition(":")[2]


def _is_nil(attributes: list[str]) -> bool:
    """Whether the attribute `nil` is true, with any prefix."""
    pairs = zip(attributes[::2], attributes[1::2], strict=True)
    return any(
        _local_name(name).lower() == "nil" and said.strip().lower() in ("true", "1")
        for name, said in pairs
    )


def _check_declaration(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding and not ALLOWED_ENCODING.fullmatch(encoding):
        raise UnsupportedMediaType(f"Encoding {encoding!r} is not supported; send utf-8.")


def _reject_dtd(*_: object) -> None:
    raise MalformedRequest(DTD_MESSAGE)


def _to_utf_8(body: bytes) -> bytes:
    """The text in UTF-8, without a byte order mark."""
    encoding = next(
        (ENCODINGS_BY_MARK[mark] for mark in ENCODINGS_BY_MARK if body.startswith(mark)), None
    )
    if encoding in (None, "utf-8"):
        return body.removeprefix(codecs.BOM_UTF8)
    try:
        return body.decode(encoding).removeprefix("\ufeff").encode()
    except UnicodeDecodeError as fault:
        raise MalformedRequest(f"The body is not valid {encoding}.", str(fault)) from None
