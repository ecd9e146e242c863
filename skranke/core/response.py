"""A result that says more than its body: a status or headers of its own."""

from typing import Any, Generic, TypeVar, cast

from msgspec import Struct

T = TypeVar("T")


class Response(Struct, Generic[T], frozen=True, kw_only=True):
    """What an operation may return in place of its result; None is no body at all."""

    body: T | None = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()

    def raw_headers(self) -> list[tuple[bytes, bytes]]:
        """The headers as ASGI sends them."""
        return [(name.encode(), value.encode()) for name, value in self.headers]


def response_of(result: Any) -> Response[Any]:
    """An operation's result as an Answer, whichever of the two it has returned."""
    if isinstance(result, Response):
        return cast("Response[Any]", result)
    return Response(body=result)
