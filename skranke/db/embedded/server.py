"""A PostgreSQL server of our own, which lives under the data directory.

It listens on a Unix socket alone, in a directory closed to other users, and trusts
whoever gets there. One skranke holds it at a time, by a lock on `skranke.lock`, which
the system lets go when that process dies, however it dies. The server may outlive it;
the next start ends such an orphan before it starts its own. A death signal to the
server (PR_SET_PDEATHSIG) would come when the starting *thread* ends, so there is none.
"""

import asyncio
import fcntl
import hashlib
import logging
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO, cast
from urllib.parse import quote

import asyncpg

from skranke.db.embedded import tuning
from skranke.db.embedded.binaries import Binaries, CannotStart, binaries_for, installed_binaries
from skranke.db.embedded.privileges import ServerAccount, account_of

DATABASE_NAME = "skranke"  # of the superuser, and of the database
PORT = "5432"  # only a part of the socket's name; said, lest PGPORT should choose it
MAX_SOCKET_PATH_BYTES = 103  # bytes of a socket's path: 107 on Linux, 103 on macOS

MAX_RECOVERY_SECONDS = 3600.0  # seconds a start may take: crash recovery reads the log since the
# last checkpoint, on a slow disk
MAX_LINGER_SECONDS = 60.0  # seconds that sessions may survive a killed server
POLL_SECONDS = 0.01  # seconds between two looks

# what no configuration file may change; memory and connections are the administrator's
# to tune in postgresql.conf
SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_destination": "stderr",
    "logging_collector": "off",
}

_log = logging.getLogger("skranke.db")


class DataInUse(CannotStart):
    """Another live skranke serves this data directory."""


class EmbeddedServer:
    """The PostgreSQL server of one data directory; made where it is missing."""

    def __init__(self, data: Path) -> None:
        self._data = data.resolve()
        self._cluster = self._data / "postgres"
        self._lock: TextIO | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: Path | None = None
        self._given_up = threading.Event()
        self._has_served = False

    def start(self) -> str:
        """A DSN of the database `skranke`, for asyncpg and psql, once it answers.

        Also after the server has died; the data stays locked where that fails. Blocks
        for as long as crash recovery takes.
        DataInUse where another skranke holds the data, CannotStart for other causes.
        """
        with _explain_permission_errors(self._data):
            account = account_of(self._cluster)
            account.grant_traverse(self._data)
            holds_lock = self._lock is not None
            self._lock = self._lock or _take_lock(self._data)
            try:
                dsn = self._start(account)
            except BaseException:
                self._end()
                if not holds_lock:
                    self.stop()
                raise
            self._has_served = True
            _write_lock_file(self._lock, f"{os.getpid()}\n{dsn}\n")
            return dsn

    def stop(self) -> None:
        """Ends the server in good order and lets go of the data; as often as you like.

        Sessions are broken off, what they committed stays.
        """
        self._end()
        if self._socket:
            with suppress(OSError):  # a killed server leaves its socket behind
                self._socket.rmdir()
        if self._lock:
            _write_lock_file(self._lock, "")
            self._lock.close()
            self._lock = None

    def give_up(self) -> None:
        """Have a `start` that another thread is in come to its end."""
        self._given_up.set()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process and process.poll() is None:
            _shut_down(process.pid, lambda: process.poll() is not None)

    def is_alive(self) -> bool:
        """Whether the server that `start` started still runs."""
        return self._process is not None and self._process.poll() is None

    def _start(self, account: ServerAccount) -> str:
        socket = self._socket = account.private_directory(_socket_directory(self._data))
        if not self.is_alive():
            binaries = binaries_for(self._cluster, installed_binaries())
            account = account.with_access_to(binaries, self._data, socket)
            self._prepare(binaries, account)
            for left in socket.iterdir():  # as believable as a left postmaster.pid
                left.unlink()
            self._launch(account, _command(binaries, self._cluster, socket))
        with ThreadPoolExecutor(1) as aside:  # the caller's thread may have a loop
            return aside.submit(asyncio.run, _ensure_database(socket)).result()

    def _prepare(self, binaries: Binaries, account: ServerAccount) -> None:
        for half_made in self._data.glob(".postgres-*"):
            shutil.rmtree(half_made, ignore_errors=True)
        if (self._cluster / "PG_VERSION").exists():
            _stop_orphan(self._cluster)
        elif self._has_served:  # a new one would be an empty desk in the place of a full one
            raise CannotStart(f"{self._cluster} has gone: put it back")
        else:
            create_cluster(self._cluster, binaries, account)

    def _launch(self, account: ServerAccount, command: list[str]) -> None:
        _log.info("starting %s on %s", command[0], self._cluster)
        until = time.monotonic() + MAX_LINGER_SECONDS
        while told := self._failure(account, command):
            # sessions of a killed server that are too busy to notice its death
            if "is still in use" not in told or time.monotonic() > until:
                raise CannotStart(f"PostgreSQL did not start on {self._cluster}: {told}")
            time.sleep(10 * POLL_SECONDS)

    def _failure(self, account: ServerAccount, command: list[str]) -> str:
        """Starts the server and waits for it; what it said if it gave up, else ''."""
        log = self._data / "postgres.log"
        with log.open("ab") as output:
            os.fchmod(output.fileno(), 0o600)  # it quotes statements that failed
            begins = output.tell()
            process = self._process = account.popen(command, output)
        pid_file = self._cluster / "postmaster.pid"

        def has_settled() -> bool:
            if self._given_up.is_set():
                raise CannotStart("nobody waits for the start any more")
            return process.poll() is not None or _is_ready(pid_file, process.pid)

        if not _wait_until(MAX_RECOVERY_SECONDS, has_settled):
            return f"not ready after {MAX_RECOVERY_SECONDS:.0f} seconds; its log is {log}"
        if process.poll() is None:
            return ""
        with log.open("rb") as output:
            output.seek(begins)
            said = output.read().decode(errors="replace")
        return f"status {process.returncode}, {log} says: {said[-2000:]}"


def has_cluster(data: Path) -> bool:
    """Whether there is a desk's database in the data directory."""
    with _explain_permission_errors(data):
        return (data / "postgres" / "PG_VERSION").exists()


def running_dsn(data: Path) -> str | None:
    """The DSN of the server that another live skranke runs on this data, else None.

    Waits while that one is still starting. CannotStart where this user may not look.
    """
    with (
        _explain_permission_errors(data),
        suppress(FileNotFoundError),
        (data / "skranke.lock").open() as lock,
    ):
        while not _try_lock(lock, fcntl.LOCK_SH):
            lock.seek(0)
            if dsn := lock.read().splitlines()[1:]:
                return dsn[0]
            time.sleep(POLL_SECONDS)
    return None


@contextmanager
def _explain_permission_errors(data: Path) -> Generator[None, None, None]:
    try:
        yield
    except PermissionError as error:
        raise CannotStart(
            f"{error.filename or data} is closed to you: run skranke as the owner of "
            f"{data} or as root, or name another directory with --data"
        ) from error


def create_cluster(cluster: Path, binaries: Binaries, account: ServerAccount) -> None:
    """A whole new cluster or none: it is made aside, and takes its name at the end."""
    if cluster.exists() and any(cluster.iterdir()):
        raise CannotStart(
            f"{cluster} is neither empty nor a PostgreSQL data directory: move it away"
        )
    _log.info("creating the PostgreSQL %s cluster %s", binaries.version, cluster)
    aside = Path(tempfile.mkdtemp(prefix=".postgres-", dir=cluster.parent))
    account.take_ownership(aside)
    _initdb(aside, binaries, account)
    aside.rename(cluster)
    _sync(cluster.parent)


def _initdb(directory: Path, binaries: Binaries, account: ServerAccount) -> None:
    command = [binaries.initdb, f"--pgdata={directory}", f"--username={DATABASE_NAME}"]
    command += ["--auth=trust", "--encoding=UTF8", "--data-checksums"]
    if binaries.version >= 16:
        command += [f"--set={name}={value}" for name, value in tuning.settings()]
    if binaries.version >= 17:
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    said = ""
    # C.UTF-8 where the system has it: C alone cannot lower the Å of a search text
    for locale in ("C.UTF-8", "C"):
        status, said = account.run([*command, f"--locale={locale}"])
        if status == 0:
            return
    shutil.rmtree(directory, ignore_errors=True)
    raise CannotStart(f"initdb made no cluster in {directory.parent}: {said}")


async def _ensure_database(socket: Path) -> str:
    """The DSN of the database, which answers; created where it is missing."""
    dsn = _dsn(socket, DATABASE_NAME)
    try:
        connection = await _connect(dsn)
    except asyncpg.InvalidCatalogNameError:
        connection = await _connect(_dsn(socket, "postgres"))
        await connection.execute("CREATE DATABASE skranke")
    await connection.close()
    return dsn


async def _connect(dsn: str) -> asyncpg.Connection:
    return cast("asyncpg.Connection", await asyncpg.connect(dsn))


def _dsn(socket: Path, database: str) -> str:
    return f"postgresql://{DATABASE_NAME}@/{database}?host={quote(str(socket))}&port={PORT}"


def _socket_directory(data: Path) -> Path:
    """`run` in the data directory; one of its own among temporary files if unfit."""
    usual = data / "run"
    path = os.fsencode(usual / f".s.PGSQL.{PORT}")
    # clients and server take a comma for the end of a path
    if len(path) <= MAX_SOCKET_PATH_BYTES and b"," not in path and b'"' not in path:
        return usual
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    return Path(tempfile.gettempdir(), f"skranke-{digest}")


def _command(binaries: Binaries, cluster: Path, socket: Path) -> list[str]:
    settings = SETTINGS | {"unix_socket_directories": f'"{socket}"'}
    options = [f"--{name}={value}" for name, value in settings.items()]
    return [binaries.postgres, "-D", str(cluster), *options]


def _is_ready(pid_file: Path, pid: int) -> bool:
    """What the server itself notes: its pid in line 1, its state in line 8."""
    lines = _lines(pid_file)
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _lines(pid_file: Path) -> list[str]:
    try:
        return os.fsdecode(pid_file.read_bytes()).splitlines()
    except FileNotFoundError:
        return []


def _stop_orphan(cluster: Path) -> None:
    """Ends the server that outlived its skranke, and clears what a dead one left."""
    pid_file = cluster / "postmaster.pid"
    lines = _lines(pid_file)
    # a pid may by now be another process's, a copied file another cluster's
    if lines[1:2] == [str(cluster)] and _serves(pid := int(lines[0]), cluster):
        _log.warning("stopping PostgreSQL %s, whose skranke has died", pid)
        _shut_down(pid, lambda: not _serves(pid, cluster))
    # PostgreSQL would believe in a left file whose pid has a new owner; sessions that
    # live on it finds by their shared memory
    pid_file.unlink(missing_ok=True)


def _serves(pid: int, cluster: Path) -> bool:
    """Whether the process is a server on this cluster; a zombie is not."""
    return f"postgres -D {cluster} " in _command_line(pid)


def _command_line(pid: int) -> str:
    if Path("/proc/self/cmdline").exists():
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return ""
        return os.fsdecode(words.replace(b"\0", b" "))
    ps = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return os.fsdecode(subprocess.run(ps, capture_output=True).stdout)


def _shut_down(pid: int, gone: Callable[[], bool]) -> None:
    """Fast; then at once, which costs a recovery; then by force, as a last resort."""
    for sign, patience in ((signal.SIGINT, 300.0), (signal.SIGQUIT, 30.0), (signal.SIGKILL, 30.0)):
        with suppress(ProcessLookupError):
            os.kill(pid, sign)
        if _wait_until(patience, gone):
            return


def _wait_until(seconds: float, condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _take_lock(data: Path) -> TextIO:
    lock = (data / "skranke.lock").open("a+")
    # not refused at the first attempt: `running_dsn` holds it for a moment
    if _wait_until(0.3, lambda: _try_lock(lock, fcntl.LOCK_EX)):
        _write_lock_file(lock, f"{os.getpid()}\n")
        return lock
    lock.seek(0)
    pid, *_ = lock.read().splitlines() or ["unknown"]
    lock.close()
    raise DataInUse(
        f"another skranke (process {pid}) serves the data in {data}; stop it or name "
        "another directory with --data"
    )


def _try_lock(lock: TextIO, kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _write_lock_file(lock: TextIO, text: str) -> None:
    lock.truncate(0)
    lock.write(text)
    lock.flush()


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
