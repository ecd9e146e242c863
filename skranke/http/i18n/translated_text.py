"""Stored texts in the caller's language.

A multi-language text is `US:"Customer";NO:"Kunde";`, a resource `[SR_YES]`. What
doesn't keep to that form passes unchanged. `texts.tsv` holds the resources that this
desk emits, in words of its own. Source: reference, multi-language and resource strings.
"""

import re
from functools import cache
from importlib import resources
from re import Match

from skranke.core.languages import ENGLISH, VENDOR_CODES

ENTRY = re.compile(r'([A-Z]{2}):"([^"]*)"')
START = re.compile(r'(?<![A-Za-z0-9])[A-Z]{2}:"')
# entries separated by semicolons; the last is followed by a semicolon or by no word
BLOCK = re.compile(r'(?<![A-Za-z0-9])[A-Z]{2}:"[^"]*"(?:;[A-Z]{2}:"[^"]*")*+(?:;|(?![\w"]))')
RESOURCE = re.compile(r"\[(SR_[A-Z0-9_]+)\]")


def localise_text(text: str, language: str) -> str:
    """The text in this language: `nb`, `en` or another key of VENDOR_CODES."""
    if '"' in text:
        text = _without_blocks(text, language)
    if "[SR_" in text:
        text = RESOURCE.sub(lambda found: _resource(found, language), text)
    return text


def _without_blocks(text: str, language: str) -> str:
    """Replace each block by its entry; unchanged if any block is malformed."""
    if START.search(BLOCK.sub("", text)):
        return text
    return BLOCK.sub(lambda found: _entry_text(found[0], language), text)


def _entry_text(block: str, language: str) -> str:
    """The entry in the language, else in English, else the first."""
    entries: dict[str, str] = {}
    for code, said in ENTRY.findall(block):
        entries.setdefault(code, said)
    for code in (VENDOR_CODES[language], VENDOR_CODES[ENGLISH]):
        if code in entries:
            return entries[code]
    return next(iter(entries.values()))


def _resource(found: Match[str], language: str) -> str:
    return resource(found[1], language) or found[0]


def resource(name: str, language: str) -> str:
    """A resource's text in the language, else in English; "" if it is unknown."""
    said = resource_texts().get(name, {})
    return said.get(language) or said.get(ENGLISH, "")


@cache
def resource_texts() -> dict[str, dict[str, str]]:
    """Every resource by name, its texts by language."""
    table = resources.files("skranke.http.i18n").joinpath("texts.tsv").read_text("utf-8")
    (_, *languages), *rows = (line.split("\t") for line in table.splitlines())
    return {name: dict(zip(languages, said, strict=True)) for name, *said in rows}


def languages() -> list[str]:
    """The languages that resources have texts in."""
    return list(next(iter(resource_texts().values())))
