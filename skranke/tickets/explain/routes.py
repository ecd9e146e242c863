"""Asking a desk why a ticket's times are what they are: by HTTP, or at the machine."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from skranke.core.app_state import Desk
from skranke.core.context import Call, Caller, Right
from skranke.core.errors import NotAllowed, NotFound, NotSignedIn, Refusal, body_of
from skranke.core.jobs.worker import SYSTEM, call_of
from skranke.db.database import execute
from skranke.http.request import Head, head_of
from skranke.people.sql import connection
from skranke.tickets import sql
from skranke.tickets.explain.figures import explained
from skranke.tickets.explain.history import history
from skranke.tickets.explain.schema import Explanation
from skranke.tickets.links import Wanted
from skranke.tickets.rights import may_see
from skranke.tickets.save.service import lists_of

SignIn = Callable[[Head], Awaitable[Caller]]
NO_STORE = {"cache-control": "no-store"}


async def explain(call: Call, ticket_id: int) -> Explanation:
    """Why a ticket's times are what they are; NotFound unless the caller may see it."""
    found = await sql.stored(call.db, ticket_id, Wanted())
    if found is None:
        raise NotFound(f"Ticket {ticket_id} does not exist.")
    lists = await lists_of(call, found.catalogue_version)
    if not may_see(found.row, lists, call.caller):
        raise NotFound(f"Ticket {ticket_id} does not exist.")
    past = await history(call.db, found.row)
    return explained(past, lists, call.settings.zone)


async def explain_here(desk: Desk, ticket_id: int) -> Explanation:
    """As `explain`, for who sits at the machine and may see everything."""
    async with _call(desk, SYSTEM) as call:
        return await explain(call, ticket_id)


def routes(desk: Desk, sign_in: SignIn) -> list[Route]:
    """`GET /_desk/explain/ticket/{id}`: JSON, or text for `Accept: text/plain`."""

    async def asked(request: Request) -> Response:
        try:
            caller = _reader(await sign_in(head_of(request.scope)))
            async with _call(desk, caller) as call:
                told = await explain(call, request.path_params["ticket_id"])
        except Refusal as refusal:
            return _json(body_of(refusal), refusal.status)
        if request.headers.get("accept", "").startswith("text/plain"):
            return Response("\n".join(told.words) + "\n", 200, NO_STORE, "text/plain")
        return _json(told)

    return [Route("/_desk/explain/ticket/{ticket_id:int}", asked)]


def _json(told: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(told), status, NO_STORE, "application/json")


def _reader(caller: Caller) -> Caller:
    if Right.READ in caller.rights:
        return caller
    if not caller.associate_id:
        raise NotSignedIn("Sign in first: Basic, SoTicket, Bearer or a session.")
    raise NotAllowed(f"{caller.name} lacks a right: {Right.READ.value}.")


@asynccontextmanager
async def _call(desk: Desk, caller: Caller) -> AsyncGenerator[Call]:
    """A call that reads a ticket and its history as of one instant."""
    async with connection(desk.pool) as db, db.transaction():
        await execute(db, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        await desk.memory.refresh(db)
        yield call_of(desk, db, caller)
