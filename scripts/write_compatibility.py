"""Write docs/compatibility.md anew from the operations and the vendor's list of them.

Run by `make coverage`; a test fails while the page says anything else.
"""

from pathlib import Path

import skranke.app
from skranke.http.openapi.coverage import coverage, rest_coverage

assert skranke.app  # importing it is what publishes the operations
PAGE = Path(__file__).parent.parent / "docs" / "compatibility.md"
HEAD = """# Compatibility

Which of the vendor's operations are answered here: {agents} of the {all_agents} that the agents
of the vendor's client (@superoffice/webapi 12.4.1514) know, and {rest} of the {all_rest} REST
addresses of the vendor's API description (2026-04). Written by `make coverage`; a running
desk tells the same of the agents at `/_desk/coverage`.

*Real* does what the reference says, *partial* some of it. *Absent* is a 404 whose
`ErrorType` is `NotImplementedException`; an address that SuperOffice doesn't have either is
a 404 with `SoNotFoundException`.
"""
AGENTS = """
## Agents

| agent | real | partial | of |
| --- | --- | --- | --- |
"""
REST = """
## REST addresses

| resource | real | of |
| --- | --- | --- |
"""


def page() -> str:
    """The whole page: tables of agents and resources, then each one's operations."""
    agents, rest = coverage(), rest_coverage()
    head = HEAD.format(
        agents=_answered(agents),
        all_agents=sum(map(len, agents.values())),
        rest=_answered(rest),
        all_rest=sum(map(len, rest.values())),
    )
    return "".join(
        [
            head,
            AGENTS,
            *(_agent_row(agent, operations) for agent, operations in agents.items()),
            REST,
            *(_rest_row(resource, addresses) for resource, addresses in rest.items()),
            *(_section(agent, operations) for agent, operations in agents.items()),
            *(_section(f"REST: {name}", addresses) for name, addresses in rest.items()),
        ]
    )


def _answered(told: dict[str, dict[str, str]]) -> int:
    return sum(state != "absent" for operations in told.values() for state in operations.values())


def _agent_row(agent: str, operations: dict[str, str]) -> str:
    real, partial = _count(operations, "real"), _count(operations, "partial")
    return f"| {agent} | {real} | {partial} | {len(operations)} |\n"


def _rest_row(resource: str, addresses: dict[str, str]) -> str:
    return f"| {resource} | {_count(addresses, 'real')} | {len(addresses)} |\n"


def _count(operations: dict[str, str], state: str) -> int:
    return sum(found.startswith(state) for found in operations.values())


def _section(title: str, operations: dict[str, str]) -> str:
    """One agent's or resource's operations by state; one with none here has no section."""
    if _count(operations, "absent") == len(operations):
        return ""
    found = f"\n## {title}\n"
    for state in ("real", "partial", "absent"):
        names = [_named(n, s) for n, s in operations.items() if s.startswith(state)]
        if names:
            found += f"\n{state.capitalize()}: {', '.join(names)}.\n"
    return found


def _named(name: str, state: str) -> str:
    """The operation, with what it lacks where it is partial, or why it is absent."""
    lacks = state.partition(": ")[2]
    return f"{name} ({lacks})" if lacks else name


if __name__ == "__main__":
    PAGE.write_text(page())
    print(f"{PAGE.name} is written")
