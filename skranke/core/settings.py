"""Settings of an installation, from command-line flags or environment variables."""

import os
import re
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

MAX_AI_SECONDS = 240  # must stay below the five minutes that a message is leased for


class InvalidSetting(Exception):
    """A setting has an invalid value; the message names both."""


class Secret(str):
    """Secret text; its repr hides the value, so logs do not show it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret(…)" if self else "Secret()"


class Settings(Struct, frozen=True, kw_only=True):
    """Every setting with its default; the README lists them by variable name."""

    host: str = "127.0.0.1"
    port: int = 8090
    data: Path = Path("data")
    workers: int = 1
    demo: bool = False
    emulator: bool = False
    emulator_token: Secret = Secret()  # allows `/_desk` from non-loopback addresses
    database_url: Secret = Secret()  # empty: the embedded PostgreSQL under `data`
    timezone: str = "UTC"  # the installation's base zone, an IANA name
    strict_replace: bool = False  # an absent property is reset, not kept
    authorize_with_username: bool = True
    authorize_with_ticket: bool = True
    authorize_with_implicit: bool = True
    cors_enable: bool = True
    cors_origin: str = ""  # origins whose pages may read answers; empty: none
    trusted_proxies: str = "127.0.0.1 ::1"  # whose X-Forwarded-… is believed
    app_token: Secret = Secret()  # when set, SO-AppToken must hold it
    max_body_bytes: int = 40 * 1024 * 1024
    compress_answers: bool = False  # gzip for clients that accept it
    pool: int = 0  # connections to PostgreSQL per worker; 0: as many as fit
    worker_seconds: int = 5  # between two rounds of periodic jobs; 0: no rounds
    public_url: str = ""  # base of links; empty: the host of the request
    storage_url: str = ""  # of attachments: s3://bucket/prefix; empty: under `data`
    max_attachment_bytes: int = 100 * 1024 * 1024
    smtp_url: Secret = Secret()  # smtp[s]://user:password@host:port; empty: mail is not sent
    mail_parser_bytes: int = 1024 * 1024 * 1024  # of memory for reading one mail
    mail_from: str = ""  # default sender if neither mailbox nor category has one
    webhooks_require_https: bool = True
    webhooks_reach_inside: bool = False  # allow private and loopback addresses
    ai_url: str = ""  # base URL of a chat completions service, up to /chat/completions
    ai_model: str = ""
    ai_key: Secret = Secret()
    ai_seconds: int = 30  # timeout of the AI service

    @property
    def zone(self) -> ZoneInfo:
        """The base time zone; InvalidSetting if the name is unknown."""
        try:
            return ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError) as fault:
            raise InvalidSetting(
                f"SKRANKE_TIMEZONE: {self.timezone!r} is not an IANA time zone"
            ) from fault

    @property
    def ai_host(self) -> str | None:
        """The host of the AI service; None without a URL; InvalidSetting for an invalid one.

        The message does not quote the URL, because it may contain a key.
        """
        host = None
        with suppress(ValueError):
            url = urlsplit(self.ai_url)
            plain = not (url.query or url.fragment or "@" in url.netloc)
            host = url.hostname if url.scheme in ("http", "https") and plain else None
        if self.ai_url and not host:
            raise InvalidSetting("SKRANKE_AI_URL: must be as http(s)://host/path")
        return host

    def environment(self) -> dict[str, str]:
        """The settings as environment variables, for a child process."""
        names = self.__struct_fields__
        values = {name: getattr(self, name) for name in names}
        return {
            f"SKRANKE_{name.upper()}": str(int(value) if value is True or value is False else value)
            for name, value in values.items()
        }


def load_settings(**flags: object) -> Settings:
    """Load the settings: a flag overrides its variable, a variable its default."""
    chosen: dict[str, object] = {}
    for field in Settings.__struct_fields__:
        text = os.environ.get(f"SKRANKE_{field.upper()}")
        if flags.get(field) is not None:
            chosen[field] = flags[field]
        elif text:
            chosen[field] = _parse(field, text)
    settings = Settings(**chosen)  # pyright: ignore[reportArgumentType] # each is read by its own type below
    _ = settings.zone, settings.ai_host
    if not 1 <= settings.ai_seconds <= MAX_AI_SECONDS:
        most = f"must be from 1 to {MAX_AI_SECONDS}"
        raise InvalidSetting(f"SKRANKE_AI_SECONDS: {most}")
    if not re.fullmatch(r"[!-~]*", settings.ai_key):
        raise InvalidSetting(
            "SKRANKE_AI_KEY: contains a blank, a line end or a non-ASCII character"
        )
    return settings


def _parse(field: str, text: str) -> object:
    kind = Settings.__annotations__[field]
    if kind is bool:
        if text.lower() in ("1", "true", "yes", "on"):
            return True
        if text.lower() in ("0", "false", "no", "off"):
            return False
        raise InvalidSetting(f"SKRANKE_{field.upper()}: {text!r} is neither 1 nor 0")
    if kind is int:
        if not text.isdecimal():
            raise InvalidSetting(f"SKRANKE_{field.upper()}: {text!r} is not a whole number")
        return int(text)
    return kind(text)
