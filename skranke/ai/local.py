"""The reader on this machine: what it thinks with is loaded by its first thought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from skranke.ai.analysis import NO_SENTIMENT, Analysis, AnalysisRequest
from skranke.ai.executor import run_in_thread

if TYPE_CHECKING:
    from skranke.ai.classifier import CategoryModel


class LocalAnalyzer(Struct, frozen=True):
    """Reads in the thinking thread; without a model it tells no categories."""

    model: CategoryModel | None

    async def analyze(self, question: AnalysisRequest) -> Analysis:
        """What our engines say; a model chooses from the categories that it learned."""
        return await run_in_thread(_analyze, self.model, question)

    async def summarize(self, text: str, most_sentences: int, language: str) -> str:
        """The text's own sentences, whatever the language."""
        _ = language
        return await run_in_thread(_summarize, text, most_sentences)


def _summarize(text: str, most_sentences: int) -> str:
    from skranke.ai.summarize import summarize

    return summarize(text, most_sentences)


def _analyze(model: CategoryModel | None, question: AnalysisRequest) -> Analysis:
    from skranke.ai.features import ticket_features
    from skranke.ai.language import language
    from skranke.ai.sentiment import detect_sentiment

    text, guess = question.text, model.guess if model and question.categories else None
    return Analysis(
        language=language(text, question.languages),
        sentiment=detect_sentiment(text) if question.sentiment else NO_SENTIMENT,
        category_id=guess(ticket_features(question.title, text)) if guess else 0,
    )
