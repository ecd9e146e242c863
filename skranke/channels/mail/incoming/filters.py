"""Rules for incoming mail: of those that match, the one of the highest priority acts.

Expressions are PostgreSQL's, which it checks when a filter is saved and runs within a
limit of time. Source: the vendor's ms_filter; the manual on email filters.
"""

import logging

import asyncpg
from msgspec import Struct

from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.db.database import Db, execute, rows
from skranke.messages.mime.parsed import ParsedMail

log = logging.getLogger("skranke.mail")
MAX_TEXT_CHARACTERS = 256 * 1024  # of a body that a filter looks into
MATCH_SECONDS = "1s"


class Actions(Struct, frozen=True, kw_only=True):
    """What a filter does; what is not said is as the mailbox has it."""

    category_id: int | None = None
    priority: int | None = None
    ticket_type: int | None = None
    owner: int | None = None  # associate id
    external: bool | None = None
    tag_ids: list[int] = []
    body: str | None = None  # in place of the mail's text
    close: bool = False
    ignore_from: bool = False  # no customer
    block: bool = False
    delete: bool = False
    bounced: bool = False  # MessageCategory Bounce
    forward_to: str = ""
    reply_template_id: int = 0
    no_auto_reply: bool = False


class MailFilter(Struct, frozen=True, kw_only=True):
    """A rule; an empty expression matches every mail."""

    id: int = 0
    name: str
    mailbox_id: int | None = None  # None: of all mailboxes
    priority: int = 50  # 1…100
    header_regex: str = ""
    body_regex: str = ""
    actions: Actions = Actions()


async def load_filters(db: Db) -> list[MailFilter]:
    """Every filter, the highest priority first; for the reference cache."""
    return await rows(
        db,
        MailFilter,
        """
        SELECT id, name, mailbox_id, priority, header_regex, body_regex, actions
        FROM ms_filter ORDER BY priority DESC, id
        """,
    )


async def matching_filter(
    context: RequestContext, mail: ParsedMail, mailbox_id: int, skipped_id: int
) -> MailFilter | None:
    """The filter that acts on a mail; None where none does."""
    decoded = "\n".join(f"{name}: {text}" for name, text in mail.headers)
    body = mail.plain[:MAX_TEXT_CHARACTERS]
    for one in await context.get_cached(load_filters):
        if one.mailbox_id not in (None, mailbox_id) or one.id == skipped_id:
            continue
        if await _matches(context.db, one, decoded, body):
            return one
    return None


async def _matches(db: Db, one: MailFilter, head: str, body: str) -> bool:
    try:
        async with db.transaction():
            await execute(db, f"SET LOCAL statement_timeout = '{MATCH_SECONDS}'")
            found: bool = await db.fetchval(
                """
                SELECT ($1 = '' OR $3 ~* ('(?n)' || $1)) AND ($2 = '' OR $4 ~* ('(?n)' || $2))
                """,
                one.header_regex,
                one.body_regex,
                head,
                body,
            )
            await execute(db, "SET LOCAL statement_timeout = DEFAULT")
            return found
    except (asyncpg.QueryCanceledError, asyncpg.InvalidRegularExpressionError) as fault:
        log.warning("Filter %r is passed over: %s", one.name, fault)
        return False


async def check_expression(db: Db, name: str, expression: str) -> None:
    """BadValue for what is not a regular expression."""
    try:
        async with db.transaction():
            await db.fetchval("SELECT '' ~* ('(?n)' || $1)", expression)
    except asyncpg.InvalidRegularExpressionError as fault:
        raise BadValue(name, f"is not a regular expression: {fault}") from None
