"""Companies that may be the same. A save never refuses one; clients only warn.

The vendor compares by sound; here names are equal after lower-casing and without their
legal form, or begin alike.
"""

from typing import LiteralString

from skranke.archive.mdo.editing import edit_lists
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.db.database import execute, rows
from skranke.people.companies.carriers import DuplicateEntry, DuplicateRule
from skranke.people.reference_data.sql import load_reference

RULES = {
    "Name": "Equal or similar name",
    "NameDepartment": "Equal name and department",
    "Domain": "Equal internet domain",
}
SETTING = "duplicateRulesOff"
MAX_FOUND = 50


async def rules(context: RequestContext) -> list[DuplicateRule]:
    """Every rule by its order."""
    off = await _off(context)
    return [
        DuplicateRule(name=name, display_name=text, display_tooltip=text, is_active=name not in off)
        for name, text in RULES.items()
    ]


async def set_status(context: RequestContext, posted: list[DuplicateRule]) -> None:
    """Switch the named rules on and off; others stay."""
    off = set(await _off(context))
    for rule in posted:
        if rule.name not in RULES:
            raise BadValue("Rules", f"{rule.name[:60]!r} is not one of {', '.join(RULES)}")
        (off.discard if rule.is_active else off.add)(rule.name)
    async with edit_lists(context):
        await _write(context, ",".join(sorted(off)))


async def _write(context: RequestContext, names: str) -> None:
    await execute(
        context.db,
        """
        INSERT INTO registry (name, value) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value
        """,
        SETTING,
        names,
    )


async def by_name(context: RequestContext, name: str) -> list[DuplicateEntry]:
    """Companies whose bare name is equal, or begins with it."""
    return await _search(
        context,
        "Name",
        """
        SELECT contact_id FROM contact
        WHERE deleted_date IS NULL AND $1 <> '' AND bare_company_name($1) <> ''
          AND bare_company_name(name) LIKE
              replace(replace(bare_company_name($1), '%', ''), '_', '') || '%'
        """,
        name.strip(),
        "",
    )


async def by_name_and_department(
    context: RequestContext, name: str, department: str
) -> list[DuplicateEntry]:
    """Companies of exactly this name and department, in any case."""
    return await _search(
        context,
        "NameDepartment",
        """
        SELECT contact_id FROM contact
        WHERE deleted_date IS NULL AND lower(name) = lower($1) AND lower(department) = lower($2)
        """,
        name.strip(),
        department.strip(),
    )


async def by_domain(context: RequestContext, domain: str) -> list[DuplicateEntry]:
    """Companies with this domain, or with an e-mail address in it."""
    return await _search(
        context,
        "Domain",
        """
        SELECT contact_id FROM company_domain JOIN contact USING (contact_id)
        WHERE domain = lower($1) AND deleted_date IS NULL
        UNION
        SELECT contact_id FROM email JOIN contact USING (contact_id)
        WHERE email.contact_id IS NOT NULL AND deleted_date IS NULL
          AND split_part(lower(email_address), '@', 2) = lower($1)
        """,
        domain.strip(),
        "",
    )


async def _search(
    context: RequestContext, rule: str, condition: LiteralString, first: str, second: str
) -> list[DuplicateEntry]:
    if rule in await _off(context):
        return []
    return await rows(
        context.db,
        DuplicateEntry,
        f"""
        SELECT $3 AS "RuleName", c.contact_id AS "SoPrimaryKey",
               concat_ws(', ', nullif(c.name, ''), nullif(c.department, '')) AS "EntryName",
               c.contact_id::text AS "EntryIdentifier", $4 AS "RuleDisplayName"
        FROM contact c
        WHERE c.contact_id IN ({condition}) AND $2::text IS NOT NULL
        ORDER BY lower(c.name), c.contact_id LIMIT $5
        """,
        first,
        second,
        rule,
        RULES[rule],
        MAX_FOUND,
    )


async def _off(context: RequestContext) -> list[str]:
    reference = await context.get_cached(load_reference)
    return [name for name in reference.registry.get(SETTING, "").split(",") if name]
