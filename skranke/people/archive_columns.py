"""Columns of persons and companies beside those that lists show every day.

Each is a value of its own, looked up where it is asked for, so that a list without them
costs nothing. What a desk has no data for answers its type's zero, so that a query
written for the vendor's runs. Source: reference, archive providers person and contact.
"""

from typing import LiteralString

from skranke.archive.columns import Column, boolean, decimal, list_item, moment, number, text

ADDRESS_PARTS: tuple[tuple[str, LiteralString], ...] = (
    ("line1", "address1"),
    ("line2", "address2"),
    ("line3", "address3"),
    ("county", "county"),
    ("city", "city"),
    ("zip", "zipcode"),
    ("state", "state"),
)


def item_name(list_name: LiteralString, item_id: LiteralString) -> LiteralString:
    """The name of a list's item; nothing for an id that the list does not have."""
    return f"(SELECT i.name FROM list_item i WHERE i.list = '{list_name}' AND i.id = {item_id})"


def _country_name(country_id: LiteralString) -> LiteralString:
    return f"(SELECT k.name FROM country k WHERE k.country_id = {country_id})"


def _associate_name(associate_id: LiteralString) -> LiteralString:
    return f"(SELECT s.name FROM associate s WHERE s.associate_id = {associate_id})"


def _associate_full_name(associate_id: LiteralString) -> LiteralString:
    return (
        "(SELECT coalesce(nullif(concat_ws(' ', nullif(q.firstname, ''), "
        "nullif(q.middle_name, ''), nullif(q.lastname, '')), ''), s.name) "
        f"FROM associate s LEFT JOIN person q USING (person_id) "
        f"WHERE s.associate_id = {associate_id})"
    )


def _phone(
    owner: LiteralString, row: LiteralString, kind: LiteralString, column: LiteralString
) -> LiteralString:
    return (
        f"(SELECT n.{column} FROM phone n WHERE n.{owner} = {row}.{owner} "
        f"AND n.ptype_idx = {kind} ORDER BY n.rank, n.phone_id LIMIT 1)"
    )


def _email(owner: LiteralString, row: LiteralString, column: LiteralString) -> LiteralString:
    return (
        f"(SELECT m.{column} FROM email m WHERE m.{owner} = {row}.{owner} AND m.type = 0 "
        f"ORDER BY m.rank, m.email_id LIMIT 1)"
    )


def _url(owner: LiteralString, row: LiteralString, column: LiteralString) -> LiteralString:
    return (
        f"(SELECT w.{column} FROM url w WHERE w.{owner} = {row}.{owner} "
        f"ORDER BY w.rank, w.url_id LIMIT 1)"
    )


def _associates(name: str, associate_id: LiteralString, joins: tuple[str, ...]) -> list[Column]:
    """An associate as id with name, and with full name."""
    return [
        list_item(
            name,
            associate_id,
            "associate",
            text=_associate_name(associate_id),
            joins=joins,
            sortable=False,
            list_name="associate",
        ),
        list_item(
            f"{name}FullName",
            associate_id,
            "associate",
            text=_associate_full_name(associate_id),
            joins=joins,
            sortable=False,
            list_name="associate",
        ),
    ]


def _address(
    prefix: str, owner: LiteralString, row: LiteralString, kind: LiteralString
) -> list[Column]:
    """One address of an owner, by its parts and as text."""

    def part(column: LiteralString) -> LiteralString:
        return (
            f"(SELECT d.{column} FROM address d WHERE d.{owner} = {row}.{owner} "
            f"AND d.atype_idx = {kind})"
        )

    joins = (row,)
    lines: LiteralString = (
        "concat_ws({}, nullif(d.address1, ''), nullif(d.address2, ''), nullif(d.address3, ''), "
        "nullif(concat_ws(' ', nullif(d.zipcode, ''), nullif(d.city, '')), ''))"
    )
    one_line = lines.replace("{}", "', '")
    many_lines = lines.replace("{}", "E'\\n'")
    where: LiteralString = (
        f"FROM address d WHERE d.{owner} = {row}.{owner} AND d.atype_idx = {kind}"
    )
    return [
        number(f"{prefix}/addressId", part("address_id"), joins=joins, sortable=False),
        *(
            text(f"{prefix}/{name}", part(column), joins=joins, sortable=False)
            for name, column in ADDRESS_PARTS
        ),
        decimal(f"{prefix}/wgs84latitude", part("wgs84_latitude"), joins=joins, sortable=False),
        decimal(f"{prefix}/wgs84longitude", part("wgs84_longitude"), joins=joins, sortable=False),
        text(
            f"{prefix}/formattedAddress",
            f"(SELECT {one_line} {where})",
            joins=joins,
            sortable=False,
        ),
        text(
            f"{prefix}/formattedMultiLineAddress",
            f"(SELECT {many_lines} {where})",
            joins=joins,
            sortable=False,
        ),
    ]


def _emails(owner: LiteralString, row: LiteralString) -> list[Column]:
    joins = (row,)
    return [
        text("email/emailProtocol", "'SMTP'::text", joins=joins, sortable=False),
        moment("email/emailLastSent", _email(owner, row, "last_sent"), joins=joins, sortable=False),
        number(
            "email/emailBounceCount",
            _email(owner, row, "bounce_count"),
            joins=joins,
            sortable=False,
        ),
        moment(
            "email/emailLastBounce", _email(owner, row, "last_bounce"), joins=joins, sortable=False
        ),
        boolean(
            "email/emailHasBounced",
            f"coalesce({_email(owner, row, 'bounce_count')}, 0) > 0",
            joins=joins,
            sortable=False,
        ),
    ]


def person_details(p: LiteralString) -> list[Column]:
    """What else is known of a person, with the tables under the alias."""
    own, company = (p,), (p, f"{p}_c")
    category: LiteralString = f"coalesce({p}_c.category_idx, {p}.category_idx)"
    business: LiteralString = f"coalesce({p}_c.business_idx, {p}.business_idx)"
    owner: LiteralString = f"coalesce({p}_c.associate_id, {p}.associate_id)"
    full_name: LiteralString = (
        f"concat_ws(' ', nullif({p}.firstname, ''), nullif({p}.middle_name, ''), "
        f"nullif({p}.lastname, ''))"
    )
    has_interests: LiteralString = (
        f"EXISTS (SELECT FROM person_interest i WHERE i.person_id = {p}.person_id)"
    )
    return [
        text(
            "fullNameWithContact",
            f"{full_name} || coalesce(' (' || nullif({p}_c.name, '') || ')', '')",
            joins=company,
            sortable=False,
        ),
        boolean("hasInfoText", f"{p}.description <> ''", joins=own),
        boolean("hasInterests", has_interests, joins=own, sortable=False),
        boolean("personHasInterests", has_interests, joins=own, sortable=False),
        list_item(
            "personCountry",
            f"{p}.country_id",
            text=_country_name(f"{p}.country_id"),
            worded=True,
            joins=own,
            sortable=False,
            list_name="country",
        ),
        boolean("personNoMail", f"{p}.nomailing", joins=own),
        moment(
            "birthdate",
            f"CASE WHEN {p}.month_of_birth > 0 THEN"
            f" make_timestamptz(greatest({p}.year_of_birth, 2),"
            f" {p}.month_of_birth, {p}.day_of_birth, 0, 0, 0, 'UTC') END",
            joins=own,
            sortable=False,
        ),
        number("birthYear", f"{p}.year_of_birth", joins=own),
        number("birthMonth", f"{p}.month_of_birth", joins=own),
        number("birthDay", f"{p}.day_of_birth", joins=own),
        number(
            "associateType",
            f"(SELECT s.type FROM associate s WHERE s.person_id = {p}.person_id)",
            joins=own,
            sortable=False,
        ),
        list_item(
            "personSource",
            f"{p}.source",
            text=item_name("source", f"{p}.source"),
            worded=True,
            joins=own,
            sortable=False,
            list_name="source",
        ),
        *_associates("personUpdatedBy", f"{p}.updated_associate_id", own),
        *_associates("personRegisteredBy", f"{p}.registered_associate_id", own),
        *_associates("personAssociateId", owner, company),
        moment("personUpdatedDate", f"{p}.updated", joins=own),
        moment("personRegisteredDate", f"{p}.registered", joins=own),
        moment("personDeletedDate", f"{p}.deleted_date", joins=own),
        list_item(
            "personCategory",
            category,
            text=item_name("category", category),
            worded=True,
            joins=company,
            sortable=False,
            list_name="category",
        ),
        list_item(
            "personBusiness",
            business,
            text=item_name("business", business),
            worded=True,
            joins=company,
            sortable=False,
            list_name="business",
        ),
        boolean("isProjectMember", "false", joins=own, sortable=False),
        boolean("isStakeholder", "false", joins=own, sortable=False),
        number("personActiveErpLinks", "0", joins=own, sortable=False),
        text("portraitThumbnail", "''::text", joins=own, sortable=False),
        number("personInfo/textId", "0", joins=own, sortable=False),
        *(
            text(
                f"{name}/description",
                _phone("person_id", p, kind, "description"),
                joins=own,
                sortable=False,
            )
            for name, kind in PERSON_PHONES
        ),
        *(
            text(
                f"{name}/formattedNumber",
                _phone("person_id", p, kind, "phone"),
                joins=own,
                sortable=False,
            )
            for name, kind in PERSON_PHONES
            if name in ("personPrivate", "personPager")
        ),
        *_emails("person_id", p),
        text(
            "personUrl/URLAddress", _url("person_id", p, "url_address"), joins=own, sortable=False
        ),
        text(
            "personUrl/URLDescription",
            _url("person_id", p, "url_description"),
            joins=own,
            sortable=False,
        ),
        *_address("personAddress", "person_id", p, "16387"),
        *_address("restrictionAddress", "person_id", p, "16387"),
        list_item(
            "personInterestIds",
            f"ARRAY(SELECT i.pinterest_idx FROM person_interest i"
            f" WHERE i.person_id = {p}.person_id ORDER BY 1)",
            "intArray",
            text=f"(SELECT string_agg(l.name, ', ' ORDER BY l.id) FROM person_interest i"
            f" JOIN list_item l ON l.list = 'persint' AND l.id = i.pinterest_idx"
            f" WHERE i.person_id = {p}.person_id)",
            worded=True,
            joins=own,
            sortable=False,
            list_name="persint",
        ),
    ]


PERSON_PHONES: tuple[tuple[str, LiteralString], ...] = (
    ("phone", "16385"),
    ("searchPhone", "16385"),
    ("personDirectPhone", "16385"),
    ("personMobilePhone", "16389"),
    ("personDirectFax", "16387"),
    ("personPrivate", "16388"),
    ("personPager", "16390"),
)


def company_details(c: LiteralString) -> list[Column]:
    """What else is known of a company, with the tables under the alias."""
    own = (c,)
    has_interests: LiteralString = (
        f"EXISTS (SELECT FROM contact_interest i WHERE i.contact_id = {c}.contact_id)"
    )
    main_contact: LiteralString = (
        "(SELECT concat_ws(' ', nullif(q.firstname, ''), nullif(q.middle_name, ''), "
        f"nullif(q.lastname, '')) FROM person q WHERE q.contact_id = {c}.contact_id "
        "AND q.deleted_date IS NULL AND q.retired = 0 ORDER BY q.rank, q.person_id LIMIT 1)"
    )
    return [
        boolean("hasInfoText", f"{c}.description <> ''", joins=own),
        boolean("hasInterests", has_interests, joins=own, sortable=False),
        number(
            "categoryGroup",
            f"(SELECT i.category_group FROM list_item i"
            f" WHERE i.list = 'category' AND i.id = {c}.category_idx)",
            joins=own,
            sortable=False,
        ),
        number(
            "companyCategoryRank",
            f"(SELECT i.rank FROM list_item i"
            f" WHERE i.list = 'category' AND i.id = {c}.category_idx)",
            joins=own,
            sortable=False,
        ),
        list_item(
            "business",
            f"{c}.business_idx",
            text=item_name("business", f"{c}.business_idx"),
            worded=True,
            joins=own,
            sortable=False,
            list_name="business",
        ),
        list_item(
            "country",
            f"{c}.country_id",
            text=_country_name(f"{c}.country_id"),
            worded=True,
            joins=own,
            sortable=False,
            list_name="country",
        ),
        text("code", f"{c}.number2", joins=own),
        boolean("stop", f"{c}.xstop", joins=own),
        boolean("contactNoMail", f"{c}.nomailing", joins=own),
        *_associates("updatedBy", f"{c}.updated_associate_id", own),
        *_associates("registeredBy", f"{c}.registered_associate_id", own),
        moment("updatedDate", f"{c}.updated", joins=own),
        moment("registeredDate", f"{c}.registered", joins=own),
        moment("deletedDate", f"{c}.deleted_date", joins=own),
        list_item(
            "contactSource",
            f"{c}.source",
            text=item_name("source", f"{c}.source"),
            worded=True,
            joins=own,
            sortable=False,
            list_name="source",
        ),
        number("activeErpLinks", "0", joins=own, sortable=False),
        text("mainContact", main_contact, joins=own, sortable=False),
        boolean("forceCompany", "false", joins=own, sortable=False),
        *(
            text(
                f"{name}/description",
                _phone("contact_id", c, kind, "description"),
                joins=own,
                sortable=False,
            )
            for name, kind in COMPANY_PHONES
        ),
        *_emails("contact_id", c),
        text("url/URLAddress", _url("contact_id", c, "url_address"), joins=own, sortable=False),
        text(
            "url/URLDescription",
            _url("contact_id", c, "url_description"),
            joins=own,
            sortable=False,
        ),
        *_address("postAddress", "contact_id", c, "1"),
        *_address("streetAddress", "contact_id", c, "2"),
        *_address("restrictionAddress", "contact_id", c, "2"),
        *_address("restrictionPostalAddress", "contact_id", c, "1"),
        list_item(
            "contactInterestIds",
            f"ARRAY(SELECT i.cinterest_idx FROM contact_interest i"
            f" WHERE i.contact_id = {c}.contact_id ORDER BY 1)",
            "intArray",
            text=f"(SELECT string_agg(l.name, ', ' ORDER BY l.id) FROM contact_interest i"
            f" JOIN list_item l ON l.list = 'contint' AND l.id = i.cinterest_idx"
            f" WHERE i.contact_id = {c}.contact_id)",
            worded=True,
            joins=own,
            sortable=False,
            list_name="contint",
        ),
    ]


COMPANY_PHONES: tuple[tuple[str, LiteralString], ...] = (
    ("phone", "1"),
    ("searchPhone", "1"),
    ("contactPhone", "1"),
    ("contactFax", "3"),
)
