"""From texts to lessons, and from lessons to sums; in the thinking thread."""

import logging
from collections.abc import Sequence

import numpy as np

from skranke.ai.classifier import CategoryTrainer
from skranke.ai.clean_text import prepare_text
from skranke.ai.features import TextFeatures, ticket_features
from skranke.ai.training_examples import TrainingExample, TrainingLesson

log = logging.getLogger("skranke.ai")


def encode_examples(examples: Sequence[TrainingExample], most_characters: int) -> list[bytes]:
    """What each example teaches, to be kept; nothing where its text breaks a rule."""
    return [_encode_example(example, most_characters) for example in examples]


def add_lessons(sums: CategoryTrainer, found: Sequence[TrainingLesson]) -> None:
    """Add lessons up."""
    sums.learn((each.category_id, unpack_features(each.words)) for each in found)


def pack_features(text: TextFeatures) -> bytes:
    """A text's words as a lesson has them."""
    return text.indexes.astype("<u2").tobytes() + text.weights.astype("<f2").tobytes()


def unpack_features(data: bytes) -> TextFeatures:
    """The words of a lesson, their weights to three digits."""
    count = len(data) // 4
    places = np.frombuffer(data, "<u2", count).astype(np.uint32)
    weights = np.frombuffer(data, "<f2", count, offset=2 * count).astype(np.float32)
    return TextFeatures(places, weights)


def _encode_example(example: TrainingExample, most_characters: int) -> bytes:
    try:
        text = prepare_text(example.body, example.html_body)
        return pack_features(ticket_features(example.title, text, most_characters))
    except Exception:  # one text must not keep the others from being learned
        log.exception("Nothing is learned from ticket %d", example.ticket_id)
        return b""
