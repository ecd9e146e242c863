"""Browsers: two cookies, one of them read by scripts, over a real socket."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from skranke.core.app_state import AppState
from skranke.core.context import NOBODY
from skranke.core.errors import NotSignedIn
from skranke.db.database import Pool, value
from skranke.people.auth import sessions
from skranke.people.auth.accounts import set_password
from skranke.people.auth.sign_in import SignIn
from skranke.people.sql import connection
from tests.cast import ANNA, NOW
from tests.people.conftest import CHEAP, PASSWORD, Serving, application, head, new_desk

WHO = "/api/v1/User/currentPrincipal"
FORM = {"user": "anna", "password": PASSWORD}


async def signed_in(client: httpx.AsyncClient) -> dict[str, str]:
    """The header that belongs to the client's new session."""
    answer = await client.post("/login", json=FORM)
    assert answer.status_code == 204
    return {"X-XSRF-TOKEN": client.cookies["XSRF-TOKEN"]}


async def opened(pool: Pool) -> tuple[str, str]:
    async with connection(pool) as db:
        return await sessions.open_session(db, ANNA.associate_id, NOW)


async def last_active(pool: Pool) -> float:
    """Seconds after NOW."""
    async with connection(pool) as db:
        instant = await value(db, datetime, "SELECT last_active FROM login")
    return (instant - NOW).total_seconds()


async def test_a_get_of_a_session_needs_its_xsrf_token_too(desk: AppState, serving: Serving):
    async with serving(desk) as client:
        token = await signed_in(client)
        assert (await client.get(WHO)).status_code == 401
        wrong = await client.get(WHO, headers={"X-XSRF-TOKEN": "wrong"})
        assert wrong.status_code == 401
        assert wrong.json()["ErrorType"] == "SoSessionException"
        right = await client.get(WHO, headers=token)
        assert right.status_code == 200
        assert right.json()["Associate"] == "anna"


async def test_a_form_signs_in_as_well_as_json(desk: AppState, serving: Serving):
    async with serving(desk) as client:
        answer = await client.post("/login", data=FORM)
        assert (answer.status_code, answer.content) == (204, b"")
        assert client.cookies["skranke_session"]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"user": "anna", "password": "wrong"}', "application/json", 401),
        (b'{"user": "nobody"}', "application/json", 401),
        (b'{"user": 5}', "application/json", 400),
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"password=x", "application/x-www-form-urlencoded", 400),
        (b"user=\xff", "application/x-www-form-urlencoded", 400),
        (b"", "", 400),
        (b"&".join(b"a=1" for _ in range(99)), "", 400),
        (b"user=" + b"x" * 20_000, "", 413),
    ],
)
async def test_a_sign_in_that_fails_sets_no_cookie(
    desk: AppState, serving: Serving, body: bytes, kind: str, status: int
):
    async with serving(desk) as client:
        headers = {"content-type": kind}
        answer = await client.post("/login", content=body, headers=headers)
    assert answer.status_code == status
    assert answer.json()["Error"] is True
    assert "set-cookie" not in answer.headers
    assert "www-authenticate" not in answer.headers


async def test_the_form_is_slowed_like_every_other_sign_in(desk: AppState, serving: Serving):
    async with serving(desk) as client:
        for _ in range(5):
            await client.post("/login", json={**FORM, "password": "wrong"})
        answer = await client.post("/login", json=FORM)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
        desk.clock.advance(1)
        assert (await client.post("/login", json=FORM)).status_code == 204


async def test_a_foreign_page_signs_nobody_in(desk: AppState, serving: Serving):
    async with serving(desk) as client:
        headers = {"Sec-Fetch-Site": "cross-site"}
        answer = await client.post("/login", data=FORM, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize(("scheme", "secure"), [("http", False), ("https", True)])
async def test_scripts_read_one_cookie_and_not_the_other(desk: AppState, scheme: str, secure: bool):
    transport = httpx.ASGITransport(application(desk))  # pyright: ignore[reportArgumentType] # an ASGI application by shape
    async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://desk") as c:
        answer = await c.post("/login", json=FORM)
    session, xsrf = answer.headers.get_list("set-cookie")
    assert session.startswith("skranke_session=")
    assert xsrf.startswith("XSRF-TOKEN=")
    assert ("HttpOnly" in session, "HttpOnly" in xsrf) == (True, False)
    for cookie in (session, xsrf):
        assert ("Secure" in cookie) is secure
        assert "SameSite=lax" in cookie
        assert "Path=/" in cookie


async def test_a_session_outlives_a_restart(pool: Pool, serving: Serving):
    async with serving(new_desk(pool)) as client:
        token = await signed_in(client)
        cookies = dict(client.cookies)
    async with serving(new_desk(pool)) as client:
        client.cookies.update(cookies)
        assert (await client.get(WHO, headers=token)).json()["Associate"] == "anna"


async def test_signing_out_ends_the_session_in_every_process(pool: Pool, serving: Serving):
    async with serving(new_desk(pool)) as here, serving(new_desk(pool)) as there:
        token = await signed_in(here)
        there.cookies.update(dict(here.cookies))
        assert (await there.get(WHO, headers=token)).status_code == 200
        assert (await here.post("/logout")).status_code == 204
        assert not dict(here.cookies)
        assert (await there.get(WHO, headers=token)).status_code == 401
        assert (await here.post("/logout")).status_code == 204


async def test_an_authorization_header_puts_the_session_out_of_mind(pool: Pool, sign_in: SignIn):
    session, xsrf = await opened(pool)
    cookie = f"a=b; skranke_session={session}; XSRF-TOKEN={xsrf}"
    assert (await sign_in(head(cookie=cookie, x_xsrf_token=xsrf))).name == "anna"
    with pytest.raises(NotSignedIn):
        await sign_in(head("Bearer wrong", cookie=cookie, x_xsrf_token=xsrf))


async def test_another_sessions_xsrf_token_is_wrong(pool: Pool, sign_in: SignIn):
    (session, _), (_, xsrf) = await opened(pool), await opened(pool)
    cookie = f"skranke_session={session}"
    with pytest.raises(NotSignedIn):
        await sign_in(head(cookie=cookie, x_xsrf_token=xsrf))


async def test_sessions_can_be_switched_off(pool: Pool):
    session, xsrf = await opened(pool)
    desk = new_desk(pool, authorize_with_implicit=False)
    sign_in = SignIn(desk, CHEAP)
    request = head(cookie=f"skranke_session={session}", x_xsrf_token=xsrf)
    assert await sign_in(request) is NOBODY
    assert sessions.routes(desk, sign_in.with_password) == []


async def test_a_session_lives_from_use_to_use(pool: Pool, desk: AppState, sign_in: SignIn):
    session, xsrf = await opened(pool)
    request = head(cookie=f"skranke_session={session}", x_xsrf_token=xsrf)
    for _ in range(3):
        desk.clock.advance(2 * 3600 - 1)  # the shipped inactivity limit is two hours
        assert (await sign_in(request)).name == "anna"
    desk.clock.advance(2 * 3600)
    with pytest.raises(NotSignedIn):
        await sign_in(request)
    async with connection(pool) as db:
        await sessions.open_session(db, ANNA.associate_id, desk.clock.now())
        assert await value(db, int, "SELECT count(*) FROM login") == 1  # the ended one went


@pytest.mark.parametrize(("hours", "lasts"), [("3", 3), ("", 8), ("0", 8), ("soon", 8)])
async def test_the_inactivity_limit_bounds_a_session(pool: Pool, hours: str, lasts: int):
    async with connection(pool) as db:
        undone: Any = db.transaction()
        await undone.start()
        await db.execute("UPDATE registry SET value = $1 WHERE name = 'inactivityHours'", hours)
        assert await sessions.session_lifetime(db) == timedelta(hours=lasts)
        await undone.rollback()


async def test_use_is_written_down_once_a_minute_at_most(
    pool: Pool, desk: AppState, sign_in: SignIn
):
    session, xsrf = await opened(pool)
    request = head(cookie=f"skranke_session={session}", x_xsrf_token=xsrf)
    seen: list[float] = []
    for _ in range(4):
        desk.clock.advance(25)
        await sign_in(request)
        seen.append(await last_active(pool))
    assert seen == [0, 0, 75, 75]


async def test_both_secrets_are_hashed_at_rest(pool: Pool):
    session, xsrf = await opened(pool)
    async with connection(pool) as db:
        stored = await value(db, str, "SELECT to_json(login)::text FROM login")
    assert session not in stored
    assert xsrf not in stored


async def test_a_new_password_ends_the_sessions(pool: Pool, sign_in: SignIn):
    session, xsrf = await opened(pool)
    async with connection(pool) as db:
        await set_password(db, "anna", "battery staple", now=NOW, hasher=CHEAP)
    with pytest.raises(NotSignedIn):
        await sign_in(head(cookie=f"skranke_session={session}", x_xsrf_token=xsrf))


async def test_bytes_on_the_wire(desk: AppState, serving: Serving):
    async with serving(desk) as client:
        port = client.base_url.port
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        form = b"user=anna&password=correct+horse"
        writer.write(
            b"POST /login HTTP/1.1\r\nHost: desk\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(form), form)
        )
        head_bytes = await reader.readuntil(b"\r\n\r\n")
        assert head_bytes.startswith(b"HTTP/1.1 204 ")
        lines = head_bytes.split(b"\r\n")
        pairs = [line.partition(b": ")[2] for line in lines if b"set-cookie" in line]
        cookies = b"; ".join(pair.partition(b";")[0] for pair in pairs)
        xsrf = cookies.rpartition(b"=")[2]
        writer.write(
            b"GET /API/v1/user/CURRENTPRINCIPAL HTTP/1.1\r\nHost: desk\r\n"
            b"cookie: %s\r\nx-xsrf-token: %s\r\nConnection: close\r\n\r\n" % (cookies, xsrf)
        )
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b'"Associate":"anna","AssociateId":3' in answer
