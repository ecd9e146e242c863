"""The reader on this machine: what it thinks with is loaded by its first thought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from skranke.ai.analysis import SILENT, Found, Question
from skranke.ai.executor import think

if TYPE_CHECKING:
    from skranke.ai.classifier import Model


class Ourselves(Struct, frozen=True):
    """Reads in the thinking thread; without a model it tells no categories."""

    model: Model | None

    async def read(self, question: Question) -> Found:
        """What our engines say; a model chooses from the categories that it learned."""
        return await think(_read, self.model, question)

    async def sum_up(self, text: str, most_sentences: int, language: str) -> str:
        """The text's own sentences, whatever the language."""
        _ = language
        return await think(_summed_up, text, most_sentences)


def _summed_up(text: str, most_sentences: int) -> str:
    from skranke.ai.summarize import summary

    return summary(text, most_sentences)


def _read(model: Model | None, question: Question) -> Found:
    from skranke.ai.features import worded
    from skranke.ai.language import language
    from skranke.ai.sentiment import feeling

    text, guess = question.text, model.guess if model and question.categories else None
    return Found(
        language=language(text, question.languages),
        feeling=feeling(text) if question.sentiment else SILENT,
        category_id=guess(worded(question.title, text)) if guess else 0,
    )
