"""`/api/v1/Person/{id}/Consent`: consents over REST."""

from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import resource
from skranke.people.consents import save, sql
from skranke.people.consents.carriers import ConsentInfo

ENTITY = "PersonEntity"
CONSENTS = "/api/v1/Person/{person_id}/Consent"


@resource("GET", CONSENTS, permission=Permission.READ, about=ENTITY, name="GetConsentInfos")
async def get_consents(context: RequestContext, person_id: Int32) -> list[ConsentInfo]:
    """The consents of a person, withdrawn ones too, by purpose."""
    return await sql.consents_of(context.db, person_id)


@resource(
    "GET", f"{CONSENTS}/{{purpose}}", permission=Permission.READ, about=ENTITY, name="HasConsent"
)
async def get_consent(context: RequestContext, person_id: Int32, purpose: str) -> bool:
    """Whether a person's consent for a purpose is in force."""
    return await save.has_consent(context, person_id, purpose)


@resource(
    "PUT",
    f"{CONSENTS}/{{purpose}}",
    permission=Permission.WRITE,
    transaction=True,
    query=("source", "legal_base", "comment"),
    about=ENTITY,
    name="SetConsent",
)
async def put_consent(
    context: RequestContext,
    person_id: Int32,
    purpose: str,
    source: str = "",
    legal_base: str = "",
    comment: str = "",
) -> None:
    """Record a person's consent; source and legalBase are required."""
    await save.set_consent(context, person_id, purpose, source, legal_base, comment)


@resource(
    "DELETE",
    f"{CONSENTS}/{{purpose}}",
    permission=Permission.WRITE,
    transaction=True,
    about=ENTITY,
    name="RemoveConsent",
)
async def delete_consent(context: RequestContext, person_id: Int32, purpose: str) -> None:
    """Withdraw a person's consent; the row stays as proof."""
    await save.remove_consent(context, person_id, purpose)
