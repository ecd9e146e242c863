"""Every operation × every role: nobody, stranger, colleague, owner, reader, admin.

The ticket lies in a category that is open to members only. Whoever lacks an operation's
right gets 401 or 403; the stranger has the rights of an agent and still learns nothing
of the ticket; and what is refused leaves the database as it was.
"""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any, LiteralString, cast

import msgspec
import pytest

import skranke.app
from skranke.actions.bulk.carriers import TicketBatchReplyData
from skranke.actions.relations.carriers import TicketRelationEntity
from skranke.core.app_state import AppState
from skranke.core.cache import ReferenceCache
from skranke.core.clock import Clock
from skranke.core.context import NOBODY, CurrentUser, Permission
from skranke.core.settings import Settings
from skranke.db import database
from skranke.db.database import Pool, Record
from skranke.http.operation import OPERATIONS, Operation
from skranke.http.request import Head
from skranke.http.server import HttpServer
from skranke.messages.attachments.carriers import AttachmentEntity
from skranke.messages.carriers import TicketMessageEntity
from skranke.tickets.carriers import TicketEntity
from tests.cast import ADA, ANNA, BO, NOW, RITA, STEN

assert skranke.app  # importing it is what publishes every operation

ROLES = {
    "nobody": NOBODY,
    "stranger": STEN,
    "colleague": BO,
    "owner": ANNA,
    "reader": RITA,
    "administrator": ADA,
}
SECRET = "Wages of the whole house"
TICKET, MESSAGE, FILE, HEADER, RELATION, OTHER = 900, 901, 902, 903, 904, 905
HIDDEN_FROM = ("nobody", "stranger", "reader")
# both ways of reading one and of changing one
OF_ONE_TICKET = (
    "GetTicketEntity",
    "SaveTicketEntity",
    "PatchTicketEntity",
    "HttpPutSaveTicketEntityWithNotify",
)
Wire = dict[str, Any]
INSERT_HIDDEN = """
    WITH tickets AS (
        INSERT INTO ticket (id, title, created_at, created_by, owned_by, category,
            orig_category, slevel, priority, orig_priority, status, ticket_status,
            origin, read_status, ticket_type, cust_id)
        SELECT id, $3, $4, 3, 3, 2, 2, 2, 2, 2, 1, 1, 13, 3, 1, 7
        FROM unnest(ARRAY[$1, $2]::int[]) id
    ), messages AS (
        INSERT INTO ej_message (id, ticket_id, created_at, created_by, body)
        VALUES ($5, $1, $4, 3, $3)
    ), headers AS (
        INSERT INTO message_header (id, message_id, name, value)
        VALUES ($7, $5, 'To', $3)
    ), files AS (
        INSERT INTO attachment (id, name, registered) VALUES ($6, $3, $4)
    ), links AS (
        INSERT INTO ticket_attachment (message_id, attachment_id) VALUES ($5, $6)
    )
    INSERT INTO ticket_relation (ticket_relation_id, source_ticket_id,
        destination_ticket_id, ticket_relation_def_id, comment, registered,
        registered_associate_id)
    VALUES ($8, $1, $2, 1, $3, $4, 3)
"""
HIDDEN_VALUES = (TICKET, OTHER, SECRET, NOW, MESSAGE, FILE, HEADER, RELATION)
# what a parameter of this name is given, wherever one is asked for
HIDDEN_ARGUMENTS: Wire = {
    **dict.fromkeys(
        ("ticket_id", "ticket_entity_id", "source_ticket_entity_id", "destination_ticket_id"),
        TICKET,
    ),
    **dict.fromkeys(("ticket_message_id", "ticket_message_entity_id", "message_id", "id"), MESSAGE),
    **dict.fromkeys(("attachment_id", "attachment_entity_id"), FILE),
    "ticket_relation_entity_id": RELATION,
    "parent_ticket_id": OTHER,
    "ticket_ids": [TICKET],
    "source_ticket_ids": [TICKET],
    "secondary_ticket_ids": [OTHER],
    "header_ids": [HEADER],
    "message_ids": [MESSAGE],
    "transfer_message_ids": [MESSAGE],
    "attachment_ids": [FILE],
    "transfer_attachments_ids": [FILE],
    "name": "ejcategory",
    "list_name": "ejcategory",
    "flat": True,
    "ticket_type_id": 1,
    "provider_name": "ticket",
    "event_name": "x.y",
    "purpose": "STORE",
    "domain": "x.example",
    "primary_key": TICKET,
    "content": "AAAA",
    "important": True,
    "to": ["a@x.example"],
}
ENTITIES: dict[Any, Wire] = {
    TicketEntity: {"TicketId": TICKET, "Title": "Changed", "BaseStatus": "Closed"},
    TicketMessageEntity: {
        "EjMessageId": MESSAGE,
        "Ticket": {"TicketId": TICKET},
        "Body": "Changed",
    },
    AttachmentEntity: {"AttachmentId": FILE, "Name": "changed.txt"},
    TicketRelationEntity: {
        "TicketRelationId": RELATION,
        "SourceTicketId": TICKET,
        "DestinationTicketId": OTHER,
        "Comment": "Changed",
    },
    TicketBatchReplyData: {"TicketIds": [TICKET], "HtmlBody": "<p>Changed</p>"},
}


@pytest.fixture
async def server(own_database_url: str, tmp_path: Path) -> AsyncIterator[HttpServer]:
    """The whole application; who calls is what the header X-Role says."""
    pool = await database.connect(own_database_url, size=4)
    async with pool.acquire() as db:
        await db.execute(INSERT_HIDDEN, *HIDDEN_VALUES)
    desk = AppState(
        pool=pool,
        cache=ReferenceCache(),
        clock=Clock(NOW),
        settings=Settings(data=tmp_path),
        rng=Random(1),
    )

    async def sign_in(head: Head) -> CurrentUser:
        return ROLES[head.header("x-role")]

    yield HttpServer(desk, sign_in, None)
    await pool.close()


async def ask(server: HttpServer, operation: Operation, role: str) -> tuple[int, str]:
    """Status and text of the answer to a call that names the ticket wherever it can."""
    path = re.sub(r"{(\w+)}", lambda part: str(about(part[1])), operation.path)
    query = "&".join(f"{key.replace('_', '')}={about(key)}" for key in operation.keys)
    body = json.dumps(body_of(operation)).encode() if operation.body else b""
    sent: list[Wire] = []

    async def receive() -> Wire:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Wire) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": operation.method,
        "path": path,
        "query_string": query.encode(),
        "client": ("127.0.0.1", 1),
        "headers": [(b"x-role", role.encode()), (b"content-type", b"application/json")],
    }
    await server(scope, receive, send)
    return sent[0]["status"], sent[1]["body"].decode()


def about(key: str) -> Any:
    """An argument for a parameter by its name: what is hidden wherever it can be."""
    number = 3 if key.endswith("_id") else 0 if key == "position" else ""
    return HIDDEN_ARGUMENTS.get(key, number)


def body_of(operation: Operation) -> Any:
    """A body for an operation, about what is hidden wherever it can be."""
    if operation.raw:
        return ENTITIES[TicketEntity]
    if operation.entity:
        return ENTITIES.get(operation.body, [3])
    assert operation.body  # who posts has seen that one is asked for
    return {
        field.encode_name: ENTITIES.get(field.type, HIDDEN_ARGUMENTS.get(field.name))
        for field in msgspec.structs.fields(operation.body)
        if field.type in ENTITIES or field.name in HIDDEN_ARGUMENTS
    }


async def state_of(pool: Pool) -> list[Record]:
    """How many rows each table has, and how often tickets were written."""
    async with pool.acquire() as db:
        tables = await db.fetch(
            """
            SELECT relname FROM pg_class
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
            """
        )
        counts = [f"(SELECT count(*) FROM {row['relname']})" for row in tables]
        written = "(SELECT sum(row_version) FROM ticket)"
        statement = cast("LiteralString", f"SELECT {', '.join([*counts, written])}")
        return await db.fetch(statement)


async def hidden_in(pool: Pool) -> list[Record]:
    """What lies in the hidden tickets, to the letter."""
    async with pool.acquire() as db:
        return await db.fetch(
            """
            SELECT t.*, m.*, h.*, a.name, a.content_hash, r.comment, r.source_ticket_id
            FROM ticket t LEFT JOIN ej_message m ON m.ticket_id = t.id
            LEFT JOIN message_header h ON h.message_id = m.id
            LEFT JOIN ticket_attachment l ON l.message_id = m.id
            LEFT JOIN attachment a ON a.id = l.attachment_id
            LEFT JOIN ticket_relation r ON r.source_ticket_id = t.id
            WHERE t.id IN ($1, $2) ORDER BY t.id
            """,
            TICKET,
            OTHER,
        )


@pytest.mark.parametrize("role", ROLES)
async def test_every_operation_minds_its_right(server: HttpServer, role: str) -> None:
    hidden = await hidden_in(server.state.pool)
    assert len(hidden) == 2
    for operation in OPERATIONS:
        before = await state_of(server.state.pool)
        status, text = await ask(server, operation, role)
        allowed = operation.permission in ROLES[role].permissions
        where = f"{operation.path} as {role}: {status} {text[:200]}"
        if not allowed:
            assert status == (401 if role == "nobody" else 403), where
            assert await state_of(server.state.pool) == before, where
        else:
            assert status not in (401, 403, 500), where
        if role in HIDDEN_FROM:
            assert SECRET not in text, where
            assert f'"TicketId":{TICKET}' not in text, where
            assert await hidden_in(server.state.pool) == hidden, where


async def test_no_operation_is_open_to_anyone_by_oversight() -> None:
    public = {o.path for o in OPERATIONS if o.permission is Permission.ANYONE}
    assert public <= {"/api", "/api/v1"}


async def test_the_stranger_is_told_the_same_as_for_a_ticket_that_is_not_there(
    server: HttpServer,
) -> None:
    asked = [o for o in OPERATIONS if o.name in OF_ONE_TICKET]
    hidden = [await ask(server, operation, "stranger") for operation in asked]
    async with server.state.pool.acquire() as db:
        await db.execute("DELETE FROM ticket")
    absent = [await ask(server, operation, "stranger") for operation in asked]
    assert hidden == absent
    assert len(asked) == 5


async def test_those_who_may_see_the_ticket_do(server: HttpServer) -> None:
    for get in [o for o in OPERATIONS if o.name == "GetTicketEntity"]:
        for role in ("colleague", "owner", "administrator"):
            status, text = await ask(server, get, role)
            assert (status, SECRET in text) == (200, True)
