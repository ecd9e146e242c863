"""XML text as a tree of elements: names without prefixes, text, and who is nil.

expat does the reading; this module bounds it. There is no DTD, so there are no
entities but the five that XML is born with, and nothing is fetched. Source: XML 1.0;
docs/decisions/0009-xml-parser.md.
"""

import codecs
import re
from xml.parsers import expat

from msgspec import Struct

from skranke.core.errors import MalformedRequest, UnsupportedMediaType

DEEPEST = 64  # elements inside elements
MOST = 500_000  # elements and attributes; each takes some hundred bytes of memory
MOST_ATTRIBUTES = 256  # of one element
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}
# UTF-16 may be declared of text that has been turned into UTF-8 on its way
DECLARED = re.compile(r"utf-?8|us-ascii|utf-?16(-?[lb]e)?", re.IGNORECASE)
# Both are sought before expat reads, which can't be stopped halfway through a text: it
# would expand entities, and keep a million attributes until the tag ends. A tag holds
# no second `<`, so that each byte is looked at once.
PROLOGUE = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
CROWDED = re.compile(
    rb"""<[^!?/<>"'][^"'<>]*+(?:(?:"[^"<]*+"|'[^'<]*+')[^"'<>]*+){%d}""" % (MOST_ATTRIBUTES + 1)
)
NO_DTD = "The body has a DTD; they aren't read here."


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


def parsed(body: bytes) -> Element:
    """The root of the text, which is UTF-8, or UTF-16 by its first bytes.

    Malformed for what is no XML, has a DTD, or is too deep or too large;
    UnknownContentType for any other encoding.
    """
    body = _in_utf_8(body)
    if body.startswith(b"<!", _prologue(body)):
        raise MalformedRequest(NO_DTD)
    if CROWDED.search(body):
        raise MalformedRequest(f"An element has more than {MOST_ATTRIBUTES} attributes.")
    tree = _Tree()
    # whatever is declared: the first bytes and the Content-Type know better
    parser = expat.ParserCreate("utf-8")
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.XmlDeclHandler = _declared
    parser.StartDoctypeDeclHandler = _no_dtd
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.text
    try:
        # in one piece: expat before 2.6 reads a long token anew with each piece
        parser.Parse(body, True)
    except expat.ExpatError as fault:
        raise MalformedRequest("The body is not valid XML.", str(fault)) from None
    return tree.open[0].children[0]


class _Tree:
    """What grows while expat reads; `open` are the elements that haven't ended."""

    def __init__(self) -> None:
        self.open = [Element("", False, [])]
        self.size = 0

    def start(self, name: str, attributes: list[str]) -> None:
        self.size += 1 + len(attributes) // 2
        if self.size > MOST:
            raise MalformedRequest(f"The body has more than {MOST} elements.")
        if len(self.open) > DEEPEST:
            raise MalformedRequest(f"The body is nested more than {DEEPEST} levels deep.")
        element = Element(_local(name), _nil(attributes), [])
        self.open[-1].parts.append(element)
        self.open.append(element)

    def end(self, _name: str) -> None:
        self.open.pop()

    def text(self, said: str) -> None:
        self.open[-1].parts.append(said)


def _prologue(body: bytes) -> int:
    """Where the blanks, comments and instructions end: at the root or its DTD."""
    end = 0
    while found := PROLOGUE.match(body, end):
        end = found.end()
    return end


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _nil(attributes: list[str]) -> bool:
    """Whether `nil` is said, with whatever prefix."""
    pairs = zip(attributes[::2], attributes[1::2], strict=True)
    return any(
        _local(name).lower() == "nil" and said.strip().lower() in ("true", "1")
        for name, said in pairs
    )


def _declared(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding and not DECLARED.fullmatch(encoding):
        raise UnsupportedMediaType(f"Encoding {encoding!r} isn't read here; send utf-8.")


def _no_dtd(*_: object) -> None:
    raise MalformedRequest(NO_DTD)


def _in_utf_8(body: bytes) -> bytes:
    """The text in UTF-8, without a byte order mark."""
    encoding = next((MARKS[mark] for mark in MARKS if body.startswith(mark)), None)
    if encoding in (None, "utf-8"):
        return body.removeprefix(codecs.BOM_UTF8)
    try:
        return body.decode(encoding).removeprefix("\ufeff").encode()
    except UnicodeDecodeError as fault:
        raise MalformedRequest(f"The body is not valid {encoding}.", str(fault)) from None
