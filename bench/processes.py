"""What the kernel tells of processes: time on the processor and memory. Linux alone."""

import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PARENT, USER, SYSTEM, ENDED_USER, ENDED_SYSTEM = 1, 11, 12, 13, 14  # after the name


def children(pid: int) -> list[int]:
    """The processes that this one has started and that still run."""
    pids = (int(path.name) for path in Path("/proc").glob("[0-9]*"))
    return [each for each in pids if (told := _stat(each)) and told[PARENT] == str(pid)]


def command_line(pid: int) -> str:
    """Program and arguments, with blanks between; nothing once it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def cpu_seconds(*pids: int) -> float:
    """Processor time that these processes, and children they buried, have taken."""
    return (
        sum(
            int(told[which])
            for pid in pids
            if (told := _stat(pid))
            for which in (USER, SYSTEM, ENDED_USER, ENDED_SYSTEM)
        )
        / TICK
    )


def rss_mb(pid: int) -> float:
    """Resident memory in MiB, shared libraries included."""
    return _memory(pid, "VmRSS:")


def peak_mb(pid: int) -> float:
    """The most that its resident memory ever was, in MiB."""
    return _memory(pid, "VmHWM:")


def _memory(pid: int, which: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(which):
            return int(line.split()[1]) / 1024
    return 0.0


def _stat(pid: int) -> list[str]:
    """The fields of proc_pid_stat(5) from the state on; none once it has ended."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return []
    return told.rpartition(")")[2].split()
