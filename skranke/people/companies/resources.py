"""`/api/v1/Contact`: companies over REST, by the operations of the Contact agent.

What isn't there is a 404 here, not null, and answers have `_Links`. Source: reference,
Contact resources of the REST interface.
"""

from datetime import UTC, datetime

import msgspec

from skranke.archive.mdo.editing import property_names
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import require_found
from skranke.core.response import Response
from skranke.core.schema import Int32
from skranke.http.formats.json_patch import Patch, apply_patch
from skranke.http.links import with_links
from skranke.http.operation import resource
from skranke.people.companies import operations, save
from skranke.people.companies.carriers import (
    Contact,
    ContactEntity,
    ContactEntityWithLinks,
    DuplicateEntry,
    DuplicateRule,
)
from skranke.people.deletion import service as deletion
from skranke.people.merging import duplicates
from skranke.people.merging import service as merging

ENTITY = "ContactEntity"
CONTACT_PATH = "/api/v1/Contact/{contact_id}"
NULL_INSTANT = datetime.min.replace(tzinfo=UTC)
# which list feeds which property
LISTS = {
    "Associate": "associate",
    "Business": "business",
    "Category": "category",
    "Country": "country",
    "Interests": "contint",
    "SupportAssociate": "associate",
    "SupportPerson": "person_new",
    "TicketPriority": "ticketpriority",
    "CustomerLanguage": "customerlanguage",
}


@resource(
    "GET",
    "/api/v1/Contact/default",
    permission=Permission.READ,
    about=ENTITY,
    name="DefaultContactEntity",
)
async def get_default_contact(context: RequestContext) -> ContactEntity:
    """A blank company; nothing is saved."""
    return await operations.create_default_contact_entity(context)


@resource(
    "POST",
    "/api/v1/Contact",
    permission=Permission.WRITE,
    transaction=True,
    about=ENTITY,
    name="PostContactEntity",
)
async def post_contact(context: RequestContext, entity: ContactEntity) -> ContactEntityWithLinks:
    """The company as it is saved: a new one for ContactId 0, else the changed one."""
    return _with_links(context, await operations.save_contact_entity(context, entity))


@resource(
    "POST",
    "/api/v1/Contact/Validate",
    permission=Permission.READ,
    about=ENTITY,
    name="ValidateContactEntity",
)
async def validate_contact(context: RequestContext, entity: ContactEntity) -> dict[str, str]:
    """What a save would refuse, by property; empty when it is ready."""
    return await operations.validate_contact_entity(context, entity)


@resource("GET", CONTACT_PATH, permission=Permission.READ, about=ENTITY, name="GetContactEntity")
async def get_contact(
    context: RequestContext, contact_id: Int32
) -> Response[ContactEntityWithLinks]:
    """A company whole with its persons; 304 when it hasn't changed since. NotFound."""
    found = await save.whole_company(context, contact_id)
    return context.conditions.respond(_with_links(context, found), _last_modified(found))


@resource(
    "PUT",
    CONTACT_PATH,
    permission=Permission.WRITE,
    transaction=True,
    about=ENTITY,
    name="PutContactEntity",
)
async def put_contact(
    context: RequestContext, contact_id: Int32, entity: ContactEntity
) -> ContactEntityWithLinks:
    """The company as it is when the posted one has replaced it; the id is the address's.

    What the body lacks becomes its default. NotFound, and PreconditionFailed by
    If-Unmodified-Since.
    """
    await _load_locked(context, contact_id)
    entity.contact_id = contact_id
    context = msgspec.structs.replace(context, given=property_names(ContactEntity))
    return _with_links(context, await operations.save_contact_entity(context, entity))


@resource(
    "PATCH",
    CONTACT_PATH,
    permission=Permission.WRITE,
    transaction=True,
    raw=True,
    about=ENTITY,
    name="PatchContactEntity",
)
async def patch_contact(
    context: RequestContext, contact_id: Int32, changes: Patch
) -> ContactEntityWithLinks:
    """The company as it is when a JSON Patch or a merge patch is done, as one save.

    NotFound, PreconditionFailed by If-Unmodified-Since, Conflict when a `test` fails.
    """
    found = await _load_locked(context, contact_id)
    entity, given = apply_patch(found, changes, context.locale)
    entity.contact_id = contact_id
    context = msgspec.structs.replace(context, given=given)
    return _with_links(context, await operations.save_contact_entity(context, entity))


@resource(
    "DELETE",
    CONTACT_PATH,
    permission=Permission.DELETE,
    transaction=True,
    about=ENTITY,
    name="DeleteContactEntity",
)
async def delete_contact(context: RequestContext, contact_id: Int32) -> None:
    """Put a company and its persons into the trash; NotFound, BadValue where it has users."""
    await _load_locked(context, contact_id)
    await deletion.delete_company(context, "ContactId", contact_id)


@resource(
    "POST",
    f"{CONTACT_PATH}/Undelete",
    permission=Permission.DELETE,
    transaction=True,
    about=ENTITY,
    name="UndeleteContactEntity",
)
async def undelete_contact(context: RequestContext, contact_id: Int32) -> None:
    """Take a company out of the trash; NotFound where it is not there. Our own address."""
    await deletion.undelete_company(context, contact_id)


@resource("GET", f"{CONTACT_PATH}/Simple", permission=Permission.READ, about=ENTITY, name="Simple")
async def get_simple_contact(context: RequestContext, contact_id: Int32) -> Contact:
    """A company flat, with display names; NotFound without one."""
    found = await operations.get_contact(context, contact_id)
    return require_found(found, "Contact", contact_id)


@resource(
    "POST",
    "/api/v1/Contact/{source_contact_id}/MergeTo/{destination_contact_id}",
    permission=Permission.DELETE,
    transaction=True,
    query=("merge_identical_persons", "replace_empty_fields_on_destination"),
    about=ENTITY,
    name="MergeContactTo",
)
async def merge_contact(
    context: RequestContext,
    source_contact_id: Int32,
    destination_contact_id: Int32,
    merge_identical_persons: bool = False,
    replace_empty_fields_on_destination: bool = False,
) -> None:
    """Give everything of one company to another; the source is deleted."""
    await merging.merge_companies(
        context,
        source_contact_id,
        destination_contact_id,
        merge_identical=merge_identical_persons,
        replace_empty=replace_empty_fields_on_destination,
    )


@resource(
    "GET",
    "/api/v1/Contact/DuplicateRules",
    permission=Permission.READ,
    about=ENTITY,
    name="GetDuplicateRules",
)
async def get_duplicate_rules(context: RequestContext) -> list[DuplicateRule]:
    """The rules by which duplicates are found, and whether each is in use."""
    return await duplicates.rules(context)


@resource(
    "PUT",
    "/api/v1/Contact/DuplicateRules",
    permission=Permission.ADMINISTER,
    bare=True,
    about=ENTITY,
    name="SetDuplicateRules",
)
async def put_duplicate_rules(context: RequestContext, rules: list[DuplicateRule]) -> None:
    """Switch rules for duplicates on and off; BadValue for an unknown name."""
    await duplicates.set_status(context, rules)


@resource(
    "GET",
    "/api/v1/Contact/Duplicates/{name}",
    permission=Permission.READ,
    query=("department",),
    about=ENTITY,
    name="GetDuplicates",
)
async def get_duplicates(
    context: RequestContext, name: str, department: str = ""
) -> list[DuplicateEntry]:
    """Companies whose name is similar, or equal with this department; at most 50."""
    if department:
        return await duplicates.by_name_and_department(context, name, department)
    return await duplicates.by_name(context, name)


@resource(
    "GET",
    "/api/v1/Contact/DuplicateDomains/{domain}",
    permission=Permission.READ,
    about=ENTITY,
    name="GetDuplicateDomains",
)
async def get_duplicate_domains(context: RequestContext, domain: str) -> list[DuplicateEntry]:
    """Companies that have a domain or an e-mail address in it; at most 50."""
    return await duplicates.by_domain(context, domain)


async def _load_locked(context: RequestContext, contact_id: int) -> ContactEntity:
    """The company, which nobody else can change before this request is done."""
    await save.locked_company(context, contact_id)
    found = await save.whole_company(context, contact_id)
    context.conditions.check(_last_modified(found))
    return found


def _last_modified(company: ContactEntity) -> datetime:
    """When a stored company was changed last: when it was made, where it never was."""
    return company.updated_date or company.created_date or NULL_INSTANT


def _with_links(context: RequestContext, company: ContactEntity) -> ContactEntityWithLinks:
    """The company with the addresses of itself, its lists and its tickets."""
    base = f"{context.base_url}/api/v1"
    itself = f"{base}/Contact/{company.contact_id}"
    links = {"Self": itself, "Self.Simple": f"{itself}/Simple"}
    links |= {f"{name}.List": f"{base}/MDOList/{found}" for name, found in LISTS.items()}
    links |= {"Archive": f"{base}/Contact", "Archive.Tickets": f"{itself}/Tickets"}
    return with_links(ContactEntityWithLinks, company, links)
