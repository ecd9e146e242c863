"""What a hook must be like before it is saved."""

import re
from ipaddress import ip_address

import httpx
import msgspec

from skranke.archive.mdo.editing import require_length
from skranke.channels.mail.addresses import mail_addresses
from skranke.channels.webhooks.addresses import is_outside
from skranke.channels.webhooks.carriers import Webhook, WebhookState
from skranke.channels.webhooks.events import PUBLIC_EVENTS, is_never_fired
from skranke.channels.webhooks.http_call import may_reach_internal
from skranke.channels.webhooks.payload import DELIVERY_PROPERTY
from skranke.channels.webhooks.sql import RELIABLE_MODE
from skranke.core.errors import BadValue
from skranke.core.settings import Settings

MAX_NAME_CHARACTERS, MAX_URL_CHARACTERS, MAX_EVENTS_CHARACTERS, MAX_HEADERS_CHARACTERS = (
    255,
    2000,
    4000,
    8000,
)
MAX_PROPERTIES_BYTES = 64 * 1024  # bytes as JSON; every delivery has them
MAX_PORT = 65535
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110, section 5.6.2
FIELD_VALUE = re.compile(  # RFC 9110, section 5.5, without obs-text
    r"([\x21-\x7e]([\x20-\x7e\t]*[\x21-\x7e])?)?"
)
RESERVED_HEADERS = frozenset(
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
VENDOR_PREFIX = "x-superoffice-"
DELIVERY_MODES = ("exact", RELIABLE_MODE)


def check(settings: Settings, hook: Webhook) -> None:
    """BadValue names the property that can't be."""
    require_length(hook.name, MAX_NAME_CHARACTERS, "Name")
    if hook.type != "webhook":
        raise BadValue("Type", f"{hook.type!r} isn't supported; use 'webhook'")
    _check_url(settings, hook.target_url)
    _check_events(hook.events)
    _check_headers(hook.headers)
    _check_properties(hook.properties)
    for email in hook.error_emails:
        if not mail_addresses([email]):
            raise BadValue("ErrorEmails", f"{email!r} is no address")
    if hook.state is WebhookState.Unknown:
        raise BadValue("State", "is Unknown; use Active or Stopped")


def _check_url(settings: Settings, text: str) -> None:
    require_length(text, MAX_URL_CHARACTERS, "TargetUrl")
    try:
        url = httpx.URL(text)
        host, port = url.host, url.port or 0  # reading a host decodes its punycode
    except (httpx.InvalidURL, UnicodeError) as fault:
        raise BadValue("TargetUrl", f"is no URL: {fault}") from fault
    if url.scheme not in ("http", "https") or not host:
        raise BadValue("TargetUrl", "is no https URL")
    if port > MAX_PORT:
        raise BadValue("TargetUrl", f"{port} is no port")
    relaxed = settings.emulator or not settings.webhooks_require_https
    if url.scheme == "http" and not relaxed:
        raise BadValue("TargetUrl", "must be https")
    if url.userinfo:
        raise BadValue("TargetUrl", "holds a password; use Headers")
    if not may_reach_internal(settings) and _is_inside(host):
        raise BadValue("TargetUrl", f"{host} is not on the open internet")


def _is_inside(host: str) -> bool:
    """Whether a host is an address inside; names are checked when they are called."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return not is_outside(host)


def _check_events(events: list[str]) -> None:
    require_length(",".join(events), MAX_EVENTS_CHARACTERS, "Events")
    for event in events:
        if not event or "," in event or event != event.strip():
            raise BadValue("Events", f"{event!r} is not the name of an event")
        if is_never_fired(event):
            raise BadValue(
                "Events",
                f"{event!r} is never sent by this desk; it sends {', '.join(sorted(PUBLIC_EVENTS))}"
                " and the names of your own that SignalEvent is given",
            )


def _check_headers(headers: dict[str, str]) -> None:
    for name, value in headers.items():
        if not HEADER_NAME.fullmatch(name):
            raise BadValue("Headers", f"{name!r} is no name of a header")
        if name.lower() in RESERVED_HEADERS or name.lower().startswith(VENDOR_PREFIX):
            raise BadValue("Headers", f"{name} is set by the desk")
        if not FIELD_VALUE.fullmatch(value):
            raise BadValue(f"Headers.{name}", "holds what no header can")
    if sum(map(len, [*headers, *headers.values()])) > MAX_HEADERS_CHARACTERS:
        raise BadValue("Headers", f"are longer than {MAX_HEADERS_CHARACTERS} characters")


def _check_properties(properties: dict[str, object]) -> None:
    if properties.get(DELIVERY_PROPERTY, "exact") not in DELIVERY_MODES:
        raise BadValue(f"Properties.{DELIVERY_PROPERTY}", "is neither 'exact' nor 'reliable'")
    if len(msgspec.json.encode(properties)) > MAX_PROPERTIES_BYTES:
        raise BadValue("Properties", f"are larger than {MAX_PROPERTIES_BYTES} bytes")
