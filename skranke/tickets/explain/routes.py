"""Asking a desk why a ticket's times are what they are: by HTTP, or at the machine."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from skranke.core.app_state import AppState
from skranke.core.context import CurrentUser, Permission, RequestContext
from skranke.core.errors import ApiError, NotAllowed, NotFound, NotSignedIn, error_body
from skranke.core.jobs.worker import SYSTEM, context_for
from skranke.db.database import execute
from skranke.http.request import Head, head_of
from skranke.people.sql import connection
from skranke.tickets import sql
from skranke.tickets.explain.figures import explain_history
from skranke.tickets.explain.history import load_history
from skranke.tickets.explain.schema import Explanation
from skranke.tickets.links import RequestedLinks
from skranke.tickets.rights import may_see
from skranke.tickets.save.service import reference_at

SignIn = Callable[[Head], Awaitable[CurrentUser]]
NO_STORE = {"cache-control": "no-store"}


async def explain(context: RequestContext, ticket_id: int) -> Explanation:
    """Why a ticket's times are what they are; NotFound unless the caller may see it."""
    found = await sql.load_ticket(context.db, ticket_id, RequestedLinks())
    if found is None:
        raise NotFound(f"Ticket {ticket_id} does not exist.")
    lists = await reference_at(context, found.catalogue_version)
    if not may_see(found.row, lists, context.user):
        raise NotFound(f"Ticket {ticket_id} does not exist.")
    past = await load_history(context.db, found.row)
    return explain_history(past, lists, context.settings.zone)


async def explain_locally(state: AppState, ticket_id: int) -> Explanation:
    """As `explain`, for who sits at the machine and may see everything."""
    async with _open_context(state, SYSTEM) as context:
        return await explain(context, ticket_id)


def routes(state: AppState, sign_in: SignIn) -> list[Route]:
    """`GET /_desk/explain/ticket/{id}`: JSON, or text for `Accept: text/plain`."""

    async def get_explanation(request: Request) -> Response:
        try:
            user = _require_reader(await sign_in(head_of(request.scope)))
            async with _open_context(state, user) as context:
                told = await explain(context, request.path_params["ticket_id"])
        except ApiError as refusal:
            return _json_response(error_body(refusal), refusal.status)
        if request.headers.get("accept", "").startswith("text/plain"):
            return Response("\n".join(told.words) + "\n", 200, NO_STORE, "text/plain")
        return _json_response(told)

    return [Route("/_desk/explain/ticket/{ticket_id:int}", get_explanation)]


def _json_response(told: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(told), status, NO_STORE, "application/json")


def _require_reader(user: CurrentUser) -> CurrentUser:
    if Permission.READ in user.permissions:
        return user
    if not user.associate_id:
        raise NotSignedIn("Sign in first: Basic, SoTicket, Bearer or a session.")
    raise NotAllowed(f"{user.name} lacks a right: {Permission.READ.value}.")


@asynccontextmanager
async def _open_context(state: AppState, user: CurrentUser) -> AsyncGenerator[RequestContext]:
    """A call that reads a ticket and its history as of one instant."""
    async with connection(state.pool) as db, db.transaction():
        await execute(db, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        await state.cache.refresh(db)
        yield context_for(state, db, user)
