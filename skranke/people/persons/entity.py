"""A loaded person as the wire has it."""

from datetime import datetime

from msgspec.structs import replace

from skranke.core.context import CurrentUser
from skranke.core.schema import NO_WALL_TIME
from skranke.people.carriers import Associate
from skranke.people.companies.carriers import Contact
from skranke.people.companies.entity import associate, flat_company
from skranke.people.companies.row import LoadedCompany
from skranke.people.contact_points.addresses import person_address
from skranke.people.contact_points.carriers import Address
from skranke.people.contact_points.elements import with_elements
from skranke.people.persons.carriers import PersonEntity, UserInfo
from skranke.people.persons.row import LoadedPerson, PersonRow
from skranke.people.posted import shown_interests
from skranke.people.reference_data.sql import PeopleReference
from skranke.people.rights import table_right

UNKNOWN_YEAR = 2  # how the wire says that only month and day are known


def person_entity(
    person: LoadedPerson,
    company: LoadedCompany | None,
    reference: PeopleReference,
    user: CurrentUser,
) -> PersonEntity:
    """A person whole, as GetPersonEntity answers it.

    Category, Business and Associate are the company's where there is one.
    """
    row = person.row
    owner = company.row if company else row
    own = corresponding(reference, row.person_id)
    entity = PersonEntity(
        person_id=row.person_id,
        firstname=row.firstname,
        middle_name=row.middle_name,
        lastname=row.lastname,
        mrmrs=row.mrmrs,
        title=row.title,
        updated_date=row.updated,
        created_date=row.registered,
        birth_date=birth_date(row),
        created_by=associate(reference, row.registered_associate_id),
        description=row.description,
        is_associate=own is not None and not own.deleted,
        position=reference.position(row.position_idx),
        updated_by=associate(reference, row.updated_associate_id),
        contact=shown_company(company, reference, user),
        country=reference.country(row.country_id),
        interests=shown_interests(reference, "persint", person.interest_ids),
        person_number=row.number1,
        full_name=full_name(row),
        no_mailing=row.nomailing,
        use_person_address=row.use_person_address,
        retired=row.retired != 0,
        formal_name=formal_name(row),
        address=address_of(person, reference),
        post3=row.post3,
        post2=row.post2,
        post1=row.post1,
        kanalname=row.kanalname,
        kanafname=row.kanafname,
        corresponding_associate=own,
        category=reference.category(owner.category_idx),
        business=reference.business(owner.business_idx),
        associate=associate(reference, owner.associate_id),
        salutation=row.salutation,
        active_interests=len(person.interest_ids),
        support_associate=associate(reference, row.support_associate_id),
        ticket_priority=reference.priorities.get(row.ticket_priority_id),
        customer_language=reference.customer_language(row.support_language_id),
        dbi_agent_id=row.dbi_agent_id,
        dbi_key=row.dbi_key,
        dbi_last_modified=row.dbi_last_modified,
        dbi_last_syncronized=row.dbi_last_syncronized,
        sent_info=row.sent_info,
        show_contact_tickets=row.show_contact_tickets,
        user_info=user_info(own),
        source=row.source,
        consents=person.consents,
        bounce_emails=person.bounces,
        active_status_monitor_id=row.active_status_monitor_id,
        table_right=table_right(user),
    )
    return with_elements(entity, person.elements)


def shown_company(
    company: LoadedCompany | None, reference: PeopleReference, user: CurrentUser
) -> Contact | None:
    """The person's company flat; null without one."""
    return flat_company(company, reference, user) if company else None


def corresponding(reference: PeopleReference, person_id: int) -> Associate | None:
    """The associate that a person is; None for a customer."""
    users = reference.associates.values()
    return next((a for a in users if person_id and a.person_id == person_id), None)


def user_info(user: Associate | None) -> UserInfo | None:
    """What a person's entity says of its user; null for a customer."""
    if user is None:
        return None
    return UserInfo(
        deleted=user.deleted,
        user_info_id=user.associate_id,
        user_name=user.name,
        person_id=user.person_id,
        rank=user.rank,
        tooltip=user.tooltip,
        user_group_id=user.group_idx,
        ej_user_id=user.ej_user_id,
        user_type=user.type,
        can_logon=not user.deleted,
    )


def address_of(person: LoadedPerson, reference: PeopleReference) -> Address:
    """The person's own address as its country lays it out."""
    country = reference.country(person.row.country_id)
    addresses = person.addresses
    layout = country.address_layout_id if country else 0
    return person_address(addresses.street, layout, addresses.latitude, addresses.longitude)


def full_name(row: PersonRow) -> str:
    """`First Middle Last`."""
    return " ".join(part for part in (row.firstname, row.middle_name, row.lastname) if part)


def formal_name(row: PersonRow) -> str:
    """`Mr. First Middle Last`."""
    return " ".join(part for part in (row.mrmrs, full_name(row)) if part)


def birth_date(row: PersonRow) -> datetime:
    """The day of birth; year 2 where the year is unknown, the null date without a day."""
    if not row.month_of_birth:
        return NO_WALL_TIME
    year = row.year_of_birth or UNKNOWN_YEAR
    return datetime(year, row.month_of_birth, row.day_of_birth)  # noqa: DTZ001 - a wall's date


def with_birth_date(row: PersonRow, posted: datetime) -> PersonRow:
    """The row with this day of birth."""
    if posted.year <= 1:
        return replace(row, year_of_birth=0, month_of_birth=0, day_of_birth=0)
    year = 0 if posted.year == UNKNOWN_YEAR else posted.year
    return replace(row, year_of_birth=year, month_of_birth=posted.month, day_of_birth=posted.day)
