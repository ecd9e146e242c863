"""Moving and merging companies and persons, each in one transaction.

Source: the manual on moving and merging; what it leaves open is in docs/differences.md.
"""

from datetime import datetime
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.people.companies import save as company_save
from skranke.people.companies.sql import load_company
from skranke.people.contact_points.addresses import is_blank
from skranke.people.deletion.service import OWNS_USERS
from skranke.people.deletion.sql import has_users, trash_company, trash_person, user_of_person
from skranke.people.merging import sql
from skranke.people.persons import ranks
from skranke.people.persons import save as person_save
from skranke.people.persons.row import LoadedPerson
from skranke.people.posted import checked_text, whole_second

R = TypeVar("R", bound=Struct)
# what a merge never takes from the source: identity, place, stamps and sync keys
KEPT_COLUMNS = frozenset(
    {
        "contact_id",
        "person_id",
        "rank",
        "retired",
        "registered",
        "registered_associate_id",
        "updated",
        "updated_associate_id",
        "updated_count",
        "deleted_date",
        "dbi_agent_id",
        "dbi_key",
        "dbi_last_syncronized",
        "dbi_last_modified",
    }
)


async def move_person(
    context: RequestContext, person_id: int, contact_id: int, move_after: datetime | None
) -> None:
    """Give a person another company (0: none), with its tickets from a date on.

    NotFound and BadValue change nothing; users of the own company cannot be moved.
    """
    before = await person_save.locked_person(context, person_id)
    if await user_of_person(context.db, person_id):
        raise BadValue("PersonId", f"{person_id} is a user; users cannot be moved")
    if contact_id and await load_company(context.db, contact_id) is None:
        raise NotFound(f"ContactEntity id {contact_id} not found")
    after = before.copy()
    after.row.contact_id = contact_id or None
    await person_save.write_person(context, before, after)
    await sql.move_company_tickets(
        context.db, person_id, None, contact_id or None, move_after, _user(context), context.now
    )


async def merge_persons(
    context: RequestContext,
    source_id: int,
    destination_id: int,
    move_after: datetime | None,
    *,
    delete_source: bool,
    replace_empty: bool,
) -> None:
    """Give everything of one person to another; the source is deleted or retired.

    NotFound and BadValue change nothing.
    """
    if source_id == destination_id:
        raise BadValue("DestinationPersonId", f"{destination_id} is the source itself")
    # always in the same order, so that two merges of the same persons cannot deadlock
    loaded = {
        person_id: await person_save.locked_person(context, person_id)
        for person_id in sorted((source_id, destination_id))
    }
    source, destination = loaded[source_id], loaded[destination_id]
    if await user_of_person(context.db, source_id):
        raise BadValue("SourcePersonId", f"{source_id} is a user; users cannot be merged")
    db, user = context.db, _user(context)
    await sql.move_tickets(
        db, source_id, destination_id, destination.row.contact_id, move_after, user, context.now
    )
    await sql.move_messages(db, source_id, destination_id, move_after)
    await sql.move_rest(db, source_id, destination_id)
    await sql.move_contact_points(db, source_id, destination_id)
    await _touch_person(context, destination_id, source if replace_empty else None)
    if delete_source:
        stamp = whole_second(context.now)
        await trash_person(db, source_id, context.user.associate_id, stamp, context.now)
        await ranks.close_gaps(db, source.row.contact_id)
    else:
        retired = (await person_save.locked_person(context, source_id)).copy()
        before = retired.copy()
        retired.row.retired = 1
        await person_save.write_person(context, before, retired)


async def _touch_person(
    context: RequestContext, person_id: int, source: LoadedPerson | None
) -> None:
    """Stamp the person that took over, and fill what is empty in it from the source."""
    before = await person_save.locked_person(context, person_id)
    after = before.copy()
    if source is not None:
        after.row = fill_empty(after.row, source.row)
        if is_blank(before.addresses.street):
            after.addresses = source.addresses
    await person_save.write_person(context, before, after, touch=True)


async def merge_companies(
    context: RequestContext,
    source_id: int,
    destination_id: int,
    *,
    merge_identical: bool,
    replace_empty: bool,
) -> None:
    """Give everything of one company to another; the source is deleted.

    With `merge_identical`, persons whose names are exactly equal become one.
    """
    if source_id == destination_id:
        raise BadValue("DestinationContactId", f"{destination_id} is the source itself")
    loaded = {
        contact_id: await company_save.locked_company(context, contact_id)
        for contact_id in sorted((source_id, destination_id))
    }
    source, destination = loaded[source_id], loaded[destination_id]
    if await has_users(context.db, source_id):
        raise BadValue("SourceContactId", OWNS_USERS)
    for person_id in await sql.person_ids_of(context.db, source_id):
        twin = merge_identical and await sql.identical_person(context.db, person_id, destination_id)
        if twin:
            await merge_persons(
                context, person_id, int(twin), None, delete_source=True, replace_empty=replace_empty
            )
        else:
            before = await person_save.locked_person(context, person_id)
            after = before.copy()
            after.row.contact_id = destination_id
            await person_save.write_person(context, before, after)
    db, now = context.db, context.now
    await sql.move_company_tickets(db, None, source_id, destination_id, None, _user(context), now)
    await sql.move_company_rest(db, source_id, destination_id)
    after = destination.copy()
    if replace_empty:
        after.row = fill_empty(after.row, source.row)
    await company_save.write_company(context, destination, after, touch=True)
    await trash_company(db, source_id, context.user.associate_id, whole_second(now), now)


async def copy_company(
    context: RequestContext, source_id: int, name: str, department: str, *, copy_persons: bool
) -> int:
    """A new company with the details of another, without its tickets; its id."""
    source = await company_save.locked_company(context, source_id)
    if not name.strip():
        raise BadValue("DestinationContactName", "is empty; a company has a name")
    after = source.copy()
    after.row = replace(
        after.row,
        contact_id=0,
        name=checked_text(name.strip(), "DestinationContactName", 219),
        department=checked_text(department.strip(), "DestinationContactDepartment", 219),
        support_person_id=0,
        updated=None,
        updated_associate_id=0,
        updated_count=0,
        dbi_agent_id=0,
        dbi_key="",
    )
    contact_id = await company_save.write_company(context, source.blank(), after)
    for person_id in await sql.person_ids_of(context.db, source_id) if copy_persons else []:
        await _copy_person(context, person_id, contact_id)
    return contact_id


async def _copy_person(context: RequestContext, person_id: int, contact_id: int) -> None:
    source = await person_save.locked_person(context, person_id)
    after = source.copy()
    after.row = replace(
        after.row,
        person_id=0,
        contact_id=contact_id,
        updated=None,
        updated_associate_id=0,
        updated_count=0,
        dbi_agent_id=0,
        dbi_key="",
    )
    await person_save.write_person(context, source.blank(), after)


def fill_empty(destination: R, source: R) -> R:
    """The destination with its empty texts and references taken from the source."""
    values = {
        name: getattr(source, name)
        for name in type(destination).__struct_fields__
        if name not in KEPT_COLUMNS and not getattr(destination, name) and getattr(source, name)
    }
    return replace(destination, **values)


def _user(context: RequestContext) -> tuple[int, int]:
    return context.user.ej_user_id, context.user.associate_id
