"""A text's own sentences that stand for the rest: nothing is written anew.

The sentences whose words the others use most, in their order; what says the same as
one that was chosen is passed over.
"""

from collections.abc import Sequence

import numpy as np

from skranke.ai.features import PLACES, Words, words
from skranke.ai.sentences import sentences_of

ALIKE = 0.6  # from 0 to 1: says nothing new


def summary(text: str, most_sentences: int) -> str:
    """Up to so many sentences of a text, in their order; "" of an empty one."""
    sentences = sentences_of(text)
    if len(sentences) <= most_sentences:
        return " ".join(sentences)
    return " ".join(sentences[i] for i in _chosen(sentences, most_sentences))


def _chosen(sentences: Sequence[str], most: int) -> list[int]:
    told = [words(sentence) for sentence in sentences]
    middle = np.zeros(PLACES, np.float32)
    for each in told:
        middle[each.places] += each.weights
    central = [float(middle[each.places] @ each.weights) for each in told]
    chosen: list[int] = []
    for i in sorted(range(len(told)), key=lambda i: -central[i]):
        if len(chosen) < most and all(_alike(told[i], told[j]) < ALIKE for j in chosen):
            chosen.append(i)
    return sorted(chosen)


def _alike(one: Words, other: Words) -> float:
    _, mine, theirs = np.intersect1d(one.places, other.places, return_indices=True)
    return float(one.weights[mine] @ other.weights[theirs])
