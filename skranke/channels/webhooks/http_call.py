"""One call: the request as the reference has it, and what was answered."""

import asyncio
from base64 import b64encode
from hashlib import sha256
from hmac import digest

import httpx
from msgspec import Struct

from skranke import __version__
from skranke.channels.webhooks.ssrf_guard import LONGEST, client
from skranke.core.settings import Settings

READ_AT_MOST = 64 * 1024  # bytes of an answer
OK, GONE = 200, 410
AGENT = f"NetServer-Webhook/{__version__}"
TEST = {"X-Hook-Test": "true"}


class Target(Struct, frozen=True, kw_only=True):
    """Where a hook's calls go, and what they bear."""

    url: str
    secret: str
    headers: dict[str, str]


class Answer(Struct):
    """What was answered; status 0 and the reason where nothing was."""

    status: int = 0
    text: str = ""

    @property
    def is_success(self) -> bool:
        """Whether the receiver has taken it: 200, nothing else says so."""
        return self.status == OK


def reaches_inside(settings: Settings) -> bool:
    """Whether hooks may reach private and loopback addresses."""
    return settings.webhooks_reach_inside or settings.emulator


async def post(
    target: Target,
    event: str,
    event_id: str,
    body: bytes,
    *,
    retry: int = 0,
    more: dict[str, str] | None = None,
    by: httpx.AsyncClient,
    within: float = LONGEST,
) -> Answer:
    """Post a body, in all `within` seconds; never raises for what the other does."""
    headers = httpx.Headers(target.headers)
    headers.update(_headers(event, event_id, retry) | (more or {}))
    if target.secret:
        headers["X-SuperOffice-Signature"] = signature(target.secret, body)
    answer = Answer()
    try:
        async with asyncio.timeout(within):
            await _exchange(by, target.url, headers, body, answer)
    except TimeoutError:
        answer.text = answer.text or f"No answer within {within:g} seconds"
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as fault:
        answer.text = answer.text or f"{type(fault).__name__}: {fault}"
    return answer


def by_settings(settings: Settings) -> httpx.AsyncClient:
    """The client that this desk's hooks are called by."""
    return client(reaches_inside(settings))


def signature(secret: str, body: bytes) -> str:
    """What proves that a body is ours: base64 of HMAC-SHA256 over its exact bytes."""
    return b64encode(digest(secret.encode(), body, sha256)).decode()


def _headers(event: str, event_id: str, retry: int) -> dict[str, str]:
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": AGENT,
        "Accept-Encoding": "identity",  # what is read is what is kept
        "Connection": "close",
        "X-SuperOffice-Event": event,
        "X-SuperOffice-EventId": event_id,
        "X-SuperOffice-Retry": str(retry),
    }


async def _exchange(
    by: httpx.AsyncClient, url: str, headers: httpx.Headers, body: bytes, answer: Answer
) -> None:
    """Fill the answer as it comes: who has said 200 may take his time for the rest."""
    async with by.stream("POST", url, content=body, headers=headers) as response:
        answer.status = response.status_code
        lines = [f"{name}: {value}" for name, value in response.headers.items()]
        answer.text = "\n".join([f"HTTP {answer.status}", *lines, "", ""])
        read = bytearray()
        async for piece in response.aiter_raw():
            read += piece
            if len(read) >= READ_AT_MOST:
                break
        answer.text += read[:READ_AT_MOST].decode(errors="replace")
