"""Addresses as people write them: `a@b.c` or `Name <a@b.c>`.

What is returned can stand in a header and in SMTP's envelope: no control characters,
and a domain in ASCII. Source: RFC 5321, section 4.1.2; RFC 5322, section 3.4.
"""

import re
from collections.abc import Iterable
from email.headerregistry import Address

from msgspec import Struct

from skranke.messages.mime.addresses import one_line, parse_addresses

__all__ = ["MailAddress", "first_address", "mail_addresses", "one_line", "unusable"]

ATOM_PATTERN = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LOCAL_PART = re.compile(rf"{ATOM_PATTERN}(\.{ATOM_PATTERN})*")
LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
SEPARATOR = re.compile(r"[,;](?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)")  # outside quotes
MAX_LOCAL_CHARACTERS = 64
MAX_ADDRESS_CHARACTERS = 254
MAX_NAME_CHARACTERS = 100


class MailAddress(Struct, frozen=True):
    """An address that mail can go to, and whose it is, if that was said."""

    address: str
    name: str = ""

    def __str__(self) -> str:
        """As it stands in a header before that is encoded."""
        return str(self.header())

    def header(self) -> Address:
        """As the standard library writes it into a header."""
        return Address(display_name=self.name, addr_spec=self.address)


def mail_addresses(texts: Iterable[str]) -> list[MailAddress]:
    """The mailboxes that the texts name, each address once; the rest is left out.

    A text may name several, with commas between them; one with control characters
    names nobody.
    """
    found: dict[str, MailAddress] = {}
    for text in texts:
        written = "" if CONTROL_CHARACTERS.search(text) else text
        for entry in parse_addresses(written):
            if usable := _valid_address(entry.address):
                found.setdefault(
                    usable.lower(), MailAddress(usable, entry.name[:MAX_NAME_CHARACTERS])
                )
    return list(found.values())


def first_address(*texts: str) -> MailAddress | None:
    """The first mailbox that any of the texts names."""
    return next(iter(mail_addresses(texts)), None)


def _valid_address(address: str) -> str:
    """The address itself; "" for one that mail can't go to."""
    local, at, domain = address.rpartition("@")
    if not at or len(local) > MAX_LOCAL_CHARACTERS or not LOCAL_PART.fullmatch(local):
        return ""
    labels = domain.split(".")
    usable = f"{local}@{domain}"
    fits = len(usable) <= MAX_ADDRESS_CHARACTERS and all(LABEL.fullmatch(label) for label in labels)
    return usable if fits else ""


def unusable(texts: Iterable[str]) -> list[str]:
    """The parts of the texts that name no address that mail can go to, as written."""
    return [
        part.strip()
        for text in texts
        for part in SEPARATOR.split(text)
        if "@" in part and not mail_addresses([part])
    ] + [text.strip() for text in texts if text.strip() and "@" not in text]
