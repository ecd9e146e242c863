"""From texts to lessons, and from lessons to sums; in the thinking thread."""

import logging
from collections.abc import Sequence

import numpy as np

from skranke.ai.classifier import Lessons
from skranke.ai.clean_text import prepared
from skranke.ai.features import Words, worded
from skranke.ai.training_examples import Example, Lesson

log = logging.getLogger("skranke.ai")


def taught(examples: Sequence[Example], most_characters: int) -> list[bytes]:
    """What each example teaches, to be kept; nothing where its text breaks a rule."""
    return [_taught(example, most_characters) for example in examples]


def learn(sums: Lessons, found: Sequence[Lesson]) -> None:
    """Add lessons up."""
    sums.learn((each.category_id, unpacked(each.words)) for each in found)


def packed(text: Words) -> bytes:
    """A text's words as a lesson has them."""
    return text.places.astype("<u2").tobytes() + text.weights.astype("<f2").tobytes()


def unpacked(data: bytes) -> Words:
    """The words of a lesson, their weights to three digits."""
    count = len(data) // 4
    places = np.frombuffer(data, "<u2", count).astype(np.uint32)
    weights = np.frombuffer(data, "<f2", count, offset=2 * count).astype(np.float32)
    return Words(places, weights)


def _taught(example: Example, most_characters: int) -> bytes:
    try:
        text = prepared(example.body, example.html_body)
        return packed(worded(example.title, text, most_characters))
    except Exception:  # one text must not keep the others from being learned
        log.exception("Nothing is learned from ticket %d", example.ticket_id)
        return b""
