"""The archive of tickets, and the condition under which a caller sees one.

Source: reference, archive provider ticket.
"""

from typing import LiteralString

from skranke.archive import request
from skranke.archive import restrictions as infos
from skranke.archive.carriers import ArchiveOptions, ArchiveRestrictionInfo, ArchiveRows
from skranke.archive.columns import (
    Column,
    Maker,
    WordIndex,
    boolean,
    day,
    decimal,
    list_item,
    moment,
    number,
    span,
    text,
)
from skranke.archive.metadata import publish_metadata
from skranke.archive.odata import archive_rows
from skranke.archive.providers import (
    Bind,
    Block,
    Join,
    Provider,
    provider_of,
    register_provider,
    rename,
)
from skranke.archive.published import published_columns
from skranke.archive.syntax_tree import id_equals
from skranke.catalog.categories.archive import closed_category_ids
from skranke.catalog.extra_fields.encoding import Field, FieldType
from skranke.catalog.projects.archive import project_block
from skranke.catalog.sales.archive import sale_block
from skranke.catalog.statuses.lists import BASE_NAMES
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue, require_found
from skranke.core.schema import Int32
from skranke.http.operation import resource
from skranke.people.archive import contact_block, names_of, person_block, user_block
from skranke.tickets.lists import ORIGIN_NAMES, READ_NAMES
from skranke.tickets.message_rows import TicketSecurityLevel
from skranke.tickets.reference_data import load_reference_data

# what a list without closed tickets shows: open and postponed ones
UNFINISHED_STATUSES: LiteralString = "t.status IN (1, 3)"
MAKERS: dict[FieldType, Maker] = {
    "string": text,
    "int": number,
    "bool": boolean,
    "decimal": decimal,
    "date": day,
    "datetime": moment,
    "time": text,
    "timespan": span,
}
# Values as the field's type reads them; what a field of another type left counts as
# unset. Dates are on the wall of whoever looks, and never move.
TEXT: LiteralString = "t.extra_fields ->> {0}::text"
KIND: LiteralString = "jsonb_typeof(t.extra_fields -> {0}::text)"
NUMBER: LiteralString = f"CASE {KIND} WHEN 'number' THEN ({TEXT})::numeric END"
TRUTH: LiteralString = f"CASE {KIND} WHEN 'boolean' THEN ({TEXT})::boolean END"
DATE: LiteralString = (
    f"CASE WHEN {TEXT} ~ '^[0-9]{{4}}-[01][0-9]-[0-3][0-9]' "
    f"THEN ({TEXT})::timestamp AT TIME ZONE {{1}}::text END"
)
VALUES: dict[FieldType, LiteralString] = {
    "string": TEXT,
    "int": f"({NUMBER})::bigint",
    "bool": TRUTH,
    "decimal": f"({NUMBER})::float8",
    "date": DATE,
    "datetime": DATE,
    "time": TEXT,
    "timespan": f"({NUMBER})::bigint",
}


async def visibility_condition(context: RequestContext, bind: Bind) -> LiteralString:
    """As `rights.may_see` of the ticket `t`: the caller's, or of an open category."""
    closed = await closed_category_ids(context)
    if not closed:
        return ""
    elsewhere: LiteralString = f"t.category <> ALL ({bind(closed)}::int[])"
    if not context.user.ej_user_id:
        return elsewhere
    return f"(t.owned_by = {bind(context.user.ej_user_id)}::int OR {elsewhere})"


async def extra_columns(context: RequestContext) -> list[Column]:
    """The extra fields, under `extra/`."""
    fields = (await context.get_cached(load_reference_data)).fields
    return [_extra(field, context.locale.zone.key) for field in fields.values()]


def _extra(field: Field, zone: str) -> Column:
    make, value = MAKERS[field.type], VALUES[field.type]
    name = field.field_name
    return make(f"extra/{name}", f"({value})", parameters=(name, zone))


CONTENT = WordIndex(
    key="t.id",
    met="SELECT d.ticket_id AS key, search_says(d.words, search_in_order({})) AS said "
    "FROM search_document d WHERE d.words @@ search_all_of({})",
)
LEVELS = names_of(TicketSecurityLevel)
OWN = [
    number("contactId", "t.contact_id"),
    number("personId", "t.cust_id"),
    number("saleId", "t.sale_id"),
    number("projectId", "t.project_id"),
    list_item(
        "ticketTypeName",
        "t.ticket_type",
        text="tt.name",
        worded=True,
        nullable=False,
        joins=("tt",),
        list_name="tickettype",
    ),
    list_item(
        "ticketStatusName",
        "t.ticket_status",
        text="s.name",
        worded=True,
        nullable=False,
        joins=("s",),
        list_name="ticketticketstatus",
    ),
    list_item(
        "categoryFullName",
        "t.category",
        "ejCategory",
        text="k.fullname",
        worded=True,
        nullable=False,
        joins=("k",),
        list_name="ejcategory",
    ),
    list_item(
        "priorityName",
        "t.priority",
        text="y.name",
        worded=True,
        nullable=False,
        joins=("y",),
        list_name="ticketpriority",
    ),
    list_item(
        "ownedBy",
        "t.owned_by",
        "ejUser",
        text="owner.name",
        nullable=False,
        joins=("owner",),
        list_name="associate",
    ),
    number("ticketId", "t.id", nullable=False),
    text("title", "t.title", nullable=False),
    moment("createdAt", "t.created_at", nullable=False),
    moment("lastChanged", "t.last_changed"),
    text("author", "t.author", nullable=False),
    moment("readByOwner", "t.read_by_owner"),
    moment("firstReadByOwner", "t.first_read_by_owner"),
    moment("firstReadByUser", "t.first_read_by_user"),
    moment("readByCustomer", "t.read_by_customer"),
    list_item(
        "status",
        "t.status",
        nullable=False,
        list_name="ticketstatus",
        names={base.number: name for base, name in BASE_NAMES.items()} | {6: "Spam"},
    ),
    list_item(
        "origin",
        "t.origin",
        nullable=False,
        list_name="ticketorigin",
        names={origin.number: name for origin, name in ORIGIN_NAMES.items()},
    ),
    list_item("slevel", "t.slevel", nullable=False, list_name="ticketslevel", names=LEVELS),
    number("numberOfMessages", "t.num_messages", nullable=False),
    number("numberOfReplies", "t.num_replies", nullable=False),
    number("connectId", "t.connect_id", nullable=False),
    list_item(
        "readStatus",
        "t.read_status",
        nullable=False,
        list_name="ticketread",
        names={mark.number: name for mark, name in READ_NAMES.items()},
    ),
    span("realTimeSpentQueue", "t.real_time_spent_queue", nullable=False),
    span("realTimeSpentExternally", "t.real_time_spent_externally", nullable=False),
    span("realTimeSpentInternally", "t.real_time_spent_internally", nullable=False),
    span("timeSpentQueue", "t.time_spent_queue", nullable=False),
    span("timeSpentExternally", "t.time_spent_externally", nullable=False),
    span("timeSpentInternally", "t.time_spent_internally", nullable=False),
    span("timeSpent", "t.time_spent", nullable=False),
    span("timeToReply", "t.time_to_reply", nullable=False),
    span("timeToClose", "t.time_to_close", nullable=False),
    span("realTimeToReply", "t.real_time_to_reply", nullable=False),
    span("realTimeToClose", "t.real_time_to_close", nullable=False),
    moment("repliedAt", "t.replied_at"),
    moment("closedAt", "t.closed_at"),
    moment("activated", "t.activate"),
    moment("deadline", "t.deadline"),
    boolean("has_attachment", "t.has_attachment", nullable=False),
    list_item(
        "tags",
        "t.tags",
        "intArray",
        nullable=False,
        sortable=False,
        worded=True,
        list_name="tags",
        text="(SELECT string_agg(g.name, ', ' ORDER BY array_position(t.tags, "
        "g.tags_id)) FROM tags g WHERE g.tags_id = ANY (t.tags))",
    ),
    list_item(
        "createdBy",
        "t.created_by",
        "ejUser",
        text="creator.name",
        nullable=False,
        joins=("creator",),
        list_name="associate",
    ),
    text(
        "content",
        "(SELECT string_agg(m.body, E'\\n' ORDER BY m.created_at, m.id) "
        "FROM ej_message m WHERE m.ticket_id = t.id)",
        sortable=False,
        words=CONTENT,
    ),
    text("messageLanguage", "t.language", nullable=False, sortable=False),
    number("sentimentScore", "t.sentiment", nullable=False, sortable=False),
    list_item(
        "suggestedCategory",
        "t.suggested_category_id",
        text="sk.fullname",
        worded=True,
        nullable=False,
        joins=("sk",),
        sortable=False,
        list_name="ejcategory",
    ),
]
JOINS = {
    "tt": Join("JOIN ticket_type tt ON tt.ticket_type_id = t.ticket_type"),
    "s": Join("JOIN ticket_status s ON s.id = t.ticket_status"),
    "k": Join("JOIN ej_category k ON k.id = t.category"),
    "y": Join("JOIN ticket_priority y ON y.id = t.priority"),
    "sk": Join("LEFT JOIN ej_category sk ON sk.id = t.suggested_category_id"),
}
BLOCKS = [
    user_block("createdBy", "creator", "t.created_by"),
    user_block("ownedBy", "owner", "t.owned_by"),
    person_block("person", "p", "t.cust_id"),
    contact_block("contact", "c", "t.contact_id"),
    sale_block("sale", "sale", "t.sale_id"),
    project_block("project", "project", "t.project_id"),
]


def joins_of(blocks: list[Block]) -> dict[str, Join]:
    """All joins of the blocks together."""
    return {name: join for block in blocks for name, join in block.joins.items()}


TICKETS = register_provider(
    Provider(
        name="Ticket",
        entity="ticket",
        table="ticket t",
        alias="t",
        key="t.id",
        link="nav=ticket&ticket_id",
        kinds={"ticket": "", "ticketdisplayclosed": UNFINISHED_STATUSES},
        columns=[*OWN, *(column for block in BLOCKS for column in block.columns)],
        joins=JOINS | joins_of(BLOCKS),
        visible_sql=visibility_condition,
        more=extra_columns,
        published=published_columns(),
        default_columns=(
            "ticketId",
            "title",
            "createdAt",
            "lastChanged",
            "categoryFullName",
            "ownedBy",
            "priorityName",
            "ticketStatusName",
            "person/fullName",
            "contact/name",
        ),
    )
)
register_provider(rename(TICKETS, "FindTicket"))
publish_metadata(TICKETS, "/api/v1/Ticket", "TicketEntity")


async def matching_ticket_ids(
    context: RequestContext, name: str, restrictions: list[ArchiveRestrictionInfo]
) -> list[int]:
    """The tickets that the restrictions find and the caller may see, by id.

    BadValue for a provider that isn't one of tickets, for no restriction at all, and
    for more tickets than are done at once; NotFound without such a provider.
    """
    provider = provider_of(name)
    if provider.entity != TICKETS.entity:
        raise BadValue("ProviderName", f"{provider.name} has no tickets")
    where = infos.restriction_tree("Restrictions", restrictions)
    if where is None:
        raise BadValue("Restrictions", "say which tickets; getAllRows says all")
    keys = await request.fetch_keys(context, provider, where)
    if len(keys) > request.MAX_ROWS:
        raise BadValue("Restrictions", f"find more than {request.MAX_ROWS} tickets")
    return keys


@resource("GET", "/api/v1/Ticket", permission=Permission.READ, about="TicketEntity", name="GetAll")
async def get_tickets(context: RequestContext, options: ArchiveOptions) -> ArchiveRows:
    """Rows of the archive of tickets, those that the caller may see.

    BadValue points at the place of a wrong filter. Source: reference, OData queries.
    """
    return await archive_rows(context, TICKETS, "/api/v1/Ticket", options)


@resource("GET", "/api/v1/Contact/{contact_id}/Tickets", permission=Permission.READ)
async def get_contact_tickets(
    context: RequestContext, contact_id: Int32, options: ArchiveOptions
) -> ArchiveRows:
    """The tickets of a company, as rows; NotFound without one."""
    sql = "SELECT true FROM contact WHERE contact_id = $1"
    require_found(await context.db.fetchval(sql, contact_id), "Contact", contact_id)
    path = f"/api/v1/Contact/{contact_id}/Tickets"
    return await archive_rows(context, TICKETS, path, options, id_equals("contactId", contact_id))


@resource("GET", "/api/v1/Person/{person_id}/Tickets", permission=Permission.READ)
async def get_person_tickets(
    context: RequestContext, person_id: Int32, options: ArchiveOptions
) -> ArchiveRows:
    """The tickets of which a person is the customer, as rows; NotFound without one."""
    sql = "SELECT true FROM person WHERE person_id = $1"
    require_found(await context.db.fetchval(sql, person_id), "Person", person_id)
    path = f"/api/v1/Person/{person_id}/Tickets"
    return await archive_rows(context, TICKETS, path, options, id_equals("personId", person_id))
