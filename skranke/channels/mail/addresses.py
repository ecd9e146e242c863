"""Addresses as people write them: `a@b.c` or `Name <a@b.c>`.

What is returned can stand in a header and in SMTP's envelope: no control characters,
and a domain in ASCII. Source: RFC 5321, section 4.1.2; RFC 5322, section 3.4.
"""

import re
from collections.abc import Iterable
from email.headerregistry import Address
from email.utils import getaddresses

from msgspec import Struct

ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LOCAL = re.compile(rf"{ATOM}(\.{ATOM})*")
LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
LONGEST_LOCAL = 64
LONGEST = 254
LONGEST_NAME = 100


class Mailbox(Struct, frozen=True):
    """An address that mail can go to, and whose it is, if that was said."""

    address: str
    name: str = ""

    def __str__(self) -> str:
        """As it stands in a header before that is encoded."""
        return str(self.header())

    def header(self) -> Address:
        """As the standard library writes it into a header."""
        return Address(display_name=self.name, addr_spec=self.address)


def listed(texts: Iterable[str]) -> list[Mailbox]:
    """The mailboxes that the texts name, each address once; the rest is left out.

    A text may name several, with commas between them; one with control characters
    names nobody.
    """
    found: dict[str, Mailbox] = {}
    for text in texts:
        written = "" if CONTROL.search(text) else text
        for name, address in getaddresses([written]):
            if usable := _usable(address):
                found.setdefault(usable.lower(), Mailbox(usable, one_line(name)[:LONGEST_NAME]))
    return list(found.values())


def first(*texts: str) -> Mailbox | None:
    """The first mailbox that any of the texts names."""
    return next(iter(listed(texts)), None)


def _usable(address: str) -> str:
    """The address with its domain in ASCII; "" for one that mail can't go to."""
    local, at, domain = address.rpartition("@")
    if not at or len(local) > LONGEST_LOCAL or not LOCAL.fullmatch(local):
        return ""
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        return ""
    labels = domain.split(".")
    usable = f"{local}@{domain}"
    fits = len(usable) <= LONGEST and all(LABEL.fullmatch(label) for label in labels)
    return usable if fits else ""


def one_line(text: str) -> str:
    """The text without control characters, each run of blanks as one."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
