"""Take the mail out of an opaque S/MIME signature; nothing is verified here.

Source: RFC 5652 (SignedData), RFC 8551, section 3.5.2; X.690 for the encoding.
"""

from collections.abc import Iterator

SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
OBJECT_ID, SEQUENCE, OCTETS, CONSTRUCTED, EXPLICIT_0 = 0x06, 0x30, 0x04, 0x20, 0xA0
MAX_DEPTH = 20


def signed_content(data: bytes) -> bytes | None:
    """What was signed; None where the bytes are something else, or encrypted."""
    try:
        for tag, start, end in _elements(data, 0, len(data)):
            if tag == SEQUENCE:
                return _content_info(data, start, end)
    except (IndexError, ValueError, StopIteration):
        return None
    return None


def _content_info(data: bytes, start: int, end: int) -> bytes | None:
    (kind, id_start, id_end), *others = list(_elements(data, start, end))
    if kind != OBJECT_ID or data[id_start:id_end] != SIGNED_DATA or not others:
        return None
    _, explicit_start, explicit_end = others[0]
    _, signed_start, signed_end = next(_elements(data, explicit_start, explicit_end))
    for tag, inner_start, inner_end in _elements(data, signed_start, signed_end):
        if tag == SEQUENCE:  # the first one: what was signed
            for held, held_start, held_end in _elements(data, inner_start, inner_end):
                if held == EXPLICIT_0:
                    return _octets(data, held_start, held_end, 0)
            return None
    return None


def _octets(data: bytes, start: int, end: int, depth: int) -> bytes:
    """The bytes of an octet string, which may come in pieces."""
    if depth > MAX_DEPTH:
        raise ValueError("nested too deeply")
    return b"".join(
        _octets(data, begin, stop, depth + 1) if tag & CONSTRUCTED else data[begin:stop]
        for tag, begin, stop in _elements(data, start, end)
    )


def _elements(data: bytes, place: int, end: int, depth: int = 0) -> Iterator[tuple[int, int, int]]:
    """Each element between two places: its tag, and where its content begins and ends."""
    while place < end:
        tag, size, place = data[place], data[place + 1], place + 2
        if tag == 0 and size == 0:  # the end of an element of no declared length
            return
        if size == 0x80:
            stop = _indefinite_end(data, place, end, depth + 1)
            yield tag, place, stop
            place = stop + 2
            continue
        if size > 0x80:
            count = size & 0x7F
            size = int.from_bytes(data[place : place + count], "big")
            place += count
        yield tag, place, min(place + size, end)
        place += size


def _indefinite_end(data: bytes, place: int, end: int, depth: int) -> int:
    """Where the two zero bytes stand that end an element without a length."""
    if depth > MAX_DEPTH:
        raise ValueError("nested too deeply")
    stop = place
    while data[stop : stop + 2] != b"\x00\x00":
        tag_end = next(_elements(data, stop, end, depth), None)
        if tag_end is None:
            raise ValueError("not ended")
        is_indefinite = data[stop + 1] == 0x80
        stop = tag_end[2] + (2 if is_indefinite else 0)
    return stop
