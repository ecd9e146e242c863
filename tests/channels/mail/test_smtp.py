"""The mail server is spoken to in the way it asks for, and no password leaks."""

import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult
from msgspec.structs import replace

from skranke.channels.mail.service.operations import test_smtp_server as try_server
from skranke.channels.mail.smtp import server_of
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.core.settings import InvalidSetting, Secret, Settings
from tests.cast import ADA
from tests.channels.mail.conftest import Mailing, PostOffice, serving_by
from tests.channels.mail.test_deliver import row, tried

SENDER = "desk@fjord.example"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 with its key, in one file."""
    pem = tmp_path_factory.mktemp("tls") / "server.pem"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=127.0.0.1",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-keyout",
            str(pem),
            "-out",
            f"{pem}.crt",
        ],
        check=True,
        capture_output=True,
    )
    pem.write_text(pem.read_text() + Path(f"{pem}.crt").read_text())
    return pem


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's side of TLS that this process trusts, as administrators have it."""
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def signs_in(server: Any, session: Any, envelope: Any, how: str, data: Any) -> AuthResult:
    """Whether it is the desk with the right password, never in the clear."""
    right = (data.login, data.password) == (b"desk", b"s3cr3t")
    return AuthResult(success=right, handled=False)


@pytest.fixture
def guarded(trusted: ssl.SSLContext) -> Iterator[PostOffice]:
    """A mail server that wants STARTTLS and a password."""
    yield from serving_by(
        PostOffice(),
        tls_context=trusted,
        require_starttls=True,
        auth_required=True,
        authenticator=signs_in,
    )


def as_user(url: str, secret: str) -> str:
    return url.replace("://", f"://desk:{secret}@")


async def test_a_letter_goes_by_starttls_and_password(mailing: Mailing, guarded: PostOffice):
    mailing.state.settings = replace(
        mailing.state.settings, smtp_url=as_user(guarded.url, "s3cr3t")
    )
    await mailing.post()
    await tried(mailing.state)
    assert [rcpt for rcpt, _ in guarded.got] == [["kari@fjord.example"]]


async def test_a_wrong_password_is_ours_to_mend_and_refuses_no_letter(
    mailing: Mailing, guarded: PostOffice, caplog: pytest.LogCaptureFixture
):
    mailing.state.settings = replace(
        mailing.state.settings, smtp_url=as_user(guarded.url, "wr0ng-s3cr3t")
    )
    outbox_id = await mailing.post()
    await tried(mailing.state)
    letter = await row(mailing.state, outbox_id)
    assert letter.status == 0
    assert letter.last_error.startswith("535 ")
    assert "wr0ng" not in caplog.text + letter.last_error


async def test_a_letter_goes_over_tls_from_the_first_byte_on(
    mailing: Mailing, trusted: ssl.SSLContext
):
    office = PostOffice()
    for served in serving_by(office, ssl_context=trusted):
        url = served.url.replace("smtp://", "smtps://")
        mailing.state.settings = replace(mailing.state.settings, smtp_url=url)
        await mailing.post()
        await tried(mailing.state)
    assert len(office.got) == 1


async def test_a_server_whose_certificate_is_not_trusted_gets_nothing(
    mailing: Mailing, certificate: Path
):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    office = PostOffice()
    outbox_id = await mailing.post()
    for served in serving_by(office, tls_context=context):
        mailing.state.settings = replace(mailing.state.settings, smtp_url=served.url)
        await tried(mailing.state)
    assert not office.got
    letter = await row(mailing.state, outbox_id)
    assert (letter.status, "certificate" in letter.last_error.lower()) == (0, True)


@pytest.mark.parametrize(
    ("url", "port", "starts_tls"),
    [
        ("smtp://mail.example", 25, None),
        ("smtp://u:p@mail.example", 587, True),
        ("smtps://u:p@mail.example", 465, False),
        ("smtp://u:p@127.0.0.1:2525", 2525, None),
    ],
)
def test_a_password_crosses_no_network_in_the_clear(url: str, port: int, starts_tls: bool | None):
    server = server_of(url)
    assert (server.port, server.starts_tls) == (port, starts_tls)


@pytest.mark.parametrize("url", ["http://x", "smtp://", "smtp://x:port", "mail.example"])
def test_what_is_no_address_of_a_server_is_told(url: str):
    with pytest.raises(InvalidSetting, match="SKRANKE_SMTP_URL"):
        server_of(url)


def test_a_password_in_the_address_is_decoded():
    assert server_of("smtp://a%40b:p%2Fw@x.example").password == "p/w"


async def test_a_mail_server_is_tried_without_a_letter(context_of: Any, office: PostOffice):
    context: RequestContext = context_of(ADA)
    told = await try_server(context, office.url, SENDER, False)
    assert (told.success, told.error_message) == (True, "")
    office.replies["MAIL"] = "550 Not from you"
    told = await try_server(context, office.url, SENDER, False)
    assert (told.success, told.error_message) == (False, "550 Not from you")
    told = await try_server(context, "smtp://127.0.0.1:1", SENDER, False)
    assert not told.success
    assert not office.got


async def test_the_stored_password_goes_to_the_desks_own_server_alone(
    context_of: Any, guarded: PostOffice
):
    own = as_user(guarded.url, "s3cr3t")
    context: RequestContext = context_of(ADA, settings=Settings(smtp_url=Secret(own)))
    told = await try_server(context, as_user(guarded.url, ""), SENDER, True)
    assert told.success
    for uri in ("smtp://desk@127.0.0.1:1", guarded.url):
        with pytest.raises(BadValue, match="UseStoredPassword"):
            await try_server(context, uri, SENDER, True)


@pytest.mark.parametrize(
    ("uri", "sender", "name"), [("nowhere", SENDER, "SmtpUri"), ("smtp://x", "nobody", "From")]
)
async def test_what_cannot_be_tried_is_told(context_of: Any, uri: str, sender: str, name: str):
    with pytest.raises(BadValue, match=f"{name}:"):
        await try_server(context_of(ADA), uri, sender, False)
