"""`/api/v1/Person`: persons over REST, by the operations of the Person agent.

What isn't there is a 404 here, not null, and answers have `_Links`. Source: reference,
Person resources of the REST interface.
"""

from datetime import UTC, datetime

import msgspec

from skranke.archive.mdo.editing import property_names
from skranke.core import dates
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue, require_found
from skranke.core.response import Response
from skranke.core.schema import Int32
from skranke.http.formats.json_patch import Patch, apply_patch
from skranke.http.links import with_links
from skranke.http.operation import resource
from skranke.people.carriers import Person
from skranke.people.deletion import service as deletion
from skranke.people.merging import service as merging
from skranke.people.persons import operations, save
from skranke.people.persons.carriers import PersonEntity, PersonEntityWithLinks
from skranke.people.sql import load_persons as load_flat

ENTITY = "PersonEntity"
PERSON_PATH = "/api/v1/Person/{person_id}"
NULL_INSTANT = datetime.min.replace(tzinfo=UTC)
# which list feeds which property
LISTS = {
    "Mrmrs": "mrmrs",
    "Position": "perspos",
    "Contact": "contact_new",
    "Country": "country",
    "Interests": "persint",
    "Category": "category",
    "Business": "business",
    "Associate": "associate",
    "Salutation": "salutation",
    "SupportAssociate": "associate",
    "TicketPriority": "ticketpriority",
    "CustomerLanguage": "customerlanguage",
}


@resource(
    "GET",
    "/api/v1/Person/default",
    permission=Permission.READ,
    about=ENTITY,
    name="DefaultPersonEntity",
)
async def get_default_person(context: RequestContext) -> PersonEntity:
    """A blank person; nothing is saved."""
    return await operations.create_default_person_entity(context)


@resource(
    "POST",
    "/api/v1/Person",
    permission=Permission.WRITE,
    transaction=True,
    about=ENTITY,
    name="PostPersonEntity",
)
async def post_person(context: RequestContext, entity: PersonEntity) -> PersonEntityWithLinks:
    """The person as it is saved: a new one for PersonId 0, else the changed one."""
    return _with_links(context, await operations.save_person_entity(context, entity))


@resource(
    "POST",
    "/api/v1/Person/Validate",
    permission=Permission.READ,
    about=ENTITY,
    name="ValidatePersonEntity",
)
async def validate_person(context: RequestContext, entity: PersonEntity) -> dict[str, str]:
    """What a save would refuse, by property; empty when it is ready."""
    return await operations.validate_person_entity(context, entity)


@resource("GET", PERSON_PATH, permission=Permission.READ, about=ENTITY, name="GetPersonEntity")
async def get_person(context: RequestContext, person_id: Int32) -> Response[PersonEntityWithLinks]:
    """A person whole, retired or not; 304 when it hasn't changed since. NotFound."""
    found = await save.whole_person(context, person_id)
    return context.conditions.respond(_with_links(context, found), _last_modified(found))


@resource(
    "PUT",
    PERSON_PATH,
    permission=Permission.WRITE,
    transaction=True,
    about=ENTITY,
    name="PutPersonEntity",
)
async def put_person(
    context: RequestContext, person_id: Int32, entity: PersonEntity
) -> PersonEntityWithLinks:
    """The person as it is when the posted one has replaced it; the id is the address's.

    What the body lacks becomes its default; consents stay. NotFound, and
    PreconditionFailed by If-Unmodified-Since.
    """
    await _load_locked(context, person_id)
    entity.person_id = person_id
    context = msgspec.structs.replace(context, given=property_names(PersonEntity))
    return _with_links(context, await operations.save_person_entity(context, entity))


@resource(
    "PATCH",
    PERSON_PATH,
    permission=Permission.WRITE,
    transaction=True,
    raw=True,
    about=ENTITY,
    name="PatchPersonEntity",
)
async def patch_person(
    context: RequestContext, person_id: Int32, changes: Patch
) -> PersonEntityWithLinks:
    """The person as it is when a JSON Patch or a merge patch is done, as one save.

    NotFound, PreconditionFailed by If-Unmodified-Since, Conflict when a `test` fails.
    """
    found = await _load_locked(context, person_id)
    entity, given = apply_patch(found, changes, context.locale)
    entity.person_id = person_id
    context = msgspec.structs.replace(context, given=given)
    return _with_links(context, await operations.save_person_entity(context, entity))


@resource(
    "DELETE",
    PERSON_PATH,
    permission=Permission.DELETE,
    transaction=True,
    about=ENTITY,
    name="DeletePersonEntity",
)
async def delete_person(context: RequestContext, person_id: Int32) -> None:
    """Put a person into the trash; NotFound without one, BadValue for a user."""
    await _load_locked(context, person_id)
    await deletion.delete_person(context, "PersonId", person_id)


@resource(
    "POST",
    f"{PERSON_PATH}/Undelete",
    permission=Permission.DELETE,
    transaction=True,
    about=ENTITY,
    name="UndeletePersonEntity",
)
async def undelete_person(context: RequestContext, person_id: Int32) -> None:
    """Take a person out of the trash; NotFound where it is not there. Our own address."""
    await deletion.undelete_person(context, person_id)


@resource("GET", f"{PERSON_PATH}/Simple", permission=Permission.READ, about=ENTITY, name="Simple")
async def get_simple_person(context: RequestContext, person_id: Int32) -> Person:
    """A person flat, with display names; NotFound without one."""
    found = (await load_flat(context.db, [person_id])).get(person_id)
    return require_found(found, "Person", person_id)


@resource(
    "POST",
    f"{PERSON_PATH}/MoveTo/{{destination_contact_id}}",
    permission=Permission.DELETE,
    transaction=True,
    query=("move_after_date",),
    about=ENTITY,
    name="MovePersonTo",
)
async def move_person(
    context: RequestContext,
    person_id: Int32,
    destination_contact_id: Int32,
    move_after_date: str = "",
) -> None:
    """Give a person another company, with its tickets from moveAfterDate on."""
    since = _date(context, move_after_date)
    await merging.move_person(context, person_id, destination_contact_id, since)


@resource(
    "POST",
    "/api/v1/Person/{source_person_id}/MergeTo/{destination_person_id}",
    permission=Permission.DELETE,
    transaction=True,
    query=("move_after_date", "delete_source", "replace_empty_fields_on_destination"),
    about=ENTITY,
    name="MergePersonTo",
)
async def merge_person(
    context: RequestContext,
    source_person_id: Int32,
    destination_person_id: Int32,
    move_after_date: str = "",
    delete_source: bool = False,
    replace_empty_fields_on_destination: bool = False,
) -> None:
    """Give everything of one person to another; the source is deleted or retired."""
    await merging.merge_persons(
        context,
        source_person_id,
        destination_person_id,
        _date(context, move_after_date),
        delete_source=delete_source,
        replace_empty=replace_empty_fields_on_destination,
    )


def _date(context: RequestContext, text: str) -> datetime | None:
    """The date that moveAfterDate says; None for the null date, which means everything."""
    if not text:
        raise BadValue("moveAfterDate", "is missing; 0001-01-01 moves everything")
    try:
        read = dates.parse(text)
    except ValueError:
        raise BadValue("moveAfterDate", f"{text[:40]!r} is not a date") from None
    return dates.to_instant(read, context.locale)


async def _load_locked(context: RequestContext, person_id: int) -> PersonEntity:
    """The person, which nobody else can change before this request is done."""
    await save.locked_person(context, person_id)
    found = await save.whole_person(context, person_id)
    context.conditions.check(_last_modified(found))
    return found


def _last_modified(person: PersonEntity) -> datetime:
    """When a stored person was changed last: when it was made, where it never was."""
    return person.updated_date or person.created_date or NULL_INSTANT


def _with_links(context: RequestContext, person: PersonEntity) -> PersonEntityWithLinks:
    """The person with the addresses of itself, its lists, its company and its tickets."""
    base = f"{context.base_url}/api/v1"
    itself = f"{base}/Person/{person.person_id}"
    links = {"Self": itself, "Self.Simple": f"{itself}/Simple"}
    links |= {f"{name}.List": f"{base}/MDOList/{found}" for name, found in LISTS.items()}
    if person.contact is not None:
        links["Contact"] = f"{base}/Contact/{person.contact.contact_id}"
    links |= {"Archive": f"{base}/Person", "Archive.Tickets": f"{itself}/Tickets"}
    return with_links(PersonEntityWithLinks, person, links)
