"""Where thinking is done: in one thread beside the loop, one thing after another.

The engines' own code in C and numpy lets go of the interpreter meanwhile; what is
Python's own works on texts of bounded length.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
THREAD = ThreadPoolExecutor(max_workers=1, thread_name_prefix="skranke-ai")


async def think(what: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a function yields, while the loop goes on with other things."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(THREAD, lambda: what(*args, **kwargs))
