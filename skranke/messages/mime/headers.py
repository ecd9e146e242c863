"""The lines above a mail's body and above each of its parts, bounded and decoded.

Source: RFC 5322, section 2.2; RFC 2047 for encoded words; RFC 2231 for parameters. What
is broken is read as well as it can be: two encoded words that split a character are
joined before they are decoded, and an encoded word in quotes is one all the same.
"""

import re
from binascii import a2b_qp
from urllib.parse import unquote_to_bytes

from msgspec import Struct

from skranke.messages.mime.charsets import decode
from skranke.messages.mime.transfer import from_base64

MAX_HEAD_BYTES = 256 * 1024
MAX_HEADER_LINES = 1000
MAX_HEADER_BYTES = 32 * 1024  # of one header; the rest of it is cut
MAX_PARAMETERS = 100
NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*")
END_OF_LINE = re.compile(rb"\r\n|\n|\r")
FOLD = re.compile(r"\r\n[ \t]|[\r\n]+[ \t]?")
ENCODED_WORD = re.compile(
    r"=\?(?P<charset>[^?\s*]{1,64})(?:\*[^?\s]*)?\?(?P<how>[bBqQ])\?(?P<text>[^?]*)\?="
)
PARAMETER = re.compile(
    r";\s*(?P<name>[^\s=;*]{1,100})(?:\*(?P<place>\d{1,3}))?(?P<coded>\*)?\s*"
    r'(?:=\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"?|(?P<bare>[^;]*)))?'
)
ESCAPED = re.compile(r"\\(.)")


class Headers(Struct):
    """Header lines in their order; names in lower case, values as they stand in the mail."""

    lines: list[tuple[str, bytes]]

    def raw(self, name: str) -> str:
        """The first header of a name, unfolded and not decoded; "" without one."""
        return next((unfold(value) for key, value in self.lines if key == name), "")

    def all_raw(self, name: str) -> list[str]:
        """Every header of a name, unfolded and not decoded."""
        return [unfold(value) for key, value in self.lines if key == name]

    def text(self, name: str) -> str:
        """The first header of a name as people read it."""
        return decode_words(self.raw(name))

    def has(self, name: str) -> bool:
        """Whether there is a header of this name, be it empty."""
        return any(key == name for key, _ in self.lines)


def parse_headers(data: bytes, start: int, end: int) -> tuple[Headers, int]:
    """The headers that begin at `start`, and where the body begins.

    The first line that is no header and continues none begins the body, unless it is
    the first of all: an mbox line is passed over.
    """
    lines: list[tuple[str, bytes]] = []
    place, count = start, 0
    while place < end:
        line_end, after = _line(data, place, end)
        if line_end == place:
            return Headers(lines), after
        line = data[place : min(line_end, place + MAX_HEADER_BYTES)]
        named = NAME.match(line)
        if line[:1] in b" \t" and lines:
            name, value = lines[-1]
            if len(value) < MAX_HEADER_BYTES:
                lines[-1] = (name, (value + b"\r\n" + line)[:MAX_HEADER_BYTES])
        elif named:
            if count < MAX_HEADER_LINES and place - start < MAX_HEAD_BYTES:
                lines.append((named[1].decode("ascii").lower(), line[named.end() :]))
        elif not (line.startswith((b"From ", b">From ")) and place == start):
            return Headers(lines), place
        place, count = after, count + 1
    return Headers(lines), end


def _line(data: bytes, place: int, end: int) -> tuple[int, int]:
    """Where the line ends, and where the next begins."""
    stop = data.find(b"\n", place, end)
    if stop < 0:
        return end, end
    return (stop - 1 if stop > place and data[stop - 1] == 13 else stop), stop + 1


def unfold(value: bytes) -> str:
    """A header's value on one line; bytes beyond ASCII as what they most likely are."""
    return FOLD.sub(" ", decode(value)).strip()


def decode_words(text: str) -> str:
    """Text with its encoded words decoded; what can't be decoded stays as it is."""
    if "=?" not in text:
        return text
    out: list[str] = []
    pending: tuple[str, bytearray] | None = None  # charset, bytes of adjacent words
    place = 0
    for word in ENCODED_WORD.finditer(text):
        between = text[place : word.start()]
        charset, data = word["charset"].lower(), _word_bytes(word["how"], word["text"])
        if pending and (between.strip() or pending[0] != charset):
            out.append(decode(bytes(pending[1]), pending[0]))
            out.append("" if not between.strip() else between)
            pending = None
        elif not pending:
            out.append(between)
        if pending:
            pending[1].extend(data)
        else:
            pending = charset, bytearray(data)
        place = word.end()
    if pending:
        out.append(decode(bytes(pending[1]), pending[0]))
    return "".join([*out, text[place:]])


def _word_bytes(how: str, text: str) -> bytes:
    data = text.encode("utf-8", "surrogateescape")
    return from_base64(data) if how in "bB" else a2b_qp(data, header=True)


class Value(Struct, frozen=True):
    """A header such as Content-Type: its value in lower case, and its parameters."""

    value: str
    parameters: dict[str, str]


def parse_value(text: str) -> Value:
    """A structured header; a parameter in pieces (RFC 2231) is put together."""
    value, semicolon, _ = text.partition(";")
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for count, found in enumerate(PARAMETER.finditer(text, len(value))):
        if count >= MAX_PARAMETERS or not semicolon:
            break
        quoted = found["quoted"]
        said = ESCAPED.sub(r"\1", quoted) if quoted is not None else (found["bare"] or "").strip()
        place = int(found["place"] or 0)
        named = pieces.setdefault(found["name"].lower(), {})
        named.setdefault(place, (bool(found["coded"]), said))
    parameters = {name: _joined(parts) for name, parts in pieces.items()}
    return Value(value.strip().lower(), parameters)


def _joined(parts: dict[int, tuple[bool, str]]) -> str:
    coded = any(is_coded for is_coded, _ in parts.values())
    ordered = [parts[place] for place in sorted(parts)]
    if not coded:
        return decode_words("".join(text for _, text in ordered))
    first = ordered[0][1]
    charset = ""
    if first.count("'") >= 2:
        charset, _, first = first.split("'", 2)
    texts = [first, *(text for _, text in ordered[1:])]
    data = b"".join(
        unquote_to_bytes(text) if is_coded else text.encode("utf-8", "replace")
        for text, (is_coded, _) in zip(texts, ordered, strict=True)
    )
    return decode(data, charset)
