"""What an RTF text says, and the HTML that Outlook may have wrapped in it.

Source: MS-OXRTFEX for HTML within RTF; the RTF specification 1.9 for the rest.
"""

import re

from msgspec import Struct

from skranke.messages.mime.charsets import decode

TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})"  # 1: a byte
    rb"|\\([a-z]{1,32})(-?[0-9]{1,10})?[ ]?"  # 2, 3: a word and its number
    rb"|\\([^a-z])"  # 4: a symbol
    rb"|([{}])"  # 5: a group
    rb"|([^\\{}\r\n]+)"  # 6: text
)
HIDDEN = frozenset(
    b"fonttbl colortbl stylesheet info pict header footer themedata datastore generator".split()
)
BREAKS = {b"par": "\n", b"line": "\n", b"tab": "\t", b"row": "\n", b"cell": "\t"}
SIGNS = {
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
    b"endash": "–",
    b"emdash": "—",
}


class RtfText(Struct):
    """The text of an RTF; `html` where it was HTML before."""

    plain: str = ""
    html: str = ""


class _Group(Struct):
    is_hidden: bool = False
    is_tag: bool = False  # \*\htmltag: HTML as it was
    unicode_skip: int = 1


def read_rtf(data: bytes) -> RtfText:
    """The text; empty for bytes that are no RTF."""
    if not data.startswith(b"{\\rtf"):
        return RtfText()
    is_html = b"\\fromhtml" in data[:2000]
    charset, out, pending = "cp1252", list[str](), bytearray()
    groups, starred, in_rtf, skip = [_Group()], False, False, 0

    def flush() -> None:
        if pending:
            out.append(decode(bytes(pending), charset))
            pending.clear()

    for found in TOKEN.finditer(data):
        byte, word, number, symbol, brace, text = found.groups()
        group = groups[-1]
        is_shown = not group.is_hidden and not (is_html and in_rtf and not group.is_tag)
        if brace == b"{":
            if len(groups) > 500:
                break
            groups.append(_Group(group.is_hidden, group.is_tag, group.unicode_skip))
        elif brace == b"}":
            if len(groups) > 1:
                groups.pop()
        elif symbol == b"*":
            starred = True
            continue
        elif word is not None:
            flush()
            value = int(number or b"1")
            if word == b"htmltag":
                group.is_tag, group.is_hidden = True, False
            elif starred or word in HIDDEN:
                group.is_hidden = True
            elif word == b"htmlrtf":
                in_rtf = value != 0
            elif word == b"ansicpg":
                charset = f"cp{value}"
            elif word == b"uc":
                group.unicode_skip = min(value, 10)
            elif word == b"u" and is_shown:
                out.append(chr(value % 65536) if not 0xD800 <= value % 65536 < 0xE000 else "\ufffd")
                skip = group.unicode_skip
            elif is_shown and not (is_html and group.is_tag):
                out.append(BREAKS.get(word) or SIGNS.get(word, ""))
        elif not is_shown:
            pass
        elif byte is not None:
            if skip:
                skip -= 1
            else:
                pending += bytes.fromhex(byte.decode())
        elif symbol is not None:
            pending += {b"~": b"\xa0", b"_": b"-"}.get(symbol, b"" if symbol == b"-" else symbol)
        elif text is not None:
            pending += text[skip:]
            skip = max(0, skip - len(text))
        starred = False
    flush()
    said = "".join(out).strip()
    return RtfText(html=said) if is_html else RtfText(plain=said)
