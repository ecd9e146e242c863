"""What the demo desk's tickets come into: its agents, priorities, sales and stories."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from skranke.catalog.priorities.carriers import TicketPriorityEntity
from skranke.catalog.priorities.sql import DAY_COLUMNS, load_priorities
from skranke.catalog.priorities.timeframe import TimeFrame, time_frame
from skranke.db.database import Db, rows
from skranke.devtools.demo.people import Client
from skranke.devtools.demo.stories import Book

OURS = 1  # company


class Agent(Struct, frozen=True):
    """A Service user who takes tickets, and the categories she takes them of."""

    ej_user_id: int
    name: str
    categories: list[int]


class Sale(Struct, frozen=True):
    """A sale and the company it is with."""

    sale_id: int
    contact_id: int


class Priority(Struct, frozen=True):
    """When a priority's clock runs, minutes until the deadline, levels of alarm."""

    frame: TimeFrame
    deadline: int
    levels: int


class Setting(Struct, frozen=True, kw_only=True):
    """All of it; `now` is UTC and in whole seconds."""

    now: datetime
    customers: list[Client]  # who write from outside
    colleagues: list[Client]  # our own people, who write to Internal IT
    books: dict[str, Book]
    agents: list[Agent]
    sales: list[Sale]
    priorities: dict[int, Priority]

    def agents_of(self, category: int) -> list[Agent]:
        """Who takes tickets of this category; never nobody."""
        return [agent for agent in self.agents if category in agent.categories]


async def setting(db: Db, now: datetime, clients: list[Client], books: dict[str, Book]) -> Setting:
    """The setting as the database holds it; office hours are those of UTC."""
    agents = await rows(db, Agent, AGENTS)
    names = {agent.name for agent in agents}
    return Setting(
        now=now.astimezone(UTC).replace(microsecond=0),
        customers=[c for c in clients if c.contact_id != OURS],
        colleagues=[c for c in clients if c.contact_id == OURS and c.name not in names],
        books=books,
        agents=agents,
        sales=await rows(db, Sale, "SELECT sale_id, contact_id FROM sale ORDER BY 1"),
        priorities={
            number: _priority(entity)
            for number, entity in (await load_priorities(db)).by_id.items()
        },
    )


def _priority(entity: TicketPriorityEntity) -> Priority:
    hours = [
        (getattr(entity, f"{day}_start"), getattr(entity, f"{day}_stop")) for day in DAY_COLUMNS
    ]
    frame = time_frame(hours, entity.non_dates, ZoneInfo("UTC"))
    return Priority(frame, entity.deadline, len(entity.escalation_levels))


AGENTS = """
SELECT u.id AS ej_user_id, concat(p.firstname, ' ', p.lastname) AS name,
       ARRAY(SELECT category_id FROM category_membership
             WHERE user_id = u.id AND weight > 0
             UNION SELECT category_id FROM ej_category_group_link
             WHERE usergroup_id = a.group_idx) AS categories
FROM ejuser u JOIN associate a USING (associate_id) JOIN person p USING (person_id)
WHERE u.status = 1 ORDER BY u.id
"""
