"""Every scheme, every switch, and what a remembered credential outlives."""

import asyncio
import base64
import inspect
import logging
from contextlib import suppress
from typing import LiteralString

import pytest

from skranke.core.app_state import AppState
from skranke.core.context import NOBODY
from skranke.core.errors import NotSignedIn, ServiceUnavailable, TooManyRequests
from skranke.db.database import Pool, value
from skranke.people.auth import sessions, tokens
from skranke.people.auth.accounts import set_password
from skranke.people.auth.sign_in import MAX_PROOFS, SignIn
from skranke.people.sql import connection
from tests.cast import ANNA, NOW, STEN
from tests.people.conftest import CHEAP, ELSEWHERE, HOME, PASSWORD, head, new_desk


def basic(user: str, password: str, charset: str = "utf-8") -> str:
    pair = f"{user}:{password}".encode(charset)
    return "Basic " + base64.b64encode(pair).decode()


async def give_password(pool: Pool, password: str) -> None:
    async with connection(pool) as db:
        await db.execute("UPDATE credentials SET value = $1", CHEAP.hash(password))


async def issue(pool: Pool, kind: tokens.Kind, days: float | None = 1) -> str:
    async with connection(pool) as db:
        return await tokens.issue_token(db, ANNA.associate_id, kind, NOW, days)


@pytest.mark.parametrize("scheme", ["Basic", "BASIC", "basic"])
async def test_basic_is_read_in_any_case(sign_in: SignIn, scheme: str):
    credential = basic("Anna", PASSWORD).replace("Basic", scheme)
    current_user = await sign_in(head(credential))
    assert current_user.associate_id == ANNA.associate_id
    assert current_user.permissions == ANNA.permissions
    assert current_user.group_ids == {1}
    assert current_user.full_name == "Anna Agent"


@pytest.mark.parametrize("password", ["a:b::c", "", "blåbær€", "  blank  ", "x" * 900])
async def test_a_password_is_everything_after_the_first_colon(
    pool: Pool, sign_in: SignIn, password: str
):
    await give_password(pool, password)
    assert (await sign_in(head(basic("anna", password)))).name == "anna"


async def test_a_password_that_is_no_utf8_is_read_as_latin_1(pool: Pool, sign_in: SignIn):
    await give_password(pool, "blåbær")
    credential = basic("anna", "blåbær", "latin-1")
    assert (await sign_in(head(credential))).name == "anna"


@pytest.mark.parametrize("scheme", ["SoTicket", "SOTicket", "SOTICKET"])
async def test_a_ticket_is_sent_raw(pool: Pool, sign_in: SignIn, scheme: str):
    ticket = await issue(pool, "ticket")
    assert ticket.startswith("7T:")
    assert (await sign_in(head(f"{scheme} {ticket}"))).name == "anna"


async def test_a_token_is_borne(pool: Pool, sign_in: SignIn):
    token = await issue(pool, "token")
    assert token.startswith("8A:Default.")
    assert (await sign_in(head(f"bearer  {token}"))).name == "anna"


async def test_a_ticket_may_stand_for_the_user_name(pool: Pool, sign_in: SignIn):
    ticket = await issue(pool, "ticket")
    assert (await sign_in(head(basic(ticket, "")))).name == "anna"
    with pytest.raises(NotSignedIn):
        await sign_in(head(basic(ticket, "password")))


async def test_a_ticket_is_no_token_and_no_password_hash_is_either(pool: Pool, sign_in: SignIn):
    ticket = await issue(pool, "ticket")
    async with connection(pool) as db:
        stored = await value(db, str, "SELECT value FROM credentials WHERE type = 'ticket'")
    for secret in (ticket, stored):
        with pytest.raises(NotSignedIn):
            await sign_in(head(f"Bearer {secret}"))


@pytest.mark.parametrize(
    "credential",
    [
        "Basic",
        "Basic !!!",
        "Basic YQ",
        "Basic " + base64.b64encode(b"anna").decode(),
        "Negotiate abc",
        "SoTicket",
        "Bearer",
        "Bearer 8A:Default.x",
        "Bearer æ",
        "7T:abc",
        " ",
    ],
)
async def test_a_credential_that_is_none_is_refused(sign_in: SignIn, credential: str):
    with pytest.raises(NotSignedIn) as refusal:
        await sign_in(head(credential))
    assert "abc" not in refusal.value.message


async def test_no_credential_is_nobody(sign_in: SignIn):
    assert await sign_in(head()) is NOBODY


async def test_an_unknown_user_and_a_wrong_password_are_answered_alike(sign_in: SignIn):
    sentences: set[str] = set()
    for user in ("anna", "nobody", "bo"):  # bo has no password
        with pytest.raises(NotSignedIn) as refusal:
            await sign_in(head(basic(user, "wrong")))
        sentences.add(refusal.value.message)
    assert len(sentences) == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE associate SET deleted = true WHERE name = 'anna'",
        "UPDATE ejuser SET status = 3 WHERE id = 3",
        "UPDATE person SET retired = 1 WHERE person_id = 3",
    ],
)
async def test_who_is_gone_does_not_sign_in(pool: Pool, change: LiteralString):
    token = await issue(pool, "token")
    async with connection(pool) as db:
        await db.execute(change)
    try:
        sign_in = SignIn(new_desk(pool), CHEAP)
        for credential in (basic("anna", PASSWORD), f"Bearer {token}"):
            with pytest.raises(NotSignedIn):
                await sign_in(head(credential))
    finally:
        async with connection(pool) as db:
            await db.execute("UPDATE associate SET deleted = false")
            await db.execute("UPDATE ejuser SET status = 1 WHERE id = 3")
            await db.execute("UPDATE person SET retired = 0")


async def test_user_names_can_be_switched_off(pool: Pool):
    ticket = await issue(pool, "ticket")
    sign_in = SignIn(new_desk(pool, authorize_with_username=False), CHEAP)
    with pytest.raises(NotSignedIn):
        await sign_in(head(basic("anna", PASSWORD)))
    assert (await sign_in(head(basic(ticket, "")))).name == "anna"


async def test_tickets_and_tokens_can_be_switched_off(pool: Pool):
    ticket, token = await issue(pool, "ticket"), await issue(pool, "token")
    sign_in = SignIn(new_desk(pool, authorize_with_ticket=False), CHEAP)
    for credential in (f"SoTicket {ticket}", f"Bearer {token}", basic(ticket, "")):
        with pytest.raises(NotSignedIn):
            await sign_in(head(credential))
    assert (await sign_in(head(basic("anna", PASSWORD)))).name == "anna"


async def test_an_application_token_is_ignored_unless_one_is_set(sign_in: SignIn):
    request = head(basic("anna", PASSWORD), so_apptoken="whatever")
    assert (await sign_in(request)).name == "anna"


@pytest.mark.parametrize("given", ["", "wrong", "sécret"])
async def test_an_application_token_that_is_set_must_be_sent(pool: Pool, given: str):
    sign_in = SignIn(new_desk(pool, app_token="secret"), CHEAP)
    credential = basic("anna", PASSWORD)
    assert (await sign_in(head(credential, so_apptoken="secret"))).name == "anna"
    with pytest.raises(NotSignedIn):
        await sign_in(head(credential, so_apptoken=given))
    assert await sign_in(head()) is NOBODY


async def test_a_token_ends_with_the_clock(pool: Pool, desk: AppState, sign_in: SignIn):
    token = await issue(pool, "token", days=1)
    desk.clock.advance(86400 - 30)
    assert (await sign_in(head(f"Bearer {token}"))).name == "anna"
    desk.clock.advance(29.9)
    assert (await sign_in(head(f"Bearer {token}"))).name == "anna"
    desk.clock.advance(0.1)
    with pytest.raises(NotSignedIn):
        await sign_in(head(f"Bearer {token}"))


async def test_a_token_without_an_end_has_none(pool: Pool, desk: AppState, sign_in: SignIn):
    token = await issue(pool, "token", days=None)
    desk.clock.advance(86400 * 10_000)
    assert (await sign_in(head(f"Bearer {token}"))).name == "anna"


async def test_a_verified_credential_costs_no_database_for_a_minute(pool: Pool):
    token = await issue(pool, "token")
    desk = new_desk(pool)
    sign_in = SignIn(desk, CHEAP, trusted=3600)
    credentials = [basic("anna", PASSWORD), f"Bearer {token}"]
    for credential in credentials:
        await sign_in(head(credential))
    await pool.close()
    desk.clock.advance(59)
    for credential in credentials:
        assert (await sign_in(head(credential))).name == "anna"
    desk.clock.advance(1)
    with pytest.raises(ServiceUnavailable):
        await sign_in(head(f"Bearer {token}"))


async def test_a_new_password_voids_the_old_one_as_soon_as_it_is_known(pool: Pool, desk: AppState):
    sign_in = SignIn(desk, CHEAP, trusted=3600)
    await sign_in(head(basic("anna", PASSWORD)))
    async with connection(pool) as db:
        await set_password(db, "anna", "battery staple", now=NOW, hasher=CHEAP)
        await desk.cache.check(db)
    with pytest.raises(NotSignedIn):
        await sign_in(head(basic("anna", PASSWORD)))
    assert (await sign_in(head(basic("anna", "battery staple")))).name == "anna"


async def test_a_new_password_set_by_another_process_is_found_out(pool: Pool, desk: AppState):
    sign_in = SignIn(desk, CHEAP, trusted=0)
    await sign_in(head(basic("anna", PASSWORD)))
    async with connection(pool) as db:
        await set_password(db, "anna", "battery staple", now=NOW, hasher=CHEAP)
    with pytest.raises(NotSignedIn):
        await sign_in(head(basic("anna", PASSWORD)))


async def test_a_revoked_token_is_worth_nothing_at_once(pool: Pool, desk: AppState):
    sign_in = SignIn(desk, CHEAP, trusted=0)
    token, other = await issue(pool, "token"), await issue(pool, "ticket")
    await sign_in(head(f"Bearer {token}"))
    async with connection(pool) as db:
        assert await tokens.revoke_token(db, token)
        assert not await tokens.revoke_token(db, token)
    with pytest.raises(NotSignedIn):
        await sign_in(head(f"Bearer {token}"))
    assert (await sign_in(head(f"SoTicket {other}"))).name == "anna"
    async with connection(pool) as db:
        await tokens.revoke_tokens(db, ANNA.associate_id)
    with pytest.raises(NotSignedIn):
        await sign_in(head(f"SoTicket {other}"))
    assert (await sign_in(head(basic("anna", PASSWORD)))).name == "anna"


async def test_rights_follow_the_role_while_the_credential_is_remembered(
    pool: Pool, desk: AppState
):
    sign_in = SignIn(desk, CHEAP, trusted=0)
    assert (await sign_in(head(basic("anna", PASSWORD)))).permissions == ANNA.permissions
    async with connection(pool) as db:
        await db.execute("UPDATE associate SET role_id = 3 WHERE name = 'anna'")
    current_user = await sign_in(head(basic("anna", PASSWORD)))
    async with connection(pool) as db:
        await db.execute("UPDATE associate SET role_id = 2 WHERE name = 'anna'")
    assert current_user.role_id == 3
    assert current_user.permissions < ANNA.permissions


async def test_what_is_remembered_is_bounded_and_holds_no_secret(pool: Pool, sign_in: SignIn):
    token = await issue(pool, "token")
    for spaces in range(MAX_PROOFS + 10):
        await sign_in(head("Bearer" + " " * (spaces + 1) + token))
    proofs = sign_in._proofs  # pyright: ignore[reportPrivateUsage] # what an attacker with a memory dump would read
    assert len(proofs) == MAX_PROOFS
    assert token.encode() not in b"".join(proofs)
    assert tokens.digest(token).encode() not in b"".join(proofs)


async def test_the_sixth_try_is_refused_unread_until_the_window_closes(
    desk: AppState, sign_in: SignIn
):
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            await sign_in(head(basic("anna", "wrong")))
    with pytest.raises(TooManyRequests) as refusal:
        await sign_in(head(basic("anna", PASSWORD)))
    assert refusal.value.retry_after == 1
    desk.clock.advance(1)
    assert (await sign_in(head(basic("anna", PASSWORD)))).name == "anna"


async def test_many_tries_at_once_are_still_counted_one_by_one(sign_in: SignIn):
    answers = await asyncio.gather(
        *(sign_in(head(basic("anna", f"guess {n}"))) for n in range(30)), return_exceptions=True
    )
    read = [a for a in answers if isinstance(a, NotSignedIn)]
    assert len(read) <= 6  # the free five, and one beside the fifth
    assert len([a for a in answers if isinstance(a, TooManyRequests)]) == 30 - len(read)


async def test_an_attacker_elsewhere_does_not_lock_anna_out_of_her_office(
    desk: AppState, sign_in: SignIn
):
    await sign_in(head(basic("anna", PASSWORD), HOME))
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            await sign_in(head(basic("anna", "wrong"), ELSEWHERE))
    with pytest.raises(TooManyRequests):
        await sign_in(head(basic("anna", "wrong"), ELSEWHERE))
    desk.clock.advance(0.5)
    # another spelling of the same credential, so that nothing is remembered of it
    assert (await sign_in(head(basic("ANNA", PASSWORD), HOME))).name == "anna"


async def test_wrong_tokens_are_not_counted_for_nobody_guesses_them(sign_in: SignIn):
    for number in range(10):
        with pytest.raises(NotSignedIn):
            await sign_in(head(f"Bearer 8A:Default.{number}"))
    assert (await sign_in(head(basic("anna", PASSWORD)))).name == "anna"


async def test_secrets_are_hashed_at_rest(pool: Pool):
    ticket, token = await issue(pool, "ticket"), await issue(pool, "token")
    async with connection(pool) as db:
        stored = await value(db, str, "SELECT json_agg(c)::text FROM credentials c")
    for secret in (ticket, token, PASSWORD):
        assert secret[-20:] not in stored
    assert tokens.digest(token) in stored
    assert "$argon2id$" in stored


async def test_issuing_clears_the_expired_ones_of_the_same_associate(pool: Pool):
    await issue(pool, "token", days=-1)
    async with connection(pool) as db:
        old = await tokens.issue_token(db, STEN.associate_id, "token", NOW, -1)
        await tokens.issue_token(db, ANNA.associate_id, "token", NOW, 1)
        left = await value(db, int, "SELECT count(*) FROM credentials WHERE type = 'token'")
        assert await tokens.grant_of(db, "token", old)
    assert left == 2


async def test_nothing_secret_is_logged(
    pool: Pool, sign_in: SignIn, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    token = await issue(pool, "token")
    credentials = [
        basic("anna", PASSWORD),
        f"Bearer {token}",
        f"Bearer {token[:-1]}",
        basic("anna", "hunter22"),
        basic("hunter22", ""),
    ]
    for credential in credentials:
        with suppress(NotSignedIn):
            await sign_in(head(credential))
    for secret in (PASSWORD, token[:-1], "hunter22", *credentials):
        assert secret not in caplog.text
    assert f"The sign-in as somebody unknown from {HOME} failed" in caplog.text


def test_secrets_are_compared_in_constant_time():
    for where in (SignIn._check_app_token, sessions.session_owner):  # pyright: ignore[reportPrivateUsage] # how it compares is the point
        assert "hmac.compare_digest" in inspect.getsource(where)
