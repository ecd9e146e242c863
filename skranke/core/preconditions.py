"""Conditional requests: what a client knows of an entity against when it changed.

Dates have whole seconds, so a stamp is compared without its fraction. Source: RFC 9110,
sections 13.1.3 and 13.1.4; reference, conditional requests of the REST interface.
"""

from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TypeVar

from msgspec import Struct

from skranke.core.errors import PreconditionFailed
from skranke.core.response import Response

T = TypeVar("T")


class Conditions(Struct, frozen=True):
    """The dates that a request carries; None where it has none that can be read."""

    modified_since: datetime | None = None
    unmodified_since: datetime | None = None

    def check(self, changed: datetime) -> None:
        """PreconditionFailed when the entity has changed since the client's date."""
        known = self.unmodified_since
        if known and changed.replace(microsecond=0) > known:
            raise PreconditionFailed(
                f"It has changed since {http_date(known)}: at {http_date(changed)}."
            )

    def respond(self, entity: T, changed: datetime) -> Response[T]:
        """The entity with its Last-Modified; 304 alone when the client has it as it is.

        PreconditionFailed as in `check`.
        """
        self.check(changed)
        headers = (("last-modified", http_date(changed)),)
        known = self.modified_since
        if known and changed.replace(microsecond=0) <= known:
            return Response(status=304, headers=headers)
        return Response(body=entity, headers=headers)


def http_date(instant: datetime) -> str:
    """`Fri, 31 Jan 2020 23:00:00 GMT`, of an instant in UTC."""
    return format_datetime(instant.astimezone(UTC), usegmt=True)
