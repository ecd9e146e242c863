"""The vendor's own client, on a real socket, with its host in three time zones."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import DemoServer

HERE = Path(__file__).parent / "client"
STORIES = re.findall(
    r"^stories\.(\w+) = async", (HERE / "stories.cjs").read_text(), re.MULTILINE
)


ZONES = ("UTC", "Europe/Oslo", "America/New_York")
# dates come without an offset unless SO-TimeZone asks for one, so a client on a host of
# another zone than the desk's reads them as its own: the vendor's behaviour
ONLY_IN_THE_DESKS_ZONE = {"a_round_trip_changes_nothing"}
CASES = [(s, z) for s in STORIES for z in ZONES
         if z == "UTC" or s not in ONLY_IN_THE_DESKS_ZONE]  # fmt: skip


@pytest.mark.parametrize(("story", "zone"), CASES)
def test_the_vendors_client(demo: DemoServer, story: str, zone: str) -> None:
    told = subprocess.run(
        ["node", "stories.cjs", demo.url, story],  # noqa: S607 - node is where PATH says
        cwd=HERE, env={**os.environ, "TZ": zone}, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout + told.stderr
