"""Saving persons: what is posted over what is stored, in one transaction.

Source: PersonEntity of the reference, the manual on contacts.
"""

from msgspec.structs import replace

from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.people.companies.row import LoadedCompany
from skranke.people.companies.sql import load_company
from skranke.people.consents.save import apply_consents, default_consents
from skranke.people.contact_points.addresses import NO_ADDRESSES, apply_address
from skranke.people.contact_points.carriers import EntityElement
from skranke.people.contact_points.elements import PERSON_KINDS, normalize, write_elements
from skranke.people.contact_points.sql import PRIVATE, write_addresses, write_interests
from skranke.people.persons import ranks, sql
from skranke.people.persons.carriers import PersonEntity
from skranke.people.persons.entity import corresponding, person_entity, with_birth_date
from skranke.people.persons.row import LoadedPerson, PersonRow
from skranke.people.posted import (
    MAX_DBI_KEY,
    TextProperty,
    apply_interests,
    apply_texts,
    associate_check,
    changed_columns,
    checked_small,
    given_properties,
    list_check,
    posted_id,
    whole_second,
)
from skranke.people.reference_data.sql import PeopleReference, load_reference

TEXTS = (
    TextProperty("Firstname", "firstname", "firstname", 99),
    TextProperty("MiddleName", "middle_name", "middle_name", 99),
    TextProperty("Lastname", "lastname", "lastname", 99),
    TextProperty("Mrmrs", "mrmrs", "mrmrs", 239),
    TextProperty("Title", "title", "title", 239),
    TextProperty("Salutation", "salutation", "salutation", 239),
    TextProperty("Description", "description", "description", 2047),
    TextProperty("PersonNumber", "person_number", "number1", 49),
    TextProperty("Post1", "post1", "post1", 99),
    TextProperty("Post2", "post2", "post2", 99),
    TextProperty("Post3", "post3", "post3", 99),
    TextProperty("Kanafname", "kanafname", "kanafname", 99),
    TextProperty("Kanalname", "kanalname", "kanalname", 99),
    TextProperty("DbiKey", "dbi_key", "dbi_key", MAX_DBI_KEY),
)
MANDATORY_COMPANY = "Functions/MandatoryContactOnPerson"
UNTOLD = frozenset({"person_id", "updated_count", "updated", "updated_associate_id"})
STAMPS = ["updated", "updated_associate_id"]
# what the vendor tells where only an element or address has changed, which lie elsewhere
ELSEWHERE = ["person_id", *STAMPS, "updatedCount"]


def default_person(
    context: RequestContext, reference: PeopleReference, company: LoadedCompany | None
) -> LoadedPerson:
    """A blank person, in the country of its company or of the own one."""
    country_id = company.row.country_id if company else 0
    return LoadedPerson(
        row=PersonRow(
            contact_id=company.row.contact_id if company else None,
            country_id=country_id or reference.own_country_id,
            associate_id=context.user.associate_id,
        ),
        elements={kind.attribute: [] for kind in PERSON_KINDS},
        addresses=NO_ADDRESSES,
    )


async def save_person(context: RequestContext, posted: PersonEntity) -> PersonEntity:
    """The person as it is after the save: a new one for id 0, else the changed one.

    NotFound and BadValue change nothing. A save that changes nothing writes nothing.
    """
    reference = await context.get_cached(load_reference)
    person_id = posted.person_id
    if person_id:
        before = await locked_person(context, person_id)
    else:
        before = default_person(context, reference, None)
    after = await apply_posted(context, before, posted, reference)
    person_id = await write_person(context, before, after)
    if "Consents" in context.given:
        await apply_consents(context, person_id, posted.consents, reference)
    return await whole_person(context, person_id)


async def locked_person(context: RequestContext, person_id: int) -> LoadedPerson:
    """A person that nobody else changes until this request is done; NotFound."""
    found = await sql.load_person(context.db, person_id, lock=True)
    if found is None:
        raise NotFound(f"PersonEntity id {person_id} not found")
    return found


async def whole_person(context: RequestContext, person_id: int) -> PersonEntity:
    """A person as it stands, with its company; NotFound without one."""
    person = await sql.load_person(context.db, person_id)
    if person is None:
        raise NotFound(f"PersonEntity id {person_id} not found")
    reference = await context.get_cached(load_reference)
    company = await company_of(context, person.row)
    return person_entity(person, company, reference, context.user)


def new_email(address: str) -> EntityElement:
    """An e-mail address as it is stored; BadValue for what is not one."""
    emails = next(kind for kind in PERSON_KINDS if kind.property == "Emails")
    try:
        [element] = normalize(emails, [EntityElement(value=address)])
    except BadValue as fault:
        raise BadValue("EmailAddress", fault.message.partition(": ")[2]) from None
    return element


async def company_of(context: RequestContext, row: PersonRow) -> LoadedCompany | None:
    """The company of a person; None without one."""
    return await load_company(context.db, row.contact_id) if row.contact_id else None


async def apply_posted(
    context: RequestContext, before: LoadedPerson, posted: PersonEntity, reference: PeopleReference
) -> LoadedPerson:
    """The person with what was posted laid over it; BadValue names the first fault."""
    new = not posted.person_id
    given = given_properties(context, posted, new=new)
    after = before.copy()
    row = after.row
    apply_texts(row, posted, given, TEXTS)
    if not (row.firstname or row.lastname):
        raise BadValue("Lastname", "is empty, and so is Firstname; a person has one of them")
    company = await _apply_company(context, row, posted, given, reference, new=new)
    _apply_references(row, posted, given, reference, company)
    _apply_rest(row, posted, given)
    if "BirthDate" in given:
        after.row = row = with_birth_date(row, posted.birth_date)
    for kind in PERSON_KINDS:
        if kind.property in given:
            after.elements[kind.attribute] = normalize(kind, getattr(posted, kind.attribute))
    if "Interests" in given:
        after.interest_ids = apply_interests(
            before.interest_ids, posted.interests, reference, "persint"
        )
    if "Address" in given:
        country = reference.country(row.country_id)
        layout = country.address_layout_id if country else 0
        after.addresses = apply_address(before.addresses, posted.address, layout, company=False)
    return after


async def _apply_company(
    context: RequestContext,
    row: PersonRow,
    posted: PersonEntity,
    given: frozenset[str],
    reference: PeopleReference,
    *,
    new: bool,
) -> LoadedCompany | None:
    """Set the company and, of a new person, the country; the company of the person."""
    if "Contact" in given:
        contact_id = posted.contact.contact_id if posted.contact else 0
        row.contact_id = contact_id or None
    company = await company_of(context, row)
    if row.contact_id and company is None:
        raise BadValue("Contact.ContactId", f"{row.contact_id} does not exist")
    if company is None and reference.registry.get(MANDATORY_COMPANY) == "1":
        raise BadValue("Contact", "is empty; this desk wants a company for each person")
    if new and company and company.row.country_id:
        row.country_id = company.row.country_id
    return company


def _apply_references(
    row: PersonRow,
    posted: PersonEntity,
    given: frozenset[str],
    reference: PeopleReference,
    company: LoadedCompany | None,
) -> None:
    is_associate = associate_check(reference)
    if "Country" in given:
        country_id = posted_id(
            row.country_id,
            posted.country,
            "Country",
            "country_id",
            reference.countries.__contains__,
        )
        row.country_id = country_id or row.country_id
    if "Position" in given:
        row.position_idx = posted_id(
            row.position_idx, posted.position, "Position", "id", list_check(reference, "perspos")
        )
    if "SupportAssociate" in given:
        row.support_associate_id = posted_id(
            row.support_associate_id,
            posted.support_associate,
            "SupportAssociate",
            "associate_id",
            is_associate,
        )
    if "TicketPriority" in given:
        row.ticket_priority_id = posted_id(
            row.ticket_priority_id,
            posted.ticket_priority,
            "TicketPriority",
            "id",
            reference.priorities.__contains__,
        )
    if "CustomerLanguage" in given:
        row.support_language_id = posted_id(
            row.support_language_id,
            posted.customer_language,
            "CustomerLanguage",
            "id",
            list_check(reference, "customerlanguage"),
        )
    if company is not None:
        return  # the rest is the company's
    if "Category" in given:
        row.category_idx = posted_id(
            row.category_idx, posted.category, "Category", "id", list_check(reference, "category")
        )
    if "Business" in given:
        row.business_idx = posted_id(
            row.business_idx, posted.business, "Business", "id", list_check(reference, "business")
        )
    if "Associate" in given:
        row.associate_id = posted_id(
            row.associate_id, posted.associate, "Associate", "associate_id", is_associate
        )


def _apply_rest(row: PersonRow, posted: PersonEntity, given: frozenset[str]) -> None:
    if "NoMailing" in given:
        row.nomailing = posted.no_mailing
    if "UsePersonAddress" in given:
        row.use_person_address = posted.use_person_address
    if "Retired" in given:
        row.retired = int(posted.retired)
    if "ShowContactTickets" in given:
        row.show_contact_tickets = checked_small(posted.show_contact_tickets, "ShowContactTickets")
    if "Source" in given:
        row.source = checked_small(posted.source, "Source")
    if "DbiAgentId" in given:
        row.dbi_agent_id = posted.dbi_agent_id
    if "DbiLastSyncronized" in given:
        row.dbi_last_syncronized = posted.dbi_last_syncronized
    if "DbiLastModified" in given:
        row.dbi_last_modified = posted.dbi_last_modified


async def write_person(
    context: RequestContext, before: LoadedPerson, after: LoadedPerson, *, touch: bool = False
) -> int:
    """Write what differs, with rank, stamps and the event; the person's id.

    With `touch` it counts as changed even where nothing of its own differs.
    """
    now, user = whole_second(context.now), context.user
    row = after.row
    if not row.person_id:
        row = replace(
            row,
            registered=now,
            registered_associate_id=user.associate_id,
            rank=await ranks.last_rank(context.db, row.contact_id) + 1,
        )
        changes = list(PersonRow.__struct_fields__)
        person_id = await sql.insert_person(
            context.db, row, changes, user.associate_id, context.now
        )
        await _write_parts(context, person_id, before, after)
        await default_consents(context, person_id)
        return person_id
    if row.contact_id != before.row.contact_id:
        row = replace(row, rank=await ranks.last_rank(context.db, row.contact_id) + 1)
    changes = changed_columns(before.row, row, UNTOLD)
    if not (touch or changes or _parts_differ(before, after)):
        return row.person_id
    row = replace(
        row,
        updated=now,
        updated_associate_id=user.associate_id,
        updated_count=before.row.updated_count + 1,
    )
    await sql.update_person(
        context.db,
        row,
        "person.changed",
        changes + STAMPS if changes else ELSEWHERE,
        user.associate_id,
        context.now,
    )
    if corresponding(await context.get_cached(load_reference), row.person_id):
        context.cache.forget()  # who may sign in hangs on it
    if row.contact_id != before.row.contact_id:
        await ranks.close_gaps(context.db, before.row.contact_id)
    await _write_parts(context, row.person_id, before, after)
    return row.person_id


def _parts_differ(before: LoadedPerson, after: LoadedPerson) -> bool:
    return (before.elements, before.addresses, before.interest_ids) != (
        after.elements,
        after.addresses,
        after.interest_ids,
    )


async def _write_parts(
    context: RequestContext, person_id: int, before: LoadedPerson, after: LoadedPerson
) -> None:
    db = context.db
    for kind in PERSON_KINDS:
        elements = after.elements[kind.attribute]
        if elements != before.elements[kind.attribute]:
            await write_elements(db, "person_id", person_id, kind, elements)
    if after.addresses != before.addresses:
        addresses = after.addresses
        await write_addresses(
            db,
            "person_id",
            person_id,
            PRIVATE,
            addresses.street,
            addresses.latitude,
            addresses.longitude,
        )
    if after.interest_ids != before.interest_ids:
        await write_interests(
            db,
            "person_interest",
            "person_id",
            "pinterest_idx",
            person_id,
            sorted(after.interest_ids),
        )
