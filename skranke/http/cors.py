"""CORS headers. Source: reference, CORSEnable and CORSOrigin."""

from skranke.core.settings import Settings
from skranke.http.request import Head

REQUEST_HEADERS = (
    "Authorization, Content-Type, Accept, Accept-Language, SO-Language, SO-Culture, "
    "SO-TimeZone, SO-AppToken, X-XSRF-TOKEN, X-Requested-With, SO-Browser-TZ-Offset, "
    "If-Modified-Since, If-Unmodified-Since"
)


def headers(head: Head, settings: Settings) -> list[tuple[bytes, bytes]]:
    """The CORS headers for a request from another origin; empty if it is not allowed."""
    origin = head.header("origin")
    if not origin or not settings.cors_enable:
        return []
    allowed = settings.cors_origin.split()
    if "*" not in allowed and origin not in allowed:
        return []
    answer = "*" if "*" in allowed else origin
    found = {
        "access-control-allow-origin": answer,
        "access-control-expose-headers": "SO-TimeZone, Last-Modified, Retry-After",
        "vary": "Origin",
    }
    if head.method == "OPTIONS":
        found |= {
            "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE",
            "access-control-allow-headers": REQUEST_HEADERS,
            "access-control-max-age": "600",
        }
    if answer != "*":
        found["access-control-allow-credentials"] = "true"
    return [(k.encode(), v.encode()) for k, v in found.items()]
