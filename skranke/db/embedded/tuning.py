"""What a new cluster is told of the machine that it is made on.

PostgreSQL's own choice of 128 MB is one for any machine; an eighth of this one's memory
keeps the tickets of a large desk at hand and leaves the rest to the system's cache. It
is taken only as it is used. The administrator's to change in postgresql.conf.
"""

import os
from pathlib import Path

MEGABYTE = 2**20
LEAST, MOST = 128, 1024  # megabytes
CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")  # of a container: a number, or "max"


def settings() -> list[tuple[str, str]]:
    """Settings for the postgresql.conf of a new cluster."""
    shared = min(max(available_memory() // MEGABYTE // 8, LEAST), MOST)
    # no disk of today seeks for long
    return [("shared_buffers", f"{shared}MB"), ("random_page_cost", "1.1")]


def available_memory() -> int:
    """Bytes of memory that there are for this process and its children."""
    installed = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = CGROUP_LIMIT.read_text().strip()
    except OSError:
        return installed
    return min(installed, int(limit)) if limit.isdecimal() else installed
