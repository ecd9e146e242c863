"""The statements of a save, as the desk's own functions would send them.

They are called with a connection that only notes what it is asked, and with values that
pgbench is to fill in: `:title` is a variable of its script, set by what READ brought.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple, cast, get_type_hints

from msgspec import Struct

from bench.fixture import User
from bench.workloads import EXTRA_FIELDS, PARTIAL_IDS, SAMPLE_IDS
from skranke.db.database import Db
from skranke.tickets import links, sql
from skranke.tickets.links import Links, RequestedLinks
from skranke.tickets.row import ColumnChange, TicketRow
from skranke.tickets.save.effects import EDIT

AT = datetime.min.replace(tzinfo=UTC)  # stands for whenever it runs
TEXT = "bench :turn"  # what is saved


class Posted(Struct, frozen=True, kw_only=True):
    """What a workload's body means for the statements."""

    column: str  # the one that changes
    wanted: RequestedLinks
    secondary_ids: list[int]  # of the tickets that it is posted for
    ids: range


POSTED = {
    # null clears Person, Sale and Project, which is 0 for who reads them
    "sample": Posted(
        column="title",
        wanted=RequestedLinks(person_id=0, sale_id=0, project_id=0, secondary_ids=[75]),
        secondary_ids=[75],
        ids=SAMPLE_IDS,
    ),
    "partial": Posted(column="author", wanted=RequestedLinks(), secondary_ids=[], ids=PARTIAL_IDS),
}


class Statement(NamedTuple):
    """A statement with places for its values, and these as SQL says them."""

    text: str
    values: str


class Statements(NamedTuple):
    """What a save sends, in its order; `further` where something hangs on a ticket."""

    read: Statement
    further: Statement | None
    save: Statement


async def statements(workload: str, user: User) -> Statements:
    """What saving a workload's body sends to PostgreSQL."""
    posted = POSTED[workload]
    noting = Noting()
    db = cast("Db", noting)
    await sql.load_ticket(db, cast("int", ":ticket"), posted.wanted)
    await links.add_rare_links(db, Links(), posted.secondary_ids, 0, 0, None)
    entry = sql.LogEntry(
        action=EDIT,
        event="ticket.changed",
        ej_user_id=user.ej_user_id,
        associate_id=user.associate_id,
        at=AT,
        changes=[ColumnChange(posted.column, f":{posted.column}", TEXT)],
        columns=[posted.column, "last_changed"],
    )
    await sql.write_version(db, _row(posted.column), posted.secondary_ids, entry, None)
    read, *further, save = noting.asked
    return Statements(read, further[0] if further else None, save)


class Noting:
    """A connection that finds nothing and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Statement] = []

    async def fetch(self, query: str, *args: object) -> list[tuple[None, ...]]:
        self._note(query, args)
        return [(None, None, None, None)]

    async def fetchrow(self, query: str, *args: object) -> None:
        self._note(query, args)

    async def fetchval(self, query: str, *args: object) -> None:
        self._note(query, args)

    def _note(self, query: str, values: Iterable[object]) -> None:
        self.asked.append(Statement(query, ", ".join(map(_said, values))))


def _row(changed: str) -> TicketRow:
    """The row that READ brought, with what a save changes: the fields of a composite.

    An unquoted nothing is NULL there, which is how pgbench fills in a NULL.
    """
    hints = get_type_hints(TicketRow)
    said = {name: f":{name}" for name in hints}
    said |= {n: f'":{n}"' for n, kind in hints.items() if kind in (str, list[int])}
    said |= {"row_version": ":next", "last_changed": "now", changed: f'"{TEXT}"'}
    said["extra_fields"] = '"' + EXTRA_FIELDS.replace('"', '""') + '"'
    return TicketRow(*cast("Any", said.values()))


def _said(value: object) -> str:
    """A value as SQL says it; pgbench fills in variables between quotes too."""
    if value is None:
        return "NULL"
    if value is AT:
        return "'now'"
    if isinstance(value, tuple):
        return f"'({','.join(cast('tuple[str, ...]', value))})'"
    if isinstance(value, list):
        items = cast("list[object]", value)
        return "'{" + ",".join(f'"{item}"' for item in items) + "}'"
    return f"'{value}'"
