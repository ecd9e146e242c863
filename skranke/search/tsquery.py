"""A search in PostgreSQL's terms: tsqueries, as text.

Every word stands for itself and its stems in the languages that the desk's documents
are in; a beginning also for the words that go on from it. A phrase is found by its
words first, and only then looked at in its order.
"""

import re

from msgspec import Struct

from skranke.core.context import RequestContext
from skranke.core.text_fold import text_fold
from skranke.db.database import Db, rows
from skranke.search.query_parser import QueryPart

SIGNS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")  # written without blanks
MAX_COMPLETIONS = 100  # words, the shortest first, that a beginning goes on to


class SearchTerms(Struct, frozen=True, kw_only=True):
    """Tsqueries of one search."""

    indexed: str  # what a document must have and lack, as far as the index tells
    exact: str | None  # what it must fulfil beside: phrases
    ranking: str  # the words, and how well they stand
    marked: str  # any of the words, to be marked where they are shown


class Lexeme(Struct, frozen=True):
    """A word as documents have it, and the part in which it stands."""

    place: int
    lexeme: str
    stems: list[str]
    stop: bool  # says nothing, by the rules of a language

    @property
    def query(self) -> str:
        """It, one of its stems, or it as texts are compared; of a run of signs its pairs."""
        alike = dict.fromkeys([self.lexeme, *self.stems, text_fold(self.lexeme)])
        ways = [quote_lexeme(word) for word in alike]
        if len(self.lexeme) > 2 and SIGNS.fullmatch(self.lexeme):
            pairs = [quote_lexeme(self.lexeme[i : i + 2]) for i in range(len(self.lexeme) - 1)]
            ways.append(f"({' & '.join(pairs)})")
        return " | ".join(ways)


def quote_lexeme(lexeme: str) -> str:
    """A lexeme within a tsquery's text."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


async def load_languages(db: Db) -> list[str]:
    """The configurations of the desk's documents."""
    found = await db.fetch("SELECT configuration FROM search_language")
    return [record["configuration"] for record in found]


async def build_terms(context: RequestContext, parts: list[QueryPart]) -> SearchTerms | None:
    """What to look for, and how; None where nothing is asked for that could be found.

    Words that say nothing, such as "the", are left out beside others.
    """
    every = await _lexemes(context, parts)
    phrases = await _phrases(context.db, parts)
    wanted = [word for word in every if not parts[word.place].unwanted]
    telling = [w for w in wanted if not w.stop or _counts_each_word(parts[w.place])] or wanted
    if not telling:
        return None
    ranking = [f"({_prefix_query(word, parts[word.place])})" for word in telling]
    going_on = [await _completed_query(context.db, word, parts[word.place]) for word in telling]
    unwanted = [f"!({word.query})" for word in every if _is_excluded(parts[word.place])]
    return SearchTerms(
        indexed=" & ".join([*(f"({query})" for query in going_on), *unwanted]),
        exact=" & ".join(phrases) or None,
        ranking=" & ".join(ranking),
        marked=" | ".join(ranking),
    )


def _counts_each_word(part: QueryPart) -> bool:
    """Whether a part counts word by word, whatever its words say."""
    return part.phrase or part.beginning


def _is_excluded(part: QueryPart) -> bool:
    """Whether none of a part's words may be there; a phrase's may, in another order."""
    return part.unwanted and not part.phrase


def _prefix_query(word: Lexeme, part: QueryPart) -> str:
    if part.beginning:
        return f"{quote_lexeme(word.lexeme)}:* | {word.query}"
    return word.query


async def _completed_query(db: Db, word: Lexeme, part: QueryPart) -> str:
    """The lexeme's query, for a beginning with the words that go on from it.

    By name: for the index a beginning would be every document of every such word.
    """
    if not part.beginning:
        return word.query
    found = await db.fetch(
        """
        SELECT word FROM search_word WHERE word > $1 AND word < $1 || chr(1114111)
        ORDER BY length(word), word LIMIT $2
        """,
        word.lexeme,
        MAX_COMPLETIONS,
    )
    return " | ".join([word.query, *(quote_lexeme(record["word"]) for record in found)])


async def _lexemes(context: RequestContext, parts: list[QueryPart]) -> list[Lexeme]:
    """The words of the parts, in their order; `place` counts the parts from 0."""
    return await rows(
        context.db,
        Lexeme,
        """
        SELECT w.place - 1 AS place, l.lexeme, s.stems, s.stop
        FROM unnest($1::text[]) WITH ORDINALITY AS w (text, place)
        CROSS JOIN LATERAL unnest(to_tsvector('simple', w.text)) AS l
        CROSS JOIN LATERAL (
            SELECT coalesce(array_agg(DISTINCT stem)
                            FILTER (WHERE stem NOT IN ('', l.lexeme)), '{}') AS stems,
                   coalesce(bool_or(lexized = '{}'), false) AS stop
            FROM unnest($2::text[]) AS configuration
            CROSS JOIN LATERAL
                ts_lexize(search_stemmer(configuration), l.lexeme) AS lexized
            LEFT JOIN LATERAL unnest(lexized) AS stem ON true
        ) AS s
        ORDER BY w.place, l.positions[1]
        """,
        [part.text for part in parts],
        await context.get_cached(load_languages),
    )


async def _phrases(db: Db, parts: list[QueryPart]) -> list[str]:
    """What the index can't tell: that words stand in this order, or don't."""
    found = await db.fetch(
        """
        SELECT phrase::text, w.unwanted
        FROM unnest($1::text[], $2::bool[]) AS w (text, unwanted),
             phraseto_tsquery('simple', w.text) AS phrase
        WHERE numnode(phrase) > 0
        """,
        [part.text for part in parts if part.phrase],
        [part.unwanted for part in parts if part.phrase],
    )
    return [f"!({p})" if unwanted else f"({p})" for p, unwanted in found]
