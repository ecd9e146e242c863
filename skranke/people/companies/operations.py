"""What the Contact agent does with companies."""

import msgspec

from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue
from skranke.core.schema import Int32
from skranke.http.operation import operation
from skranke.people.carriers import Person
from skranke.people.companies import save, sql
from skranke.people.companies.carriers import Contact, ContactEntity, PreviewContact
from skranke.people.companies.entity import (
    address_of,
    company_entity,
    flat_company,
    preview_company,
)
from skranke.people.companies.validation import faults
from skranke.people.contact_points.addresses import company_address
from skranke.people.contact_points.carriers import Address
from skranke.people.deletion import service as deletion
from skranke.people.persons.carriers import PersonEntity
from skranke.people.persons.save import save_person
from skranke.people.posted import changed_interests, list_check
from skranke.people.reference_data.sql import load_reference


@operation("Contact", permission=Permission.READ, transaction=False)
async def create_default_contact_entity(context: RequestContext) -> ContactEntity:
    """A blank company of the caller's; nothing is saved."""
    reference = await context.get_cached(load_reference)
    company = save.default_company(context, reference)
    return company_entity(company, reference, context.user, [])


@operation("Contact", permission=Permission.WRITE)
async def save_contact_entity(context: RequestContext, entity: ContactEntity) -> ContactEntity:
    """The company as it is after the save: a new one for ContactId 0, else the changed one.

    Absent properties are kept; an array of elements is replaced whole, its order is the
    rank. BadValue names the property, NotFound the company; both change nothing.
    """
    return await save.save_company(context, entity)


@operation("Contact", permission=Permission.DELETE, query=("contact_entity_id",))
async def delete_contact_entity(context: RequestContext, contact_entity_id: Int32) -> None:
    """Put a company into the trash with its persons; without effect where there is none.

    BadValue for a company that has users.
    """
    await deletion.delete_company(context, "ContactEntityId", contact_entity_id)


@operation("Contact", permission=Permission.DELETE)
async def undelete(context: RequestContext, id: Int32) -> None:
    """Take a company out of the trash, with the persons that went with it; NotFound."""
    await deletion.undelete_company(context, id)


@operation("Contact", permission=Permission.ADMINISTER)
async def delete_expired(context: RequestContext) -> None:
    """Remove the companies whose time in the trash is over, now."""
    await deletion.delete_expired_companies(context)


@operation("Contact", permission=Permission.READ, query=("contact_entity_id",), transaction=False)
async def get_contact_entity(
    context: RequestContext, contact_entity_id: Int32
) -> ContactEntity | None:
    """A company whole with its persons by rank, without retired ones; null without one."""
    company = await sql.load_company(context.db, contact_entity_id)
    if company is None:
        return None
    reference = await context.get_cached(load_reference)
    persons = await sql.persons_of(context.db, contact_entity_id, retired=False)
    return company_entity(company, reference, context.user, persons)


@operation("Contact", permission=Permission.READ, transaction=False)
async def get_contact_with_persons(
    context: RequestContext, contact_id: Int32
) -> ContactEntity | None:
    """A company whole with all its persons, retired ones last; null without one."""
    found = await get_contact_entity(context, contact_id)
    if found is not None:
        found.persons = await sql.persons_of(context.db, contact_id, retired=True)
    return found


@operation("Contact", permission=Permission.READ, query=("contact_id",), transaction=False)
async def get_contact(context: RequestContext, contact_id: Int32) -> Contact | None:
    """A company flat; null without one."""
    found = await get_contact_list(context, [contact_id])
    return found[0] if found else None


@operation("Contact", permission=Permission.READ, bare=True, transaction=False)
async def get_contact_list(context: RequestContext, contact_ids: list[Int32]) -> list[Contact]:
    """Companies flat, in the order of the ids; unknown ones are left out."""
    reference = await context.get_cached(load_reference)
    known = await sql.load_companies(context.db, contact_ids)
    return [flat_company(known[i], reference, context.user) for i in contact_ids if i in known]


@operation("Contact", permission=Permission.READ, transaction=False)
async def get_my_contact(context: RequestContext) -> ContactEntity | None:
    """The company of the caller's person; null without one."""
    return await get_contact_entity(
        context, await sql.company_of_associate(context.db, context.user.associate_id)
    )


@operation("Contact", permission=Permission.READ, transaction=False)
async def get_my_contacts(context: RequestContext) -> list[Contact]:
    """The companies that the caller minds, by name."""
    found = await sql.companies_of_owner(context.db, context.user.associate_id)
    return await get_contact_list(context, found)


@operation("Contact", permission=Permission.READ, transaction=False)
async def get_persons(context: RequestContext, contact_id: Int32) -> list[Person]:
    """All persons of a company by rank, retired ones last."""
    return await sql.persons_of(context.db, contact_id, retired=True)


@operation("Contact", permission=Permission.WRITE)
async def add_person(
    context: RequestContext, contact_id: Int32, new_person_entity: PersonEntity
) -> PersonEntity:
    """Save a new person of a company. BadValue names the property."""
    if new_person_entity.person_id:
        raise BadValue("NewPersonEntity.PersonId", "is not 0; the person must be new")
    new_person_entity.contact = Contact(contact_id=contact_id)
    context = msgspec.structs.replace(context, given=context.given | {"Contact"})
    return await save_person(context, new_person_entity)


@operation("Contact", permission=Permission.READ, wrapped=True, transaction=False)
async def validate_contact_entity(
    context: RequestContext, contact_entity: ContactEntity
) -> dict[str, str]:
    """What a save would refuse, by property; empty when it is ready. Nothing is saved."""
    return await faults(context, contact_entity)


@operation("Contact", permission=Permission.READ, transaction=False)
async def change_country(
    context: RequestContext, contact_entity: ContactEntity, to_country_id: Int32
) -> ContactEntity:
    """The company with its address laid out for another country; nothing is saved."""
    reference = await context.get_cached(load_reference)
    country = reference.country(to_country_id)
    if country is None:
        raise BadValue("ToCountryId", f"{to_country_id} does not exist")
    contact_entity.country = country
    address = contact_entity.address or Address()
    contact_entity.address = company_address(
        address.street,
        address.postal,
        country.address_layout_id,
        address.wgs84_latitude,
        address.wgs84_longitude,
    )
    return contact_entity


@operation("Contact", permission=Permission.READ, transaction=False)
async def get_address(context: RequestContext, contact_id: Int32) -> Address | None:
    """The address of a company as its country lays it out; null without the company."""
    company = await sql.load_company(context.db, contact_id)
    return company and address_of(company, await context.get_cached(load_reference))


@operation("Contact", permission=Permission.READ, transaction=False)
async def get_address_by_country(
    context: RequestContext, contact_id: Int32, country_id: Int32
) -> Address | None:
    """The address of a company as another country would lay it out; null without one."""
    reference = await context.get_cached(load_reference)
    company = await sql.load_company(context.db, contact_id)
    if reference.country(country_id) is None:
        raise BadValue("CountryId", f"{country_id} does not exist")
    if company is None:
        return None
    company.row.country_id = country_id
    return address_of(company, reference)


@operation("Contact", permission=Permission.READ, transaction=False)
async def is_number_valid(context: RequestContext, contact_id: Int32, number: str) -> bool:
    """Whether no other company has this number (Number2)."""
    return not await sql.is_number_taken(context.db, contact_id, number.strip())


@operation("Contact", permission=Permission.WRITE)
async def update_interests(
    context: RequestContext,
    contact_id: Int32,
    enable_interest_ids: list[Int32],
    disable_interest_ids: list[Int32],
) -> None:
    """Add and remove interests of a company; NotFound without it.

    BadValue for an id that is in both lists or is not an interest.
    """
    reference = await context.get_cached(load_reference)
    before = await save.locked_company(context, contact_id)
    after = before.copy()
    after.interest_ids = changed_interests(
        before.interest_ids,
        enable_interest_ids,
        disable_interest_ids,
        list_check(reference, "contint"),
    )
    await save.write_company(context, before, after)


@operation("Contact", permission=Permission.READ, transaction=False)
async def create_default_preview_contact(context: RequestContext) -> PreviewContact:
    """A blank preview of a company."""
    reference = await context.get_cached(load_reference)
    company = save.default_company(context, reference)
    return preview_company(flat_company(company, reference, context.user))


@operation("Contact", permission=Permission.READ, transaction=False)
async def get_preview_contact(context: RequestContext, contact_id: Int32) -> PreviewContact | None:
    """The few properties of a company that a preview shows; null without one."""
    found = await get_contact(context, contact_id)
    return preview_company(found) if found else None


@operation("Contact", permission=Permission.READ, transaction=False)
async def get_my_biz_card(context: RequestContext) -> ContactEntity | None:
    """The company of the caller with the caller's person alone; null without one."""
    found = await get_my_contact(context)
    if found is not None:
        found.persons = [p for p in found.persons if p.person_id == context.user.person_id]
    return found
