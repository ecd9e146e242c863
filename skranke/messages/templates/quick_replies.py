"""What an agent has ready to insert into a reply; each has a list of her own.

Source: GetQuickReplies and SaveQuickReplies of the reference, "for a given associate".
"""

from datetime import datetime

from msgspec import Struct

from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.db.database import Db, execute, row, rows


class StoredReply(Struct, frozen=True, kw_only=True):
    """A quick reply as it was saved; its html isn't sanitised."""

    quick_reply_id: int
    name: str
    html_body: str


class ChangedReply(Struct, frozen=True, kw_only=True):
    """A quick reply with when it was saved last, and whose it is."""

    name: str
    html_body: str
    updated: datetime
    full_name: str


async def quick_replies_of(db: Db, associate_id: int) -> list[StoredReply]:
    """An associate's quick replies, in the order in which they were saved."""
    return await rows(
        db,
        StoredReply,
        """
        SELECT quick_reply_id, name, html_body FROM quick_reply
        WHERE associate_id = $1 ORDER BY rank
        """,
        associate_id,
    )


async def quick_reply_of(db: Db, associate_id: int, quick_reply_id: int) -> ChangedReply | None:
    """One of an associate's quick replies; None when it is none of hers."""
    return await row(
        db,
        ChangedReply,
        """
        SELECT q.name, q.html_body, q.updated,
               coalesce(nullif(p."FullName", ''), a.name) AS full_name
        FROM quick_reply q JOIN associate a USING (associate_id)
        LEFT JOIN wire_person p ON p."PersonId" = a.person_id
        WHERE q.associate_id = $1 AND q.quick_reply_id = $2
        """,
        associate_id,
        quick_reply_id,
    )


async def replace_quick_replies(context: RequestContext, wanted: list[StoredReply]) -> None:
    """Make these, in this order, the caller's whole list.

    Id 0 is a new one, and what isn't named goes. BadValue for the id of none of hers,
    for one that is named twice and for a name that is blank or too long.
    """
    mine = context.user.associate_id
    known = {reply.quick_reply_id for reply in await quick_replies_of(context.db, mine)}
    for reply in wanted:
        _check(reply, known)
        known.discard(reply.quick_reply_id)
    await execute(
        context.db,
        "DELETE FROM quick_reply WHERE associate_id = $1 AND quick_reply_id = ANY ($2)",
        mine,
        list(known),
    )
    for rank, reply in enumerate(wanted):
        await _write(context, rank, reply)


def _check(reply: StoredReply, known: set[int]) -> None:
    quick_reply_id = reply.quick_reply_id
    if quick_reply_id and quick_reply_id not in known:
        raise BadValue("QuickReplyId", f"{quick_reply_id} does not exist")
    if not reply.name.strip() or len(reply.name) > 255:
        raise BadValue("Name", "must have 1 to 255 characters")


async def _write(context: RequestContext, rank: int, reply: StoredReply) -> None:
    """Insert or update one; `updated` moves only when something has changed."""
    if reply.quick_reply_id == 0:
        await execute(
            context.db,
            """
            INSERT INTO quick_reply (associate_id, rank, name, html_body, updated)
            VALUES ($1, $2, $3, $4, $5)
            """,
            context.user.associate_id,
            rank,
            reply.name,
            reply.html_body,
            context.now,
        )
        return
    await execute(
        context.db,
        """
        UPDATE quick_reply SET rank = $2, name = $3::text, html_body = $4,
            updated = CASE WHEN (name, html_body) = ($3::text, $4) THEN updated
                      ELSE $5 END
        WHERE quick_reply_id = $1
        """,
        reply.quick_reply_id,
        rank,
        reply.name,
        reply.html_body,
        context.now,
    )
