"""From a request's head to its caller.

A credential that was verified is remembered for a minute under a keyed hash, together
with what it was verified against, so that the next request with it asks neither the
database nor argon2. A changed password, a revoked token, a deleted user make what is
remembered worthless as soon as this process knows, which is at most a second later.
Source: reference, accepted schemes and cookie session; RFC 7617.
"""

import asyncio
import base64
import binascii
import hmac
import logging
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from time import monotonic

from argon2 import PasswordHasher
from msgspec import Struct
from starlette.requests import cookie_parser

from skranke.core.app_state import AppState
from skranke.core.cache import MAX_AGE_SECONDS
from skranke.core.context import NOBODY, CurrentUser
from skranke.core.errors import NotSignedIn, TooManyRequests
from skranke.http.request import Head
from skranke.people import sql
from skranke.people.auth import sessions, tokens
from skranke.people.auth.passwords import HASHER, matches
from skranke.people.auth.throttle import Throttle

log = logging.getLogger("skranke.people")
PROOF_LIFETIME = timedelta(seconds=60)
MAX_PROOFS = 4096  # remembered at most; the oldest go first
MAX_HASHING = 2  # at once: each takes 64 MiB and a core
MAX_WAITING = 64  # for their turn to be hashed; more are turned away


class Proof(Struct, frozen=True, kw_only=True):
    """Whom a credential was verified to be, and what must still be so."""

    associate_id: int
    since: datetime
    until: datetime
    current_second: str | int  # the password's hash, or the catalogue that held the token


class SignIn:
    """Called with a request's head, answers its caller; one per process.

    NOBODY without a credential, NotSignedIn for one that isn't valid, TooManyTries
    while failures are slowed. `trusted` is how many seconds the list of users is
    used before the database is asked whether it has changed.
    """

    def __init__(
        self,
        state: AppState,
        hasher: PasswordHasher | None = None,
        trusted: float = MAX_AGE_SECONDS,
    ) -> None:
        self._state = state
        self._hasher = hasher or HASHER
        self._trusted = trusted
        self._throttle = Throttle(state.clock)
        self._key = secrets.token_bytes(32)
        self._proofs: dict[bytes, Proof] = {}
        self._accounts = sql.Accounts({}, {})
        self._version = -1
        self._looked = float("-inf")
        self._turns = asyncio.Semaphore(MAX_HASHING)
        self._waiting = 0

    async def __call__(self, head: Head) -> CurrentUser:
        authorization = head.header("authorization")
        self._check_app_token(head, authorization)
        if not authorization:
            return await self._by_session(head)
        await self._look()
        key = hmac.digest(self._key, authorization.encode(), "sha256")
        return self._remembered(key) or await self._verified(authorization, key, head)

    async def with_password(self, user: str, password: str, peer: str) -> sql.Account:
        """The account of this name and password; NotSignedIn, TooManyTries."""
        await self._look()
        async with self._turn():
            return await self._checked(user, password, peer)

    def _check_app_token(self, head: Head, authorization: str) -> None:
        wanted = self._state.settings.app_token
        given = head.header("so-apptoken")
        if not wanted or not (authorization or given):
            return
        if not hmac.compare_digest(given.encode("latin-1"), wanted.encode()):
            raise NotSignedIn("SO-AppToken isn't the one this desk is set to.")

    async def _look(self) -> None:
        """Take a new list of users where the old one may be outdated."""
        cache = self._state.cache
        young = monotonic() - self._looked < self._trusted
        if young and self._version == cache.version:
            return
        async with sql.connection(self._state.pool) as db:
            await cache.check(db)
            # the list is read after its version, so it is never older than that
            version = cache.version
            if version != self._version:
                self._accounts = await sql.load_accounts(db)
                self._version = version
        self._looked = monotonic()

    def _remembered(self, key: bytes) -> CurrentUser | None:
        proof = self._proofs.get(key)
        if proof is None or not proof.since <= self._state.clock.now() < proof.until:
            return None
        account = self._accounts.by_id.get(proof.associate_id)
        if account and proof.current_second in (account.password_hash, self._version):
            return account.user
        return None

    def _remember(
        self,
        key: bytes,
        current_user: CurrentUser,
        current_second: str | int,
        until: datetime | None,
    ) -> CurrentUser:
        now = self._state.clock.now()
        minute = now + PROOF_LIFETIME
        self._proofs.pop(key, None)
        self._proofs[key] = Proof(
            associate_id=current_user.associate_id,
            since=now,
            until=min(until or minute, minute),
            current_second=current_second,
        )
        if len(self._proofs) > MAX_PROOFS:
            del self._proofs[next(iter(self._proofs))]
        return current_user

    async def _verified(self, authorization: str, key: bytes, head: Head) -> CurrentUser:
        scheme, _, secret = authorization.partition(" ")
        secret = secret.strip()
        match scheme.lower():
            case "basic":
                return await self._by_basic(secret, key, head.peer)
            case "soticket":
                return await self._by_secret("ticket", secret, key)
            case "bearer":
                return await self._by_secret("token", secret, key)
            case _:
                raise NotSignedIn("Authorization takes Basic, SoTicket or Bearer.")

    async def _by_basic(self, secret: str, key: bytes, peer: str) -> CurrentUser:
        pair = _decode_basic(secret)
        if pair.startswith(tokens.TICKET_PREFIX):
            return await self._by_secret("ticket", pair.removesuffix(":"), key)
        if not self._state.settings.authorize_with_username:
            raise NotSignedIn("Signing in with a user name is switched off here.")
        user, _, password = pair.partition(":")
        async with self._turn():
            # many requests may have waited with the same credential
            if current_user := self._remembered(key):
                return current_user
            account = await self._checked(user, password, peer)
        return self._remember(key, account.user, account.password_hash, None)

    async def _by_secret(self, kind: tokens.Kind, secret: str, key: bytes) -> CurrentUser:
        if not self._state.settings.authorize_with_ticket:
            raise NotSignedIn("Signing in with a ticket or token is switched off here.")
        version = self._version
        async with sql.connection(self._state.pool) as db:
            grant = await tokens.grant_of(db, kind, secret)
        account = self._accounts.by_id.get(grant.associate_id) if grant else None
        if not grant or not account or _is_expired(grant, self._state.clock.now()):
            raise NotSignedIn(f"The {kind} is unknown or has expired.")
        return self._remember(key, account.user, version, grant.valid_until)

    async def _by_session(self, head: Head) -> CurrentUser:
        cookie = cookie_parser(head.header("cookie")).get(sessions.SESSION_COOKIE)
        xsrf = head.header("x-xsrf-token")
        if not (cookie and xsrf and self._state.settings.authorize_with_implicit):
            return NOBODY
        return await self.session_user(cookie, xsrf)

    async def session_user(self, cookie: str, xsrf: str | None = None) -> CurrentUser:
        """Whose session a cookie is; NotSignedIn where it has ended or `xsrf` is wrong.

        Without `xsrf` only for requests that change nothing.
        """
        await self._look()
        async with sql.connection(self._state.pool) as db:
            lifetime = await self._state.cache.get(db, sessions.session_lifetime)
            now = self._state.clock.now()
            associate_id = await sessions.session_owner(db, cookie, xsrf, now, lifetime)
        account = self._accounts.by_id.get(associate_id)
        if account is None:
            raise NotSignedIn("The session has ended or X-XSRF-TOKEN isn't its own.")
        return account.user

    async def _checked(self, user: str, password: str, peer: str) -> sql.Account:
        """Hash and compare, in a turn of one's own."""
        self._throttle.check(user, peer)
        account = self._accounts.by_name.get(user.lower())
        stored = account.password_hash if account else ""
        fit = await asyncio.to_thread(matches, self._hasher, stored, password)
        if account is None or not fit:
            self._throttle.record_failure(user, peer)
            # an unknown name may be a password in the wrong field
            named = repr(account.user.name) if account else "somebody unknown"
            log.warning("The sign-in as %s from %s failed", named, peer)
            raise NotSignedIn("The user name or the password is wrong.")
        self._throttle.record_success(user, peer)
        return account

    @asynccontextmanager
    async def _turn(self) -> AsyncGenerator[None, None]:
        """One of the few places to hash in; TooManyTries when the queue is long."""
        if self._waiting >= MAX_WAITING:
            raise TooManyRequests("Too many are signing in at once; try again.", 1)
        self._waiting += 1
        try:
            async with self._turns:
                yield
        finally:
            self._waiting -= 1


def _decode_basic(secret: str) -> str:
    """`user:password` as the client meant it: UTF-8, or else Latin-1."""
    try:
        octets = base64.b64decode(secret, validate=True)
    except binascii.Error:
        raise NotSignedIn("Basic takes user:password in base64.") from None
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return octets.decode("latin-1")


def _is_expired(grant: tokens.Grant, now: datetime) -> bool:
    return grant.valid_until is not None and grant.valid_until <= now
