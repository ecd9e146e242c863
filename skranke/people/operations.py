"""Who am I, who works here, who asks: the User, Associate and Person operations."""

from skranke.core.context import Permission, RequestContext
from skranke.core.errors import NotSignedIn
from skranke.core.schema import Int32
from skranke.http.operation import operation, resource
from skranke.people import sql
from skranke.people.auth import tokens
from skranke.people.carriers import Associate, Person, SoPrincipalCarrier

CURRENT_TOKEN_DAYS = 0.25  # six hours, as the vendor's system tickets live
FUNCTION_RIGHTS = {
    Permission.READ: "read",
    Permission.WRITE: "write",
    Permission.DELETE: "delete",
    Permission.ADMINISTER: "administer",
}


@resource("GET", "/api/v1/User/currentPrincipal", permission=Permission.SIGNED_IN)
async def get_current_principal(context: RequestContext) -> SoPrincipalCarrier:
    """The caller as a principal: person, company, role, groups, and rights by name.

    FunctionRights are sorted names of this desk's own rights; Licenses is empty.
    Source: reference, User/currentPrincipal.
    """
    principal = await sql.load_principal(context.db, context.user.associate_id)
    if principal is None:
        raise NotSignedIn("The user is gone.")
    principal.function_rights = sorted(
        name for right, name in FUNCTION_RIGHTS.items() if right in context.user.permissions
    )
    return principal


@resource("GET", "/api/v1/User/currentAssociate", permission=Permission.SIGNED_IN)
async def get_current_associate(context: RequestContext) -> Associate | None:
    """The caller as an associate. Source: reference, User/currentAssociate."""
    return (await context.get_cached(sql.load_associates)).get(context.user.associate_id)


@resource("GET", "/api/v1/User/currentToken", permission=Permission.SIGNED_IN)
async def get_current_token(context: RequestContext) -> str:
    """A new access token of the caller's for the Bearer scheme, valid for six hours.

    Tokens are stored hashed, so none can be handed out twice. Source: reference,
    User/currentToken.
    """
    return await tokens.issue_token(
        context.db, context.user.associate_id, "token", context.now, CURRENT_TOKEN_DAYS
    )


@operation("Associate", permission=Permission.READ, query=("associate_id",))
async def get_associate(context: RequestContext, associate_id: Int32) -> Associate | None:
    """One associate, deleted or not; null when there is none of that id."""
    return (await context.get_cached(sql.load_associates)).get(associate_id)


@operation("Associate", permission=Permission.READ, bare=True)
async def get_associate_list(
    context: RequestContext, associate_ids: list[Int32]
) -> list[Associate]:
    """These associates in the order asked for; ids without one are left out."""
    known = await context.get_cached(sql.load_associates)
    return [known[i] for i in associate_ids if i in known]


@operation("Person", permission=Permission.READ, query=("person_id",), transaction=False)
async def get_person(context: RequestContext, person_id: Int32) -> Person | None:
    """One person, retired or not; null when there is none of that id."""
    return (await sql.load_persons(context.db, [person_id])).get(person_id)


@operation("Person", permission=Permission.READ, bare=True, transaction=False)
async def get_person_list(context: RequestContext, person_ids: list[Int32]) -> list[Person]:
    """These persons in the order asked for; ids without one are left out."""
    known = await sql.load_persons(context.db, person_ids)
    return [known[i] for i in person_ids if i in known]
