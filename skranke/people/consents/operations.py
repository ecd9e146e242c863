"""Consents, as the Person agent has them."""

from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue
from skranke.core.schema import Int32
from skranke.http.operation import operation
from skranke.people.consents import save, sql
from skranke.people.consents.carriers import ConsentInfo


@operation("Person", permission=Permission.WRITE)
async def set_consent(
    context: RequestContext,
    person_id: Int32,
    purpose: str,
    source: str,
    legal_base: str,
    comment: str,
) -> None:
    """Record a person's consent for a purpose, called by keys: EMARKETING, API, 61A.

    BadValue names the key that is not known, NotFound the person.
    """
    await save.set_consent(context, person_id, purpose, source, legal_base, comment)


@operation("Person", permission=Permission.WRITE)
async def remove_consent(context: RequestContext, person_id: Int32, purpose: str) -> None:
    """Withdraw a person's consent for a purpose; the row stays as proof."""
    await save.remove_consent(context, person_id, purpose)


@operation("Person", permission=Permission.READ, transaction=False)
async def has_consent(context: RequestContext, person_id: Int32, purpose: str) -> bool:
    """Whether a person's consent for a purpose is in force."""
    return await save.has_consent(context, person_id, purpose)


@operation("Person", permission=Permission.READ, transaction=False)
async def get_consent_infos(context: RequestContext, person_id: Int32) -> list[ConsentInfo]:
    """The consents of a person, withdrawn ones too, by purpose."""
    if person_id < 0:
        raise BadValue("PersonId", f"{person_id} is not a valid id")
    return await sql.consents_of(context.db, person_id)
