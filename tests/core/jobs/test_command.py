"""`skranke worker` beside a desk and `skranke explain`, as administrators use them."""

import json
import signal
import subprocess
import sys
from pathlib import Path

from skranke import app
from skranke.core.jobs.registry import JOBS
from tests.test_command_line import serve, skranke

assert app  # importing it is what lends every job


def test_one_round_tells_what_was_done_and_what_failed(tmp_path: Path) -> None:
    assert skranke("migrate", "--data", str(tmp_path))[0] == 0
    code, told, fault = skranke("worker", "--once", "--data", str(tmp_path))
    assert (code, fault) == (0, "")
    assert told.splitlines() == [f"{job.name}: 0 done, 0 failed" for job in JOBS]
    assert told.index("activate") < told.index("escalate") < told.index("events")


def test_a_worker_runs_beside_a_desk_until_it_is_ended(tmp_path: Path) -> None:
    with serve("--data", str(tmp_path)):
        worker = subprocess.Popen(
            [sys.executable, "-m", "skranke", "worker", "--data", str(tmp_path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert worker.stdout
        assert worker.stdout.readline() == "Skranke works; Ctrl-C ends it.\n"
        assert skranke("worker", "--once", "--data", str(tmp_path))[0] == 0
        worker.send_signal(signal.SIGTERM)
        assert worker.communicate(timeout=30)[1] == ""
    assert worker.returncode == 0


def test_a_ticket_is_explained_in_words_and_as_json(tmp_path: Path) -> None:
    with serve("--demo", "--data", str(tmp_path)):
        code, words, _ = skranke("explain", "389", "--data", str(tmp_path))
        assert code == 0
        assert words.startswith("Request 389 came in on ")
        as_json = skranke("explain", "389", "--json", "--data", str(tmp_path))[1]
        assert json.loads(as_json)["words"] == words.splitlines()
        code, _, fault = skranke("explain", "999999", "--data", str(tmp_path))
        assert (code, fault) == (1, "skranke: Ticket 999999 does not exist.\n")
