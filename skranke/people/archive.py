"""Associates, persons and companies in archives: their own, and blocks for others.

A block is asked for with the alias that its tables get and the columns it hangs on, so
that a ticket can show its owner and the person's associate alike. Source: reference,
archive providers associate, person and contact, and the blocks of provider ticket.
"""

from typing import LiteralString

import msgspec

from skranke.archive.carriers import ArchiveOptions, ArchiveRows
from skranke.archive.columns import Column, boolean, list_item, number, text, with_prefix
from skranke.archive.metadata import publish_metadata
from skranke.archive.odata import archive_rows
from skranke.archive.providers import Bind, Block, Join, Provider, register_provider, rename
from skranke.archive.published import published_columns
from skranke.core.context import Permission, RequestContext
from skranke.core.enums import WireEnum
from skranke.core.schema import Int32
from skranke.http.operation import operation, resource
from skranke.people.archive_columns import company_details, item_name, person_details
from skranke.people.carriers import UserType


def names_of(enum: type[WireEnum]) -> dict[int, str]:
    """The members' names by number, as columns show them."""
    return {member.number: member.value for member in enum}


def full_name(p: LiteralString) -> LiteralString:
    """A person's names with blanks between them; empty without a person."""
    return (
        f"concat_ws(' ', nullif({p}.firstname, ''), nullif({p}.middle_name, ''), "
        f"nullif({p}.lastname, ''))"
    )


def company_name(c: LiteralString) -> LiteralString:
    """A company and its department."""
    return f"concat_ws(', ', nullif({c}.name, ''), nullif({c}.department, ''))"


def user_name(a: LiteralString) -> LiteralString:
    """An associate's full name, or how he is called where no person belongs to him."""
    return f"coalesce(nullif({full_name(f'{a}_p')}, ''), {a}.name)"


def _first_email(owner: LiteralString, id_column: LiteralString) -> LiteralString:
    return (
        f"LEFT JOIN LATERAL (SELECT email_id, email_address, description FROM email "
        f"WHERE email.{id_column} = {owner}.{id_column} AND email.type = 0 "
        f"ORDER BY rank, email_id LIMIT 1) {owner}_e ON true"
    )


def user_block(prefix: str, a: LiteralString, ej_user_id: LiteralString) -> Block:
    """The associate behind a Service user."""
    joins = {
        f"{a}_u": Join(f"LEFT JOIN ejuser {a}_u ON {a}_u.id = {ej_user_id}"),
        a: Join(f"LEFT JOIN associate {a} ON {a}.associate_id = {a}_u.associate_id", (f"{a}_u",)),
    }
    return _block(prefix, a, joins)


def associate_block(
    prefix: str, a: LiteralString, associate_id: LiteralString, *needs: str
) -> Block:
    """An associate by id, which a join before it may have to bring."""
    joins = {
        a: Join(f"LEFT JOIN associate {a} ON {a}.associate_id = {associate_id}", needs),
        f"{a}_u": Join(f"LEFT JOIN ejuser {a}_u ON {a}_u.associate_id = {a}.associate_id", (a,)),
    }
    return _block(prefix, a, joins)


def _block(prefix: str, a: LiteralString, joins: dict[str, Join]) -> Block:
    others = {
        f"{a}_p": Join(f"LEFT JOIN person {a}_p ON {a}_p.person_id = {a}.person_id", (a,)),
        f"{a}_p_e": Join(_first_email(f"{a}_p", "person_id"), (f"{a}_p",)),
        f"{a}_c": Join(
            f"LEFT JOIN contact {a}_c ON {a}_c.contact_id = {a}_p.contact_id", (f"{a}_p",)
        ),
        f"{a}_g": Join(f"LEFT JOIN usergroup {a}_g ON {a}_g.usergroup_id = {a}.group_idx", (a,)),
        f"{a}_r": Join(f"LEFT JOIN role {a}_r ON {a}_r.role_id = {a}.role_id", (a,)),
    }
    return Block(with_prefix(prefix, associate_columns(a)), joins | others)


def associate_columns(a: LiteralString) -> list[Column]:
    """What is known of an associate, with the tables under the alias."""
    own, person, contact, user = (a,), (f"{a}_p",), (f"{a}_c",), (f"{a}_u",)
    p, c, u = f"{a}_p", f"{a}_c", f"{a}_u"
    return [
        text("firstName", f"{p}.firstname", joins=person),
        text("lastName", f"{p}.lastname", joins=person),
        text("middleName", f"{p}.middle_name", joins=person),
        text("fullName", user_name(a), joins=person),
        number("contactId", f"{p}.contact_id", joins=person, sortable=False),
        number("personId", f"{a}.person_id", joins=own, sortable=False),
        text("mrMrs", f"{p}.mrmrs", joins=person),
        text("title", f"{p}.title", joins=person),
        number("associateDbId", f"{a}.associate_id", "associate", joins=own),
        text("contactName", f"{c}.name", joins=contact),
        text("contactDepartment", f"{c}.department", joins=contact),
        list_item(
            "usergroup",
            f"{a}.group_idx",
            "userGroup",
            text=f"{a}_g.name",
            worded=True,
            joins=(f"{a}_g",),
            list_name="usergroup",
        ),
        text("contactFullName", company_name(c), joins=contact),
        text(
            "contactCategory",
            item_name("category", f"{c}.category_idx"),
            worded=True,
            joins=contact,
        ),
        list_item("role", f"{a}.role_id", text=f"{a}_r.name", worded=True, joins=(f"{a}_r",)),
        list_item(
            "assocName",
            f"{a}.associate_id",
            "associate",
            text=f"{a}.name",
            joins=own,
            list_name="associate",
        ),
        text("assocTooltip", f"{a}.tooltip", joins=own, sortable=False),
        list_item("assocType", f"{a}.type", names=names_of(UserType), joins=own),
        number("ejUserId", f"{u}.id", joins=user, sortable=False),
        text("ejDisplayName", user_name(a), joins=(*person, *user)),
        number("ejStatus", f"{u}.status", joins=user, sortable=False),
        boolean("isActive", f"NOT {a}.deleted", joins=own),
        boolean("isActiveText", f"NOT {a}.deleted", joins=own),
        list_item(
            "otherGroups",
            _other_groups(a),
            "intArray",
            text=_group_names(a),
            worded=True,
            joins=own,
            sortable=False,
            list_name="usergroup",
        ),
        text("userName", f"{a}.name", joins=own),
        text("personEmail", f"{a}_p_e.email_address", joins=(f"{a}_p_e",)),
    ]


def _other_groups(a: LiteralString) -> LiteralString:
    return (
        f"ARRAY(SELECT l.usergroup_id FROM user_group_link l "
        f"WHERE l.associate_id = {a}.associate_id ORDER BY 1)"
    )


def _group_names(a: LiteralString) -> LiteralString:
    return (
        f"(SELECT string_agg(g.name, ', ' ORDER BY g.usergroup_id) "
        f"FROM user_group_link l JOIN usergroup g USING (usergroup_id) "
        f"WHERE l.associate_id = {a}.associate_id)"
    )


def person_block(prefix: str, p: LiteralString, person_id: LiteralString, *needs: str) -> Block:
    """A person by id, with the associates that belong to it."""
    columns = person_columns(p)
    joins = _person_joins(p) | {
        p: Join(
            f"LEFT JOIN person {p} ON {p}.person_id = {person_id} AND {p}.deleted_date IS NULL",
            needs,
        )
    }
    return Block(with_prefix(prefix, columns), joins)


def _person_joins(p: LiteralString) -> dict[str, Join]:
    return {
        p: Join(""),
        f"{p}_e": Join(_first_email(p, "person_id"), (p,)),
        f"{p}_c": Join(
            f"LEFT JOIN contact {p}_c ON {p}_c.contact_id = {p}.contact_id"
            f" AND {p}_c.deleted_date IS NULL",
            (p,),
        ),
        f"{p}_y": Join(
            f"LEFT JOIN ticket_priority {p}_y ON {p}_y.id = {p}.ticket_priority_id", (p,)
        ),
        **associate_block("", f"{p}_s", f"{p}.support_associate_id", p).joins,
        **_correspondent(p).joins,
    }


def _correspondent(p: LiteralString) -> Block:
    """The associate that a person is."""
    a: LiteralString = f"{p}_a"
    block = associate_block("correspondingAssociate", a, "0", p)
    joined = Join(f"LEFT JOIN associate {a} ON {a}.person_id = {p}.person_id", (p,))
    return Block(block.columns, block.joins | {a: joined})


def person_columns(p: LiteralString) -> list[Column]:
    """What is known of a person, with the tables under the alias."""
    own, email, company = (p,), (f"{p}_e",), (f"{p}_c",)
    return [
        number("personId", f"{p}.person_id", joins=own),
        text("firstName", f"{p}.firstname", joins=own),
        text("lastName", f"{p}.lastname", joins=own),
        text("middleName", f"{p}.middle_name", joins=own),
        text("fullName", full_name(p), "stringorPK", joins=own, primary_key=f"{p}.person_id"),
        number("contactId", f"{p}.contact_id", joins=own),
        text("mrMrs", f"{p}.mrmrs", joins=own),
        list_item(
            "position",
            f"{p}.position_idx",
            text=item_name("perspos", f"{p}.position_idx"),
            worded=True,
            joins=own,
            list_name="perspos",
        ),
        text("personNumber", f"{p}.number1", joins=own),
        text("title", f"{p}.title", joins=own),
        number("personCountryId", f"{p}.country_id", joins=own),
        number("rank", f"{p}.rank", joins=own),
        boolean("useAsMailingAddress", f"{p}.use_person_address", joins=own),
        boolean("retired", f"{p}.retired <> 0", joins=own),
        text("kanaFirstName", f"{p}.kanafname", joins=own),
        text("kanaLastName", f"{p}.kanalname", joins=own),
        list_item(
            "ticketPriority",
            f"{p}.ticket_priority_id",
            text=f"{p}_y.name",
            worded=True,
            joins=(f"{p}_y",),
            list_name="ticketpriority",
        ),
        number("supportLanguage", f"{p}.support_language_id", joins=own),
        list_item(
            "supportAssociate",
            f"{p}.support_associate_id",
            "associate",
            text=f"{p}_s.name",
            joins=(p, f"{p}_s"),
            list_name="associate",
        ),
        list_item(
            "supportAssociateFullName",
            f"{p}.support_associate_id",
            "associate",
            text=user_name(f"{p}_s"),
            joins=(p, f"{p}_s_p"),
            list_name="associate",
        ),
        boolean("hasCompany", f"{p}.contact_id IS NOT NULL", joins=own),
        text(
            "phone/formattedNumber",
            f"coalesce(nullif({p}.direct_phone, ''), {p}.mobile_phone)",
            joins=own,
            sortable=False,
        ),
        text(
            "searchPhone/formattedNumber",
            f"concat_ws(' ', {p}.direct_phone, {p}.mobile_phone)",
            joins=own,
            sortable=False,
        ),
        text("personInfo/infoText", f"{p}.description", "positiveString", joins=own),
        text("personDirectPhone/formattedNumber", f"{p}.direct_phone", joins=own, sortable=False),
        text("personMobilePhone/formattedNumber", f"{p}.mobile_phone", joins=own, sortable=False),
        text("personDirectFax/formattedNumber", f"{p}.fax_phone", joins=own, sortable=False),
        text("email/emailAddress", f"{p}_e.email_address", joins=email),
        text("email/emailDescription", f"{p}_e.description", joins=email),
        number("email/emailId", f"{p}_e.email_id", joins=email),
        text("contactName", f"{p}_c.name", joins=company),
        text("contactDepartment", f"{p}_c.department", joins=company),
        boolean("personDeleted", f"{p}.deleted", joins=own),
        *_correspondent(p).columns,
    ]


def contact_block(prefix: str, c: LiteralString, contact_id: LiteralString, *needs: str) -> Block:
    """A company by id, with the associate that minds it."""
    joins = _contact_joins(c) | {
        c: Join(
            f"LEFT JOIN contact {c} ON {c}.contact_id = {contact_id} AND {c}.deleted_date IS NULL",
            needs,
        )
    }
    return Block(with_prefix(prefix, contact_columns(c)), joins)


def _contact_joins(c: LiteralString) -> dict[str, Join]:
    return {c: Join(""), f"{c}_e": Join(_first_email(c, "contact_id"), (c,)), **_owner(c).joins}


def _owner(c: LiteralString) -> Block:
    return associate_block("contactAssociate", f"{c}_a", f"{c}.associate_id", c)


def contact_columns(c: LiteralString) -> list[Column]:
    """What is known of a company, with the tables under the alias."""
    own, email, owner = (c,), (f"{c}_e",), (c, f"{c}_a")
    return [
        number("contactId", f"{c}.contact_id", joins=own),
        text("name", f"{c}.name", "stringorPK", joins=own, primary_key=f"{c}.contact_id"),
        text("department", f"{c}.department", joins=own),
        text("nameDepartment", company_name(c), "", joins=own),
        list_item(
            "associateId",
            f"{c}.associate_id",
            "associate",
            text=f"{c}_a.name",
            joins=owner,
            list_name="associate",
        ),
        list_item(
            "category",
            f"{c}.category_idx",
            text=item_name("category", f"{c}.category_idx"),
            worded=True,
            joins=own,
            list_name="category",
        ),
        number("countryId", f"{c}.country_id", joins=own),
        text("number", f"{c}.number1", joins=own),
        text("orgnr", f"{c}.orgnr", joins=own),
        boolean("contactDeleted", f"{c}.deleted", joins=own),
        text("phone/formattedNumber", f"{c}.phone", joins=own, sortable=False),
        text("searchPhone/formattedNumber", f"{c}.phone", joins=own, sortable=False),
        text("contactPhone/formattedNumber", f"{c}.phone", joins=own, sortable=False),
        text("contactFax/formattedNumber", f"{c}.fax", joins=own, sortable=False),
        text("email/emailAddress", f"{c}_e.email_address", joins=email),
        text("email/emailDescription", f"{c}_e.description", joins=email),
        number("email/emailId", f"{c}_e.email_id", joins=email),
        *_owner(c).columns,
    ]


async def outside_trash_p(_context: RequestContext, _bind: Bind) -> LiteralString:
    """Persons that are not in the trash."""
    return "p.deleted_date IS NULL"


async def outside_trash_c(_context: RequestContext, _bind: Bind) -> LiteralString:
    """Companies that are not in the trash."""
    return "c.deleted_date IS NULL"


async def in_trash_p(_context: RequestContext, _bind: Bind) -> LiteralString:
    """Persons in the trash."""
    return "p.deleted_date IS NOT NULL"


async def in_trash_c(_context: RequestContext, _bind: Bind) -> LiteralString:
    """Companies in the trash."""
    return "c.deleted_date IS NOT NULL"


PERSONS = register_provider(
    Provider(
        name="Person",
        entity="person",
        table="person p",
        alias="p",
        key="p.person_id",
        link="nav=person&person_id",
        kinds={"person": "p.retired <> 0", "retiredperson": "p.retired = 0"},
        visible_sql=outside_trash_p,
        joins=_person_joins("p"),
        columns=[*person_columns("p"), *person_details("p")],
        published=published_columns("person"),
        default_columns=("personId", "fullName", "email/emailAddress", "contactName"),
    )
)

CONTACTS = register_provider(
    Provider(
        name="Contact",
        entity="contact",
        table="contact c",
        alias="c",
        key="c.contact_id",
        link="nav=contact&contact_id",
        kinds={"contact": ""},
        visible_sql=outside_trash_c,
        joins=_contact_joins("c"),
        columns=[*contact_columns("c"), *company_details("c")],
        published=published_columns("contact"),
        default_columns=("contactId", "name", "department", "number"),
    )
)


def _associates() -> Block:
    block = associate_block("", "a", "0")
    return Block(associate_columns("a"), block.joins | {"a": Join("")})


ASSOCIATES = register_provider(
    Provider(
        name="Associate",
        entity="associate",
        table="associate a",
        alias="a",
        key="a.associate_id",
        kinds={"all": "", "associate": ""},
        joins=_associates().joins,
        columns=_associates().columns,
        published=published_columns("ownedBy"),
        default_columns=("associateDbId", "assocName", "fullName", "usergroup"),
    )
)

register_provider(
    msgspec.structs.replace(
        PERSONS,
        name="RecyclePerson",
        visible_sql=in_trash_p,
        kinds={"person": "", "forallusers": ""},
    )
)
register_provider(
    msgspec.structs.replace(
        CONTACTS,
        name="RecycleContact",
        visible_sql=in_trash_c,
        kinds={"contact": "", "forallusers": ""},
    )
)
for name in ("FindPerson", "SimplePerson"):
    register_provider(rename(PERSONS, name))
for name in ("FindContact", "SimpleContact"):
    register_provider(rename(CONTACTS, name))
for name in ("AllUsers", "InternalUsers"):
    register_provider(rename(ASSOCIATES, name))
publish_metadata(PERSONS, "/api/v1/Person", "PersonEntity")
publish_metadata(CONTACTS, "/api/v1/Contact", "ContactEntity")


@resource("GET", "/api/v1/Person", permission=Permission.READ, about="PersonEntity", name="GetAll")
async def get_persons(context: RequestContext, options: ArchiveOptions) -> ArchiveRows:
    """Rows of the archive of persons; BadValue points at a wrong filter."""
    return await archive_rows(context, PERSONS, "/api/v1/Person", options)


@resource(
    "GET", "/api/v1/Contact", permission=Permission.READ, about="ContactEntity", name="GetAll"
)
async def get_contacts(context: RequestContext, options: ArchiveOptions) -> ArchiveRows:
    """Rows of the archive of companies; BadValue points at a wrong filter's place."""
    return await archive_rows(context, CONTACTS, "/api/v1/Contact", options)


@operation("Archive", permission=Permission.READ, transaction=False)
async def get_group_associate_ids(context: RequestContext, group_ids: list[Int32]) -> list[Int32]:
    """The ids of the associates in any of these user groups, first or other ones."""
    found = await context.db.fetch(
        """
        SELECT associate_id FROM associate a
        WHERE NOT deleted AND (
            group_idx = ANY ($1) OR EXISTS (
                SELECT FROM user_group_link l
                WHERE l.associate_id = a.associate_id AND l.usergroup_id = ANY ($1)))
        ORDER BY associate_id
        """,
        group_ids,
    )
    return [record[0] for record in found]
