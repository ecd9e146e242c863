"""The reader on this machine: what it thinks with is loaded with it."""

from msgspec import Struct

from skranke.ai.categorising import Model
from skranke.ai.language import language
from skranke.ai.reading import SILENT, Found, Question
from skranke.ai.sentiment import feeling
from skranke.ai.summarising import summary
from skranke.ai.thinking import think
from skranke.ai.words import worded


class Ourselves(Struct, frozen=True):
    """Reads in the thinking thread; without a model it tells no categories."""

    model: Model | None

    async def read(self, question: Question) -> Found:
        """What our engines say; a model chooses from the categories that it learned."""
        return await think(_read, self.model, question)

    async def sum_up(self, text: str, most_sentences: int, language: str) -> str:
        """The text's own sentences, whatever the language."""
        _ = language
        return await think(summary, text, most_sentences)


def _read(model: Model | None, question: Question) -> Found:
    text, guess = question.text, model.guess if model and question.categories else None
    return Found(
        language=language(text, question.languages),
        feeling=feeling(text) if question.sentiment else SILENT,
        category_id=guess(worded(question.title, text)) if guess else 0,
    )
