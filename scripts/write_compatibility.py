"""Write docs/compatibility.md anew from the operations and the vendor's list of them.

Run by `make coverage`; a test fails while the page says anything else.
"""

from pathlib import Path

import skranke.app
from skranke.http.openapi.coverage import coverage

assert skranke.app  # importing it is what publishes the operations
PAGE = Path(__file__).parent.parent / "docs" / "compatibility.md"
HEAD = """# Compatibility

Which of the operations that the vendor's client knows (12.4.1514) are answered here.
Written by `make coverage`; a running desk tells the same at `/_desk/coverage`.
*Real* does what the reference says, *partial* some of it; *absent* is a 404.

| agent | real | partial | of |
| --- | --- | --- | --- |
"""


def page() -> str:
    """The whole page: a table of the agents, then each one's operations by state."""
    told = coverage()
    rows = [
        f"| {agent} | {_count(operations, 'real')} | {_count(operations, 'partial')}"
        f" | {len(operations)} |"
        for agent, operations in told.items()
    ]
    parts = [_section(agent, operations) for agent, operations in told.items()]
    return HEAD + "\n".join(rows) + "\n" + "".join(parts)


def _count(operations: dict[str, str], state: str) -> int:
    return sum(found.startswith(state) for found in operations.values())


def _section(agent: str, operations: dict[str, str]) -> str:
    found = f"\n## {agent}\n"
    for state in ("real", "partial", "absent"):
        names = [_named(n, s) for n, s in operations.items() if s.startswith(state)]
        if names:
            found += f"\n{state.capitalize()}: {', '.join(names)}.\n"
    return found


def _named(name: str, state: str) -> str:
    """The operation, with what it lacks where it is partial."""
    lacks = state.partition(": ")[2]
    return f"{name} ({lacks})" if lacks else name


if __name__ == "__main__":
    PAGE.write_text(page())
    print(f"{PAGE.name} is written")
