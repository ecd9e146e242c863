"""Train the head of the sentiment model anew; the one argument is an archive.

The archive is the source distribution of vaderSentiment 3.3.2, in whose paper's data
people have rated snippets of English from -4 to 4. A snippet's embedding and rating are
all that is learned from; the first
500 of each kind are kept apart for `make ai-eval`. Takes minutes.
"""

import io
import sys
import tarfile
from pathlib import Path

import numpy as np

from skranke.ai.sentiment import HEAD_FILE, embed

INNER = "vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz"
REVIEWS, TWEETS, PRESS = "amazonReviewSnippets", "tweets", "nytEditorialSnippets"
HELD_OUT = 500  # of each kind
MOST = {REVIEWS: 1400, TWEETS: 1400, PRESS: 500}  # that are learned from
NEUTRAL = 0.5  # ratings up to here, either way
STRENGTH = 10.0  # of the data against the wish for small weights
STEPS = 4000
Rated = list[tuple[str, int]]


def snippets(archive: Path, kind: str) -> Rated:
    """Texts with 0 for bad, 1 for neither, 2 for good, as people have rated them."""
    with tarfile.open(archive) as outer:
        packed = outer.extractfile(INNER)
        assert packed
        with tarfile.open(fileobj=io.BytesIO(packed.read())) as inner:
            held = inner.extractfile(f"hutto_ICWSM_2014/{kind}_GroundTruth.txt")
            assert held
            lines = held.read().decode("utf-8", "replace").splitlines()
    parts = [line.split("\t", 2) for line in lines if line.count("\t") >= 2]
    return [(text, _class(float(rating))) for _, rating, text in parts]


def _class(rating: float) -> int:
    return 1 + (rating > NEUTRAL) - (rating < -NEUTRAL)


def fitted(vectors: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Weights of a softmax regression whose three classes count alike, bias last."""
    x = np.hstack([vectors, np.ones((len(vectors), 1))])
    y = np.eye(3)[classes]
    weight = (len(y) / (3 * y.sum(axis=0)))[classes][:, None]
    weights = ahead = np.zeros((x.shape[1], 3))
    ridge = np.ones((x.shape[1], 1)) / STRENGTH
    ridge[-1] = 0
    step = 1 / (0.5 * np.linalg.norm(x * np.sqrt(weight), 2) ** 2 + 1 / STRENGTH)
    for round_ in range(STEPS):  # Nesterov's accelerated descent
        scores = x @ ahead
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        new = ahead - step * (x.T @ (weight * (p - y)) + ridge * ahead)
        ahead = new + round_ / (round_ + 3) * (new - weights)
        weights = new
    return weights


def main(archive: Path) -> None:
    learned: Rated = []
    for kind, most in MOST.items():
        learned += snippets(archive, kind)[HELD_OUT : HELD_OUT + most]
    print(f"Embedding {len(learned)} snippets")
    vectors = np.vstack([embed(text) for text, _ in learned])
    weights = fitted(vectors, np.array([rated for _, rated in learned]))
    np.save(HEAD_FILE, weights.astype(np.float32))
    print(f"Wrote {HEAD_FILE}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
