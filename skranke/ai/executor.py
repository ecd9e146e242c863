"""Where thinking is done: in one thread beside the loop, one thing after another.

The engines' own code in C and numpy lets go of the interpreter meanwhile; what is
Python's own works on texts of bounded length. Where processors are short, what people
wait for goes first.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import get_native_id
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
THREAD_NICENESS = 10  # steps behind what people wait for


def _lower_priority() -> None:
    """On Linux a thread has a priority of its own; elsewhere it is its process's."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, get_native_id(), THREAD_NICENESS)


THREAD_EXECUTOR = ThreadPoolExecutor(1, "skranke-ai", initializer=_lower_priority)


async def run_in_thread(what: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a function yields, while the loop goes on with other things."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(THREAD_EXECUTOR, lambda: what(*args, **kwargs))
