"""Saving companies: what is posted over what is stored, in one transaction.

Source: ContactEntity of the reference, the manual on companies.
"""

import re

from msgspec.structs import replace

from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.people.companies import sql
from skranke.people.companies.carriers import ContactEntity
from skranke.people.companies.entity import company_entity
from skranke.people.companies.row import DERIVED_COLUMNS, ContactRow, LoadedCompany
from skranke.people.contact_points.addresses import NO_ADDRESSES, apply_address
from skranke.people.contact_points.elements import COMPANY_KINDS, normalize, write_elements
from skranke.people.contact_points.sql import POSTAL, STREET, write_addresses, write_interests
from skranke.people.posted import (
    MAX_DBI_KEY,
    TextProperty,
    apply_interests,
    apply_texts,
    associate_check,
    changed_columns,
    checked_small,
    checked_text,
    given_properties,
    list_check,
    posted_id,
    whole_second,
)
from skranke.people.reference_data.sql import PeopleReference, load_reference

TEXTS = (
    TextProperty("Name", "name", "name", 219),
    TextProperty("Department", "department", "department", 219),
    TextProperty("OrgNr", "org_nr", "orgnr", 49),
    TextProperty("Number1", "number1", "number1", 49),
    TextProperty("Number2", "number2", "number2", 49),
    TextProperty("Kananame", "kananame", "kananame", 219),
    TextProperty("Description", "description", "description", 2047),
    TextProperty("DbiKey", "dbi_key", "dbi_key", MAX_DBI_KEY),
)
DOMAIN = re.compile(r"(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+")
MAX_DOMAINS = 100
UNTOLD = DERIVED_COLUMNS | {"updated", "updated_associate_id"}
STAMPS = ["updated", "updated_associate_id"]


def default_company(context: RequestContext, reference: PeopleReference) -> LoadedCompany:
    """A blank company of the user's, in the country of the own company."""
    user = reference.associates.get(context.user.associate_id)
    return LoadedCompany(
        row=ContactRow(
            country_id=reference.own_country_id,
            associate_id=context.user.associate_id,
            group_idx=user.group_idx if user else 0,
            business_idx=_first_item(reference, "business"),
            category_idx=_first_item(reference, "category"),
        ),
        elements={kind.attribute: [] for kind in COMPANY_KINDS},
        addresses=NO_ADDRESSES,
    )


def _first_item(reference: PeopleReference, list_name: str) -> int:
    items = reference.items.get(list_name, {}).values()
    return next((item.id for item in items if not item.deleted), 0)


async def save_company(context: RequestContext, posted: ContactEntity) -> ContactEntity:
    """The company as it is after the save: a new one for id 0, else the changed one.

    NotFound and BadValue change nothing. A save that changes nothing writes nothing.
    """
    reference = await context.get_cached(load_reference)
    contact_id = posted.contact_id
    if contact_id:
        before = await locked_company(context, contact_id)
    else:
        before = default_company(context, reference)
    after = await apply_posted(context, before, posted, reference)
    contact_id = await write_company(context, before, after)
    return await whole_company(context, contact_id)


async def locked_company(context: RequestContext, contact_id: int) -> LoadedCompany:
    """A company that nobody else changes until this request is done; NotFound."""
    found = await sql.load_company(context.db, contact_id, lock=True)
    if found is None:
        raise NotFound(f"ContactEntity id {contact_id} not found")
    return found


async def whole_company(context: RequestContext, contact_id: int) -> ContactEntity:
    """A company as it stands, with its persons; NotFound without one."""
    company = await sql.load_company(context.db, contact_id)
    if company is None:
        raise NotFound(f"ContactEntity id {contact_id} not found")
    reference = await context.get_cached(load_reference)
    persons = await sql.persons_of(context.db, contact_id, retired=False)
    return company_entity(company, reference, context.user, persons)


async def apply_posted(
    context: RequestContext,
    before: LoadedCompany,
    posted: ContactEntity,
    reference: PeopleReference,
) -> LoadedCompany:
    """The company with what was posted laid over it; BadValue names the first fault."""
    new = not posted.contact_id
    given = given_properties(context, posted, new=new)
    after = before.copy()
    row = after.row
    apply_texts(row, posted, given, TEXTS)
    if not row.name:
        raise BadValue("Name", "is empty; a company has a name")
    _apply_references(row, posted, given, reference, new=new)
    await _apply_support_person(context, row, posted, given)
    _apply_rest(row, posted, given)
    for kind in COMPANY_KINDS:
        if kind.property in given:
            after.elements[kind.attribute] = normalize(kind, getattr(posted, kind.attribute))
    if "Interests" in given:
        after.interest_ids = apply_interests(
            before.interest_ids, posted.interests, reference, "contint"
        )
    if "Domains" in given:
        after.domains = checked_domains(posted.domains)
    if "Address" in given:
        country = reference.country(row.country_id)
        layout = country.address_layout_id if country else 0
        after.addresses = apply_address(before.addresses, posted.address, layout, company=True)
    return after


def _apply_references(
    row: ContactRow,
    posted: ContactEntity,
    given: frozenset[str],
    reference: PeopleReference,
    *,
    new: bool,
) -> None:
    is_associate = associate_check(reference)
    if "Associate" in given:
        row.associate_id = posted_id(
            row.associate_id, posted.associate, "Associate", "associate_id", is_associate
        )
        owner = reference.associates.get(row.associate_id)
        row.group_idx = owner.group_idx if owner else row.group_idx
    if "SupportAssociate" in given:
        row.support_associate_id = posted_id(
            row.support_associate_id,
            posted.support_associate,
            "SupportAssociate",
            "associate_id",
            is_associate,
        )
    if "Business" in given:
        row.business_idx = posted_id(
            row.business_idx, posted.business, "Business", "id", list_check(reference, "business")
        )
    if "Category" in given:
        row.category_idx = posted_id(
            row.category_idx, posted.category, "Category", "id", list_check(reference, "category")
        )
    if "Country" in given:
        country_id = posted_id(
            row.country_id,
            posted.country,
            "Country",
            "country_id",
            reference.countries.__contains__,
        )
        if country_id or not new:
            row.country_id = country_id
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


async def _apply_support_person(
    context: RequestContext, row: ContactRow, posted: ContactEntity, given: frozenset[str]
) -> None:
    if "SupportPerson" not in given:
        return
    person_id = posted.support_person.person_id if posted.support_person else 0
    if person_id not in (0, row.support_person_id) and not await sql.is_person_of(
        context.db, person_id, row.contact_id
    ):
        raise BadValue("SupportPerson.PersonId", f"{person_id} is not a person of the company")
    row.support_person_id = person_id


def _apply_rest(row: ContactRow, posted: ContactEntity, given: frozenset[str]) -> None:
    if "NoMailing" in given:
        row.nomailing = posted.no_mailing
    if "Xstop" in given:
        row.xstop = posted.xstop
    if "Source" in given:
        row.source = checked_small(posted.source, "Source")
    if "DbiAgentId" in given:
        row.dbi_agent_id = posted.dbi_agent_id
    if "DbiLastSyncronized" in given:
        row.dbi_last_syncronized = posted.dbi_last_syncronized
    if "DbiLastModified" in given:
        row.dbi_last_modified = posted.dbi_last_modified


def checked_domains(posted: list[str]) -> list[str]:
    """Domains in lower case, without blanks and doubles; BadValue for what is not one."""
    if len(posted) > MAX_DOMAINS:
        raise BadValue("Domains", f"has more than {MAX_DOMAINS} domains")
    domains = list(dict.fromkeys(d.strip().lower() for d in posted if d.strip()))
    for domain in domains:
        if not DOMAIN.fullmatch(domain):
            raise BadValue("Domains", f"{checked_text(domain, 'Domains', 253)!r} is not a domain")
    return domains


async def write_company(
    context: RequestContext, before: LoadedCompany, after: LoadedCompany, *, touch: bool = False
) -> int:
    """Write what differs, with stamps and the event; the company's id.

    With `touch` it counts as changed even where nothing of its own differs.
    """
    now, associate_id = whole_second(context.now), context.user.associate_id
    row = after.row
    if not row.contact_id:
        row = replace(row, registered=now, registered_associate_id=associate_id)
        changes = list(ContactRow.__struct_fields__)
        contact_id = await sql.insert_company(context.db, row, changes, associate_id, context.now)
        await _write_parts(context, contact_id, before, after)
        return contact_id
    changes = changed_columns(before.row, row, UNTOLD)
    if not (touch or changes or parts_differ(before, after)):
        return row.contact_id
    row = replace(
        row,
        updated=now,
        updated_associate_id=associate_id,
        updated_count=before.row.updated_count + 1,
    )
    await sql.update_company(
        context.db, row, "contact.changed", changes + STAMPS, associate_id, context.now
    )
    await _write_parts(context, row.contact_id, before, after)
    return row.contact_id


def parts_differ(before: LoadedCompany, after: LoadedCompany) -> bool:
    """Whether anything beside the row itself changes."""
    return (before.elements, before.addresses, before.interest_ids, before.domains) != (
        after.elements,
        after.addresses,
        after.interest_ids,
        after.domains,
    )


async def _write_parts(
    context: RequestContext, contact_id: int, before: LoadedCompany, after: LoadedCompany
) -> None:
    db = context.db
    for kind in COMPANY_KINDS:
        elements = after.elements[kind.attribute]
        if elements != before.elements[kind.attribute]:
            await write_elements(db, "contact_id", contact_id, kind, elements)
    if after.addresses != before.addresses:
        latitude, longitude = after.addresses.latitude, after.addresses.longitude
        for kind, address in ((STREET, after.addresses.street), (POSTAL, after.addresses.postal)):
            await write_addresses(db, "contact_id", contact_id, kind, address, latitude, longitude)
    if after.interest_ids != before.interest_ids:
        await write_interests(
            db,
            "contact_interest",
            "contact_id",
            "cinterest_idx",
            contact_id,
            sorted(after.interest_ids),
        )
    if after.domains != before.domains:
        await sql.write_domains(db, contact_id, after.domains)
