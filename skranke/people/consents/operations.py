"""Consents, as the Person agent has them."""

from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue
from skranke.core.schema import Int32
from skranke.http.operation import operation
from skranke.people.consents import save, sql
from skranke.people.consents.carriers import ConsentInfo, ConsentPerson
from skranke.people.reference_data.sql import load_reference


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


@operation("Person", permission=Permission.READ, transaction=False)
async def create_default_consent_person(context: RequestContext) -> ConsentPerson:
    """A blank consent; nothing is saved."""
    return ConsentPerson()


@operation("Person", permission=Permission.READ, query=("consent_person_id",), transaction=False)
async def get_consent_person(
    context: RequestContext, consent_person_id: Int32
) -> ConsentPerson | None:
    """A consent by its own id; null without one."""
    reference = await context.get_cached(load_reference)
    return await save.consent_by_id(context, consent_person_id, reference)


@operation("Person", permission=Permission.WRITE)
async def save_consent_person(context: RequestContext, entity: ConsentPerson) -> ConsentPerson:
    """A consent as it is saved, one for each person and purpose.

    BadValue for a purpose, source or legal base that does not exist, NotFound the person.
    """
    return await save.save_consent_person(context, entity)


@operation("Person", permission=Permission.WRITE, query=("consent_person_id",))
async def delete_consent_person(context: RequestContext, consent_person_id: Int32) -> None:
    """Withdraw a consent by its own id; the row stays as proof. Without effect if unknown."""
    await save.withdraw_by_id(context, consent_person_id)
