"""Finding a person by what is known of it, or making one.

Source: ResolvePersonFromInfo of the Person agent: by e-mail, then by phone, then by name
within the company.
"""

from msgspec.structs import replace

from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.people.companies.carriers import Contact
from skranke.people.contact_points.carriers import EntityElement
from skranke.people.contact_points.elements import stripped_phone
from skranke.people.persons import save, sql
from skranke.people.persons.carriers import PersonEntity, ResolvedPerson

MAX_LOOKUPS = 20


async def resolve_person(
    context: RequestContext, contact_id: int, name: str, numbers: list[str], emails: list[str]
) -> ResolvedPerson:
    """The person, and whether it was made; BadValue where there is nothing to go by."""
    found = await _find(context, contact_id, name.strip(), numbers, emails)
    if found:
        return ResolvedPerson(person=await save.whole_person(context, found))
    first, _, last = name.strip().rpartition(" ")
    if not last and emails:
        last = emails[0].partition("@")[0]
    if not last:
        raise BadValue("PersonName", "is empty, and nobody has such an address or number")
    posted = PersonEntity(
        firstname=first,
        lastname=last,
        contact=Contact(contact_id=contact_id) if contact_id else None,
        emails=[EntityElement(value=address) for address in emails],
        office_phones=[EntityElement(value=number) for number in numbers],
    )
    given = frozenset({"Firstname", "Lastname", "Contact", "Emails", "OfficePhones"})
    person = await save.save_person(replace(context, given=given), posted)
    return ResolvedPerson(person=person, person_created=True)


async def _find(
    context: RequestContext, contact_id: int, name: str, numbers: list[str], emails: list[str]
) -> int:
    for address in emails[:MAX_LOOKUPS]:
        if found := await sql.person_by_email(context.db, address.strip()):
            return found
    for number in numbers[:MAX_LOOKUPS]:
        stripped = stripped_phone(number)
        if stripped and (found := await sql.person_by_phone(context.db, stripped, contact_id)):
            return found
    if name and contact_id:
        return await sql.person_by_name(context.db, name, contact_id)
    return 0
