"""Posting list entities in tests: exactly these properties, as such a body would."""

from typing import Any, TypeVar

import msgspec

from skranke.core.context import RequestContext
from skranke.core.schema import Carrier

C = TypeVar("C", bound=Carrier)


def with_posted(
    context: RequestContext, shape: type[C], **properties: Any
) -> tuple[RequestContext, C]:
    """The call and the entity that an operation is handed for such a body."""
    names = {f.name: f.encode_name for f in msgspec.structs.fields(shape)}
    given = frozenset(names[name] for name in properties)
    return msgspec.structs.replace(context, given=given), shape(**properties)
