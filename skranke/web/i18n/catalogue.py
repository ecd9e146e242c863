"""Texts of the pages by language: the English text is the key.

`catalogues/{language}.json` maps each English text to its translation. A test collects
every text that templates, scripts and code use and compares.
"""

import json
from functools import cache
from importlib.resources import files

from msgspec import Struct

from skranke.core.languages import requested_language

LANGUAGES = {"en": "English", "nb": "Norsk bokmål", "sv": "Svenska", "da": "Dansk", "de": "Deutsch"}
ENGLISH = "en"


@cache
def catalogue(language: str) -> dict[str, str]:
    """The translations into a language; empty for English."""
    if language == ENGLISH:
        return {}
    path = files("skranke.web.i18n").joinpath("catalogues", f"{language}.json")
    return json.loads(path.read_text("utf-8"))


def language_of(chosen: str, accept_language: str) -> str:
    """The language that a person chose, else the browser's, else English."""
    if chosen in LANGUAGES:
        return chosen
    asked = requested_language(accept_language)
    return asked if asked in LANGUAGES else ENGLISH


class Translator(Struct, frozen=True):
    """Called with an English text, answers it in the language, values filled in."""

    language: str

    def __call__(self, text: str, /, **values: object) -> str:
        translated = catalogue(self.language).get(text, text)
        return translated.format(**values) if values else translated
