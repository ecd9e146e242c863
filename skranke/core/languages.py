"""Languages by ISO code, and the vendor's codes for them in stored texts.

Source: reference, Accept-Language and SO-Language. The vendor's codes are not country
codes.
"""

import re

ENGLISH = "en"
VENDOR_CODES = {
    "en": "US",
    "nb": "NO",
    "sv": "SW",
    "da": "DA",
    "de": "GE",
    "nl": "NL",
    "fr": "FR",
    "es": "SP",
    "it": "IT",
    "fi": "FI",
    "pl": "PL",
    "cs": "CZ",
    "ru": "RU",
    "ja": "JP",
    "zh": "CN",
    "uk": "UK",
}
SAME_LANGUAGES = {"no": "nb", "nn": "nb"}
WEIGHT = re.compile(r"q\s*=\s*([0-9.]+)", re.IGNORECASE)
RAW_CODES = ("*", "x")  # request texts as they are stored


def language_of(code: str) -> str | None:
    """The language of an ISO code in any case, with or without a region."""
    language = re.split("[-_]", code.strip().lower(), maxsplit=1)[0]
    language = SAME_LANGUAGES.get(language, language)
    return language if language in VENDOR_CODES else None


def requested_language(header: str) -> str | None:
    """The language that a header requests; English if no requested language is known.

    None if the header is blank or requests texts as they are stored. In a list, which
    commas or semicolons separate, the known language with the highest weight wins.
    """
    ranked = _codes_by_weight(header)
    for code in ranked:
        if code in RAW_CODES:
            return None
        if language := language_of(code):
            return language
    return ENGLISH if ranked else None


def _codes_by_weight(header: str) -> list[str]:
    """The codes sorted by weight; codes of equal weight keep their order."""
    weights: list[tuple[str, float]] = []
    for part in re.split("[,;]", header.lower()):
        if weight := WEIGHT.fullmatch(part.strip()):
            weights[-1:] = [(code, _number(weight[1])) for code, _ in weights[-1:]]
        elif part.strip():
            weights.append((part.strip(), 1.0))
    return [code for code, weight in sorted(weights, key=lambda w: -w[1]) if weight]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 1.0
