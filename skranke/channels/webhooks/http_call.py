"""One call: the request as the reference has it, and what was answered."""

import asyncio
from base64 import b64encode
from hashlib import sha256
from hmac import digest

import httpx
from msgspec import Struct

from skranke import __version__
from skranke.channels.webhooks.ssrf_guard import MAX_CALL_SECONDS, client
from skranke.core.settings import Settings

MAX_RESPONSE_BYTES = 64 * 1024  # bytes of an answer
HTTP_OK, HTTP_GONE = 200, 410
USER_AGENT = f"NetServer-Webhook/{__version__}"
TEST_HEADERS = {"X-Hook-Test": "true"}


class WebhookTarget(Struct, frozen=True, kw_only=True):
    """Where a hook's calls go, and what they bear."""

    url: str
    secret: str
    headers: dict[str, str]


class CallResponse(Struct):
    """What was answered; status 0 and the reason where nothing was."""

    status: int = 0
    text: str = ""

    @property
    def is_success(self) -> bool:
        """Whether the receiver has taken it: 200, nothing else says so."""
        return self.status == HTTP_OK


def may_reach_internal(settings: Settings) -> bool:
    """Whether hooks may reach private and loopback addresses."""
    return settings.webhooks_reach_inside or settings.emulator


async def call(
    target: WebhookTarget,
    event: str,
    event_id: str,
    body: bytes,
    *,
    retry: int = 0,
    more: dict[str, str] | None = None,
    by: httpx.AsyncClient,
    within: float = MAX_CALL_SECONDS,
) -> CallResponse:
    """Post a body, in all `within` seconds; never raises for what the other does."""
    headers = httpx.Headers(target.headers)
    headers.update(_headers(event, event_id, retry) | (more or {}))
    if target.secret:
        headers["X-SuperOffice-Signature"] = signature(target.secret, body)
    answer = CallResponse()
    try:
        async with asyncio.timeout(within):
            await _exchange(by, target.url, headers, body, answer)
    except TimeoutError:
        answer.text = answer.text or f"No answer within {within:g} seconds"
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as fault:
        answer.text = answer.text or f"{type(fault).__name__}: {fault}"
    return answer


def client_for(settings: Settings) -> httpx.AsyncClient:
    """The client that this desk's hooks are called by."""
    return client(may_reach_internal(settings))


def signature(secret: str, body: bytes) -> str:
    """What proves that a body is ours: base64 of HMAC-SHA256 over its exact bytes."""
    return b64encode(digest(secret.encode(), body, sha256)).decode()


def _headers(event: str, event_id: str, retry: int) -> dict[str, str]:
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": USER_AGENT,
        "Accept-Encoding": "identity",  # what is read is what is kept
        "Connection": "close",
        "X-SuperOffice-Event": event,
        "X-SuperOffice-EventId": event_id,
        "X-SuperOffice-Retry": str(retry),
    }


async def _exchange(
    by: httpx.AsyncClient, url: str, headers: httpx.Headers, body: bytes, answer: CallResponse
) -> None:
    """Fill the answer as it comes: who has said 200 may take his time for the rest."""
    async with by.stream("POST", url, content=body, headers=headers) as response:
        answer.status = response.status_code
        lines = [f"{name}: {value}" for name, value in response.headers.items()]
        answer.text = "\n".join([f"HTTP {answer.status}", *lines, "", ""])
        read = bytearray()
        async for piece in response.aiter_raw():
            read += piece
            if len(read) >= MAX_RESPONSE_BYTES:
                break
        answer.text += read[:MAX_RESPONSE_BYTES].decode(errors="replace")
