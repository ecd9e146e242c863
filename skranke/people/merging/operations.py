"""Moving, merging and copying, as the Contact and Person agents have them."""

from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Instant, Int32
from skranke.http.operation import operation
from skranke.people.companies.carriers import DuplicateEntry, DuplicateRule
from skranke.people.merging import duplicates, service


@operation("Person", permission=Permission.DELETE)
async def move(
    context: RequestContext,
    person_id: Int32,
    destination_contact_id: Int32,
    move_after_date: Instant,
) -> None:
    """Give a person another company (0: none), with its tickets from a date on.

    The null date moves all tickets. NotFound, BadValue for a user.
    """
    await service.move_person(context, person_id, destination_contact_id, move_after_date)


@operation("Person", permission=Permission.DELETE, name="Merge")
async def merge_persons(
    context: RequestContext,
    source_person_id: Int32,
    destination_person_id: Int32,
    move_after_date: Instant,
    delete_source: bool,
    replace_empty_fields_on_destination: bool,
) -> None:
    """Give everything of one person to another; the source is deleted or retired.

    Tickets move from the date on, all with the null date.
    """
    await service.merge_persons(
        context,
        source_person_id,
        destination_person_id,
        move_after_date,
        delete_source=delete_source,
        replace_empty=replace_empty_fields_on_destination,
    )


@operation("Contact", permission=Permission.DELETE, name="Merge")
async def merge_companies(
    context: RequestContext,
    source_contact_id: Int32,
    destination_contact_id: Int32,
    merge_identical_persons: bool,
    replace_empty_fields_on_destination: bool,
) -> None:
    """Give everything of one company to another; the source is deleted."""
    await service.merge_companies(
        context,
        source_contact_id,
        destination_contact_id,
        merge_identical=merge_identical_persons,
        replace_empty=replace_empty_fields_on_destination,
    )


@operation("Contact", permission=Permission.WRITE, name="Copy")
async def copy_company(
    context: RequestContext,
    source_contact_id: Int32,
    destination_contact_name: str,
    destination_contact_department: str,
    copy_persons: bool,
) -> Int32:
    """A new company with the details of another, without its tickets; its id."""
    return await service.copy_company(
        context,
        source_contact_id,
        destination_contact_name,
        destination_contact_department,
        copy_persons=copy_persons,
    )


@operation("Contact", permission=Permission.READ, transaction=False)
async def get_duplicates(context: RequestContext, name: str) -> list[DuplicateEntry]:
    """Companies whose name is equal or similar, legal forms apart; at most 50."""
    return await duplicates.by_name(context, name)


@operation("Contact", permission=Permission.READ, transaction=False)
async def get_name_department_duplicates(
    context: RequestContext, name: str, department: str
) -> list[DuplicateEntry]:
    """Companies of the same name and department; at most 50."""
    return await duplicates.by_name_and_department(context, name, department)


@operation("Contact", permission=Permission.READ, transaction=False)
async def get_domain_duplicates(context: RequestContext, domain: str) -> list[DuplicateEntry]:
    """Companies that have a domain or an e-mail address in it; at most 50."""
    return await duplicates.by_domain(context, domain)


@operation("Contact", permission=Permission.READ, transaction=False)
async def get_duplicate_rules(context: RequestContext) -> list[DuplicateRule]:
    """The rules by which duplicates are found, and whether each is in use."""
    return await duplicates.rules(context)


@operation("Contact", permission=Permission.ADMINISTER, transaction=False)
async def set_duplicate_rules_status(context: RequestContext, rules: list[DuplicateRule]) -> None:
    """Switch rules for duplicates on and off; BadValue for an unknown name."""
    await duplicates.set_status(context, rules)
