"""Coverage: which of the vendor's operations are implemented.

Source: the agents of the vendor's client, @superoffice/webapi 12.4.1514, method by
method; the REST addresses of the vendor's OpenAPI 3 documents of 2026-04.
"""

import re
from functools import cache
from importlib import resources

from skranke.http.operation import OPERATIONS

PARAMETER = re.compile(r"{\w+}")


def coverage() -> dict[str, dict[str, str]]:
    """agent → operation → `real`, `partial: …` with what is missing, or `absent`.

    `absent: …` gives the reason if an operation will never or not yet be implemented.
    """
    known = {(operation.agent, operation.name): operation for operation in OPERATIONS}
    found: dict[str, dict[str, str]] = {}
    for agent, name in reference():
        operation = known.get((agent, name))
        reason = absence_reasons().get((agent, name))
        state = f"absent: {reason}" if reason else "absent"
        if operation:
            state = f"partial: {operation.lacks}" if operation.lacks else "real"
        found.setdefault(agent, {})[name] = state
    return found


def rest_coverage() -> dict[str, dict[str, str]]:
    """resource → `GET /api/v1/…` → `real` or `absent`."""
    known = {(o.method, _shape(o.path)) for o in OPERATIONS}
    found: dict[str, dict[str, str]] = {}
    for resource, method, path in rest_reference():
        state = "real" if (method, _shape(path)) in known else "absent"
        found.setdefault(resource, {})[f"{method} {path}"] = state
    return found


def is_absent(method: str, path: str) -> bool:
    """Whether the vendor has an operation at this address; for one that isn't here."""
    parts = path.rstrip("/").lower().split("/")
    if parts[1:4] == ["api", "v1", "agents"]:
        return tuple(parts[4:]) in _agent_addresses()
    return any(m == method and p.fullmatch(path.rstrip("/")) for m, p in _rest_patterns())


@cache
def reference() -> list[tuple[str, str]]:
    """Every operation of the vendor's client, as (agent, name)."""
    return [(agent, name) for agent, name in _rows("operations.tsv")]


@cache
def absence_reasons() -> dict[tuple[str, str], str]:
    """Why an operation is not answered here, by agent and name."""
    return {(agent, name): reason for agent, name, reason in _rows("absent.tsv")}


@cache
def rest_reference() -> list[tuple[str, str, str]]:
    """Every address that the vendor documents, as (resource, method, path)."""
    return [(resource, method, path) for resource, method, path, _ in _rows("rest.tsv")]


def _rows(name: str) -> list[list[str]]:
    table = resources.files("skranke.http.openapi.reference").joinpath(name).read_text()
    return [line.split("\t") for line in table.splitlines()[1:]]


def _shape(path: str) -> str:
    """A path whatever its parameters are called."""
    return PARAMETER.sub("{}", path.lower())


@cache
def _agent_addresses() -> frozenset[tuple[str, ...]]:
    return frozenset((agent.lower(), name.lower()) for agent, name in reference())


@cache
def _rest_patterns() -> list[tuple[str, re.Pattern[str]]]:
    return [
        (method, re.compile(PARAMETER.sub("[^/]+", path), re.IGNORECASE))
        for _, method, path in rest_reference()
    ]
