"""`python -m bench.large_desk`: what agents ask all day, on a small desk and a large one.

`--fill` makes both desks where they aren't there yet. Every question goes over HTTP to
a running `skranke serve`, with other owners, customers and words each time, always the
same ones in the same order.
"""

import argparse
import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import quantiles
from urllib.parse import urlencode

import httpx

from bench.__main__ import say
from bench.bulk_fill import AGENTS, FIRST, Filling
from bench.desks import desk
from bench.workloads import SAVE
from skranke import app
from skranke.core.clock import Clock
from skranke.core.settings import Settings
from skranke.db import database
from skranke.db.embedded.server import EmbeddedServer, running_dsn

SMALL, LARGE = 10_000, 1_000_000
ASKED, WARMING = 200, 20  # times each question is asked, and before that
ARCHIVE, SEARCH = "/api/v1/Ticket", "/api/v1/Ticket/Search"
LATEST = "lastChanged desc"
AGENT = ("agent7", "Tje0")  # who asks; as any agent of the crowd may
DEMOS = ("tje0", "Tje0")  # the demo's administrator
SAVED = 100  # tickets whose new titles are looked for
RARE = """
    SELECT word FROM (
        SELECT DISTINCT word FROM generate_series(1, 2000) AS n
        JOIN bench.word ON place = floor(99999 * (n / 2000.0) ^ 4)
    ) AS spread
    WHERE (SELECT count(*) FROM search_document
           WHERE words @@ quote_literal(word)::tsquery) BETWEEN 10 AND 40
    ORDER BY word LIMIT 100
"""
Question = Callable[[Random, "Words"], str]


class Words:
    """What there is to be asked for at a desk."""

    def __init__(self, many: int, rare: list[str], titles: list[str]) -> None:
        self.many, self.rare, self.titles = many, rare, titles
        self.far = ""  # the address of a page far in, as the one before it links there


def listed(where: str, order: str = LATEST, **more: str) -> str:
    """The address of twenty tickets."""
    asked = {"$filter": where, "$orderby": order, "$top": "20", **more}
    return f"{ARCHIVE}?{urlencode(asked)}"


def found(query: str) -> str:
    """The address of a search."""
    return f"{SEARCH}?{urlencode({'query': query})}"


def owner(rng: Random) -> int:
    """Somebody's associate id, which is also the id as a user."""
    return 1001 + rng.randrange(AGENTS)


def customer(rng: Random, words: Words) -> int:
    """A customer or a company, the busy ones more often."""
    return FIRST + int(words.many / 100 * rng.random() ** 2)


def moment(days: float) -> str:
    """An instant so many days ago, as a filter has it."""
    return f"'{Clock().now() - timedelta(days=days):%Y-%m-%dT%H:%M:%S}'"


# words of the demo's conversations: "the" of nine documents in ten would say nothing
COMMON = ["heat pump", "pump", "order", "error", "invoice", "thank", "Varmepumpen"]
PHRASES = ['"heat pump"', '"as soon as possible"', '"Mit freundlichen"', '"the pump"']
QUESTIONS: dict[str, Question] = {
    "an owner's open ones": lambda c, _: listed(f"ownedBy = {owner(c)} and status = 1"),
    "unassigned in my categories": lambda c, _: listed(
        f"ownedBy = 1 and categoryFullName oneOf (1,{c.randrange(2, 8)}) and status = 1"
    ),
    "overdue": lambda c, _: listed(
        f"status = 1 and deadline beforeTime {moment(c.random())}", "deadline"
    ),
    "a customer's": lambda c, w: listed(f"personId = {customer(c, w)}"),
    "a company's": lambda c, w: listed(f"contactId = {FIRST + c.randrange(w.many // 50)}"),
    "by number": lambda c, w: listed(f"ticketId = {FIRST + c.randrange(w.many)}"),
    "title begins": lambda c, w: listed(f"title begins '{c.choice(w.titles)}'"),
    "closed this week": lambda c, _: listed(
        f"status = 2 and closedAt afterTime {moment(7 * c.random())}", "closedAt desc"
    ),
    "closed ones, page 200": lambda _, w: w.far,
    "content contains": lambda c, _: listed(f"content contains '{c.choice(COMMON)}'"),
    "counter: an owner's open ones": lambda c, _: listed(
        f"ownedBy = {owner(c)} and status = 1", **{"$inlinecount": "True", "$top": "1"}
    ),
    "counters of an agent's views": lambda _, __: "/api/v1/TicketView/Counters",
    "text, rare word": lambda c, w: found(c.choice(w.rare)),
    "text, common word": lambda c, _: found(c.choice(COMMON)),
    "text, phrase": lambda c, _: found(c.choice(PHRASES)),
    "text, three letters": lambda c, _: found(c.choice(["pum", "ord", "ver", "inst"])),
}


def main() -> None:
    """Fill, or print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.large_desk", description=__doc__)
    parser.add_argument("--fill", action="store_true", help="only make the desks")
    parser.add_argument("--data", type=Path, default=Path("build/bench-million"))
    parser.add_argument("--tickets", type=int, default=LARGE, help="of the large desk")
    asked = parser.parse_args()
    sizes = [SMALL, asked.tickets]
    for many in sizes:
        fill(asked.data / str(many), many)
    if not asked.fill:
        say(table({many: measured(asked.data / str(many), many) for many in sizes}))
        p50, p99 = _middle_and_most(freshness(asked.data / str(asked.tickets)))
        say(f"\nFound after a save: p50 {p50:.0f} ms, p99 {p99:.0f} ms")


def fill(data: Path, many: int) -> None:
    """Make a desk of so many tickets, unless it is there and whole."""
    done = data / "filled"
    if done.exists():
        return
    data.mkdir(parents=True, exist_ok=True)
    server = EmbeddedServer(data)
    try:
        asyncio.run(_filled(server.start(), many))
    finally:
        server.stop()
    done.touch()


async def _filled(dsn: str, many: int) -> None:
    say(f"{many:,} tickets")
    async with database.single_connection(dsn) as db:
        # what was left unfinished is begun again
        await db.execute("DROP SCHEMA IF EXISTS bench, public CASCADE")
        await db.execute("CREATE SCHEMA public")
    await app.prepare(dsn, Settings(demo=True))
    async with database.single_connection(dsn) as db:
        await Filling(dsn, say).fill(db, many)


def measured(data: Path, many: int) -> dict[str, list[float]]:
    """Milliseconds of each answer, by question."""
    with desk(data) as opened:
        words = asyncio.run(_words(str(running_dsn(data)), many))
        with httpx.Client(base_url=opened.address, auth=AGENT) as client:
            words.far = _far(client)
            return {name: _asked(client, question, words) for name, question in QUESTIONS.items()}


def freshness(data: Path) -> list[float]:
    """Milliseconds from a save's answer until a search finds the new title."""
    took = list[float]()
    with desk(data) as opened, httpx.Client(base_url=opened.address, auth=DEMOS) as client:
        for ticket_id in range(FIRST, FIRST + SAVED):
            word = f"fresh{time.time_ns()}"
            saved = {"TicketId": ticket_id, "Title": f"A {word} pump"}
            client.post(SAVE, json=saved).raise_for_status()
            began = time.perf_counter()
            while not client.get(found(word)).raise_for_status().json()["Total"]:
                time.sleep(0.01)
            took.append(1000 * (time.perf_counter() - began))
    return took


def _far(client: httpx.Client) -> str:
    before = client.get(listed("status = 2", **{"$skip": str(198 * 20)}), timeout=60)
    return before.raise_for_status().json()["odata.nextLink"]


async def _words(dsn: str, many: int) -> Words:
    async with database.single_connection(dsn) as db:
        rare = await db.fetch(RARE)
        titles = await db.fetch(
            """
            SELECT DISTINCT left(title, 12) AS title FROM ticket
            WHERE id < $1 AND title !~ '''' ORDER BY title LIMIT 200
            """,
            FIRST + 2000,
        )
    return Words(many, [r["word"] for r in rare], [r["title"] for r in titles])


def _asked(client: httpx.Client, question: Question, words: Words) -> list[float]:
    rng, took = Random(6), list[float]()  # noqa: S311 - questions, not secrets
    for turn in range(WARMING + ASKED):
        address = question(rng, words)
        began = time.perf_counter()
        client.get(address).raise_for_status()
        if turn >= WARMING:
            took.append(1000 * (time.perf_counter() - began))
    return took


def table(sizes: dict[int, dict[str, list[float]]]) -> str:
    """p50 and p99 at each size, and how they grow from the first to the last."""
    heads = " | ".join(f"{many:,}: p50 ms | p99 ms" for many in sizes)
    lines = [f"| question | {heads} | growth p50 | p99 |", "|---" * 7 + "|"]
    for name in QUESTIONS:
        pairs = [_middle_and_most(sizes[many][name]) for many in sizes]
        told = " | ".join(f"{p50:.1f} | {p99:.1f}" for p50, p99 in pairs)
        growth = " | ".join(
            f"{last / first:.1f}×" for first, last in zip(pairs[0], pairs[-1], strict=True)
        )
        lines.append(f"| {name} | {told} | {growth} |")
    return "\n".join(lines)


def _middle_and_most(took: list[float]) -> tuple[float, float]:
    cuts = quantiles(took, n=100, method="inclusive")
    return cuts[49], cuts[98]


if __name__ == "__main__":
    main()
