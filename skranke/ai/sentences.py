"""A text taken apart into its sentences."""

import re

SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
MAX_SENTENCES = 300  # that are read
MAX_SENTENCE_CHARACTERS = 400  # characters of a sentence


def split_sentences(text: str) -> list[str]:
    """The sentences of a text that say something, cut to length."""
    found = (part.strip()[:MAX_SENTENCE_CHARACTERS] for part in SENTENCE_END.split(text) if part)
    return [each for each in found if any(map(str.isalpha, each))][:MAX_SENTENCES]
