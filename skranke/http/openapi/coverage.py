"""Which of the vendor's operations this desk answers, set against their whole list."""

from importlib import resources

from skranke.http.operation import OPERATIONS


def coverage() -> dict[str, dict[str, str]]:
    """agent → operation → `real`, `partial: …` with what it lacks, or `absent: …` with why."""
    known = {(operation.agent, operation.name): operation for operation in OPERATIONS}
    found: dict[str, dict[str, str]] = {}
    for (agent, name), reason in reference().items():
        operation = known.get((agent, name))
        state = f"absent: {reason}" if reason else "absent"
        if operation:
            state = f"partial: {operation.lacks}" if operation.lacks else "real"
        found.setdefault(agent, {})[name] = state
    return found


def reference() -> dict[tuple[str, str], str]:
    """Every operation that the vendor's client knows, with why one is not answered here."""
    table = resources.files("skranke.http.openapi.reference").joinpath("operations.tsv").read_text()
    rows = [f"{line}\t".split("\t") for line in table.splitlines()[1:]]
    return {(row[0], row[1]): row[2] for row in rows}
