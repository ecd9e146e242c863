"""A mail as a tree of parts, each a stretch of its bytes: nothing is copied or changed.

Source: RFC 2046, section 5.1. A boundary that nobody declared is guessed from the first
line that looks like one; one that is never closed ends with the part around it.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from skranke.messages.mime.headers import Headers, Value, parse_headers, parse_value
from skranke.messages.mime.transfer import decode_transfer

GUESSED_BOUNDARY = re.compile(rb"(?:\A|\n)--([^\s-][^\r\n]{0,70}?)[ \t]*\r?\n")
TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")
MULTIPART, MAIL, BYTES = "multipart/", "message/rfc822", "application/octet-stream"


class Entity(Struct):
    """A mail, or a part of one: data[start:body_start] are its headers."""

    data: bytes
    start: int
    body_start: int
    end: int
    headers: Headers
    type: str  # "text/plain"; "" where it was not said or can't be read
    type_parameters: dict[str, str]
    disposition: Value
    encoding: str

    @property
    def is_multipart(self) -> bool:
        """Whether it consists of parts; an encoded multipart is none (RFC 2045, 6.4)."""
        return self.type.startswith(MULTIPART)

    @property
    def raw(self) -> bytes:
        """All of it as it was sent, headers included."""
        return self.data[self.start : self.end]

    @property
    def body(self) -> bytes:
        """What is below its headers, as it was sent."""
        return self.data[self.body_start : self.end]

    @property
    def content(self) -> bytes:
        """What is below its headers, with the transfer encoding taken off."""
        return decode_transfer(self.body, self.encoding)

    @property
    def name(self) -> str:
        """The file name that was declared; "" without one."""
        return self.disposition.parameters.get("filename") or self.type_parameters.get("name", "")

    @property
    def content_id(self) -> str:
        """The Content-ID without angle brackets; "" without one."""
        return self.headers.raw("content-id").strip().strip("<>").strip()[:255]


def parse_entity(data: bytes, start: int, end: int) -> Entity:
    """The part that lies between two places; only its headers are read."""
    headers, body_start = parse_headers(data, start, end)
    type_text = headers.raw("content-type")
    content_type = parse_value(type_text)
    return Entity(
        data=data,
        start=start,
        body_start=body_start,
        end=end,
        headers=headers,
        type=content_type.value if TYPE.fullmatch(content_type.value) else "",
        type_parameters=content_type.parameters,
        disposition=parse_value(headers.raw("content-disposition")),
        encoding=headers.raw("content-transfer-encoding"),
    )


def parts_of(entity: Entity) -> Iterator[tuple[int, int]]:
    """From where to where each part of a multipart lies; none without a boundary."""
    boundary = entity.type_parameters.get("boundary", "").encode("utf-8", "replace")[:200]
    if not boundary or entity.data.find(b"--" + boundary, entity.body_start, entity.end) < 0:
        guess = GUESSED_BOUNDARY.search(
            entity.data, entity.body_start, min(entity.end, entity.body_start + 64 * 1024)
        )
        if guess is None:
            return
        boundary = guess[1]
    begun = -1
    for line_start, line_end, is_last in _delimiters(entity, b"--" + boundary.rstrip()):
        if begun >= 0:
            yield begun, max(begun, _before_line_end(entity.data, begun, line_start))
        begun = line_end
        if is_last:
            return
    if begun >= 0:
        yield begun, entity.end


def _delimiters(entity: Entity, mark: bytes) -> Iterator[tuple[int, int, bool]]:
    """Each delimiter line: where it begins, where the next line does, if it is the last."""
    data, place, end = entity.data, entity.body_start, entity.end
    while (found := data.find(mark, place, end)) >= 0:
        place = found + len(mark)
        if found > entity.body_start and data[found - 1] not in b"\r\n":
            continue
        line_end = data.find(b"\n", place, end)
        line_end = end if line_end < 0 else line_end + 1
        rest = data[place : min(line_end, place + 200)].strip()
        if rest in (b"", b"--"):
            yield found, line_end, rest == b"--"
            place = line_end


def _before_line_end(data: bytes, start: int, place: int) -> int:
    """The place before the line end that belongs to a delimiter."""
    if place > start and data[place - 1] == 10:
        place -= 1
    if place > start and data[place - 1] == 13:
        place -= 1
    return place
