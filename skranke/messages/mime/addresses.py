"""The people that a From, To or Cc names, however carelessly it was written.

Source: RFC 5322, section 3.4; RFC 6531 for characters beyond ASCII. An unquoted comma in
a name is taken for what it is: what has no address belongs to the name that follows.
"""

import re

import idna
from msgspec import Struct

from skranke.messages.mime.headers import decode_words

MAX_ADDRESSES = 500
MAX_ADDRESS_CHARACTERS = 254
MAX_NAME_CHARACTERS = 200
TOKEN = re.compile(
    r'"(?:[^"\\]|\\.)*"?'  # quoted
    r"|<[^<>]*>?"  # an address in angle brackets
    r"|[,;:()]"
    r'|[^",;:()<]+'
)
# an address that stands bare among words
BARE = re.compile(r"[^\s<>\"(),:;]+@[^\s<>\"(),:;]+")
WORD = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\"]{1,253}")
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


class Address(Struct, frozen=True):
    """Somebody in a header: `address` with its domain in ASCII and lower case."""

    address: str
    name: str = ""


class _Entry(Struct):
    words: list[str]
    address: str = ""


def parse_addresses(text: str) -> list[Address]:
    """The addresses of a header, each once; a group's members as if there were no group."""
    found: dict[str, Address] = {}
    for entry in _entries(text):
        words = " ".join("".join(entry.words).split())
        address = entry.address
        if not address and (bare := BARE.search(words)):
            address = bare[0]
            words = words.replace(bare[0], "", 1)
        usable = normalise_address(address)
        if usable:
            name = one_line(decode_words(words))[:MAX_NAME_CHARACTERS].strip("' ")
            found.setdefault(usable.lower(), Address(usable, name))
        if len(found) >= MAX_ADDRESSES:
            break
    return list(found.values())


def _entries(text: str) -> list[_Entry]:
    entries: list[_Entry] = []
    current = _Entry([])
    depth = 0  # of comments
    for lexeme in TOKEN.findall(text):
        if lexeme == "(":
            depth += 1
        elif lexeme == ")":
            depth = max(0, depth - 1)
        elif depth:
            continue
        elif lexeme in (",", ";"):
            is_address = bool(current.address) or "@" in "".join(current.words)
            if is_address or lexeme == ";" or not current.words:
                entries.append(current)
                current = _Entry([])
            else:
                current.words.append(", ")  # a comma in a name that nobody quoted
        elif lexeme == ":":
            current = _Entry([])  # what stood before is a group's name
        elif lexeme.startswith("<"):
            if not current.address:
                current.address = lexeme.strip("<> \t")
        elif lexeme.startswith('"'):
            quoted = lexeme[1:].removesuffix('"') if len(lexeme) > 1 else ""
            current.words.append(re.sub(r"\\(.)", r"\1", quoted))
        else:
            current.words.append(lexeme)
    return [*entries, current]


def normalise_address(address: str) -> str:
    """An address with its domain in ASCII and lower case; "" where it is not one.

    The local part is kept as it was written.
    """
    bare = address.strip().strip("<>'\"").removeprefix("mailto:").strip()
    if len(bare) > MAX_ADDRESS_CHARACTERS or not WORD.fullmatch(bare) or UNPRINTABLE.search(bare):
        return ""
    local, _, domain = bare.rpartition("@")
    domain = domain.rstrip(".").lower()
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except idna.IDNAError:
            return ""
    return f"{local}@{domain}" if domain else ""


def one_line(text: str) -> str:
    """Text without control and bidirectional characters, each run of blanks as one."""
    return " ".join(UNPRINTABLE.sub(" ", text).split())
