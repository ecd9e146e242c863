"""Migrations are applied once, and an edited one is refused."""

import pytest

from skranke.db import database, migrate
from skranke.db.migrate import ChangedMigration


async def test_a_second_migration_applies_nothing(own_database_url: str):
    async with database.single_connection(own_database_url) as db:
        assert await migrate.migrate(db) == []
        assert await db.fetchval("SELECT count(*) FROM migration") == len(migrate.migration_files())


async def test_an_edited_migration_is_refused_by_its_name(
    own_database_url: str, monkeypatch: pytest.MonkeyPatch
):
    files = migrate.migration_files()
    name = list(files)[1]
    edited = {**files, name: files[name] + "-- edited", "9999_new.sql": "CREATE TABLE new ()"}
    monkeypatch.setattr(migrate, "migration_files", lambda: edited)
    async with database.single_connection(own_database_url) as db:
        with pytest.raises(ChangedMigration, match=name):
            await migrate.migrate(db)
        assert await db.fetchval("SELECT to_regclass('new')") is None


async def test_a_migration_of_a_newer_release_is_left_alone(own_database_url: str):
    async with database.single_connection(own_database_url) as db:
        await db.execute("INSERT INTO migration (name, checksum) VALUES ('9999_new.sql', 'x')")
        assert await migrate.migrate(db) == []
