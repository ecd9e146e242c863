"""What `pip install .` installs is whole: it opens a demo desk far from here."""

import os
import subprocess
import sys
import zipfile
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_wheel_opens_a_demo_desk_by_itself(tmp_path: Path) -> None:
    run = partial(subprocess.run, check=True, capture_output=True, text=True, timeout=120)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    run(build, cwd=ROOT)
    [wheel] = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
        packed.extractall(installed)
    assert "skranke/db/migrations/0001_reference_data.sql" in names
    assert not [name for name in names if name.startswith(("tests/", "bench/"))]
    told = run(
        [sys.executable, "-c", MIGRATE],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed), "SKRANKE_DATA": str(tmp_path)},
    )
    assert str(installed) in told.stdout
    assert "0001_reference_data.sql" in told.stdout
    seeded = run(
        [sys.executable, "-c", SEED], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(installed)}
    )
    assert int(seeded.stdout) >= 500


MIGRATE = """
import sys
import skranke
from skranke.__main__ import main

print(skranke.__file__)
sys.argv = ["skranke", "migrate"]
main()
"""
SEED = """
import asyncio
from pathlib import Path
import skranke.app
from skranke.core.settings import Settings
from skranke.db import database
from skranke.db.embedded.server import EmbeddedServer

async def count(dsn):
    await skranke.app.prepare(dsn, Settings(demo=True))
    async with database.single_connection(dsn) as db:
        return await db.fetchval("SELECT count(*) FROM ticket")

server = EmbeddedServer(Path("desk"))
try:
    print(asyncio.run(count(server.start())))
finally:
    server.stop()
"""
