"""Who am I, who works here, who asks: the User, Associate and Person operations."""

from skranke.core.context import Call, Right
from skranke.core.errors import NotSignedIn
from skranke.core.schema import Int32
from skranke.http.operation import operation, resource
from skranke.people import sql
from skranke.people.auth import tokens
from skranke.people.carriers import Associate, Person, SoPrincipalCarrier

CURRENT_TOKEN_DAYS = 0.25  # six hours, as the vendor's system tickets live
FUNCTION_RIGHTS = {
    Right.READ: "read",
    Right.WRITE: "write",
    Right.DELETE: "delete",
    Right.ADMINISTER: "administer",
}


@resource("GET", "/api/v1/User/currentPrincipal", right=Right.SIGNED_IN)
async def get_current_principal(call: Call) -> SoPrincipalCarrier:
    """The caller as a principal: person, company, role, groups, and rights by name.

    FunctionRights are sorted names of this desk's own rights; Licenses is empty.
    Source: reference, User/currentPrincipal.
    """
    principal = await sql.principal(call.db, call.caller.associate_id)
    if principal is None:
        raise NotSignedIn("The user is gone.")
    principal.function_rights = sorted(
        name for right, name in FUNCTION_RIGHTS.items() if right in call.caller.rights
    )
    return principal


@resource("GET", "/api/v1/User/currentAssociate", right=Right.SIGNED_IN)
async def get_current_associate(call: Call) -> Associate | None:
    """The caller as an associate. Source: reference, User/currentAssociate."""
    return (await call.recall(sql.associates)).get(call.caller.associate_id)


@resource("GET", "/api/v1/User/currentToken", right=Right.SIGNED_IN)
async def get_current_token(call: Call) -> str:
    """A new access token of the caller's for the Bearer scheme, valid for six hours.

    Tokens are stored hashed, so none can be handed out twice. Source: reference,
    User/currentToken.
    """
    return await tokens.issue_token(
        call.db, call.caller.associate_id, "token", call.now, CURRENT_TOKEN_DAYS
    )


@operation("Associate", right=Right.READ, query=("associate_id",))
async def get_associate(call: Call, associate_id: Int32) -> Associate | None:
    """One associate, deleted or not; null when there is none of that id."""
    return (await call.recall(sql.associates)).get(associate_id)


@operation("Associate", right=Right.READ, bare=True)
async def get_associate_list(call: Call, associate_ids: list[Int32]) -> list[Associate]:
    """These associates in the order asked for; ids without one are left out."""
    known = await call.recall(sql.associates)
    return [known[i] for i in associate_ids if i in known]


@operation("Person", right=Right.READ, query=("person_id",), transaction=False)
async def get_person(call: Call, person_id: Int32) -> Person | None:
    """One person, retired or not; null when there is none of that id."""
    return (await sql.persons(call.db, [person_id])).get(person_id)


@operation("Person", right=Right.READ, bare=True, transaction=False)
async def get_person_list(call: Call, person_ids: list[Int32]) -> list[Person]:
    """These persons in the order asked for; ids without one are left out."""
    known = await sql.persons(call.db, person_ids)
    return [known[i] for i in person_ids if i in known]
