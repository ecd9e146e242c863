"""What each ticket of the demo desk is about, before anybody has answered it."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from random import Random
from typing import TypeVar

from msgspec import Struct, structs

from skranke.devtools.demo.people import Client
from skranke.devtools.demo.reference_data import Agent, Setting
from skranke.devtools.demo.stories import SPAM, Book, Story
from skranke.devtools.demo.topics import INCIDENT, REQUEST, TOPICS, Topic, values
from skranke.tickets.carriers import TicketOrigin

T = TypeVar("T")
PAGES_TICKET = 389  # the one of the reference page's sample request
MEDIUM = 2  # priority
ORIGINS = {
    TicketOrigin.Email: 62,
    TicketOrigin.CustomerCentre: 14,
    TicketOrigin.Phone: 12,
    TicketOrigin.Form: 7,
    TicketOrigin.Chat: 5,
}


class Fate(Enum):
    """What becomes of a ticket, time permitting."""

    OPEN = "open"
    CLOSED = "closed"
    POSTPONED = "postponed"
    DELETED = "deleted"
    MERGED = "merged"
    SPAM = "spam"


# by how many tickets have come since; only new ones lie in the bin, which is purged
FATES = (
    (
        70,
        {
            Fate.OPEN: 62,
            Fate.CLOSED: 12,
            Fate.POSTPONED: 8,
            Fate.DELETED: 8,
            Fate.MERGED: 3,
            Fate.SPAM: 8,
        },
    ),
    (230, {Fate.OPEN: 30, Fate.CLOSED: 57, Fate.POSTPONED: 8, Fate.MERGED: 5}),
    (10**6, {Fate.OPEN: 2, Fate.CLOSED: 95, Fate.MERGED: 3}),
)


class Case(Struct, frozen=True, kw_only=True):
    """A ticket to be; `turns` of its story will be told, if there is time for them."""

    ticket_id: int
    created_at: datetime
    fate: Fate
    client: Client | None
    book: Book
    story: Story
    topic: Topic
    turns: int
    told: dict[str, object]
    agent: Agent
    ticket_type: int
    priority: int
    origin: TicketOrigin
    waits: bool = False  # is set to "Waiting for customer" after an answer
    queued: bool = False  # starts "In queue"
    connect_id: int = 0

    @property
    def internal(self) -> bool:
        """Whether customers never see it."""
        return self.topic.internal

    @property
    def registered_by_us(self) -> bool:
        """Whether an agent wrote down what the client said."""
        return self.origin in (TicketOrigin.Phone, TicketOrigin.Internal)

    @property
    def title(self) -> str:
        """One of the story's titles, always the same for a ticket."""
        titles = self.story.titles
        return titles[self.ticket_id % len(titles)].format(**self.told)


def fates(rng: Random, count: int) -> list[Fate]:
    """What becomes of so many tickets, the oldest first."""
    return [
        pick(rng, next(weights for limit, weights in FATES if since < limit))
        for since in reversed(range(count))
    ]


def cases(
    rng: Random, setting: Setting, created: Sequence[datetime], ends: Sequence[Fate]
) -> list[Case]:
    """A case for each instant, numbered from 1."""
    made: list[Case] = []
    for ticket_id, (at, fate) in enumerate(zip(created, ends, strict=True), start=1):
        first = _lately_open(made) if fate is Fate.MERGED else None
        if ticket_id == PAGES_TICKET:
            made.append(_pages_ticket(rng, setting, at))
        elif first:
            made.append(_repeated(first, ticket_id, at))
        elif fate is Fate.SPAM:
            made.append(_spam(rng, setting, ticket_id, at))
        else:
            end = Fate.CLOSED if fate is Fate.MERGED else fate
            made.append(_ordinary(rng, setting, ticket_id, at, end))
    return made


def _pages_ticket(rng: Random, setting: Setting, at: datetime) -> Case:
    """An ordinary one: open, external, in the first category, the customer's turn."""
    topic, book, client = TOPICS["support"], setting.books["en"], setting.customers[0]
    return Case(
        ticket_id=PAGES_TICKET,
        created_at=at,
        fate=Fate.OPEN,
        client=client,
        book=book,
        story=book.about("support")[-1],
        topic=topic,
        turns=3,
        told=values(rng, book, client),
        agent=setting.agents_of(topic.category)[1],
        ticket_type=REQUEST,
        priority=MEDIUM,
        origin=TicketOrigin.Email,
    )


def _ordinary(rng: Random, setting: Setting, ticket_id: int, at: datetime, fate: Fate) -> Case:
    internal = fate is not Fate.DELETED and rng.random() < 0.09
    client = _client(rng, setting.colleagues if internal else setting.customers)
    book = setting.books[rng.choice(("nb", "en")) if internal else client.language]
    absent = fate is Fate.DELETED and bool(book.about("absence"))
    name = "absence" if absent else _topic(rng, client, book)
    topic, story = TOPICS[name], rng.choice(book.about(name))
    ticket_type = _type(rng, topic, fate)
    agent = rng.choice(setting.agents_of(topic.category))
    return Case(
        ticket_id=ticket_id,
        created_at=at,
        fate=fate,
        client=client,
        book=book,
        story=story,
        topic=topic,
        turns=_turns(rng, story, fate),
        told=values(rng, book, client),
        agent=agent,
        ticket_type=ticket_type,
        priority=_priority(rng, topic, client, ticket_type),
        origin=_origin(rng, internal, absent),
        waits=rng.random() < 0.6,
        queued=topic is TOPICS["orders"] or rng.random() < 0.1,
    )


def _client(rng: Random, clients: Sequence[Client]) -> Client:
    """Anybody; those who write English twice as often, being read by more people."""
    weights = [2 if client.language == "en" else 1 for client in clients]
    return rng.choices(clients, weights)[0]


def _topic(rng: Random, client: Client, book: Book) -> str:
    """One that the client cares for and that the book has something about."""
    known = [name for name in client.topics if book.about(name)]
    return pick(rng, {name: TOPICS[name].weight for name in known})


def _turns(rng: Random, story: Story, fate: Fate) -> int:
    """How far the story gets: to its end if closed, to an answer if postponed."""
    answers = [n for n, turn in enumerate(story.turns, start=1) if turn.who == "agent"]
    if fate is Fate.CLOSED:
        return len(story.turns)
    if fate is Fate.POSTPONED and answers:
        return rng.choice(answers)
    if fate is Fate.OPEN:
        return rng.randint(1, max(1, len(story.turns) - 1))
    return 1


def _type(rng: Random, topic: Topic, fate: Fate) -> int:
    """A type by chance; incidents have no status for the bin."""
    drawn = 1 + rng.choices(range(3), topic.types)[0]
    return REQUEST if fate is Fate.DELETED else drawn


def _priority(rng: Random, topic: Topic, client: Client, ticket_type: int) -> int:
    """The client's own, else by chance; an incident is never of low priority."""
    chosen = 1 + rng.choices(range(4), topic.priorities)[0]
    chosen = client.ticket_priority_id or chosen
    return max(chosen, MEDIUM) if ticket_type == INCIDENT else chosen


def _origin(rng: Random, internal: bool, absent: bool) -> TicketOrigin:
    if absent or (internal and rng.random() < 0.6):
        return TicketOrigin.Email
    return TicketOrigin.Internal if internal else pick(rng, ORIGINS)


def _lately_open(made: Sequence[Case]) -> Case | None:
    """The latest ticket from outside that another one may repeat."""
    usable = (Fate.OPEN, Fate.CLOSED)
    return next((c for c in reversed(made) if c.fate in usable and not c.internal), None)


def _repeated(first: Case, ticket_id: int, at: datetime) -> Case:
    return structs.replace(
        first,
        ticket_id=ticket_id,
        created_at=at,
        fate=Fate.MERGED,
        turns=1,
        origin=TicketOrigin.Email,
        ticket_type=REQUEST,
        connect_id=first.ticket_id,
    )


def _spam(rng: Random, setting: Setting, ticket_id: int, at: datetime) -> Case:
    book = setting.books[SPAM]
    return Case(
        ticket_id=ticket_id,
        created_at=at,
        fate=Fate.SPAM,
        client=None,
        book=book,
        story=rng.choice(book.stories),
        topic=TOPICS["spam"],
        turns=1,
        told=values(rng, book, None),
        agent=setting.agents[0],
        ticket_type=REQUEST,
        priority=MEDIUM,
        origin=TicketOrigin.Email,
    )


def pick(rng: Random, weights: dict[T, int]) -> T:
    """One of the keys, drawn by weight."""
    return rng.choices(list(weights), list(weights.values()))[0]
