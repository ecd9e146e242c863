"""Decode the bytes of a mail as text, whatever their label says; never raises.

The declared charset counts first, widened to the superset that mail programs write
under its name; then UTF-8 where the bytes are valid; then a detector; then windows-1252.
Source: RFC 2045; the WHATWG Encoding Standard for the supersets.
"""

import codecs
import re
from encodings.aliases import aliases

from charset_normalizer import from_bytes

MIN_DETECTOR_BYTES = 64  # of less text a detector only guesses
MAX_DETECTOR_BYTES = 32 * 1024
JIS_ESCAPE = re.compile(rb"\x1b\$[@B]|\x1b\(J")
NOT_IN_LABEL = re.compile(r"[^a-z0-9]+")
LONE_SURROGATES = re.compile("[\ud800-\udfff]")

# codecs of Python that turn bytes into other bytes, or that read commands
NOT_TEXT = frozenset(
    {"base64_codec", "bz2_codec", "hex_codec", "quopri_codec", "rot_13", "uu_codec", "zlib_codec"}
    | {"mbcs", "oem", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined"}
)
WITHOUT_ALIAS = frozenset(
    {"cp1006", "cp720", "cp737", "cp856", "cp874", "cp875", "koi8_r", "koi8_t", "koi8_u"}
    | {"mac_croatian", "mac_farsi", "mac_romanian", "utf_8_sig"}
)
TEXT_CODECS = (frozenset(aliases.values()) | WITHOUT_ALIAS) - NOT_TEXT

# names that mail programs write and Python does not know; only letters and digits count
LABELS = {
    "ansi": "cp1252",
    "ascii8bit": "",
    "binary": "",
    "cp850": "cp850",
    "iso2022jpms": "iso2022_jp_ext",
    "iso88598i": "iso8859_8",
    "iso88598e": "iso8859_8",
    "isoir149": "cp949",
    "ksc56011987": "cp949",
    "macintosh": "mac_roman",
    "unicode": "utf_16",
    "unknown": "",
    "unknown8bit": "",
    "usascii": "ascii",
    "utf8mb3": "utf_8",
    "utf8mb4": "utf_8",
    "windows31j": "cp932",
    "windows874": "cp874",
    "xcp1252": "cp1252",
    "xeucjp": "euc_jp",
    "xgbk": "gb18030",
    "xmaccyrillic": "mac_cyrillic",
    "xmacroman": "mac_roman",
    "xsjis": "cp932",
    "xunknown": "",
}
SUPERSETS = {
    "ascii": "",
    "big5": "cp950",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso2022_jp": "iso2022_jp_ext",
    "iso8859_9": "cp1254",
    "iso8859_11": "cp874",
    "latin_1": "cp1252",
    "shift_jis": "cp932",
    "tis_620": "cp874",
    "utf_8": "utf_8_sig",
}


def codec_of(label: str) -> str:
    """The Python codec for a declared charset; "" for one that names no text encoding."""
    bare = NOT_IN_LABEL.sub("", label.lower().partition("$")[0])
    if bare in LABELS:
        name = LABELS[bare]
    else:
        try:
            name = codecs.lookup(label.strip(" \t\"'_").lower().partition("$")[0]).name
        except (LookupError, ValueError, UnicodeError):
            return ""
        name = name.replace("-", "_")
        name = aliases.get(name, name)
    name = {"iso8859_1": "latin_1"}.get(name, name)
    name = SUPERSETS.get(name, name)
    return name if name in TEXT_CODECS else ""


def decode(data: bytes, label: str = "") -> str:
    """Text without NUL and without halves of surrogate pairs."""
    return LONE_SURROGATES.sub("\ufffd", _decode(data, codec_of(label))).replace("\x00", "")


def _decode(data: bytes, codec: str) -> str:
    if JIS_ESCAPE.search(data) and codec in ("", "utf_8_sig", "cp1252"):
        codec = "iso2022_jp_ext"
    for candidate in (codec, "utf_8_sig"):
        if candidate and (text := _strictly(data, candidate)) is not None:
            return text
    if codec:
        return data.decode(codec, "replace")
    return data.decode(_detected(data) or "cp1252", "replace")


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError):
        return None


def _detected(data: bytes) -> str:
    """The likeliest codec of undeclared 8-bit text; "" where nobody can tell."""
    if len(data) < MIN_DETECTOR_BYTES:
        return ""
    best = from_bytes(data[:MAX_DETECTOR_BYTES]).best()
    name = best.encoding if best else ""
    return (
        name if name in TEXT_CODECS and not name.startswith(("utf_7", "utf_16", "utf_32")) else ""
    )
