"""REST answers with `_Links`: absolute addresses of what belongs to an entity.

A carrier that has them declares `links: Links = links()` after all its other members.
Source: reference, links of the REST interface.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from skranke.core.schema import Carrier

C = TypeVar("C", bound=Carrier)
Links = dict[str, str]


def links() -> Any:
    """The member `_Links` of a carrier, empty by default."""
    return msgspec.field(default_factory=Links, name="_Links")


def linked(shape: Callable[..., C], entity: Carrier, addresses: Links) -> C:
    """The entity as the carrier that has its members and `_Links`."""
    members: dict[str, Any] = msgspec.structs.asdict(entity)
    return shape(**members, links=addresses)
