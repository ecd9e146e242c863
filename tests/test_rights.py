"""Every operation × every role: nobody, stranger, colleague, owner, reader, admin.

The ticket lies in a category that is open to members only. Whoever lacks an operation's
right gets 401 or 403; the stranger has the rights of an agent and still learns nothing
of the ticket; and what is refused leaves the database as it was.
"""

import json
import re
from collections.abc import AsyncIterator
from random import Random
from typing import Any

import msgspec
import pytest

import skranke.app
from skranke.settings import Settings
from skranke.store import database
from skranke.store.clock import Clock
from skranke.store.database import Pool, Record
from skranke.store.memory import Memory
from skranke.tickets.carriers import TicketEntity
from skranke.wire.call import NOBODY, Caller, Right
from skranke.wire.head import Head
from skranke.wire.operation import OPERATIONS, Operation
from skranke.wire.server import Desk, Server
from tests.conftest import ADA, ANNA, BO, NOW, RITA, STEN

assert skranke.app  # importing it is what publishes every operation

ROLES = {
    "nobody": NOBODY, "stranger": STEN, "colleague": BO, "owner": ANNA,
    "reader": RITA, "administrator": ADA,
}  # fmt: skip
SECRET = "Wages of the whole house"
TICKET = 900
HIDDEN_FROM = ("nobody", "stranger", "reader")
# both ways of reading one and of changing one
OF_ONE_TICKET = ("GetTicketEntity", "SaveTicketEntity", "PatchTicketEntity",
                 "HttpPutSaveTicketEntityWithNotify")  # fmt: skip
Wire = dict[str, Any]


@pytest.fixture
async def server(own_database_url: str) -> AsyncIterator[Server]:
    """The whole application; who calls is what the header X-Role says."""
    pool = await database.connect(own_database_url, size=4)
    async with pool.acquire() as db:
        await db.execute(
            """
            INSERT INTO ticket (id, title, created_at, created_by, owned_by, category,
                orig_category, slevel, priority, orig_priority, status, ticket_status,
                origin, read_status, ticket_type, cust_id)
            VALUES ($1, $2, $3, 3, 3, 2, 2, 2, 2, 2, 1, 1, 13, 3, 1, 7)
            """,
            TICKET,
            SECRET,
            NOW,
        )
    desk = Desk(pool=pool, memory=Memory(), clock=Clock(NOW), settings=Settings(),
                chance=Random(1))  # fmt: skip

    async def sign_in(head: Head) -> Caller:
        return ROLES[head.header("x-role")]

    yield Server(desk, sign_in, None)
    await pool.close()


async def ask(server: Server, operation: Operation, role: str) -> tuple[int, str]:
    """Status and text of the answer to a call that names the ticket wherever it can."""
    path = re.sub(r"{(\w+)}", lambda part: str(about(part[1])), operation.path)
    query = "&".join(f"{key.replace('_', '')}={about(key)}" for key in operation.keys)
    body = json.dumps(posted(operation)).encode() if operation.body else b""
    sent: list[Wire] = []

    async def receive() -> Wire:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Wire) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": operation.method, "path": path,
        "query_string": query.encode(), "client": ("127.0.0.1", 1),
        "headers": [(b"x-role", role.encode()), (b"content-type", b"application/json")],
    }  # fmt: skip
    await server(scope, receive, send)
    return sent[0]["status"], sent[1]["body"].decode()


def about(key: str) -> Any:
    """An argument for a parameter by its name: the ticket wherever one is asked for."""
    if key in ("ticket_id", "ticket_entity_id"):
        return TICKET
    return {"name": "ejcategory", "flat": True, "ticket_type_id": 1}.get(
        key, 3 if key.endswith("_id") else ""
    )


def posted(operation: Operation) -> Any:
    """A body for an operation, about the ticket wherever it can be."""
    if operation.raw or operation.body is TicketEntity:
        return {"TicketId": TICKET, "Title": "Changed", "BaseStatus": "Closed"}
    if operation.entity:
        return [3]
    assert operation.body  # who posts has seen that one is asked for
    about_ticket: Wire = {"TicketIds": [TICKET], "TicketEntityId": TICKET}
    names = {f.encode_name for f in msgspec.structs.fields(operation.body)}
    known = {"ListName": "ejcategory", "Name": "ejcategory", **about_ticket}
    return {name: known[name] for name in names if name in known}


async def state_of(pool: Pool) -> list[Record]:
    async with pool.acquire() as db:
        return await db.fetch(
            "SELECT id, row_version, (SELECT count(*) FROM ticket_log_action),"
            " (SELECT count(*) FROM event_outbox), (SELECT count(*) FROM credentials),"
            " (SELECT count(*) FROM list_selection) FROM ticket ORDER BY id"
        )


@pytest.mark.parametrize("role", ROLES)
async def test_every_operation_minds_its_right(server: Server, role: str) -> None:
    for operation in OPERATIONS:
        before = await state_of(server.desk.pool)
        status, text = await ask(server, operation, role)
        allowed = operation.right in ROLES[role].rights
        where = f"{operation.path} as {role}: {status} {text[:200]}"
        if not allowed:
            assert status == (401 if role == "nobody" else 403), where
            assert await state_of(server.desk.pool) == before, where
        else:
            assert status not in (401, 403, 500), where
        if role in HIDDEN_FROM:
            assert SECRET not in text, where
            assert f'"TicketId":{TICKET}' not in text, where


async def test_no_operation_is_open_to_anyone_by_oversight() -> None:
    public = {o.path for o in OPERATIONS if o.right is Right.ANYONE}
    assert public <= {"/api", "/api/v1"}


async def test_the_stranger_is_told_the_same_as_for_a_ticket_that_is_not_there(
    server: Server,
) -> None:
    asked = [o for o in OPERATIONS if o.name in OF_ONE_TICKET]
    hidden = [await ask(server, operation, "stranger") for operation in asked]
    async with server.desk.pool.acquire() as db:
        await db.execute("DELETE FROM ticket")
    absent = [await ask(server, operation, "stranger") for operation in asked]
    assert hidden == absent
    assert len(asked) == 5


async def test_those_who_may_see_the_ticket_do(server: Server) -> None:
    for get in [o for o in OPERATIONS if o.name == "GetTicketEntity"]:
        for role in ("colleague", "owner", "administrator"):
            status, text = await ask(server, get, role)
            assert (status, SECRET in text) == (200, True)
