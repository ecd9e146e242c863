"""Deleting customers and bringing them back. Source: the manual on soft delete.

A customer in the trash is gone from every read. Its tickets keep the id, so that bringing
it back restores them. A company takes its persons with it.
"""

from datetime import datetime

from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.people.deletion import sql
from skranke.people.persons.ranks import close_gaps
from skranke.people.posted import whole_second

OWNS_USERS = "[SR_ACCESS_ASSOCCONT_DELETE] the company has users; it cannot be deleted"


async def delete_person(context: RequestContext, name: str, person_id: int) -> bool:
    """Put a person into the trash; False where there is none.

    BadValue for one who is an active user: the user has to be deleted first.
    """
    if await sql.user_of_person(context.db, person_id):
        raise BadValue(name, f"{person_id} is a user; delete the user first")
    contact_id = await context.db.fetchval(
        "SELECT contact_id FROM person WHERE person_id = $1", person_id
    )
    done = await sql.trash_person(context.db, person_id, *_stamp(context))
    if done and contact_id:
        await close_gaps(context.db, contact_id)
    return done


async def undelete_person(context: RequestContext, person_id: int) -> None:
    """Take a person out of the trash; NotFound where it is not there."""
    if not await sql.restore_person(context.db, person_id, *_stamp(context)):
        raise NotFound(f"PersonEntity id {person_id} is not in the trash")


async def delete_company(context: RequestContext, name: str, contact_id: int) -> bool:
    """Put a company and its persons into the trash; False where there is none.

    BadValue for one that has users.
    """
    if await sql.has_users(context.db, contact_id):
        raise BadValue(name, OWNS_USERS)
    return await sql.trash_company(context.db, contact_id, *_stamp(context))


async def undelete_company(context: RequestContext, contact_id: int) -> None:
    """Take a company out of the trash, with the persons that went with it; NotFound."""
    if not await sql.restore_company(context.db, contact_id, *_stamp(context)):
        raise NotFound(f"ContactEntity id {contact_id} is not in the trash")
    await close_gaps(context.db, contact_id)


async def delete_expired_persons(context: RequestContext) -> None:
    """Remove all persons whose time in the trash is over."""
    while ids := await sql.expired_persons(context.db, context.now, 100, []):
        for person_id in ids:
            await remove_person(context, person_id)


async def delete_expired_companies(context: RequestContext) -> None:
    """Remove all companies whose time in the trash is over."""
    while ids := await sql.expired_companies(context.db, context.now, 100, []):
        for contact_id in ids:
            await remove_company(context, contact_id)


async def remove_person(context: RequestContext, person_id: int) -> None:
    """Remove a person from the trash for good."""
    user = context.user.associate_id
    await sql.remove_person(context.db, person_id, user, context.now)


async def remove_company(context: RequestContext, contact_id: int) -> None:
    """Remove a company from the trash for good."""
    user = context.user.associate_id
    await sql.remove_company(context.db, contact_id, user, context.now)


def _stamp(context: RequestContext) -> tuple[int, datetime, datetime]:
    return context.user.associate_id, whole_second(context.now), context.now
