"""National holidays for a priority's NonDates, written down once, not asked for later.

What a country celebrates is the package's knowledge (docs/decisions/0005); here it
becomes days that an administrator sees and can change.
"""

from collections.abc import Iterable

import holidays
from msgspec import structs

from skranke.catalog.priorities.carriers import TicketPriorityEntity
from skranke.catalog.priorities.reschedule_event import record_edit
from skranke.catalog.priorities.sql import load_priorities, non_date, non_date_text, update_priority
from skranke.core.errors import BadValue, NotFound
from skranke.db.database import Db


def national_holidays(country: str, years: Iterable[int]) -> list[str]:
    """A country's public holidays in these years, as `dd/mm/yyyy`, in their order.

    The country is an ISO 3166 code, with a part of it where holidays differ: `NO`,
    `DE-BY`. BadValue for one that isn't known.
    """
    code, _, part = country.upper().partition("-")
    try:
        days = holidays.country_holidays(code, subdiv=part or None, years=set(years))
    except NotImplementedError as fault:
        raise BadValue("Country", f"{country} is not known: {fault}") from fault
    return [f"{day:%d/%m/%Y}" for day in sorted(days)]


async def add_holidays(db: Db, priority_id: int, days: list[str]) -> list[str]:
    """Add days off to a priority, in a transaction; those that were new to it.

    What is there stays, however it came; a day that is off every year is not repeated.
    Open tickets are counted anew by the job. NotFound without the priority.
    """
    async with db.transaction():
        before = (await load_priorities(db)).by_id.get(priority_id)
        if before is None:
            raise NotFound(f"Priority {priority_id} does not exist.")
        new = missing_days(before, days)
        wished = before.non_dates + [non_date(day) for day in new]
        after = structs.replace(before, non_dates=wished)
        if new:
            await update_priority(db, after)
            await record_edit(db, before, after)
    return new


def missing_days(priority: TicketPriorityEntity, days: list[str]) -> list[str]:
    """Which of these days are not off yet, each once."""
    off = {non_date_text(day) for day in priority.non_dates}
    return [day for day in dict.fromkeys(days) if not off & {day, day[:5]}]
