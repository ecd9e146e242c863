"""How texts are compared: in any case, without accents, special letters as typed without them.

The same rule as the function `text_fold` of the database.
"""

import re
import unicodedata

UNSEEN = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]")
LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "ŧ": "t", "ς": "σ"}
    | {"æ": "ae", "œ": "oe", "ß": "ss", "þ": "th"}
)


def text_fold(said: str) -> str:
    """The text as it is compared: `Grünerløkka` → `grunerlokka`."""
    if said.isascii():
        return said.lower()
    bare = UNSEEN.sub("", unicodedata.normalize("NFKD", said)).lower()
    return unicodedata.normalize("NFC", bare.translate(LETTERS))
