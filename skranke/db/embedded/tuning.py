"""Memory settings of a new cluster, derived from the machine.

PostgreSQL's default for shared_buffers is 128 MB on any machine. An eighth of the memory
keeps the tickets of a large installation cached and leaves the rest to the system's
cache; it is only allocated as it is used. Administrators can change it in
postgresql.conf.
"""

import os
from pathlib import Path

MEGABYTE = 2**20
MIN_BUFFERS, MAX_BUFFERS = 128, 1024  # megabytes
CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")  # a container's limit: a number or "max"


def settings() -> list[tuple[str, str]]:
    """Settings for the postgresql.conf of a new cluster."""
    shared = min(max(available_memory() // MEGABYTE // 8, MIN_BUFFERS), MAX_BUFFERS)
    # 1.1: today's disks have almost no seek time
    return [("shared_buffers", f"{shared}MB"), ("random_page_cost", "1.1")]


def available_memory() -> int:
    """Bytes of memory available to this process and its children."""
    installed = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = CGROUP_LIMIT.read_text().strip()
    except OSError:
        return installed
    return min(installed, int(limit)) if limit.isdecimal() else installed
