"""The desk's whole state, kept in the schema `seed` and put back from there.

Both ways are one statement over whatever tables the catalog of PostgreSQL names, so
that later migrations need nothing here.
"""

from skranke.db.database import Db, execute, value


class NothingRemembered(Exception):
    """There is no state to go back to: `remember` never ran on this database."""


async def remember(db: Db) -> None:
    """Keep every table's rows and every sequence's position, in place of older ones."""
    await execute(db, REMEMBER)


async def is_remembered(db: Db) -> bool:
    """Whether there is a state to go back to."""
    return await value(db, bool, """SELECT to_regclass('seed." sequences"') IS NOT NULL""")


async def reset(db: Db) -> None:
    """Put back what was remembered, all or nothing, and raise catalogue_version.

    Tables and columns that came later become empty or default. Waits for transactions
    under way, and later ones wait for it. Triggers and foreign keys rest meanwhile,
    which takes a superuser, or `GRANT SET ON PARAMETER session_replication_role`;
    NothingRemembered where there is nothing to put back.
    """
    if not await is_remembered(db):
        raise NothingRemembered
    await execute(db, RESET)


# names beginning with a blank stay apart from those of tables
REMEMBER = """
DO $$
DECLARE
    kept name;
BEGIN
    DROP SCHEMA IF EXISTS seed CASCADE;
    CREATE SCHEMA seed;
    CREATE VIEW seed." tables" AS
        SELECT oid, relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
              AND NOT relispartition
              AND relname NOT IN ('migration', 'catalogue_version');
    FOR kept IN SELECT relname FROM seed." tables" LOOP
        EXECUTE format('CREATE TABLE seed.%1$I AS TABLE public.%1$I', kept);
    END LOOP;
    CREATE TABLE seed." sequences" (name name, position bigint, called boolean);
    FOR kept IN SELECT relname FROM pg_class
                WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' LOOP
        EXECUTE format('INSERT INTO seed." sequences"
                        SELECT %1$L, last_value, is_called FROM public.%1$I', kept);
    END LOOP;
END $$
"""

RESET = """
DO $$
DECLARE
    emptied text;
    kept record;
BEGIN
    PERFORM set_config('session_replication_role', 'replica', true);
    SELECT string_agg(format('public.%I', relname), ', ') INTO emptied
    FROM seed." tables";
    EXECUTE 'TRUNCATE ' || emptied || ' RESTART IDENTITY';
    FOR kept IN
        SELECT relname, string_agg(quote_ident(a.attname), ', ') AS columns
        FROM seed." tables" t
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0
                            AND NOT a.attisdropped AND a.attgenerated = ''
        JOIN pg_attribute s ON s.attrelid = to_regclass(format('seed.%I', relname))
                            AND s.attname = a.attname
        GROUP BY relname
    LOOP
        EXECUTE format('INSERT INTO public.%1$I (%2$s) OVERRIDING SYSTEM VALUE
                        SELECT %2$s FROM seed.%1$I', kept.relname, kept.columns);
    END LOOP;
    PERFORM setval(sequence, position, called)
    FROM seed." sequences", to_regclass(format('public.%I', name)) AS sequence
    WHERE sequence IS NOT NULL;
    UPDATE public.catalogue_version SET version = version + 1;
    PERFORM set_config('session_replication_role', 'origin', true);
END $$
"""
