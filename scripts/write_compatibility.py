"""Write docs/compatibility.md anew from the operations and the vendor's list of them.

Run by `make coverage`; a test fails while the page says anything else.
"""

from pathlib import Path

import skranke.app
from skranke.coverage import coverage

assert skranke.app  # importing it is what publishes the operations
PAGE = Path(__file__).parent.parent / "docs" / "compatibility.md"
HEAD = """# Compatibility

Which of the operations that the vendor's client knows (12.4.1514) are answered here.
Written by `make coverage`; a running desk tells the same at `/_desk/coverage`.
*Real* does what the reference says; *absent* is answered with 404.

| agent | real | of |
| --- | --- | --- |
"""


def page() -> str:
    """The whole page: a table of the agents, then each one's operations by state."""
    told = coverage()
    rows = [
        f"| {agent} | {_count(operations)} | {len(operations)} |"
        for agent, operations in told.items()
    ]
    parts = [_section(agent, operations) for agent, operations in told.items()]
    return HEAD + "\n".join(rows) + "\n" + "".join(parts)


def _count(operations: dict[str, str]) -> int:
    return sum(state == "real" for state in operations.values())


def _section(agent: str, operations: dict[str, str]) -> str:
    found = f"\n## {agent}\n"
    for state in ("real", "absent"):
        names = [
            name for name, found_state in operations.items() if found_state == state
        ]
        if names:
            found += f"\n{state.capitalize()}: {', '.join(names)}.\n"
    return found


if __name__ == "__main__":
    PAGE.write_text(page())
    print(f"{PAGE.name} is written")
