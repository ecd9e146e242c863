"""Errors that operations raise, with their HTTP status and body.

An operation raises `BadValue("Title", "…")` or one of its siblings, and `skranke.http`
answers with the vendor's error object. Source: reference, error handling of the agents
API.
"""

from typing import TypeVar

from msgspec import Struct

T = TypeVar("T")


class ApiError(Exception):
    """The request could not be done; nothing was changed."""

    status = 400
    error_type = "ArgumentException"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadValue(ApiError):
    """A property has an invalid value; the message names the property and the reason."""

    def __init__(self, name: str, fault: str) -> None:
        super().__init__(f"{name}: {fault}")
        self.name = name


class MalformedRequest(ApiError):
    """The body or the query string can't be parsed as the operation's input."""

    error_type = "FormatException"

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


class NotSignedIn(ApiError):
    """The credential is missing, invalid or expired."""

    status = 401
    error_type = "SoSessionException"


class NotAllowed(ApiError):
    """The signed-in user lacks the required permission."""

    status = 403
    error_type = "SoSentryException"


class NotFound(ApiError):
    """The row does not exist, or the user may not see it."""

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
    """Return the value; NotFound, naming entity and id, if it is None.

    Source: reference, error handling of the REST interface, which never answers null.
    """
    if value is None:
        raise NotFound(f"{entity} id {number} not found")
    return value


class MethodNotAllowed(ApiError):
    """The address exists, but not for this HTTP method."""

    status = 405
    error_type = "SoNotSupportedException"


class Conflict(ApiError):
    """Another request changed the same data in the meantime."""

    status = 409
    error_type = "SoIllegalOperationException"


class PreconditionFailed(ApiError):
    """The entity has changed since the date in the request's condition."""

    status = 412
    error_type = "SoIllegalOperationException"


class PayloadTooLarge(ApiError):
    """The body is larger than the server accepts."""

    status = 413
    error_type = "ArgumentException"


class UnsupportedMediaType(ApiError):
    """The body's content type is not supported."""

    status = 415
    error_type = "SoNotSupportedException"


class TooManyRequests(ApiError):
    """Too many failed sign-ins; retry after `retry_after` seconds."""

    status = 429
    error_type = "SoSessionException"

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ServiceUnavailable(ApiError):
    """The database is temporarily unavailable; the request was not saved."""

    status = 503
    error_type = "SoServerException"


class OutcomeUnknown(ServiceUnavailable):
    """The database went away in the middle of a change: nobody knows whether it is kept."""


class InsufficientStorage(ServiceUnavailable):
    """A disk is full; what was sent was not saved."""

    status = 507


class InternalError(ApiError):
    """An unexpected server error; details are in the log and not in the answer."""

    status = 500
    error_type = "Exception"


class ErrorBody(Struct, rename="pascal", kw_only=True):
    """The vendor's error object; clients read either `message` or `error_message`."""

    error: bool = True
    error_type: str
    error_message: str
    message: str
    message_detail: str = ""
    error_source: str = "Skranke"


def error_body(error: ApiError) -> ErrorBody:
    """The error object to answer with."""
    return ErrorBody(
        error_type=error.error_type,
        error_message=error.message,
        message=error.message,
        message_detail=error.detail if isinstance(error, MalformedRequest) else "",
    )
