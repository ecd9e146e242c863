"""E-mail addresses whose mail came back. Source: AddBounce of the Person agent."""

from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.db.database import execute

MAX_COUNT = 1000
MAX_REASON = 1000


async def add(
    context: RequestContext, address: str, count: int, code: int = 0, reason: str = ""
) -> None:
    """Count bounces of an address, wherever it is kept."""
    if not 0 < count <= MAX_COUNT:
        raise BadValue("Counts", f"{count} is not between 1 and {MAX_COUNT}")
    await execute(
        context.db,
        """
        UPDATE email SET bounce_count = least(bounce_count + $2, 1000000), last_bounce = $3,
            bounce_code = $4, bounce_reason = $5
        WHERE lower(email_address) = lower($1)
        """,
        address.strip(),
        count,
        context.now,
        code,
        reason[:MAX_REASON].replace("\x00", ""),
    )
