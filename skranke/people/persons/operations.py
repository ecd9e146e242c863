"""What the Person agent does with persons."""

from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.core.schema import Int32
from skranke.http.operation import operation
from skranke.people.carriers import Person
from skranke.people.companies.sql import load_company, persons_of
from skranke.people.contact_points.addresses import person_address
from skranke.people.contact_points.carriers import Address, EntityElement
from skranke.people.deletion import service as deletion
from skranke.people.persons import bounces, ranks, save, sql
from skranke.people.persons.carriers import PersonEntity, ResolvedPerson
from skranke.people.persons.entity import address_of, person_entity
from skranke.people.persons.resolve import resolve_person
from skranke.people.persons.validation import faults
from skranke.people.posted import changed_interests, list_check
from skranke.people.reference_data.sql import load_reference
from skranke.people.sql import load_persons as load_flat


@operation("Person", permission=Permission.READ, transaction=False)
async def create_default_person_entity(context: RequestContext) -> PersonEntity:
    """A blank person in the own company's country; nothing is saved."""
    reference = await context.get_cached(load_reference)
    person = save.default_person(context, reference, None)
    return person_entity(person, None, reference, context.user)


@operation("Person", permission=Permission.READ, transaction=False)
async def create_default_by_contact_id(context: RequestContext, contact_id: Int32) -> PersonEntity:
    """A blank person of a company, with what it takes from it; nothing is saved."""
    reference = await context.get_cached(load_reference)
    company = await load_company(context.db, contact_id)
    if company is None:
        raise BadValue("ContactId", f"{contact_id} does not exist")
    person = save.default_person(context, reference, company)
    return person_entity(person, company, reference, context.user)


@operation("Person", permission=Permission.WRITE)
async def save_person_entity(context: RequestContext, entity: PersonEntity) -> PersonEntity:
    """The person as it is after the save: a new one for PersonId 0, else the changed one.

    Absent properties are kept; an array of elements is replaced whole, its order is the
    rank. BadValue names the property, NotFound the person; both change nothing.
    """
    return await save.save_person(context, entity)


@operation("Person", permission=Permission.DELETE, query=("person_entity_id",))
async def delete_person_entity(context: RequestContext, person_entity_id: Int32) -> None:
    """Put a person into the trash; without effect where there is none.

    BadValue for one who is a user.
    """
    await deletion.delete_person(context, "PersonEntityId", person_entity_id)


@operation("Person", permission=Permission.DELETE)
async def undelete(context: RequestContext, id: Int32) -> None:
    """Take a person out of the trash; NotFound where it is not there."""
    await deletion.undelete_person(context, id)


@operation("Person", permission=Permission.ADMINISTER)
async def delete_expired(context: RequestContext) -> None:
    """Remove the persons whose time in the trash is over, now."""
    await deletion.delete_expired_persons(context)


@operation("Person", permission=Permission.READ, query=("person_entity_id",), transaction=False)
async def get_person_entity(
    context: RequestContext, person_entity_id: Int32
) -> PersonEntity | None:
    """A person whole, retired or not; null without one."""
    try:
        return await save.whole_person(context, person_entity_id)
    except NotFound:
        return None


@operation("Person", permission=Permission.READ, transaction=False)
async def get_my_person(context: RequestContext) -> PersonEntity | None:
    """The caller's own person; null without one."""
    return await get_person_entity(context, context.user.person_id)


@operation("Person", permission=Permission.READ, transaction=False)
async def get_persons_from_contact(context: RequestContext, contact_id: Int32) -> list[Person]:
    """All persons of a company by rank, retired ones last."""
    return await persons_of(context.db, contact_id, retired=True)


@operation("Person", permission=Permission.READ, transaction=False)
async def get_persons_from_project(context: RequestContext, project_id: Int32) -> list[Person]:
    """The persons who are members of a project, by name; empty without it."""
    return await sql.persons_of_project(context.db, project_id)


@operation("Person", permission=Permission.READ, transaction=False)
async def get_colleagues(context: RequestContext) -> list[Person]:
    """The persons of the caller's company by rank, without retired ones."""
    return await sql.colleagues(context.db, context.user.person_id)


@operation("Person", permission=Permission.READ, transaction=False)
async def get_colleagues_by_department(
    context: RequestContext, department_id: Int32
) -> list[Person]:
    """The persons behind the users of a user group, by name."""
    return await sql.persons_of_group(context.db, department_id)


@operation("Person", permission=Permission.READ, transaction=False)
async def get_my_owner(context: RequestContext) -> Person | None:
    """The person of the user who minds the caller's company; null without one."""
    return await get_owner_on_person_id(context, context.user.person_id)


@operation("Person", permission=Permission.READ, transaction=False)
async def get_owner_on_person_id(context: RequestContext, person_id: Int32) -> Person | None:
    """The person of the user who minds a person, through its company; null without one."""
    found = await get_person_entity(context, person_id)
    if found is None or found.associate is None:
        return None
    owner_id = found.associate.person_id
    return (await load_flat(context.db, [owner_id])).get(owner_id)


@operation("Person", permission=Permission.READ, transaction=False)
async def get_phones(context: RequestContext, person_id: Int32) -> list[EntityElement]:
    """All phone numbers of a person: office, mobile, private, other, fax."""
    person = await sql.load_person(context.db, person_id)
    if person is None:
        return []
    kinds = ("office_phones", "mobile_phones", "private_phones", "other_phones", "faxes")
    return [element for kind in kinds for element in person.elements[kind]]


@operation("Person", permission=Permission.READ, transaction=False)
async def get_address(context: RequestContext, person_id: Int32) -> Address | None:
    """The own address of a person as its country lays it out; null without the person."""
    person = await sql.load_person(context.db, person_id)
    return person and address_of(person, await context.get_cached(load_reference))


@operation("Person", permission=Permission.READ, transaction=False)
async def get_address_by_country(
    context: RequestContext, person_id: Int32, country_id: Int32
) -> Address | None:
    """The own address of a person as another country would lay it out; null without one."""
    reference = await context.get_cached(load_reference)
    person = await sql.load_person(context.db, person_id)
    if reference.country(country_id) is None:
        raise BadValue("CountryId", f"{country_id} does not exist")
    if person is None:
        return None
    person.row.country_id = country_id
    return address_of(person, reference)


@operation("Person", permission=Permission.READ, transaction=False)
async def change_country(
    context: RequestContext, person_entity: PersonEntity, to_country_id: Int32
) -> PersonEntity:
    """The person with its address laid out for another country; nothing is saved."""
    reference = await context.get_cached(load_reference)
    country = reference.country(to_country_id)
    if country is None:
        raise BadValue("ToCountryId", f"{to_country_id} does not exist")
    person_entity.country = country
    address = person_entity.address or Address()
    person_entity.address = person_address(
        address.street, country.address_layout_id, address.wgs84_latitude, address.wgs84_longitude
    )
    return person_entity


@operation("Person", permission=Permission.READ, wrapped=True, transaction=False)
async def validate_person_entity(
    context: RequestContext, person_entity: PersonEntity
) -> dict[str, str]:
    """What a save would refuse, by property; empty when it is ready. Nothing is saved."""
    return await faults(context, person_entity)


@operation("Person", permission=Permission.READ, transaction=False)
async def is_number_valid(context: RequestContext, contact_id: Int32, number: str) -> bool:
    """Whether no other person has this number; the id is a person's despite its name."""
    return not await sql.is_number_taken(context.db, contact_id, number.strip())


@operation("Person", permission=Permission.WRITE)
async def resolve_person_from_info(
    context: RequestContext,
    contact_id: Int32,
    person_name: str,
    phone_numbers: list[str],
    emails: list[str],
) -> ResolvedPerson:
    """Find a person by e-mail, phone or name within the company, else make one."""
    return await resolve_person(context, contact_id, person_name, phone_numbers, emails)


@operation("Person", permission=Permission.WRITE)
async def add_email_address_to_person(
    context: RequestContext, person_id: Int32, email_address: str, set_as_primary_email: bool
) -> None:
    """Add an e-mail address to a person, last or first; NotFound without the person."""
    before = await save.locked_person(context, person_id)
    after = before.copy()
    address = email_address.strip()
    if not address:
        raise BadValue("EmailAddress", "is empty")
    others = [e for e in before.elements["emails"] if e.value.lower() != address.lower()]
    known = [e for e in before.elements["emails"] if e.value.lower() == address.lower()]
    element = known[0] if known else save.new_email(address)
    if set_as_primary_email:
        after.elements["emails"] = [element, *others]
    elif not known:
        after.elements["emails"] = [*others, element]
    await save.write_person(context, before, after)


@operation("Person", permission=Permission.WRITE)
async def update_interests(
    context: RequestContext,
    person_id: Int32,
    enable_interest_ids: list[Int32],
    disable_interest_ids: list[Int32],
) -> None:
    """Add and remove interests of a person; NotFound without it.

    BadValue for an id that is in both lists or is not an interest.
    """
    reference = await context.get_cached(load_reference)
    before = await save.locked_person(context, person_id)
    after = before.copy()
    after.interest_ids = changed_interests(
        before.interest_ids,
        enable_interest_ids,
        disable_interest_ids,
        list_check(reference, "persint"),
    )
    await save.write_person(context, before, after)


@operation("Person", permission=Permission.WRITE)
async def change_person_rank(context: RequestContext, person_id: Int32, move_up: bool) -> Int32:
    """Move a person one rank up (towards 1) or down in its company; the new rank."""
    row = (await save.locked_person(context, person_id)).row
    desired = row.rank - 1 if move_up else row.rank + 1
    return await _set_rank(context, person_id, row.contact_id, desired)


@operation("Person", permission=Permission.WRITE)
async def set_person_rank(context: RequestContext, person_id: Int32, desired_rank: Int32) -> bool:
    """Put a person at a rank of its company and shift the others; true when it is there."""
    row = (await save.locked_person(context, person_id)).row
    rank = await _set_rank(context, person_id, row.contact_id, desired_rank)
    return rank == desired_rank


async def _set_rank(
    context: RequestContext, person_id: int, contact_id: int | None, desired: int
) -> int:
    if contact_id is None:
        raise BadValue("PersonId", f"{person_id} has no company, and so no rank")
    return await ranks.set_rank(context.db, contact_id, person_id, desired)


@operation("Person", permission=Permission.WRITE)
async def normalize_ranks(context: RequestContext, contact_id: Int32) -> bool:
    """Rank the persons of a company from 1 on without gaps; whether any rank changed."""
    return await ranks.close_gaps(context.db, contact_id)


@operation("Person", permission=Permission.WRITE)
async def add_bounce(context: RequestContext, email_address: str) -> None:
    """Count a bounce of an e-mail address; without effect where nobody has it."""
    await bounces.add(context, email_address, 1)


@operation("Person", permission=Permission.WRITE)
async def add_bounce_with_count(context: RequestContext, email_address: str, counts: Int32) -> None:
    """Count bounces of an e-mail address; without effect where nobody has it."""
    await bounces.add(context, email_address, counts)


@operation("Person", permission=Permission.WRITE)
async def add_bounce_with_details(
    context: RequestContext, email_address: str, counts: Int32, code: Int32, reason: str
) -> None:
    """Count bounces of an e-mail address, with the code and reason of the last one."""
    await bounces.add(context, email_address, counts, code, reason)


@operation("Person", permission=Permission.READ, transaction=False)
async def get_best_so_language_for_template(
    context: RequestContext, person_id: Int32, template_id: Int32
) -> str:
    """The ISO code of the person's language, else of its company; empty without one."""
    person = await sql.load_person(context.db, person_id)
    if person is None:
        return ""
    company = await save.company_of(context, person.row)
    reference = await context.get_cached(load_reference)
    language_id = person.row.support_language_id
    if company and not language_id:
        language_id = company.row.support_language_id
    found = reference.item("customerlanguage", language_id)
    return found.key if found else ""
