"""Which of the vendor's operations this desk answers, set against their whole list."""

from importlib import resources

from skranke.wire.operation import OPERATIONS


def coverage() -> dict[str, dict[str, str]]:
    """agent → operation → `real` or `absent`, for every agent of the reference."""
    real = {(operation.agent, operation.name) for operation in OPERATIONS}
    found: dict[str, dict[str, str]] = {}
    for agent, name in reference():
        state = "real" if (agent, name) in real else "absent"
        found.setdefault(agent, {})[name] = state
    return found


def reference() -> list[tuple[str, str]]:
    """Every operation that the vendor's client knows, as (agent, name)."""
    table = resources.files("skranke.reference").joinpath("operations.tsv").read_text()
    return [(agent, name) for agent, name in map(str.split, table.splitlines()[1:])]
