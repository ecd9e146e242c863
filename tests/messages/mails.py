"""Mails to be taken apart, written by hand: every name in them is invented."""

import struct
from base64 import encodebytes


def mail(*lines: str, body: str | bytes = "", charset: str = "utf-8") -> bytes:
    """A mail with these header lines."""
    head = "".join(f"{line}\r\n" for line in lines).encode(charset)
    return head + b"\r\n" + (body.encode(charset) if isinstance(body, str) else body)


def multipart(kind: str, *parts: bytes, boundary: str = "b", closed: bool = True) -> bytes:
    """A multipart with its own head; a part is its headers, an empty line, its body."""
    mark = boundary.encode()
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    body = b"".join(b"--" + mark + b"\r\n" + part + b"\r\n" for part in parts)
    return head + body + (b"--" + mark + b"--\r\n" if closed else b"")


def part(content_type: str, body: str | bytes, *more: str) -> bytes:
    """A part of a multipart; `more` are further header lines."""
    head = "\r\n".join((f"Content-Type: {content_type}", *more)).encode()
    return head + b"\r\n\r\n" + (body.encode() if isinstance(body, str) else body)


def base64_part(content_type: str, data: bytes, *more: str) -> bytes:
    """A part whose content is base64."""
    return part(content_type, encodebytes(data), "Content-Transfer-Encoding: base64", *more)


def tnef(attributes: list[tuple[int, bytes]]) -> bytes:
    """A winmail.dat of these attributes."""
    stream = b"".join(
        struct.pack("<BII", 1, number, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)
        for number, data in attributes
    )
    return struct.pack("<IH", 0x223E9F78, 1) + stream


def mapi(properties: list[tuple[int, int, bytes]]) -> bytes:
    """MAPI properties of one value each: type, id, bytes."""
    out = struct.pack("<I", len(properties))
    for kind, number, data in properties:
        out += struct.pack("<HHII", kind, number, 1, len(data)) + data + b"\0" * (-len(data) % 4)
    return out


def der(tag: int, *contents: bytes) -> bytes:
    """An ASN.1 element."""
    content = b"".join(contents)
    if len(content) < 128:
        return bytes([tag, len(content)]) + content
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


def opaque_signed(content: bytes) -> bytes:
    """CMS SignedData around some bytes, without any signer."""
    signed, data = bytes.fromhex("2a864886f70d010702"), bytes.fromhex("2a864886f70d010701")
    inner = der(0x30, der(6, data), der(0xA0, der(4, content)))
    return der(
        0x30, der(6, signed), der(0xA0, der(0x30, der(2, b"\x01"), der(0x31), inner, der(0x31)))
    )
