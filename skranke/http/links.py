"""REST answers with `_Links`: absolute addresses of data that belongs to an entity.

A carrier with links declares `links: Links = links()` after all its other members.
Source: reference, links of the REST interface.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from skranke.core.schema import Carrier

C = TypeVar("C", bound=Carrier)
Links = dict[str, str]


def links() -> Any:
    """Declare a carrier's member `_Links`, empty by default."""
    return msgspec.field(default_factory=Links, name="_Links")


def with_links(shape: Callable[..., C], entity: Carrier, addresses: Links) -> C:
    """Convert the entity to the carrier with the same members and `_Links`."""
    members: dict[str, Any] = msgspec.structs.asdict(entity)
    return shape(**members, links=addresses)
