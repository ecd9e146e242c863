"""A text's own sentences that stand for the rest: nothing is written anew.

The sentences whose words the others use most, in their order; what says the same as
one that was chosen is passed over.
"""

from collections.abc import Sequence

import numpy as np

from skranke.ai.features import FEATURE_COUNT, TextFeatures, text_features
from skranke.ai.sentences import split_sentences

MAX_SIMILARITY = 0.6  # from 0 to 1: says nothing new


def summarize(text: str, most_sentences: int) -> str:
    """Up to so many sentences of a text, in their order; "" of an empty one."""
    sentences = split_sentences(text)
    if len(sentences) <= most_sentences:
        return " ".join(sentences)
    return " ".join(sentences[i] for i in _choose(sentences, most_sentences))


def _choose(sentences: Sequence[str], most: int) -> list[int]:
    told = [text_features(sentence) for sentence in sentences]
    middle = np.zeros(FEATURE_COUNT, np.float32)
    for each in told:
        middle[each.indexes] += each.weights
    central = [float(middle[each.indexes] @ each.weights) for each in told]
    chosen: list[int] = []
    for i in sorted(range(len(told)), key=lambda i: -central[i]):
        if len(chosen) < most and all(
            _similarity(told[i], told[j]) < MAX_SIMILARITY for j in chosen
        ):
            chosen.append(i)
    return sorted(chosen)


def _similarity(one: TextFeatures, other: TextFeatures) -> float:
    _, mine, theirs = np.intersect1d(one.indexes, other.indexes, return_indices=True)
    return float(one.weights[mine] @ other.weights[theirs])
