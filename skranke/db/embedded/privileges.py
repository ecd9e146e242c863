"""The user who runs the server: the current user, or an unprivileged one for root.

PostgreSQL refuses to run as root. The unprivileged user may be unable to enter the data
directory or the programs' folder, because /root and temporary directories are closed to
it. Directories are not opened for it; instead it receives the one capability that lets
it pass through closed directories.
"""

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from skranke.db.embedded.binaries import Binaries, CannotStart

SERVICE_USER = "skranke"
ROOT = 0


@dataclass(frozen=True)
class ServerAccount:
    """The user who runs PostgreSQL's programs, and how the caller becomes that user."""

    uid: int
    gid: int
    is_caller: bool = False  # the current user; no switch is needed
    prefix: tuple[str, ...] = ()  # the command that switches to it with a capability

    @property
    def name(self) -> str:
        return _name_of(self.uid)

    def popen(self, command: Sequence[str], output: int | IO[bytes]) -> "subprocess.Popen[bytes]":
        """Start the command as this user, with stdout and stderr in `output`.

        It has its own session, so a Ctrl-C at the terminal reaches only Skranke.
        """
        switch = not (self.is_caller or self.prefix)
        return subprocess.Popen(
            [*self.prefix, *command],
            user=self.uid if switch else None,
            group=self.gid if switch else None,
            extra_groups=[] if switch else None,
            cwd="/",  # the current directory may be closed to this user
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def run(self, command: Sequence[str]) -> tuple[int, str]:
        """Run the command to its end; return its exit status and output."""
        with self.popen(command, subprocess.PIPE) as process:
            output, _ = process.communicate()
        return process.returncode, output.decode(errors="replace").strip()

    def grant_traverse(self, path: Path) -> None:
        """Create the directory if it is missing and let this user pass through it.

        The current user stays its owner: otherwise this user could redirect what root
        writes there by symbolic links.
        """
        if not path.exists():
            path.mkdir(mode=0o700, parents=True)
            if not self.is_caller:
                os.chown(path, -1, self.gid)
                path.chmod(0o710)

    def take_ownership(self, path: Path) -> None:
        """Make this user the owner of a directory that was just created."""
        if not self.is_caller:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def private_directory(self, path: Path) -> Path:
        """Create the directory, open to this user alone, if it is missing.

        Raises CannotStart for a link or another user's directory: those would give
        other users access to the server.
        """
        try:
            path.mkdir(mode=0o700)
            self.take_ownership(path)
        except FileExistsError:
            found = path.lstat()
            ours = stat.S_ISDIR(found.st_mode) and found.st_uid == self.uid
            if not ours or found.st_mode & 0o077:
                raise CannotStart(
                    f"{path} must be a directory of the user {self.name} with mode "
                    "0700, because anyone who can enter it controls the database; remove it"
                ) from None
        return path

    def with_access_to(self, binaries: Binaries, *places: Path) -> "ServerAccount":
        """This user with the capability it needs to reach all places; or CannotStart."""
        if self.is_caller:
            return self
        # run the real program, because it must find its own folder; --show makes it exit
        probe = 'for place; do cd "$place" || exit; done; exec ./initdb --show -D .'
        for way in self._variants():
            if way._can_run(probe, *places, binaries.folder):
                return way
        closed = map(self._first_closed, [*places, binaries.folder])
        raise CannotStart(
            f"the user {self.name}, who runs PostgreSQL instead of root, cannot enter "
            f"{next(filter(None, closed), binaries.folder)}, and this system does not "
            "let root grant the capability to do so (it needs setpriv of util-linux and "
            "CAP_DAC_READ_SEARCH or CAP_DAC_OVERRIDE). Choose another directory with "
            "--data, open this one to that user, or run skranke as an ordinary user"
        )

    def _variants(self) -> Iterator["ServerAccount"]:
        yield self
        # containers often have only the second one; if the programs are not executable
        # for others, only the second one works
        for capability in ("dac_read_search", "dac_override"):
            yield replace(self, prefix=self._setpriv(capability))

    def _setpriv(self, capability: str) -> tuple[str, ...]:
        # the programs locate themselves with access(2), which ignores the capabilities of
        # users other than root unless the bit no_setuid_fixup is set (capabilities(7))
        return (
            "setpriv",
            f"--reuid={self.uid}",
            f"--regid={self.gid}",
            "--clear-groups",
            "--securebits=+no_setuid_fixup",
            f"--inh-caps=+{capability}",
            f"--ambient-caps=+{capability}",
            "--",
        )

    def _can_run(self, script: str, *arguments: Path) -> bool:
        try:
            return self.run(["sh", "-c", script, "sh", *map(str, arguments)])[0] == 0
        except OSError:  # no setpriv here, or no right to switch
            return False

    def _first_closed(self, path: Path) -> Path | None:
        way_in = [*reversed(path.parents), path]
        return next((step for step in way_in if not self._can_run('cd "$1"', step)), None)


def account_of(cluster: Path) -> ServerAccount:
    """The account that owns the cluster or will own a new one; or CannotStart."""
    caller = ServerAccount(os.geteuid(), os.getegid(), is_caller=True)
    try:
        (cluster / "PG_VERSION").lstat()
        owner = cluster.stat()
    except FileNotFoundError:
        return _service_account() if caller.uid == ROOT else caller
    if owner.st_uid == ROOT:
        raise CannotStart(
            f"{cluster} belongs to root, and PostgreSQL refuses to run as root: change its "
            f"owner, for example with chown -R {SERVICE_USER}"
        )
    if caller.uid not in (ROOT, owner.st_uid):
        raise CannotStart(
            f"{cluster} belongs to the user {_name_of(owner.st_uid)}: run skranke as "
            "that user or as root, or choose another directory with --data"
        )
    return ServerAccount(owner.st_uid, owner.st_gid, is_caller=caller.uid == owner.st_uid)


def _service_account() -> ServerAccount:
    """The system user for skranke, created if missing; else another unprivileged user."""
    if _user(SERVICE_USER) is None:
        _create_service_user()
    for name in (SERVICE_USER, "postgres", "nobody"):
        if user := _user(name):
            return ServerAccount(user.pw_uid, user.pw_gid)
    raise CannotStart(
        "PostgreSQL refuses to run as root, and this system has no unprivileged user for "
        f"it: create the system user {SERVICE_USER}, or run skranke as an ordinary user"
    )


def _create_service_user() -> None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    options = ["--system", "--user-group", "--no-create-home"]
    shut = ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
    if useradd:
        # if it fails, for example on a read-only /etc, an existing user is used instead
        subprocess.run([useradd, *options, *shut, SERVICE_USER], capture_output=True)


def _user(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _environment() -> dict[str, str]:
    # no PG* variables that would change the server, no secrets, and messages in English
    names = ("PATH", "LD_LIBRARY_PATH")
    return {name: os.environ[name] for name in names if name in os.environ} | {"LC_ALL": "C"}
