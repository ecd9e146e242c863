"""The vendor's own client, on a real socket, with its host in three time zones."""

import os
import re
import subprocess
from pathlib import Path

import pytest

import skranke.app
from skranke.http.operation import OPERATIONS
from tests.conftest import DemoServer

assert skranke.app  # importing it is what publishes every operation

CLIENT_FOLDER = Path(__file__).parent / "client"
FILES = sorted(path.name for path in CLIENT_FOLDER.glob("*.cjs") if path.name != "desk.cjs")
STORIES = [
    (file, story)
    for file in FILES
    for story in re.findall(
        r"^stories\.(\w+) = async", (CLIENT_FOLDER / file).read_text(), re.MULTILINE
    )
]


ZONES = ("UTC", "Europe/Oslo", "America/New_York")
# dates come without an offset unless SO-TimeZone asks for one, so a client on a host of
# another zone than the desk's reads them as its own: the vendor's behaviour
ONLY_IN_THE_DESKS_ZONE = {"a_round_trip_changes_nothing"}
# the zone of the client's host matters to dates alone; other stories are lived once
CASES = [
    (file, story, zone)
    for file, story in STORIES
    for zone in (ZONES if file == "tickets.cjs" else ZONES[:1])
    if zone == "UTC" or story not in ONLY_IN_THE_DESKS_ZONE
]


@pytest.mark.parametrize(("file", "story", "zone"), CASES)
def test_the_vendors_client(demo: DemoServer, file: str, story: str, zone: str) -> None:
    told = subprocess.run(
        ["node", file, demo.url, story],
        cwd=CLIENT_FOLDER,
        env={**os.environ, "TZ": zone},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert told.returncode == 0, told.stdout + told.stderr


def test_every_operation_of_the_ticket_agent_has_a_story() -> None:
    told = "".join((CLIENT_FOLDER / file).read_text() for file in FILES)
    agents = [o for o in OPERATIONS if o.path.startswith("/api/v1/Agents/")]
    names = {o.name for o in agents if o.agent in ("Ticket", "Webhook")}
    # the client calls them saveTicketEntityAsync and the like
    called = {name for name in names if f".{name[0].lower()}{name[1:]}Async(" in told}
    assert names - called == set()
