"""Fills a freshly migrated database with the demo desk."""

import asyncio
from datetime import datetime
from importlib import resources
from random import Random
from typing import LiteralString, cast

from skranke.db.database import Db, execute
from skranke.devtools.demo.business import add_business
from skranke.devtools.demo.people import (
    clients,
    contacts,
    emails,
    lines,
    passwords,
    persons,
    phones,
    positions,
)
from skranke.devtools.demo.reference_data import setting
from skranke.devtools.demo.rows import copy
from skranke.devtools.demo.stories import LANGUAGES, SPAM, book
from skranke.devtools.demo.tickets import Tickets, tickets

CHOSEN = 2002  # any number: which of all possible desks this one is


async def seed(db: Db, now: datetime) -> None:
    """Write the whole desk, in one transaction, as it would look at `now`.

    The same `now` gives the same rows, salts of passwords apart. Nothing happens later
    than `now` but activations and deadlines. Takes a second or two; the database must
    hold what the migrations put there and no more.
    """
    hashing = asyncio.create_task(asyncio.to_thread(passwords, now))
    async with db.transaction():
        everybody = lines()
        await copy(db, "list_item", positions(everybody))
        await copy(db, "contact", contacts())
        await copy(db, "person", persons(everybody))
        await copy(db, "email", emails(everybody))
        await copy(db, "phone", phones(everybody))
        lists = resources.files("skranke.devtools.demo").joinpath("desk.sql").read_text("utf-8")
        await execute(db, cast("LiteralString", lists))  # our own file
        await add_business(db, now)
        books = {name: book(name) for name in (*LANGUAGES, SPAM)}
        ground = await setting(db, now, clients(everybody), books)
        rng = Random(CHOSEN)  # noqa: S311 - nothing here is secret
        await _copy_tickets(db, tickets(rng, ground))
        await copy(db, "credentials", await hashing)
        await execute(db, SEQUENCES)


async def _copy_tickets(db: Db, made: Tickets) -> None:
    await copy(db, "form_submission", made.submissions)
    await copy(db, "ticket", made.tickets)
    await copy(db, "ticket_customers", made.customers)
    await copy(db, "ej_message", made.messages)
    await copy(db, "message_header", made.headers)
    await copy(db, "ticket_status_history", made.history)


# each identity column goes on behind the largest id that its table holds
SEQUENCES = """
DO $$
DECLARE
    handed record;
    largest bigint;
BEGIN
    FOR handed IN
        SELECT c.oid::regclass AS table_name, a.attname AS column_name,
               pg_get_serial_sequence(c.oid::regclass::text, a.attname) AS sequence_name
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'public'::regnamespace AND a.attidentity <> ''
    LOOP
        EXECUTE format('SELECT max(%I) FROM %s', handed.column_name, handed.table_name)
            INTO largest;
        PERFORM setval(handed.sequence_name, largest) WHERE largest IS NOT NULL;
    END LOOP;
END $$
"""
