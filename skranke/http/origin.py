"""Requests that another site makes a browser send.

A browser adds a cookie, and the password that it once asked for, to whatever a page of
another site has it send. So a request with such a credential must come from a page of
this desk, from an origin that the settings name, or from no browser at all. Source:
Fetch metadata request headers (W3C); RFC 6454; as Go's http.CrossOriginProtection does.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from skranke.core.errors import NotAllowed
from skranke.http.request import Head

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITES = frozenset({"same-origin", "none"})


def refuse_cross_origin(head: Head, allowed: frozenset[str]) -> None:
    """NotAllowed for what another site's page has a browser send with its own credential."""
    credential = head.header("authorization"), head.header("cookie")
    if is_sent_by_browser(*credential) and is_cross_origin(head.method, head.headers, allowed):
        raise NotAllowed(
            "A page of another site has sent this. Name its origin in SKRANKE_CORS_ORIGIN, or "
            "sign in with a token."
        )


def is_cross_origin(
    method: str, headers: Mapping[str, str], allowed: frozenset[str] = frozenset()
) -> bool:
    """Whether another site's page sends what may change something.

    `headers` has lower-case names. A client that is not a browser sends neither
    Sec-Fetch-Site nor Origin. `allowed` holds origins such as https://portal.example.
    """
    if method in SAFE_METHODS:
        return False
    origin = headers.get("origin", "")
    if origin and origin in allowed:
        return False
    if site := headers.get("sec-fetch-site"):
        return site not in OWN_SITES
    if not origin:
        return False
    return _host(origin) != headers.get("host", "").lower()


def is_sent_by_browser(authorization: str, cookie: str) -> bool:
    """Whether a request's credential is one that browsers add by themselves."""
    scheme = authorization.partition(" ")[0].lower()
    return scheme in ("basic", "negotiate", "ntlm", "digest") if scheme else bool(cookie)


def _host(origin: str) -> str:
    """`https://desk.example:8443` → `desk.example:8443`; empty for `null`."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
