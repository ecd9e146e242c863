"""The differences between two folders of migrations: `python -m scripts.compare_schemas A B`.

Each folder makes a database of its own; columns, indexes, constraints, triggers, functions,
views and the rows of a fresh desk are compared. Exits with 1 where they differ.
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import LiteralString, cast

from skranke.db import database
from skranke.db.embedded.server import EmbeddedServer

QUERIES: dict[str, LiteralString] = {
    "column": """
        SELECT table_name, column_name, data_type, is_nullable, column_default,
               character_maximum_length, identity_generation, generation_expression
        FROM information_schema.columns WHERE table_schema = 'public'
        """,
    "index": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraint": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
        """,
    "trigger": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "function": """
        SELECT pg_get_functiondef(oid) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
        """,
    "view": "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public'",
    "statistics": """
        SELECT attrelid::regclass::text, attname, attstattarget FROM pg_attribute
        WHERE attstattarget >= 0
        """,
    "storage": """
        SELECT relname, reloptions FROM pg_class
        WHERE reloptions IS NOT NULL AND relnamespace = 'public'::regnamespace
        """,
    "sequence": "SELECT sequencename, last_value FROM pg_sequences",
}
# what every fresh desk makes by chance or by its clock
RANDOM_TABLES = ("mail_key", "attachment_search", "catalogue_version")


async def schema_of(dsn: str, name: LiteralString, migrations: list[str]) -> set[str]:
    """Everything that these migrations make, a line each."""
    async with database.single_connection(dsn) as db:
        await db.execute(f"CREATE DATABASE {name}")
    base, _, options = dsn.partition("?")
    async with database.single_connection(f"{base.rsplit('/', 1)[0]}/{name}?{options}") as db:
        for migration in migrations:
            await db.execute(cast("LiteralString", migration))
        lines = {
            f"{kind}: {tuple(record)}"
            for kind, query in QUERIES.items()
            for record in await db.fetch(query)
        }
        tables = await db.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for table in (record["tablename"] for record in tables):
            if table not in RANDOM_TABLES:
                query = cast("LiteralString", f'SELECT to_jsonb(t)::text FROM "{table}" t')
                lines |= {f"row of {table}: {record[0]}" for record in await db.fetch(query)}
        return lines


def main() -> None:
    """Print what only one of the two folders makes."""
    first, second = (
        [file.read_text("utf-8") for file in sorted(Path(argument).glob("*.sql"))]
        for argument in sys.argv[1:3]
    )
    server = EmbeddedServer(Path(tempfile.mkdtemp()))
    try:
        dsn = server.start()
        before = asyncio.run(schema_of(dsn, "before", first))
        after = asyncio.run(schema_of(dsn, "after", second))
    finally:
        server.stop()
    for sign, lines in (("-", before - after), ("+", after - before)):
        for line in sorted(lines):
            print(sign, line)
    print(f"{len(before ^ after)} differences among {len(before)} lines")
    sys.exit(1 if before != after else 0)


if __name__ == "__main__":
    main()
