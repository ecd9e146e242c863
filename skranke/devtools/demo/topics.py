"""What customers of the demo desk write about, and what follows from it."""

from datetime import datetime, timedelta
from random import Random

from msgspec import Struct

from skranke.devtools.demo.people import Client
from skranke.devtools.demo.stories import Book

REQUEST, INCIDENT, CHANGE = 1, 2, 3  # types
Weights = tuple[int, ...]
USUAL = (15, 68, 13, 4)


class Topic(Struct, frozen=True):
    """A topic's category, how often it comes, and weights of types and priorities."""

    category: int
    weight: int = 0
    internal: bool = False  # among ourselves
    types: Weights = (1, 0, 0)
    priorities: Weights = USUAL
    tags: tuple[int, ...] = ()


TOPICS = {
    "support": Topic(1, 16, types=(6, 0, 1), tags=(130, 131, 132, 133)),
    "heating": Topic(
        2, 24, types=(2, 5, 0), priorities=(4, 46, 34, 16), tags=(120, 121, 122, 123, 124, 131)
    ),
    "portal": Topic(3, 16, types=(3, 2, 1), tags=(125, 126, 131)),
    "api": Topic(4, 10, types=(2, 2, 1), priorities=(5, 60, 30, 5), tags=(125, 126, 127, 132)),
    "orders": Topic(5, 17, tags=(122, 128, 131)),
    "invoices": Topic(6, 13, tags=(129, 130, 133)),
    "it": Topic(7, 3, internal=True, types=(3, 2, 0), tags=(122, 125)),
    "personnel": Topic(8, 1, internal=True),
    "absence": Topic(1),
    "spam": Topic(1),
}


def values(rng: Random, book: Book, client: Client | None) -> dict[str, object]:
    """What a conversation keeps coming back to: numbers, places, names, greetings."""
    told: dict[str, object] = {
        "firstname": client.firstname if client else "",
        "name": client.name if client else "",
        "company": client.company if client else "",
        "order": f"SO-{rng.randint(41000, 49999)}",
        "invoice": str(rng.randint(300100, 319900)),
        "serial": f"{rng.randint(10, 26)}A-{rng.randint(1000, 9999)}",
        "model": rng.choice(("Lun 8", "Lun 12", "Lun 16 Pro", "Lun Mini")),
        "code": rng.choice(("E12", "E17", "E31", "F04", "F09")),
        "amount": rng.randint(240, 9800),
        "count": rng.randint(3, 24),
        "temp": rng.randint(11, 16),
    }
    words = {word: rng.choice(choices) for word, choices in book.words.items()}
    return told | {word: text.format(**told) for word, text in words.items()}


def extra_fields(
    rng: Random, topic: Topic, told: dict[str, object], at: datetime
) -> dict[str, object]:
    """What the agents noted in fields of their own; nothing on most topics."""
    if topic.category == TOPICS["heating"].category:
        installed = at - timedelta(days=rng.randint(90, 2900))
        visit = {"x_on_site": True, "x_travel": 300 * rng.randint(2, 20)}
        return {
            "x_serial_number": told["serial"],
            "x_units": rng.randint(1, 6),
            "x_installed": installed.date().isoformat(),
            "x_measured": (at - timedelta(minutes=7)).replace(tzinfo=None).isoformat(),
            "x_call_after": f"{rng.randint(8, 15):02}:30:00",
            **(visit if rng.random() < 0.6 else {}),  # false and zero have no key
        }
    if topic.category == TOPICS["orders"].category:
        return {"x_units": told["count"], "x_quoted_price": rng.randint(9000, 99000) / 100}
    return {}
