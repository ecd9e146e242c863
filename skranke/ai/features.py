"""A text's words as the category model counts them: places in a table, with weights."""

import re
from collections import Counter
from zlib import crc32

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from skranke.ai.clean_text import MOST_CHARACTERS

PLACES = 1 << 16  # words that share a place by chance count as one
WORD = re.compile(r"[^\W\d_]{2,40}")


class Words(Struct, frozen=True):
    """The places of a text's words, each once, with weights whose squares make one."""

    places: NDArray[np.uint32]
    weights: NDArray[np.float32]


def words(text: str, most_characters: int = MOST_CHARACTERS) -> Words:
    """The words of a text; repeated ones weigh little more."""
    found = WORD.findall(text[:most_characters].casefold())
    counted = Counter(crc32(word.encode()) % PLACES for word in found)
    weights = 1 + np.log(np.fromiter(counted.values(), np.float32, len(counted)))
    length = float(np.linalg.norm(weights)) or 1.0
    places = np.fromiter(counted, np.uint32, len(counted))
    return Words(places, (weights / length).astype(np.float32))


def worded(title: str, text: str, most_characters: int = MOST_CHARACTERS) -> Words:
    """The words of a ticket's title and prepared first message.

    The title's count twice, as they are chosen with more care.
    """
    return words(f"{title}\n{title}\n{text}", most_characters)
