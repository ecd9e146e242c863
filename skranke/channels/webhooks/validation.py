"""What a hook must be like before it is saved."""

import re
from ipaddress import ip_address

import httpx
import msgspec

from skranke.archive.mdo.editing import require_length
from skranke.channels.mail.addresses import listed
from skranke.channels.webhooks.addresses import is_outside
from skranke.channels.webhooks.carriers import Webhook, WebhookState
from skranke.channels.webhooks.events import LEAVING, is_never_fired
from skranke.channels.webhooks.http_call import reaches_inside
from skranke.channels.webhooks.payload import MODE
from skranke.channels.webhooks.sql import RELIABLE
from skranke.core.errors import BadValue
from skranke.core.settings import Settings

LONGEST_NAME, LONGEST_URL, LONGEST_EVENTS, LONGEST_HEADERS = 255, 2000, 4000, 8000
LARGEST_PROPERTIES = 64 * 1024  # bytes as JSON; every delivery has them
HIGHEST_PORT = 65535
TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110, section 5.6.2
FIELD_VALUE = re.compile(  # RFC 9110, section 5.5, without obs-text
    r"([\x21-\x7e]([\x20-\x7e\t]*[\x21-\x7e])?)?"
)
RESERVED = frozenset(
    {
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "keep-alive",
        "te",
        "trailer",
        "upgrade",
        "expect",
        "proxy-connection",
        "content-type",
        "content-encoding",
        "user-agent",
        "accept-encoding",
        "x-hook-test",
    }
)
OURS = "x-superoffice-"
MODES = ("exact", RELIABLE)


def check(settings: Settings, hook: Webhook) -> None:
    """BadValue names the property that can't be."""
    require_length(hook.name, LONGEST_NAME, "Name")
    if hook.type != "webhook":
        raise BadValue("Type", f"{hook.type!r} isn't supported; use 'webhook'")
    _check_url(settings, hook.target_url)
    _check_events(hook.events)
    _check_headers(hook.headers)
    _check_properties(hook.properties)
    for email in hook.error_emails:
        if not listed([email]):
            raise BadValue("ErrorEmails", f"{email!r} is no address")
    if hook.state is WebhookState.Unknown:
        raise BadValue("State", "is Unknown; use Active or Stopped")


def _check_url(settings: Settings, text: str) -> None:
    require_length(text, LONGEST_URL, "TargetUrl")
    try:
        url = httpx.URL(text)
        host, port = url.host, url.port or 0  # reading a host decodes its punycode
    except (httpx.InvalidURL, UnicodeError) as fault:
        raise BadValue("TargetUrl", f"is no URL: {fault}") from fault
    if url.scheme not in ("http", "https") or not host:
        raise BadValue("TargetUrl", "is no https URL")
    if port > HIGHEST_PORT:
        raise BadValue("TargetUrl", f"{port} is no port")
    relaxed = settings.emulator or not settings.webhooks_require_https
    if url.scheme == "http" and not relaxed:
        raise BadValue("TargetUrl", "must be https")
    if url.userinfo:
        raise BadValue("TargetUrl", "holds a password; use Headers")
    if not reaches_inside(settings) and _is_inside(host):
        raise BadValue("TargetUrl", f"{host} is not on the open internet")


def _is_inside(host: str) -> bool:
    """Whether a host is an address inside; names are checked when they are called."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return not is_outside(host)


def _check_events(events: list[str]) -> None:
    require_length(",".join(events), LONGEST_EVENTS, "Events")
    for event in events:
        if not event or "," in event or event != event.strip():
            raise BadValue("Events", f"{event!r} is not the name of an event")
        if is_never_fired(event):
            raise BadValue(
                "Events",
                f"{event!r} is never sent by this desk; it sends {', '.join(sorted(LEAVING))}"
                " and the names of your own that SignalEvent is given",
            )


def _check_headers(headers: dict[str, str]) -> None:
    for name, value in headers.items():
        if not TOKEN.fullmatch(name):
            raise BadValue("Headers", f"{name!r} is no name of a header")
        if name.lower() in RESERVED or name.lower().startswith(OURS):
            raise BadValue("Headers", f"{name} is set by the desk")
        if not FIELD_VALUE.fullmatch(value):
            raise BadValue(f"Headers.{name}", "holds what no header can")
    if sum(map(len, [*headers, *headers.values()])) > LONGEST_HEADERS:
        raise BadValue("Headers", f"are longer than {LONGEST_HEADERS} characters")


def _check_properties(properties: dict[str, object]) -> None:
    if properties.get(MODE, "exact") not in MODES:
        raise BadValue(f"Properties.{MODE}", "is neither 'exact' nor 'reliable'")
    if len(msgspec.json.encode(properties)) > LARGEST_PROPERTIES:
        raise BadValue("Properties", f"are larger than {LARGEST_PROPERTIES} bytes")
