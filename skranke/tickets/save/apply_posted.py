"""A posted TicketEntity laid over a ticket's row: what is given is set, the rest kept.

Of a nested carrier only its id counts. null clears Person, Sale and Project and keeps
what a ticket can't be without. Source: reference page; decisions in
docs/differences.md.
"""

from datetime import datetime

from skranke.catalog.categories.rules import is_open_to
from skranke.catalog.extra_fields.rules import apply_texts
from skranke.catalog.priorities.carriers import TicketPriorityEntity, TicketPriorityStatus
from skranke.catalog.ticket_types.sql import AllowedType
from skranke.core.context import CurrentUser
from skranke.core.errors import BadValue, NotAllowed
from skranke.people.carriers import Person
from skranke.tickets.carriers import TicketEntity, TicketReadStatus
from skranke.tickets.links import Links, RequestedLinks
from skranke.tickets.message_rows import TicketSecurityLevel
from skranke.tickets.reference_data import AUTOMATIC_OWNER_ID, SYSTEM_USER_ID, ReferenceData
from skranke.tickets.row import TicketRow, copy_row
from skranke.tickets.save import status_rules


def requested_links(posted: TicketEntity, given: frozenset[str]) -> RequestedLinks:
    """The links to read: those that are posted, else those that are stored."""
    person, sale, project = posted.person, posted.sale, posted.project
    return RequestedLinks(
        person_id=_id_or_zero(person and person.person_id) if "Person" in given else None,
        sale_id=_id_or_zero(sale and sale.sale_id) if "Sale" in given else None,
        project_id=_id_or_zero(project and project.project_id) if "Project" in given else None,
        secondary_ids=secondary_ids(posted) if "SecondaryPersons" in given else None,
    )


def _refuse_described_without_id(posted: TicketEntity, asked: RequestedLinks) -> None:
    """BadValue names the id that a posted person, sale or project lacks."""
    described = [
        ("Person.PersonId", asked.person_id, _has_name(posted.person)),
        ("Sale.SaleId", asked.sale_id, bool(posted.sale and posted.sale.title.strip())),
        (
            "Project.ProjectId",
            asked.project_id,
            bool(posted.project and posted.project.name.strip()),
        ),
    ]
    if asked.secondary_ids is not None:
        described += [
            (f"SecondaryPersons[{place}].PersonId", max(p.person_id, 0), _has_name(p))
            for place, p in enumerate(posted.secondary_persons)
        ]
    for name, wish, is_described in described:
        if wish == 0 and is_described:
            raise BadValue(name, "is missing; a ticket takes one that exists, by its id")


def _has_name(person: Person | None) -> bool:
    """Whether a posted person says who is meant, by name or address."""
    return person is not None and any(
        text.strip() for text in (person.firstname, person.lastname, person.email)
    )


def _id_or_zero(posted: int | None) -> int:
    return posted if posted and posted > 0 else 0


def secondary_ids(posted: TicketEntity) -> list[int]:
    """The posted secondary persons, each once, in their order."""
    return list(
        dict.fromkeys(_id_or_zero(p.person_id) for p in posted.secondary_persons if p.person_id > 0)
    )


def check_links(posted: TicketEntity, asked: RequestedLinks, found: Links) -> None:
    """BadValue names the first posted person, sale or project that does not exist.

    One that is described but has no id would be lost without a word; it is refused, too.
    """
    _refuse_described_without_id(posted, asked)
    for name, wish, link in (
        ("Person.PersonId", asked.person_id, found.person),
        ("Sale.SaleId", asked.sale_id, found.sale),
        ("Project.ProjectId", asked.project_id, found.project),
    ):
        if wish and link is None:
            raise BadValue(name, f"{wish} does not exist")
    known = {p.person_id for p in found.secondary_persons}
    for place, person in enumerate(posted.secondary_persons):
        if asked.secondary_ids and person.person_id in set(asked.secondary_ids) - known:
            name = f"SecondaryPersons[{place}].PersonId"
            raise BadValue(name, f"{person.person_id} does not exist")


def apply(
    before: TicketRow,
    posted: TicketEntity,
    given: frozenset[str],
    found: Links,
    lists: ReferenceData,
    user: CurrentUser,
    now: datetime,
) -> TicketRow:
    """The row as posted, owner apart; BadValue names the property that can't be set."""
    row = copy_row(before)
    _apply_plain(row, posted, given)
    _apply_lists(row, posted, given, lists, user)
    _apply_links(row, given, found)
    kind = lists.types[row.ticket_type]
    status_rules.apply_status(row, posted, given, lists.statuses, kind, now)
    apply_type_limits(before, row, given, lists, kind)
    row.extra_fields = apply_texts(
        lists.fields, before.extra_fields, posted.extra_fields, posted.custom_fields
    )
    return row


def _apply_plain(row: TicketRow, posted: TicketEntity, given: frozenset[str]) -> None:
    if "Title" in given:
        row.title = posted.title
    if "Author" in given:
        row.author = posted.author
    if "Activate" in given:
        row.activate = posted.activate
    if "Deadline" in given:
        row.deadline = posted.deadline
    if "RepliedAt" in given and posted.replied_at:
        row.replied_at = posted.replied_at
    if "Slevel" in given and posted.slevel is not TicketSecurityLevel.Unknown:
        row.slevel = posted.slevel.number
    if "ReadStatus" in given and posted.read_status is not TicketReadStatus.Unknown:
        row.read_status = posted.read_status.number


def _apply_lists(
    row: TicketRow,
    posted: TicketEntity,
    given: frozenset[str],
    lists: ReferenceData,
    user: CurrentUser,
) -> None:
    if "TicketType" in given and posted.ticket_type and posted.ticket_type.ticket_type_id:
        row.ticket_type = _posted_type(posted.ticket_type.ticket_type_id, row, lists)
    if "Category" in given and posted.category and posted.category.ticket_category_id:
        row.category = _posted_category(posted.category.ticket_category_id, row, lists, user)
    if "Priority" in given and posted.priority:
        wish = posted.priority.ticket_priority_id
        row.priority = _posted_priority(wish, row, lists) if wish > 0 else row.priority
    if "Tags" in given:
        row.tags = _posted_tags(posted, row, lists)
    # a note of the past: a category that is gone, or never was, is passed over
    if (
        "OrigHumanCategoryId" in given
        and posted.orig_human_category_id in original_category_choices(lists)
    ):
        row.orig_human_category_id = posted.orig_human_category_id


def original_category_choices(lists: ReferenceData) -> set[int]:
    """What OrigHumanCategoryId may say: any category, or 0 for none."""
    return {0, *lists.categories}


def _posted_type(wish: int, row: TicketRow, lists: ReferenceData) -> int:
    kind = lists.types.get(wish)
    if kind is None or (kind.deleted and wish != row.ticket_type):
        fault = "is deleted" if kind else "does not exist"
        raise BadValue("TicketType.TicketTypeId", f"{wish} {fault}")
    return wish


def _posted_category(wish: int, row: TicketRow, lists: ReferenceData, user: CurrentUser) -> int:
    name = "Category.TicketCategoryId"
    if wish not in lists.categories:
        raise BadValue(name, f"{wish} does not exist")
    moves = row.id == 0 or wish != row.category
    if moves and not is_open_to(lists.categories[wish], user):
        raise NotAllowed(f"{name}: {wish} is open to its members only")
    return wish


def _posted_priority(wish: int, row: TicketRow, lists: ReferenceData) -> int:
    name = "Priority.TicketPriorityId"
    priority = lists.priorities.by_id.get(wish)
    if priority is None:
        raise BadValue(name, f"{wish} does not exist")
    if wish != row.priority and not is_selectable(priority):
        raise BadValue(name, f"{wish} is deleted")
    return wish


def is_selectable(priority: TicketPriorityEntity) -> bool:
    """Whether a priority can be chosen, rather than kept."""
    return priority.status is TicketPriorityStatus.Normal


def _posted_tags(posted: TicketEntity, row: TicketRow, lists: ReferenceData) -> list[int]:
    """The posted tags, each once, by id or, without one, by name."""
    by_name = {tag.name.lower(): tag.id for tag in lists.tags.by_id.values()}
    chosen: list[int] = []
    for place, tag in enumerate(posted.tags):
        tag_id = tag.id or by_name.get(tag.name.lower(), 0)
        if tag_id not in lists.tags.by_id:
            what = tag.id or repr(tag.name)
            raise BadValue(f"Tags[{place}].Id", f"{what} does not exist")
        if tag_id in lists.tags.deleted and tag_id not in row.tags:
            raise BadValue(f"Tags[{place}].Id", f"{tag_id} is deleted")
        chosen.append(tag_id)
    return list(dict.fromkeys(chosen))


def _apply_links(row: TicketRow, given: frozenset[str], found: Links) -> None:
    if "Person" in given:
        row.cust_id = found.person.person_id if found.person else None
        row.contact_id = (found.person.contact_id or None) if found.person else None
    if "Sale" in given:
        row.sale_id = found.sale.sale_id if found.sale else None
    if "Project" in given:
        row.project_id = found.project.project_id if found.project else None


def apply_type_limits(
    before: TicketRow,
    row: TicketRow,
    given: frozenset[str],
    lists: ReferenceData,
    kind: AllowedType,
) -> None:
    """Keep status and priority inside the type's lists: its default, or a refusal."""
    status = lists.statuses.by_id[row.ticket_status]
    outside = kind.statuses and row.ticket_status not in kind.statuses
    if outside and status.status not in status_rules.BASES_OF_EVERY_TYPE:
        if row.ticket_status != before.ticket_status or row.ticket_type == before.ticket_type:
            fault = f"{row.ticket_status} is not a status of type {kind.carrier.name!r}"
            if row.ticket_status != before.ticket_status:
                raise BadValue("Status.TicketStatusId", fault)
        elif kind.carrier.default_ticket_status:
            row.ticket_status = kind.carrier.default_ticket_status
            row.status = lists.statuses.by_id[row.ticket_status].status.number
    if kind.priorities and row.priority not in kind.priorities:
        if row.priority != before.priority:
            fault = f"{row.priority} is not a priority of type {kind.carrier.name!r}"
            raise BadValue("Priority.TicketPriorityId", fault)
        if row.ticket_type != before.ticket_type and kind.carrier.default_ticket_priority:
            row.priority = kind.carrier.default_ticket_priority


def has_priority(posted: TicketEntity) -> bool:
    """Whether a priority is posted; null, 0 and -1 ask for the automatic one."""
    return bool(posted.priority and posted.priority.ticket_priority_id > 0)


def posted_owner(
    row: TicketRow, posted: TicketEntity, given: frozenset[str], lists: ReferenceData
) -> int:
    """The ejuser id that is to own the ticket; AUTOMATIC asks for the category's rules.

    Source: reference page: 0 makes the ticket unassigned, MaxInt assigns by the rules.
    """
    if "OwnedBy" not in given or posted.owned_by is None:
        return row.owned_by
    wish = posted.owned_by.associate_id
    if wish == AUTOMATIC_OWNER_ID:
        return AUTOMATIC_OWNER_ID
    if wish == 0:
        return SYSTEM_USER_ID
    return require_service_user("OwnedBy.AssociateId", wish, lists)


def require_service_user(name: str, associate_id: int, lists: ReferenceData) -> int:
    """The ejuser id of an associate; BadValue unless he is a Service user."""
    associate = lists.associates.get(associate_id)
    if associate is None:
        raise BadValue(name, f"{associate_id} does not exist")
    if associate.deleted or not associate.ej_user_id:
        raise BadValue(name, f"{associate_id} is no Service user")
    return associate.ej_user_id
