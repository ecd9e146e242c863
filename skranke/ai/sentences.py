"""A text taken apart into its sentences."""

import re

ENDS = re.compile(r"(?<=[.!?…])\s+|\n+")
MOST_SENTENCES = 300  # that are read
LONGEST = 400  # characters of a sentence


def sentences_of(text: str) -> list[str]:
    """The sentences of a text that say something, cut to length."""
    found = (part.strip()[:LONGEST] for part in ENDS.split(text) if part)
    return [each for each in found if any(map(str.isalpha, each))][:MOST_SENTENCES]
