"""The category that a text belongs to, learned from those that people have chosen.

Complement naive Bayes: a category is described by what all others say, which keeps its
head where a few categories have most tickets (Rennie et al., 2003, "Tackling the Poor
Assumptions of Naive Bayes Text Classifiers"). It learns by adding up alone, so texts
pass through once and none is kept but for a sample that is held out; that one says how
sure a guess is, and from which sureness on it is worth saying. Memory is bounded by the
number of categories: the first that are met have sums of their own, 256 KiB each.
"""

import io
from collections.abc import Iterable

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from skranke.ai.features import FEATURE_COUNT, TextFeatures

MIN_EXAMPLES = 5  # of a category that may be guessed
MIN_CATEGORIES, MAX_CATEGORIES = 2, 256
OTHER_CATEGORIES = 0  # whose texts are those of further categories; it is never guessed
MIN_VALIDATION_TEXTS = 10  # held-out texts on which a floor may rest
TARGET_PRECISION = 0.8  # wanted of guesses that are said
VALIDATION_INTERVAL, MAX_VALIDATION_TEXTS = 5, 4000
SMOOTHING = 1.0
UNREACHABLE_FLOOR = 2.0  # a floor that no likelihood reaches
SHARPNESS_CANDIDATES = np.geomspace(1, 300, 60)
Scores = NDArray[np.float64]


class CategoryGuess(Struct, frozen=True):
    """A category and how likely it is, from 0 to 1."""

    category_id: int
    likelihood: float


class CategoryModel(Struct, frozen=True, kw_only=True):
    """What was learned; `floor` is the likelihood from which a guess is said."""

    categories: NDArray[np.int64]
    weights: NDArray[np.float16]  # by category and place
    sharpness: float
    floor: float
    accuracy: float  # of the first guess, on what was held out
    tickets: int

    def guesses(self, text: TextFeatures, most: int = 3) -> list[CategoryGuess]:
        """The likeliest categories, the likeliest first; empty for no words."""
        if not len(text.indexes) or not len(self.categories):
            return []
        likely = _likelihoods(_scores(self.weights, text)[None], self.sharpness)[0]
        order = np.argsort(-likely)[:most]
        return [CategoryGuess(int(self.categories[i]), float(likely[i])) for i in order]

    def guess(self, text: TextFeatures) -> int:
        """The category worth suggesting; 0 for none."""
        best = self.guesses(text, 1)
        return best[0].category_id if best and best[0].likelihood >= self.floor else 0

    def to_bytes(self) -> bytes:
        """The model as bytes, without code in them."""
        file = io.BytesIO()
        figures = [self.sharpness, self.floor, self.accuracy, float(self.tickets)]
        np.savez_compressed(
            file, categories=self.categories, weights=self.weights, figures=np.array(figures)
        )
        return file.getvalue()


def model_from_bytes(data: bytes) -> CategoryModel:
    """The model that was packed."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        sharpness, floor, accuracy, tickets = file["figures"].tolist()
        return CategoryModel(
            categories=file["categories"],
            weights=file["weights"],
            sharpness=sharpness,
            floor=floor,
            accuracy=accuracy,
            tickets=int(tickets),
        )


class CategoryTrainer:
    """What is learned so far: sums by category, and the texts that are held out."""

    def __init__(self) -> None:
        self.tickets = 0
        self._sums: dict[int, NDArray[np.float32]] = {}
        self._texts: dict[int, int] = {}  # by category, those that were added up
        self._containing = np.zeros(FEATURE_COUNT, np.float32)  # texts, by place
        self._held: list[tuple[int, TextFeatures]] = []

    def learn(self, lessons: Iterable[tuple[int, TextFeatures]]) -> None:
        """Take in texts with their categories; every fifth is held out, to a bound."""
        for category_id, text in lessons:
            if not len(text.indexes):
                continue
            self.tickets += 1
            hold = (
                self.tickets % VALIDATION_INTERVAL == 0 and len(self._held) < MAX_VALIDATION_TEXTS
            )
            if hold:
                self._held.append((category_id, text))
            else:
                self._add(category_id, text)

    def _add(self, category_id: int, text: TextFeatures) -> None:
        if category_id not in self._sums and len(self._sums) >= MAX_CATEGORIES:
            category_id = OTHER_CATEGORIES
        sums = self._sums.get(category_id)
        if sums is None:
            sums = self._sums[category_id] = np.zeros(FEATURE_COUNT, np.float32)
        sums[text.indexes] += text.weights
        self._containing[text.indexes] += 1
        self._texts[category_id] = self._texts.get(category_id, 0) + 1

    def model(self) -> CategoryModel | None:
        """What follows from it all; None where there is too little. To be asked once.

        The sample is judged by what the others taught, then it is learned from too.
        """
        proof = self._calibrate()
        for category_id, text in self._held:
            self._add(category_id, text)
        self._held.clear()
        categories = self._trainable_categories()
        if proof is None or len(categories) < MIN_CATEGORIES:
            return None
        sharpness, floor, accuracy = proof
        return CategoryModel(
            categories=np.array(categories),
            weights=self._weights(categories),
            sharpness=sharpness,
            floor=floor,
            accuracy=accuracy,
            tickets=self.tickets,
        )

    def _trainable_categories(self) -> list[int]:
        known = {c for c, n in self._texts.items() if n >= MIN_EXAMPLES}
        return sorted(known - {OTHER_CATEGORIES})

    def _weights(self, categories: list[int]) -> NDArray[np.float16]:
        texts = sum(self._texts.values())
        rarity = (np.log((1 + texts) / (1 + self._containing)) + 1).astype(np.float32)
        every = np.zeros(FEATURE_COUNT, np.float32)
        for sums in self._sums.values():
            every += sums * rarity

        def telling(category_id: int) -> NDArray[np.float32]:
            others = every - self._sums[category_id] * rarity + SMOOTHING
            return -np.log(others / others.sum())

        mean = np.zeros(FEATURE_COUNT)
        for category_id in categories:
            mean += telling(category_id) / len(categories)
        weights = np.empty((len(categories), FEATURE_COUNT), np.float16)
        for row, category_id in zip(weights, categories, strict=True):
            # the mean is alike for all, so it decides nothing; rare words of a text
            # count for more there, too
            row[:] = (telling(category_id) - mean) * rarity
        return weights

    def _calibrate(self) -> tuple[float, float, float] | None:
        """Sharpness, floor and accuracy by what was held out; None without enough."""
        categories = self._trainable_categories()
        if len(self._held) < MIN_VALIDATION_TEXTS or len(categories) < MIN_CATEGORIES:
            return None
        weights = self._weights(categories)
        scores = np.vstack([_scores(weights, text) for _, text in self._held])
        truth = np.array([_index_of(categories, c) for c, _ in self._held])
        right = scores.argmax(axis=1) == truth
        sharpness = _best_sharpness(scores, truth)
        sure = _likelihoods(scores, sharpness).max(axis=1)
        return sharpness, _floor(sure, right), float(right.mean())


def _index_of(categories: list[int], category_id: int) -> int:
    return categories.index(category_id) if category_id in categories else -1


def _scores(weights: NDArray[np.float16], text: TextFeatures) -> Scores:
    return weights[:, text.indexes].astype(np.float64) @ text.weights


def _likelihoods(scores: Scores, sharpness: float) -> Scores:
    raised = np.exp(sharpness * (scores - scores.max(axis=1, keepdims=True)))
    return raised / raised.sum(axis=1, keepdims=True)


def _best_sharpness(scores: Scores, truth: NDArray[np.int64]) -> float:
    """How far apart scores must be drawn to be likelihoods: those least surprised."""
    known = truth >= 0
    if not known.any():
        return 1.0
    at = np.arange(int(known.sum())), truth[known]

    def surprise(sharpness: float) -> float:
        likely = _likelihoods(scores[known], sharpness)[at]
        return float(-np.log(np.maximum(likely, 1e-12)).mean())

    return float(min(SHARPNESS_CANDIDATES, key=surprise))


def _floor(sure: Scores, right: NDArray[np.bool_]) -> float:
    """The least sureness from which on guesses are right often enough; or NEVER."""
    order = np.argsort(-sure)
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(precision[MIN_VALIDATION_TEXTS - 1 :] >= TARGET_PRECISION)
    return (
        float(sure[order][MIN_VALIDATION_TEXTS - 1 + enough[-1]])
        if len(enough)
        else UNREACHABLE_FLOOR
    )
