"""A loaded company as the wire has it: whole, flat, or as a preview."""

from skranke.core.context import CurrentUser
from skranke.people.carriers import Associate, Person
from skranke.people.companies.carriers import Contact, ContactEntity, PreviewContact
from skranke.people.companies.row import LoadedCompany
from skranke.people.contact_points.addresses import company_address
from skranke.people.contact_points.carriers import Address
from skranke.people.contact_points.elements import Elements, with_elements
from skranke.people.posted import shown_interests
from skranke.people.reference_data.sql import PeopleReference
from skranke.people.rights import table_right


def company_entity(
    company: LoadedCompany, reference: PeopleReference, user: CurrentUser, persons: list[Person]
) -> ContactEntity:
    """A company whole, as GetContactEntity answers it."""
    row = company.row
    entity = ContactEntity(
        contact_id=row.contact_id,
        name=row.name,
        department=row.department,
        org_nr=row.orgnr,
        number1=row.number1,
        number2=row.number2,
        updated_date=row.updated,
        created_date=row.registered,
        interests=shown_interests(reference, "contint", company.interest_ids),
        description=row.description,
        updated_by=associate(reference, row.updated_associate_id),
        created_by=associate(reference, row.registered_associate_id),
        associate=associate(reference, row.associate_id),
        business=reference.business(row.business_idx),
        category=reference.category(row.category_idx),
        country=reference.country(row.country_id),
        persons=persons,
        no_mailing=row.nomailing,
        kananame=row.kananame,
        xstop=row.xstop,
        active_interests=len(company.interest_ids),
        group_id=row.group_idx,
        active_status_monitor_id=row.active_status_monitor_id,
        support_associate=associate(reference, row.support_associate_id),
        ticket_priority=reference.priorities.get(row.ticket_priority_id),
        customer_language=reference.customer_language(row.support_language_id),
        deleted=int(row.deleted_date is not None),
        dbi_agent_id=row.dbi_agent_id,
        dbi_last_syncronized=row.dbi_last_syncronized,
        dbi_key=row.dbi_key,
        dbi_last_modified=row.dbi_last_modified,
        support_person=_support_person(row.support_person_id, persons),
        address=address_of(company, reference),
        source=row.source,
        bounce_emails=company.bounces,
        domains=company.domains,
        table_right=table_right(user),
    )
    return with_elements(entity, company.elements)


def _support_person(person_id: int, persons: list[Person]) -> Person | None:
    return next((p for p in persons if p.person_id == person_id), None) if person_id else None


def associate(reference: PeopleReference, associate_id: int) -> Associate | None:
    """An associate by id; None for 0 and for one that is not known."""
    return reference.associates.get(associate_id)


def address_of(company: LoadedCompany, reference: PeopleReference) -> Address:
    """The address of a company as its country lays it out."""
    country = reference.country(company.row.country_id)
    addresses = company.addresses
    return company_address(
        addresses.street,
        addresses.postal,
        country.address_layout_id if country else 0,
        addresses.latitude,
        addresses.longitude,
    )


def full_name(company: LoadedCompany) -> str:
    """`Name, Department`."""
    return ", ".join(part for part in (company.row.name, company.row.department) if part)


def flat_company(company: LoadedCompany, reference: PeopleReference, user: CurrentUser) -> Contact:
    """A company flat, as GetContact answers it."""
    row, elements = company.row, company.elements
    address = address_of(company, reference)
    business = reference.business(row.business_idx)
    category = reference.category(row.category_idx)
    country = reference.country(row.country_id)
    owner = associate(reference, row.associate_id)
    return Contact(
        contact_id=row.contact_id,
        name=row.name,
        org_nr=row.orgnr,
        department=row.department,
        url=first(elements, "urls"),
        city=address.street.city if address.street else "",
        direct_phone=first(elements, "phones"),
        associate_id=row.associate_id,
        country_id=row.country_id,
        email_address=first(elements, "emails"),
        kananame=row.kananame,
        associate_full_name=owner.full_name if owner else "",
        business_name=business.value if business else "",
        category_name=category.value if category else "",
        country_name=country.name if country else "",
        address=address,
        formatted_address=address.formatted,
        full_name=full_name(company),
        is_owner_contact=row.contact_id in reference.own_contact_ids,
        number1=row.number1,
        number2=row.number2,
        table_right=table_right(user),
    )


def preview_company(flat: Contact) -> PreviewContact:
    """The few properties of a company that a preview shows."""
    return PreviewContact(
        contact_id=flat.contact_id,
        name=flat.name,
        department=flat.department,
        country_id=flat.country_id,
        number2=flat.number2,
        direct_phone=flat.direct_phone,
        url=flat.url,
        email_address=flat.email_address,
        business_name=flat.business_name,
        category_name=flat.category_name,
        associate_full_name=flat.associate_full_name,
        address=flat.address,
    )


def first(elements: Elements, attribute: str) -> str:
    """The value of the first element of a kind; empty without one."""
    found = elements[attribute]
    return found[0].value if found else ""
