"""Mail is fetched from a real Dovecot: each mail once, whatever happens in between."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from random import Random

import pytest

from skranke.channels.mail.incoming.fetch import fetch_mailbox, lease
from skranke.channels.mail.incoming.imap import encode_folder
from skranke.channels.mail.incoming.jobs import FETCH, MAIL_IN
from skranke.channels.mail.incoming.status import load_status
from skranke.core.app_state import AppState
from skranke.core.cache import ReferenceCache
from skranke.core.clock import Clock
from skranke.core.jobs.registry import JOBS
from skranke.core.jobs.worker import run_round
from skranke.core.settings import Settings
from skranke.db import database
from skranke.db.database import transaction
from tests.channels.mail.incoming.conftest import written
from tests.channels.mail.incoming.dovecot import Dovecot, run_dovecot
from tests.conftest import NOW

MAIL_JOBS = [job for job in JOBS if job.name in ("fetch mail", "mail in")]
assert FETCH
assert MAIL_IN


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with run_dovecot() as server:
        yield server


class Reader:
    """A desk with one mailbox on the server, and what its worker does in a round."""

    def __init__(self, state: AppState, name: str) -> None:
        self.state = state
        self.name = name

    async def look(self) -> None:
        await self.execute("UPDATE mailbox_progress SET next_check = '-infinity'")
        await run_round(self.state, MAIL_JOBS)

    async def execute(self, sql: str, *values: object) -> None:
        async with transaction(self.state.pool) as db:
            await db.execute(sql, *values)  # pyright: ignore[reportArgumentType] # our own text

    async def states(self) -> list[str]:
        async with transaction(self.state.pool) as db:
            found = await db.fetch("SELECT state FROM inbound ORDER BY id")
        return [record["state"] for record in found]

    async def is_healthy(self) -> bool:
        async with transaction(self.state.pool) as db:
            return (await load_status(db, NOW)).is_healthy


@pytest.fixture
async def reader(
    own_database_url: str, dovecot: Dovecot, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Reader]:
    pool = await database.connect(own_database_url, size=4)
    name = f"u{abs(hash(request.node.name)) % 10**8}"
    state = AppState(
        pool=pool,
        cache=ReferenceCache(),
        clock=Clock(NOW),
        rng=Random(1),
        settings=Settings(data=tmp_path),
    )
    reader = Reader(state, name)
    await reader.execute(
        """
        INSERT INTO mail_in_filter (id, server_type, address, server, port, username, password)
        VALUES (1, 2, 'support@desk.example', '127.0.0.1', $1, $2, 'test')
        """,
        dovecot.port,
        name,
    )
    yield reader
    await pool.close()


async def test_new_mail_is_fetched_once_and_old_mail_left(reader: Reader, dovecot: Dovecot) -> None:
    dovecot.append(reader.name, written(body="from before"))
    await reader.look()
    assert await reader.states() == []
    dovecot.append(reader.name, written(body="one"), written(body="two"))
    for _ in range(3):
        await reader.look()
    assert await reader.states() == ["ticket", "ticket"]
    assert await reader.is_healthy()
    dovecot.delete_all(reader.name)
    dovecot.append(reader.name, written(body="three"))
    await reader.look()
    assert await reader.states() == ["ticket"] * 3


async def test_old_mail_is_fetched_where_that_is_wished(reader: Reader, dovecot: Dovecot) -> None:
    dovecot.append(reader.name, written(body="from before"))
    await reader.execute("UPDATE mail_in_filter SET first_contact = 1")
    await reader.look()
    assert await reader.states() == ["ticket"]


async def test_a_folder_that_begins_anew_doubles_nothing(reader: Reader, dovecot: Dovecot) -> None:
    dovecot.append(reader.name)
    await reader.look()
    dovecot.append(reader.name, written(body="one"), written("Message-Id: <m@x>", body="two"))
    await reader.look()
    dovecot.change_uid_validity(reader.name)
    dovecot.append(reader.name, written(body="three"))
    await reader.look()
    states = await reader.states()
    assert (states.count("ticket"), states.count("ignored")) == (3, 2)
    assert await reader.is_healthy()


async def test_a_look_that_was_cut_off_begins_again(reader: Reader, dovecot: Dovecot) -> None:
    dovecot.append(reader.name)
    await reader.look()
    dovecot.append(reader.name, *(written(body=f"mail {n}") for n in range(5)))
    await reader.look()
    # as if the worker had died before it could say how far it got
    await reader.execute("UPDATE mailbox_progress SET last_uid = 0")
    await reader.look()
    assert await reader.states() == ["ticket"] * 5


async def test_a_server_that_refuses_is_shown_and_tried_again(
    reader: Reader, dovecot: Dovecot
) -> None:
    await reader.execute("UPDATE mail_in_filter SET password = 'wrong'")
    for _ in range(3):
        await reader.look()
    async with transaction(reader.state.pool) as db:
        status = await load_status(db, NOW)
        assert not status.is_healthy
        assert (status.mailboxes[0].failures_in_a_row, status.mailboxes[0].is_failing) == (3, True)
        assert "AUTHENTICATIONFAILED" in status.mailboxes[0].last_error
    await reader.execute("UPDATE mail_in_filter SET password = 'test'")
    await reader.look()
    assert await reader.is_healthy()


async def test_two_workers_do_not_look_at_once(reader: Reader) -> None:
    async with transaction(reader.state.pool) as db:
        assert await lease(db, NOW, 10, []) == [1]
        assert await lease(db, NOW, 10, []) == []
    await fetch_mailbox(reader.state, 1)


@pytest.mark.parametrize(
    ("name", "encoded"), [("INBOX", "INBOX"), ("Arkiv æøå", "Arkiv &AOYA+ADl-"), ("A&B", "A&-B")]
)
def test_a_folder_is_named_as_servers_want_it(name: str, encoded: str) -> None:
    assert encode_folder(name) == encoded
