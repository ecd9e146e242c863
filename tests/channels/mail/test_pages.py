"""What an emulator would have sent can be read and forgotten, and never leaves."""

from functools import partial
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette

from skranke.channels.mail.pages import routes
from skranke.channels.mail.sms import OutgoingSms, post_sms
from skranke.core.jobs.worker import context_for
from skranke.core.settings import Settings
from skranke.db.database import transaction
from skranke.devtools.emulator.exposure import guarded
from tests.channels.mail.conftest import Mailing, PostOffice
from tests.channels.mail.files import attached_to
from tests.channels.mail.test_deliver import row, tried

OUTBOX = "/_desk/outbox"


def kept_at(mailing: Mailing, tmp_path: Path, **settings: Any) -> httpx.AsyncClient:
    """A client of the pages of a desk with these settings."""
    desk = mailing.state
    desk.settings = Settings(mail_from="Desk <desk@skranke.example>", data=tmp_path, **settings)
    app = Starlette(routes=routes(desk, partial(guarded, desk.settings)))
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")


async def test_the_outbox_shows_letters_and_texts(mailing: Mailing, tmp_path: Path):
    client = kept_at(mailing, tmp_path, emulator=True)
    outbox_id = await mailing.post(
        to=["Ærlig <kari@fjord.example>"], bcc=["b@c.example"], html="<p>Hi</p>"
    )
    async with transaction(mailing.state.pool) as db:
        sms = OutgoingSms(ticket_id=0, to=["+4712345678"], text="Hello")
        await post_sms(context_for(mailing.state, db), sms)
    letter, text = (await client.get(OUTBOX)).json()
    assert letter["subject"] == "Hello"
    assert letter["from"] == "Desk <desk@skranke.example>"
    assert letter["to"] == ["Ærlig <kari@fjord.example>"]
    assert letter["bcc"] == ["b@c.example"]
    assert (letter["plain"], letter["html"]) == ("Text", "<p>Hi</p>")
    assert letter["headers"]["To"] == "Ærlig <kari@fjord.example>"
    assert letter["raw"] == f"{OUTBOX}/{outbox_id}"
    assert (text["type"], text["to"], text["plain"]) == ("sms", ["+4712345678"], "Hello")


async def test_a_letters_bytes_have_its_files(mailing: Mailing, tmp_path: Path):
    client = kept_at(mailing, tmp_path, demo=True)
    attachment_id = await attached_to(mailing.state, "note.txt", b"Hello, file")
    outbox_id = await mailing.post(attachment_ids=[attachment_id])
    [letter] = (await client.get(OUTBOX)).json()
    [file] = letter["attachments"]
    assert (file["name"], file["size"]) == ("note.txt", 11)
    told = await client.get(f"{OUTBOX}/{outbox_id}")
    assert told.headers["content-type"] == "message/rfc822"
    assert b"SGVsbG8sIGZpbGU=" in told.content
    assert (await client.get(f"{OUTBOX}/999")).status_code == 404


async def test_the_outbox_can_be_emptied(mailing: Mailing, tmp_path: Path):
    client = kept_at(mailing, tmp_path, emulator=True)
    await mailing.post()
    assert (await client.delete(OUTBOX)).status_code == 204
    assert (await client.get(OUTBOX)).json() == []


async def test_nothing_leaves_an_emulator_even_with_a_server(
    mailing: Mailing, office: PostOffice, tmp_path: Path
):
    waiting = await mailing.post()
    kept_at(mailing, tmp_path, emulator=True, smtp_url=office.url)
    await mailing.post()
    await tried(mailing.state)
    assert not office.got
    assert (await row(mailing.state, waiting)).status == 3


async def test_a_desk_that_mails_has_no_such_page(mailing: Mailing, tmp_path: Path):
    client = kept_at(mailing, tmp_path)
    assert (await client.get(OUTBOX)).status_code == 404


async def test_strangers_do_not_read_the_outbox(mailing: Mailing, tmp_path: Path):
    client = kept_at(mailing, tmp_path, emulator=True, emulator_token="secret")
    from_afar = {"x-forwarded-for": "192.0.2.1"}
    assert (await client.get(OUTBOX, headers=from_afar)).status_code == 401
