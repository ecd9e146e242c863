"""Open a winmail.dat: the files and the text that Outlook packed into it.

Source: MS-OXTNEF (the stream and its attributes), MS-OXCDATA (property types),
MS-OXRTFCP (compressed RTF). What is damaged ends the reading; what was read is kept.
"""

import struct
from collections.abc import Iterator

from msgspec import Struct, field

from skranke.messages.mime.charsets import decode
from skranke.messages.mime.rtf import read_rtf

SIGNATURE = 0x223E9F78
MAX_FILES = 200
MAX_PROPERTIES = 2000
MAX_RTF_BYTES = 20 * 1024 * 1024
BODY, CODE_PAGE = 0x800C, 0x9007
NEW_FILE, FILE_TITLE, FILE_DATA, FILE_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
MESSAGE_PROPERTIES = 0x9003
PLAIN_TEXT, RTF, HTML, INTERNET_CODE_PAGE = 0x1000, 0x1009, 0x1013, 0x3FDE
FILE_OBJECT, LONG_NAME, MIME_TAG, CONTENT_ID = 0x3701, 0x3707, 0x370E, 0x3712
FIXED_SIZES = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16}
OBJECT, STRING8, UNICODE, BINARY = 13, 30, 31, 258
MULTIPLE = 0x1000
PREFILL = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    b"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    b"\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


class TnefFile(Struct):
    """A file of a winmail.dat."""

    name: str = ""
    content_type: str = ""
    content_id: str = ""
    data: bytes = b""


class Tnef(Struct):
    """What a winmail.dat holds; a text that it lacks is empty."""

    plain: str = ""
    html: str = ""
    files: list[TnefFile] = field(default_factory=list[TnefFile])


def read_tnef(data: bytes) -> Tnef | None:
    """The content of a TNEF stream; None for bytes that are none."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != SIGNATURE:
        return None
    tnef, charset = Tnef(), "cp1252"
    for attribute, value in _attributes(data):
        if attribute == CODE_PAGE and len(value) >= 4:
            charset = f"cp{struct.unpack_from('<I', value)[0]}"
        elif attribute == BODY:
            tnef.plain = tnef.plain or decode(value, charset).strip("\x00")
        elif attribute == NEW_FILE:
            if len(tnef.files) >= MAX_FILES:
                break
            tnef.files.append(TnefFile())
        elif attribute == MESSAGE_PROPERTIES:
            _read_message(tnef, dict(_properties(value)), charset)
        elif tnef.files:
            _read_file(tnef.files[-1], attribute, value, charset)
    return tnef


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    place = 6
    while place + 9 <= len(data):
        attribute, size = struct.unpack_from("<II", data, place + 1)
        place += 9
        yield attribute & 0xFFFF, data[place : place + size]
        place += size + 2  # the sum of its bytes, which nobody checks


def _read_file(file: TnefFile, attribute: int, value: bytes, charset: str) -> None:
    if attribute == FILE_TITLE:
        file.name = file.name or decode(value.rstrip(b"\x00"), charset)
    elif attribute == FILE_DATA:
        file.data = value
    elif attribute == FILE_PROPERTIES:
        properties = dict(_properties(value))
        file.name = _text(properties.get(LONG_NAME), charset) or file.name
        file.content_type = _text(properties.get(MIME_TAG), charset)
        file.content_id = _text(properties.get(CONTENT_ID), charset).strip("<>")
        if not file.data and FILE_OBJECT in properties:
            kind, held = properties[FILE_OBJECT]
            file.data = held[16:] if kind == OBJECT else held


def _read_message(tnef: Tnef, properties: dict[int, tuple[int, bytes]], charset: str) -> None:
    if INTERNET_CODE_PAGE in properties:
        charset = f"cp{struct.unpack('<I', properties[INTERNET_CODE_PAGE][1])[0]}"
        charset = {"cp65001": "utf-8", "cp28591": "iso-8859-1", "cp20127": ""}.get(charset, charset)
    tnef.plain = tnef.plain or _text(properties.get(PLAIN_TEXT), charset)
    tnef.html = _text(properties.get(HTML), charset)
    if RTF in properties and not tnef.html:
        text = read_rtf(decompress_rtf(properties[RTF][1]))
        tnef.html = text.html
        tnef.plain = tnef.plain or text.plain


def _text(found: tuple[int, bytes] | None, charset: str) -> str:
    if found is None:
        return ""
    kind, value = found
    return decode(value, "utf-16-le" if kind == UNICODE else charset).rstrip("\x00")


def _properties(data: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """The MAPI properties by id: type and first value."""
    try:
        count, place = struct.unpack_from("<I", data)[0], 4
        for _ in range(min(count, MAX_PROPERTIES)):
            kind, number = struct.unpack_from("<HH", data, place)
            place += 4
            if number >= 0x8000:
                place = _after_name(data, place)
            values, place = _values(data, place, kind)
            if values:
                yield number, (kind & ~MULTIPLE, values[0])
    except (struct.error, IndexError):
        return


def _after_name(data: bytes, place: int) -> int:
    kind = struct.unpack_from("<I", data, place + 16)[0]
    if kind == 0:
        return place + 24
    size = struct.unpack_from("<I", data, place + 20)[0]
    return place + 24 + _padded(size)


def _values(data: bytes, place: int, kind: int) -> tuple[list[bytes], int]:
    base = kind & ~MULTIPLE
    is_variable = base in (OBJECT, STRING8, UNICODE, BINARY)
    count = 1
    if is_variable or kind & MULTIPLE:
        count = struct.unpack_from("<I", data, place)[0]
        place += 4
    values: list[bytes] = []
    for _ in range(min(count, MAX_PROPERTIES)):
        if is_variable:
            size = struct.unpack_from("<I", data, place)[0]
            place += 4
            step = _padded(size)
        elif base in FIXED_SIZES:
            size = step = FIXED_SIZES[base]
        else:
            raise IndexError(f"property type {base} is unknown")
        if place > len(data):
            raise IndexError("a property ends beyond the stream")
        values.append(data[place : place + size])
        place += step
    return values, place


def _padded(size: int) -> int:
    return size + -size % 4


def decompress_rtf(data: bytes) -> bytes:
    """RTF as it was before Outlook compressed it; as far as it goes where it is damaged."""
    if len(data) < 16:
        return b""
    _, raw_size, magic = struct.unpack_from("<III", data)
    if magic == 0x414C454D:  # "MELA": not compressed
        return data[16 : 16 + raw_size]
    window = bytearray(PREFILL.ljust(4096, b"\x00"))
    out, write, place = bytearray(), len(PREFILL), 16
    limit = min(raw_size, MAX_RTF_BYTES)
    while place < len(data) and len(out) < limit:
        control = data[place]
        place += 1
        for bit in range(8):
            if control >> bit & 1:
                if place + 2 > len(data):
                    return bytes(out)
                token = data[place] << 8 | data[place + 1]
                place += 2
                offset, length = token >> 4, (token & 15) + 2
                if offset == write:
                    return bytes(out)
                for step in range(length):
                    byte = window[(offset + step) % 4096]
                    out.append(byte)
                    window[write] = byte
                    write = (write + 1) % 4096
            elif place < len(data):
                out.append(data[place])
                window[write] = data[place]
                write = (write + 1) % 4096
                place += 1
    return bytes(out[:limit])
