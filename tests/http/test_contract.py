"""Every carrier, enum and operation against the contract of the vendor's client.

`tests/reference/contract.json` holds names, types and numbers only.
"""

import json
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

import msgspec
import pytest
from msgspec import Meta, Struct

import skranke
from skranke.core.enums import WireEnum, WireFlags
from skranke.core.schema import Carrier, Instant, WallTime
from skranke.http.formats.lenient import reader
from skranke.http.operation import OPERATIONS, Operation

REFERENCE = Path(__file__).parents[1] / "reference"
CONTRACT = json.loads((REFERENCE / "contract.json").read_text())
PEOPLE_CONTRACT = json.loads((REFERENCE / "contract-people.json").read_text())
for part in ("carriers", "enums"):
    CONTRACT[part] = PEOPLE_CONTRACT[part] | CONTRACT[part]

for module in pkgutil.walk_packages(skranke.__path__, "skranke."):
    if not module.name.endswith("__main__"):
        import_module(module.name)


def below(kind: type) -> Iterator[Any]:
    for child in kind.__subclasses__():
        yield child
        yield from below(child)


OWN_CARRIERS = [kind for kind in below(Carrier) if kind.__module__.startswith("skranke.")]
SHARED_CARRIERS = [kind for kind in OWN_CARRIERS if kind.__name__ in CONTRACT["carriers"]]
# of operations that the vendor does not have
OWN_ENUM_NAMES = frozenset({"DraftKind"})
OWN_DEFAULT_NAMES = frozenset({"InterfaceSettings"})
ENUMS = [
    kind for kind in (*below(WireEnum), *below(WireFlags)) if kind.__name__ not in OWN_ENUM_NAMES
]
METHODS = {
    method["path"].lower(): method
    for contract in (PEOPLE_CONTRACT, CONTRACT)
    for agent in contract["agents"].values()
    for method in agent["methods"]
}
PUBLISHED_OPERATIONS = [o for o in OPERATIONS if o.path.lower() in METHODS]


def type_name(kind: Any) -> str:
    return getattr(kind, "__name__", None) or f"{kind.agent}_{kind.name}"


def properties_of(name: str) -> dict[str, str]:
    """The members that the contract gives a carrier, each with its type."""
    carrier = CONTRACT["carriers"][name]
    found = {p["name"]: contract_name(p) for p in carrier["properties"]}
    if carrier.get("extends"):
        found |= {"TableRight": "TableRight", "FieldProperties": "{FieldProperty}"}
    return found


def contract_name(described: dict[str, Any]) -> str:
    """A type of the contract in a few words: `int`, `[Person]`, `{string}`."""
    kind = described["type"]
    reference = CONTRACT["carriers"].get(described.get("ref"), {})
    inner = {
        "int16": "int",
        "int32": "int",
        "uint32": "int",
        "number": "double",
        "carrier": described.get("ref", ""),
        "enum": described.get("enum", ""),
    }.get(kind, kind)
    if dictionary := reference.get("dictionary"):
        inner = f"{{{dictionary['value']}}}"
    for _ in range(described.get("array", 0)):
        inner = f"[{inner}]"
    return inner


PLAIN_TYPES = {
    int: "int",
    str: "string",
    bool: "bool",
    float: "double",
    bytes: "base64",
    None: "void",
    NoneType: "void",
    object: "Object",
}


def ours(kind: Any) -> str:
    """A type of ours in the same words."""
    if kind in (Instant, WallTime):
        return "date-time"
    if get_origin(kind) is Annotated:
        return ours(get_args(kind)[0])
    if kind in PLAIN_TYPES:
        return PLAIN_TYPES[kind]
    if get_origin(kind) is list:
        return f"[{ours(get_args(kind)[0])}]"
    if get_origin(kind) is dict:
        return f"{{{ours(get_args(kind)[1])}}}"
    parts = [part for part in get_args(kind) if part is not NoneType]
    return ours(parts[0]) if parts else shared_name(kind)


def shared_name(kind: type) -> str:
    """The name of a class, or of the vendor's carrier that it narrows."""
    return next(
        (base.__name__ for base in kind.__mro__ if base.__name__ in CONTRACT["carriers"]),
        kind.__name__,
    )


def members(struct: type[Struct]) -> dict[str, str]:
    return {f.encode_name: ours(f.type) for f in msgspec.structs.fields(struct)}


@pytest.mark.parametrize("carrier", SHARED_CARRIERS, ids=type_name)
def test_a_carrier_has_the_contracts_properties_in_order(carrier: type[Carrier]):
    assert list(members(carrier).items()) == list(properties_of(carrier.__name__).items())


@pytest.mark.parametrize(
    "carrier", [c for c in OWN_CARRIERS if c.__name__ not in OWN_DEFAULT_NAMES], ids=type_name
)
def test_a_carrier_is_made_of_nothing_but_defaults(carrier: type[Carrier]):
    for field in msgspec.structs.fields(carrier):
        assert not field.required, field.name
        assert reader(field.type)(None) in (getattr(carrier(), field.name), None)


@pytest.mark.parametrize("carrier", OWN_CARRIERS, ids=type_name)
def test_integers_are_bounded(carrier: type[Carrier]):
    for field in msgspec.structs.fields(carrier):
        if ours(field.type).strip("[]") == "int":
            assert any(
                isinstance(part, Meta) and part.le in (2**15 - 1, 2**31 - 1)
                for part in parts_of(field.type)
            ), field.name


def parts_of(kind: Any) -> Iterator[Any]:
    yield kind
    for part in get_args(kind):
        yield from parts_of(part)


@pytest.mark.parametrize("enum", ENUMS, ids=type_name)
def test_an_enum_has_the_contracts_members(enum: type[WireEnum | WireFlags]):
    contract = CONTRACT["enums"][enum.__name__]
    assert bool(contract.get("flags")) == issubclass(enum, WireFlags)
    assert [
        [name.removesuffix("_"), enum(name.removesuffix("_")).number] for name in enum.__members__
    ] == contract["members"]


@pytest.mark.parametrize("enum", [*below(WireEnum)], ids=type_name)
def test_a_member_is_written_by_its_name(enum: type[WireEnum]):
    for name, member in enum.__members__.items():
        assert member.value == name.removesuffix("_")


@pytest.mark.parametrize("enum", [*below(WireFlags)], ids=type_name)
def test_a_second_name_is_written_as_what_it_stands_for(enum: type[WireFlags]):
    for member in enum:
        assert enum(member.value) is member
        assert enum.of(member.number) is member


@pytest.mark.parametrize(
    "operation", [o for o in OPERATIONS if "/Agents/" in o.path], ids=type_name
)
def test_an_operation_of_an_agent_is_in_the_contract(operation: Operation):
    if operation.agent in CONTRACT["agents"]:
        assert operation.path.lower() in METHODS


@pytest.mark.parametrize("operation", PUBLISHED_OPERATIONS, ids=type_name)
def test_an_operation_takes_and_gives_what_the_contract_says(operation: Operation):
    method = METHODS[operation.path.lower()]
    assert (operation.path, operation.method) == (method["path"], "POST")
    keys = {key.replace("_", ""): ours(kind) for key, kind in operation.keys.items()}
    assert keys == {q["name"].lower(): contract_name(q) for q in method.get("query", [])}
    assert parameters_taken(operation) == parameters_wanted(method.get("body"))
    assert ours(operation.answer) == contract_name(method["returns"])


def parameters_taken(operation: Operation) -> Any:
    if operation.body is None:
        return None
    reader(operation.body)
    return ours(operation.body) if operation.entity else members(operation.body)


def parameters_wanted(body: dict[str, Any] | None) -> Any:
    if body is None:
        return None
    if body["kind"] == "request":
        return properties_of(body["ref"])
    return contract_name({"type": "carrier"} | body)


def test_the_contract_was_compared_with_something():
    assert len(SHARED_CARRIERS) > 20
    assert len(ENUMS) > 15
