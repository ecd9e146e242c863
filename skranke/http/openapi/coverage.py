"""Which of the vendor's operations this desk answers, set against their whole list."""

from importlib import resources

from skranke.http.operation import OPERATIONS


def coverage() -> dict[str, dict[str, str]]:
    """agent → operation → `real`, `partial: …` with what it lacks, or `absent`."""
    known = {(operation.agent, operation.name): operation for operation in OPERATIONS}
    found: dict[str, dict[str, str]] = {}
    for agent, name in reference():
        operation = known.get((agent, name))
        state = "absent"
        if operation:
            state = f"partial: {operation.lacks}" if operation.lacks else "real"
        found.setdefault(agent, {})[name] = state
    return found


def reference() -> list[tuple[str, str]]:
    """Every operation that the vendor's client knows, as (agent, name)."""
    table = resources.files("skranke.http.openapi.reference").joinpath("operations.tsv").read_text()
    return [(agent, name) for agent, name in map(str.split, table.splitlines()[1:])]
