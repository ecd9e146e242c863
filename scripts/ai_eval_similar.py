"""How well similar tickets are found: newsgroups, put into a desk of their own.

Of some posts the desk has the first half, and is asked for what is like the second; of
some it is asked with every second of their words; and with posts that it has nothing
of, where others of the same group are the best there is.
"""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random

from skranke import app
from skranke.core.app_state import AppState
from skranke.core.jobs.worker import context_for
from skranke.core.settings import Settings
from skranke.db.database import Db, execute, transaction
from skranke.db.embedded.server import EmbeddedServer
from skranke.search.carriers import SimilarTicket
from skranke.search.indexing import write_documents
from skranke.search.similar import DUPLICATE_LIKENESS, find_similar

MANY, ASKED, FIRST, PORTION, SHOWN = 5_000, 300, 100_000, 500, 5
Posts = Sequence[tuple[str, str]]
Said = list[list[SimilarTicket]]
FILL = """
    WITH told AS (
        INSERT INTO ticket (id, title, created_at, created_by, owned_by, category,
            orig_category, slevel, priority, orig_priority, status, ticket_status,
            origin, read_status, ticket_type)
        SELECT $1 + n, '', now(), 1, 1, c.id, c.id, 2, p.id, p.id, 2, 2, 2, 1, 1
        FROM generate_series(0, cardinality($2::text[]) - 1) AS n,
             (SELECT min(id) AS id FROM ticket_priority) AS p,
             (SELECT min(id) AS id FROM ej_category) AS c
    )
    INSERT INTO ej_message (ticket_id, created_at, created_by, body, language)
    SELECT $1 + place - 1, now(), 1, body, 'en'
    FROM unnest($2::text[]) WITH ORDINALITY AS t (body, place)
"""


def tell_similar(posts: Posts, rng: Random) -> None:
    """The table, as `make ai-eval` prints it."""
    with tempfile.TemporaryDirectory(prefix="skranke-eval-") as folder:
        Path(folder).chmod(0o755)  # the server may be another user's
        server = EmbeddedServer(Path(folder) / "data")
        try:
            asyncio.run(_told(server.start(), posts, rng))
        finally:
            server.stop()


async def _told(dsn: str, posts: Posts, rng: Random) -> None:
    await app.prepare(dsn, Settings())
    desk = await app.open_desk(dsn, Settings())
    known, new = posts[:MANY], posts[MANY : MANY + ASKED]
    halved, thinned = known[:ASKED], known[ASKED : 2 * ASKED]
    there = [_half(text, 0) for _, text in halved] + [t for _, t in known[ASKED:]]
    asked = [_half(text, 1) for _, text in halved]
    asked += [_thinned(text, rng) for _, text in thinned] + [t for _, t in new]
    async with transaction(desk.pool) as db:
        await _fill(db, FIRST, [*there, *asked])
        await execute(db, "ANALYZE search_document")
    async with transaction(desk.pool) as db:
        said = await _said(desk, db, len(asked))
    await desk.pool.close()
    _tell_copies(said)
    groups = [group for group, _ in [*known, *halved, *thinned, *new]]
    _tell_others([group for group, _ in new], groups, said[2 * ASKED :])


def _tell_copies(said: Said) -> None:
    print(f"\n### Similar tickets: {MANY} newsgroup posts, {ASKED} questions each\n")
    print(
        f"| asked with | among the first {SHOWN} % | first % | as a duplicate %"
        f" | others as duplicates |\n|---|---|---|---|---|"
    )
    for place, name in enumerate(("a second half", "every second word")):
        first = FIRST + place * ASKED
        asked = [*zip(range(first, first + ASKED), said[place * ASKED :], strict=False)]
        among = sum(wanted in [one.ticket_id for one in ones] for wanted, ones in asked)
        best = sum([one.ticket_id for one in ones[:1]] == [wanted] for wanted, ones in asked)
        same = [one.ticket_id == wanted for wanted, ones in asked for one in ones if _is_same(one)]
        shares = (f"{100 * n / ASKED:.1f}" for n in (among, best, sum(same)))
        print(f"| {name} | {' | '.join(shares)} | {same.count(False)} |")


def _tell_others(asked: list[str], groups: list[str], said: Said) -> None:
    pairs = [
        (group, groups[one.ticket_id - FIRST])
        for group, ones in zip(asked, said, strict=True)
        for one in ones
    ]
    right = sum(one == other for one, other in pairs) / len(pairs)
    by_chance = sum((groups.count(g) / len(groups)) ** 2 for g in {*groups})
    same = sum(_is_same(one) for ones in said for one in ones)
    print(
        f"\nOther posts: {100 * right:.1f} % of the first {SHOWN} are of the same "
        f"group, by chance {100 * by_chance:.1f} %; {same} of {len(pairs)} are "
        f"{100 * DUPLICATE_LIKENESS:.0f} % alike or more."
    )


def _is_same(one: SimilarTicket) -> bool:
    return one.likeness >= 100 * DUPLICATE_LIKENESS


async def _fill(db: Db, first: int, bodies: list[str]) -> None:
    for begin in range(0, len(bodies), PORTION):
        portion = bodies[begin : begin + PORTION]
        await execute(db, FILL, first + begin, portion)
        await write_documents(db, list(range(first + begin, first + begin + len(portion))))


async def _said(desk: AppState, db: Db, count: int) -> Said:
    context = context_for(desk, db)
    return [await find_similar(context, "TicketId", FIRST + MANY + n, SHOWN) for n in range(count)]


def _half(text: str, which: int) -> str:
    said = text.split()
    return " ".join(said[len(said) // 2 :] if which else said[: len(said) // 2])


def _thinned(text: str, rng: Random) -> str:
    return " ".join(word for word in text.split() if rng.random() < 0.5)
