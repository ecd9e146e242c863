"""What is asked about a text, what comes of it, and the protocol of who answers."""

from typing import Protocol

from msgspec import Struct


class TextSentiment(Struct, frozen=True):
    """-100 for bad to 100 for good, and how sure that is in per cent; 0/0: not told."""

    score: int = 0
    confidence: int = 0


NO_SENTIMENT = TextSentiment()


class AnalysisRequest(Struct, frozen=True, kw_only=True):
    """A prepared text, and what is to be found out about it."""

    text: str
    title: str = ""  # of the ticket; the category is told by both
    languages: tuple[str, ...] = ()  # to be told apart; none: not asked for
    sentiment: bool = False
    categories: dict[int, str] = {}  # to choose from, full names; none: not asked for


class Analysis(Struct, frozen=True, kw_only=True):
    """What a text turns out to be; 0 and "" where that isn't known or not asked for."""

    language: str = ""
    sentiment: TextSentiment = NO_SENTIMENT
    category_id: int = 0


class Analyzer(Protocol):
    """Who understands texts. A service raises Unavailable where it gives no answer."""

    async def analyze(self, question: AnalysisRequest) -> Analysis:
        """What was asked for, as far as it is known well enough."""
        ...

    async def summarize(self, text: str, most_sentences: int, language: str) -> str:
        """Up to so many sentences that stand for a text; "" for an empty one."""
        ...
