"""Errors as sentences, and the only place that knows their status and body.

A room raises `BadValue("Title", "…")` or one of its siblings; `wire` answers it with
the vendor's error object. Source: reference, error handling of the agents API.
"""

from typing import TypeVar

from msgspec import Struct

T = TypeVar("T")


class ApiError(Exception):
    """Something the caller asked for that isn't done; nothing was changed."""

    status = 400
    error_type = "ArgumentException"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadValue(ApiError):
    """A property holds a value that can't be used: names the property and the fault."""

    def __init__(self, name: str, fault: str) -> None:
        super().__init__(f"{name}: {fault}")
        self.name = name


class MalformedRequest(ApiError):
    """The body or the query can't be read as what the operation takes."""

    error_type = "FormatException"

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


class NotSignedIn(ApiError):
    """No credential, or one that isn't valid (any more)."""

    status = 401
    error_type = "SoSessionException"


class NotAllowed(ApiError):
    """A known caller lacks the right."""

    status = 403
    error_type = "SoSentryException"


class NotFound(ApiError):
    """No such row, or none that this caller may know of."""

    status = 404
    error_type = "SoNotFoundException"


class NotImplementedHere(ApiError):
    """One of SuperOffice's operations, which this desk doesn't have."""

    status = 404
    error_type = "NotImplementedException"

    def __init__(self, method: str, path: str) -> None:
        super().__init__(
            f"{method} {path} is an operation of SuperOffice that this desk does not have;"
            " GET /_desk/coverage and docs/compatibility list those that it has."
        )


def require_found(value: T | None, entity: str, number: int) -> T:
    """What was found; NotFound names what was sought where there is nothing.

    Source: reference, error handling of the REST interface, which has no null.
    """
    if value is None:
        raise NotFound(f"{entity} id {number} not found")
    return value


class MethodNotAllowed(ApiError):
    """The address exists, but not for this verb."""

    status = 405
    error_type = "SoNotSupportedException"


class Conflict(ApiError):
    """Somebody else changed the same thing meanwhile."""

    status = 409
    error_type = "SoIllegalOperationException"


class PreconditionFailed(ApiError):
    """It has changed since the date that the request made a condition."""

    status = 412
    error_type = "SoIllegalOperationException"


class PayloadTooLarge(ApiError):
    """The body is larger than the desk accepts."""

    status = 413
    error_type = "ArgumentException"


class UnsupportedMediaType(ApiError):
    """The body is of a type that isn't read here."""

    status = 415
    error_type = "SoNotSupportedException"


class TooManyRequests(ApiError):
    """Too many failed sign-ins; `retry_after` seconds must pass."""

    status = 429
    error_type = "SoSessionException"

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ServiceUnavailable(ApiError):
    """The database can't be reached for the moment; what was sent was not saved."""

    status = 503
    error_type = "SoServerException"


class InternalError(ApiError):
    """Something of ours is broken; the log has it, the caller doesn't."""

    status = 500
    error_type = "Exception"


class ErrorBody(Struct, rename="pascal", kw_only=True):
    """The error object; `message` repeats `error_message` for the readers of either."""

    error: bool = True
    error_type: str
    error_message: str
    message: str
    message_detail: str = ""
    error_source: str = "Skranke"


def error_body(refusal: ApiError) -> ErrorBody:
    """The error object that answers this refusal."""
    return ErrorBody(
        error_type=refusal.error_type,
        error_message=refusal.message,
        message=refusal.message,
        message_detail=refusal.detail if isinstance(refusal, MalformedRequest) else "",
    )
