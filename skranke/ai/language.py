"""Which of a desk's languages a text is in.

By py3langid, whose whole model is asked: the likelihoods of the listed languages are
laid over each other, and what lies mostly outside of them is in none. To be asked in
one thread at a time. Figures of the thresholds: docs/ai.md.
"""

from functools import cache
from typing import cast

from py3langid.langid import MODEL_FILE, LanguageIdentifier

MIN_LIKELIHOOD = 0.7  # of the listed languages, the likelihood from which one is named
MIN_LISTED_LIKELIHOOD = 0.2  # of all languages, the likelihood that the listed must have together
MIN_LETTERS = 20
MAX_CHARACTERS = 1500
MODEL_CODES = {"nb": "no"}  # ISO 639-1 where the model says it otherwise


def language(text: str, listed: tuple[str, ...]) -> str:
    """The ISO 639-1 code of a prepared text; "" where that isn't known well enough."""
    if sum(map(str.isalpha, text)) < MIN_LETTERS or not listed:
        return ""
    found = _likelihoods(text[:MAX_CHARACTERS])
    likely = {code: found.get(MODEL_CODES.get(code, code), 0.0) for code in listed}
    inside = sum(likely.values())
    best = max(likely, key=lambda code: likely[code])
    known = inside >= MIN_LISTED_LIKELIHOOD and likely[best] >= MIN_LIKELIHOOD * inside
    return best if known else ""


def _likelihoods(text: str) -> dict[str, float]:
    ranked = cast("list[tuple[str, float]]", _model().rank(text))
    return dict(ranked)


@cache
def _model() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
