"""Conditional requests: compare the client's date with an entity's last change.

HTTP dates have whole seconds, so fractions are ignored. Source: RFC 9110, sections
13.1.3 and 13.1.4; reference, conditional requests of the REST interface.
"""

from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TypeVar

from msgspec import Struct

from skranke.core.errors import PreconditionFailed
from skranke.core.response import Response

T = TypeVar("T")


class Conditions(Struct, frozen=True):
    """The condition dates of a request; None if absent or unreadable."""

    modified_since: datetime | None = None
    unmodified_since: datetime | None = None

    def check(self, changed: datetime) -> None:
        """Raise PreconditionFailed if the entity has changed since the client's date."""
        known = self.unmodified_since
        if known and changed.replace(microsecond=0) > known:
            raise PreconditionFailed(
                f"The entity has changed since {http_date(known)}: at {http_date(changed)}."
            )

    def respond(self, entity: T, changed: datetime) -> Response[T]:
        """The entity with its Last-Modified date, or a bare 304 if it has not changed.

        Raises PreconditionFailed as `check` does.
        """
        self.check(changed)
        headers = (("last-modified", http_date(changed)),)
        known = self.modified_since
        if known and changed.replace(microsecond=0) <= known:
            return Response(status=304, headers=headers)
        return Response(body=entity, headers=headers)


def http_date(instant: datetime) -> str:
    """Format an instant as an HTTP date: `Fri, 31 Jan 2020 23:00:00 GMT`."""
    return format_datetime(instant.astimezone(UTC), usegmt=True)
