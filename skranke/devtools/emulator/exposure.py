"""Who may reach the emulator."""

import ipaddress
from collections.abc import Awaitable, Callable
from hmac import compare_digest
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from skranke.core.settings import InvalidSetting, Settings

Handler = Callable[[Request], Awaitable[Response]]
# a page in a browser here, or a proxy here, speaks for somebody who may be elsewhere
FOR_OTHERS = ("origin", "forwarded", "x-forwarded-for")


def refuse_exposed(settings: Settings) -> None:
    """WrongSetting where strangers could reach the emulator, or it could not work."""
    if not settings.emulator:
        return
    if not (is_loopback(settings.host) or settings.emulator_token):
        raise InvalidSetting(
            f"SKRANKE_HOST: with --emulator, {settings.host or 'every address'} needs"
            " SKRANKE_EMULATOR_TOKEN, or anybody could empty this desk"
        )
    if settings.workers > 1:
        raise InvalidSetting(
            f"SKRANKE_WORKERS: with --emulator there is one worker, not"
            f" {settings.workers}, because a stopped clock lives in one process"
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine can be meant by the host."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def guarded(settings: Settings, handler: Handler) -> Handler:
    """The handler for callers on this machine and for those who bear the token."""

    async def guard(request: Request) -> Response:
        if _is_near(request) or _bears(request, settings.emulator_token):
            return await handler(request)
        if not settings.emulator_token:
            return _refusal(403, "Call from this machine: there is no token.")
        return _refusal(401, "Bear the desk's token: Authorization: Bearer ….")

    return guard


def _is_near(request: Request) -> bool:
    host = request.client.host if request.client else ""
    named = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    return (
        is_loopback(host)
        and is_loopback(named)  # a stranger's name may lead to this machine, too
        and request.headers.get("sec-fetch-site", "none") in ("none", "same-origin")
        and not any(name in request.headers for name in FOR_OTHERS)
    )


def _bears(request: Request, token: str) -> bool:
    scheme, _, borne = request.headers.get("authorization", "").partition(" ")
    right = compare_digest(borne.strip().encode(), token.encode())
    return bool(token) and scheme.lower() == "bearer" and right


def _refusal(status: int, sentence: str) -> Response:
    hint = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return JSONResponse({"error": sentence}, status, hint)
