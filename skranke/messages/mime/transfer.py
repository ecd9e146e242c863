"""Take a part's transfer encoding off; what is broken is read as far as it goes.

Source: RFC 2045, section 6; POSIX uuencode.
"""

import re
from binascii import Error, a2b_base64, a2b_qp, a2b_uu

NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
BLANKS = b" \t\r\n"
ENDED = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n", re.MULTILINE)
UU_END = re.compile(rb"^(?:`|[ ])?\r?\n?end[ \t]*(?:\r?\n|\Z)", re.MULTILINE)


def decode_transfer(data: bytes, encoding: str) -> bytes:
    """The bytes that were encoded; the same bytes where nothing could be decoded."""
    how = encoding.strip().lower()
    if how == "quoted-printable":
        return a2b_qp(data)
    if how == "base64":
        return from_base64(data) or data
    if how in ("x-uuencode", "uuencode", "x-uue", "uue"):
        files = uuencoded(data)
        return files[0][1] if files else data
    return data


def from_base64(data: bytes) -> bytes:
    """Bytes from base64 with junk in it, without its end, or of several pieces."""
    try:
        return a2b_base64(data.translate(None, BLANKS), strict_mode=True)
    except Error:
        bare = NOT_BASE64.sub(b"", data)
    return b"".join(_piece(found[0]) for found in ENDED.finditer(bare))


def _piece(text: bytes) -> bytes:
    body = text.rstrip(b"=")
    if len(body) % 4 == 1:  # no byte ends here
        body = body[:-1]
    try:
        return a2b_base64(body + b"=" * (-len(body) % 4))
    except Error:
        return b""


def uuencoded(data: bytes) -> list[tuple[bytes, bytes, int, int]]:
    """The files that stand uuencoded in a text: name, content, and from where to where."""
    files: list[tuple[bytes, bytes, int, int]] = []
    place = 0
    while len(files) < 100 and (begin := UU_BEGIN.search(data, place)):
        end = UU_END.search(data, begin.end())
        if end is None:
            break
        content = _uu_lines(data[begin.end() : end.start()])
        if content is not None:
            files.append((begin[1], content, begin.start(), end.end()))
        place = end.end()
    return files


def _uu_lines(data: bytes) -> bytes | None:
    content = bytearray()
    for line in data.splitlines():
        try:
            content += a2b_uu(line)
        except Error:  # trailing characters of careless encoders: trust the length
            if not line:
                continue
            size = ((line[0] - 32 & 63) * 4 + 5) // 3
            try:
                content += a2b_uu(line[:size])
            except Error:
                return None
    return bytes(content)
