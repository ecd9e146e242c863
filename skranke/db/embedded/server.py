"""The embedded PostgreSQL server, whose cluster lives in the data directory.

It listens only on a Unix socket, in a directory closed to other users, and trusts every
connection there. One skranke process holds it at a time, by a lock on `skranke.lock`
that the system releases when the process dies. The server may outlive that process; the
next start stops such an orphan before it starts its own server. A death signal
(PR_SET_PDEATHSIG) is not used, because it is sent when the starting *thread* ends.
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

DATABASE_NAME = "skranke"  # also the name of the superuser
PORT = "5432"  # only part of the socket's name; set, so that PGPORT has no effect
MAX_SOCKET_PATH_BYTES = 103  # the limit is 107 on Linux and 103 on macOS

# for a start: crash recovery replays the log since the last checkpoint, maybe on a slow disk
MAX_RECOVERY_SECONDS = 3600.0
MAX_LINGER_SECONDS = 60.0  # sessions may survive a killed server for a while
POLL_SECONDS = 0.01

# settings that no configuration file may change; administrators tune memory and
# connections in postgresql.conf
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
    """Another running skranke uses this data directory."""


class EmbeddedServer:
    """The PostgreSQL server of one data directory; created on the first start."""

    def __init__(self, data: Path) -> None:
        self._data = data.resolve()
        self._cluster = self._data / "postgres"
        self._lock: TextIO | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: Path | None = None
        self._given_up = threading.Event()
        self._has_served = False

    def start(self) -> str:
        """Start the server and return the DSN of the database `skranke` once it answers.

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
        """Stop the server and release the data directory; may be called repeatedly.

        Open sessions are disconnected; committed data is kept.
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
            for leftover in socket.iterdir():  # as misleading as a stale postmaster.pid
                leftover.unlink()
            self._launch(account, _command(binaries, self._cluster, socket))
        with ThreadPoolExecutor(1) as executor:  # this thread may have a running event loop
            return executor.submit(asyncio.run, _ensure_database(socket)).result()

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
        while failure := self._failure(account, command):
            # busy sessions of a killed server may not have noticed its death yet
            if "is still in use" not in failure or time.monotonic() > until:
                raise CannotStart(f"PostgreSQL did not start on {self._cluster}: {failure}")
            time.sleep(10 * POLL_SECONDS)

    def _failure(self, account: ServerAccount, command: list[str]) -> str:
        """Start the server and wait for it; return its output if it gave up, else ''."""
        log = self._data / "postgres.log"
        with log.open("ab") as output:
            os.fchmod(output.fileno(), 0o600)  # the log quotes failed statements
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
            text = output.read().decode(errors="replace")
        return f"exit status {process.returncode}; end of {log}: {text[-2000:]}"


def has_cluster(data: Path) -> bool:
    """Whether there is a desk's database in the data directory."""
    with _explain_permission_errors(data):
        return (data / "postgres" / "PG_VERSION").exists()


def running_dsn(data: Path) -> str | None:
    """The DSN of the server that another running skranke has on this data, else None.

    Waits while that server is starting. Raises CannotStart if access is denied.
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
            f"access to {error.filename or data} is denied: run skranke as the owner of "
            f"{data} or as root, or choose another directory with --data"
        ) from error


def create_cluster(cluster: Path, binaries: Binaries, account: ServerAccount) -> None:
    """Create a cluster atomically: in a temporary directory that is renamed at the end."""
    if cluster.exists() and any(cluster.iterdir()):
        raise CannotStart(
            f"{cluster} is neither empty nor a PostgreSQL data directory: move it away"
        )
    _log.info("creating the PostgreSQL %s cluster %s", binaries.version, cluster)
    temporary = Path(tempfile.mkdtemp(prefix=".postgres-", dir=cluster.parent))
    account.take_ownership(temporary)
    _initdb(temporary, binaries, account)
    temporary.rename(cluster)
    _sync(cluster.parent)


def _initdb(directory: Path, binaries: Binaries, account: ServerAccount) -> None:
    command = [binaries.initdb, f"--pgdata={directory}", f"--username={DATABASE_NAME}"]
    command += ["--auth=trust", "--encoding=UTF8", "--data-checksums"]
    if binaries.version >= 16:
        command += [f"--set={name}={value}" for name, value in tuning.settings()]
    if binaries.version >= 17:
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    output = ""
    # prefer C.UTF-8 if the system has it: C cannot convert letters like Å to lower case
    for locale in ("C.UTF-8", "C"):
        status, output = account.run([*command, f"--locale={locale}"])
        if status == 0:
            return
    shutil.rmtree(directory, ignore_errors=True)
    raise CannotStart(f"initdb could not create a cluster in {directory.parent}: {output}")


async def _ensure_database(socket: Path) -> str:
    """Create the database if it is missing; return its DSN."""
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
    """`run` in the data directory, or a temporary directory if that path is unsuitable."""
    default = data / "run"
    path = os.fsencode(default / f".s.PGSQL.{PORT}")
    # clients and server treat a comma as the end of a path
    if len(path) <= MAX_SOCKET_PATH_BYTES and b"," not in path and b'"' not in path:
        return default
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    return Path(tempfile.gettempdir(), f"skranke-{digest}")


def _command(binaries: Binaries, cluster: Path, socket: Path) -> list[str]:
    settings = SETTINGS | {"unix_socket_directories": f'"{socket}"'}
    options = [f"--{name}={value}" for name, value in settings.items()]
    return [binaries.postgres, "-D", str(cluster), *options]


def _is_ready(pid_file: Path, pid: int) -> bool:
    """Whether the server's pid file has its pid in line 1 and `ready` in line 8."""
    lines = _lines(pid_file)
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _lines(pid_file: Path) -> list[str]:
    try:
        return os.fsdecode(pid_file.read_bytes()).splitlines()
    except FileNotFoundError:
        return []


def _stop_orphan(cluster: Path) -> None:
    """Stop a server that outlived its skranke, and remove a stale pid file."""
    pid_file = cluster / "postmaster.pid"
    lines = _lines(pid_file)
    # the pid may belong to another process by now, a copied file to another cluster
    if lines[1:2] == [str(cluster)] and _serves(pid := int(lines[0]), cluster):
        _log.warning("stopping PostgreSQL %s, whose skranke has died", pid)
        _shut_down(pid, lambda: not _serves(pid, cluster))
    # PostgreSQL would trust a stale file whose pid was reused; it detects surviving
    # sessions by their shared memory
    pid_file.unlink(missing_ok=True)


def _serves(pid: int, cluster: Path) -> bool:
    """Whether the process is a server on this cluster; False for a zombie."""
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
    """Fast shutdown first, then immediate (needs recovery), then SIGKILL as a last resort."""
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
    # retry for a moment: `running_dsn` of another process holds the lock briefly
    if _wait_until(0.3, lambda: _try_lock(lock, fcntl.LOCK_EX)):
        _write_lock_file(lock, f"{os.getpid()}\n")
        return lock
    lock.seek(0)
    pid, *_ = lock.read().splitlines() or ["unknown"]
    lock.close()
    raise DataInUse(
        f"another skranke (process {pid}) serves the data in {data}; stop it or choose "
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
