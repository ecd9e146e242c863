"""The conversations of the demo desk, read from plain text, one file a language.

A file begins with its vocabulary: a word, a colon, and choices parted by `|`. A story
begins with `# topic mood`, then come its possible titles (`= …`) and its turns, each
under a line `customer:`, `agent:` or `note:`, with a mood behind the word where it
changes; `or:` begins another wording of the same turn. Moods run from -100 to 100.
"""

import re
from importlib import resources

from msgspec import Struct

LANGUAGES = ("en", "nb", "sv", "da", "de", "nl", "fr", "fi")
SPAM = "spam"
TURN = re.compile(r"^(customer|agent|note)(?: (-?\d+))?:\n", re.MULTILINE)


class Turn(Struct, frozen=True):
    """Something said by the customer or the agent, or noted among colleagues."""

    who: str
    mood: int
    wordings: list[str]


class Story(Struct, frozen=True):
    """A conversation from the first question to its end, about one topic."""

    topic: str
    titles: list[str]
    turns: list[Turn]


class Book(Struct, frozen=True):
    """What is told in one language, and its vocabulary."""

    language: str
    words: dict[str, list[str]]
    stories: list[Story]

    def about(self, topic: str) -> list[Story]:
        """The stories on a topic."""
        return [story for story in self.stories if story.topic == topic]


def book(name: str) -> Book:
    """The stories of a language, or those called SPAM."""
    file = resources.files("skranke.devtools.demo").joinpath("stories", f"{name}.txt")
    words, *stories = re.split(r"^# ", file.read_text("utf-8"), flags=re.MULTILINE)
    lines = [line.partition(":") for line in words.splitlines() if line]
    return Book(
        language="en" if name == SPAM else name,
        words={word: _choices(text, "|") for word, _, text in lines},
        stories=[_story(text) for text in stories],
    )


def _story(text: str) -> Story:
    head, *turns = TURN.split(text)
    first, *titles = head.splitlines()
    topic, mood = first.split()
    return Story(
        topic=topic,
        titles=[title.removeprefix("= ") for title in titles if title],
        turns=[
            _turn(who, feeling or (mood if not index else ""), said)
            for index, (who, feeling, said) in enumerate(
                zip(turns[::3], turns[1::3], turns[2::3], strict=True)
            )
        ],
    )


def _turn(who: str, mood: str, said: str) -> Turn:
    wordings = [_paragraphs(text) for text in re.split(r"^or:\n", said, flags=re.MULTILINE)]
    return Turn(who, int(mood or 0), wordings)


def _paragraphs(text: str) -> str:
    """Wrapped lines become one; a blank line still parts two paragraphs."""
    return "\n\n".join(" ".join(part.split()) for part in _choices(text, "\n\n"))


def _choices(text: str, mark: str) -> list[str]:
    return [part.strip() for part in text.split(mark) if part.strip()]
