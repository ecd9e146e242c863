"""A text's words as the category model counts them: places in a table, with weights."""

import re
from collections import Counter
from zlib import crc32

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from skranke.ai.clean_text import MAX_TEXT_CHARACTERS

FEATURE_COUNT = 1 << 16  # words that share a place by chance count as one
WORD_PATTERN = re.compile(r"[^\W\d_]{2,40}")


class TextFeatures(Struct, frozen=True):
    """The places of a text's words, each once, with weights whose squares make one."""

    indexes: NDArray[np.uint32]
    weights: NDArray[np.float32]


def text_features(text: str, most_characters: int = MAX_TEXT_CHARACTERS) -> TextFeatures:
    """The words of a text; repeated ones weigh little more."""
    found = WORD_PATTERN.findall(text[:most_characters].casefold())
    counted = Counter(crc32(word.encode()) % FEATURE_COUNT for word in found)
    weights = 1 + np.log(np.fromiter(counted.values(), np.float32, len(counted)))
    length = float(np.linalg.norm(weights)) or 1.0
    places = np.fromiter(counted, np.uint32, len(counted))
    return TextFeatures(places, (weights / length).astype(np.float32))


def ticket_features(
    title: str, text: str, most_characters: int = MAX_TEXT_CHARACTERS
) -> TextFeatures:
    """The words of a ticket's title and prepared first message.

    The title's count twice, as they are chosen with more care.
    """
    return text_features(f"{title}\n{title}\n{text}", most_characters)
