"""An operation's result with its own status or headers."""

from typing import Any, Generic, TypeVar, cast

from msgspec import Struct

T = TypeVar("T")


class Response(Struct, Generic[T], frozen=True, kw_only=True):
    """What an operation may return instead of its plain result; a None body is empty."""

    body: T | None = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()

    def raw_headers(self) -> list[tuple[bytes, bytes]]:
        """The headers in the form that ASGI sends."""
        return [(name.encode(), value.encode()) for name, value in self.headers]


def response_of(result: Any) -> Response[Any]:
    """Wrap a plain result in a Response; a Response is returned unchanged."""
    if isinstance(result, Response):
        return cast("Response[Any]", result)
    return Response(body=result)
