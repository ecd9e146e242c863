"""A letter's bytes are what any mail program reads, whatever is in it."""

import asyncio
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from skranke.channels.mail.addresses import MailAddress, one_line
from skranke.channels.mail.mime import MailPart, write_mime
from skranke.channels.mail.sql import EmailContent, OutboxEmail
from tests.cast import NOW

KARI = MailAddress("kari@fjord.example", "Kari Kunde")
LETTER = OutboxEmail(
    id=1,
    ticket_id=1,
    message_id=1,
    type="message",
    subject="Hello",
    from_email="desk@fjord.example",
    from_envelope="desk@fjord.example",
    rcpt=["kari@fjord.example"],
    created=NOW,
    status=0,
    letter=EmailContent(
        sender=MailAddress("desk@fjord.example", "Desk"),
        to=[KARI],
        plain="Text",
        message_id="<1@fjord.example>",
        reply_to="desk+r.1.x@fjord.example",
    ),
)
PNG, NOTE = b"\x89PNG\r\n\x1a\n" * 100, "æøå\n".encode() * 40_000
FILES = {1: PNG, 2: NOTE, 3: b"From: a\r\n\r\nInner"}
IMAGE = MailPart(
    attachment_id=1,
    name="bilde æ.png",
    content_type="image/png",
    att_size=800,
    content_id="img1@desk",
)
FILE = MailPart(attachment_id=2, name="漢字" * 60 + ".txt", content_type="text/plain", att_size=0)
MAIL = MailPart(
    attachment_id=3, name='a "quoted"; \r\nx.eml', att_size=0, content_type="message/rfc822"
)


async def content(attachment_id: int) -> AsyncIterator[bytes]:
    bytes_ = FILES[attachment_id]
    for start in range(0, len(bytes_), 7001):
        yield bytes_[start : start + 7001]


def raw(parts: list[MailPart], **text: Any) -> bytes:
    subject = text.pop("subject", LETTER.subject)
    letter = replace(LETTER, subject=subject, letter=replace(LETTER.letter, **text))
    written = BytesIO()
    size = asyncio.run(write_mime(letter, parts, content, written))
    assert size == len(written.getvalue())
    return written.getvalue()


def read(bytes_: bytes) -> EmailMessage:
    return message_from_bytes(bytes_, policy=policy.default)  # pyright: ignore[reportReturnType] # the policy makes it so


def structure(part: EmailMessage) -> Any:
    if not part.is_multipart():
        return part.get_content_type()
    return (part.get_content_subtype(), [structure(p) for p in part.iter_parts()])  # pyright: ignore[reportArgumentType] # of the same policy


def test_plain_text_alone_is_one_part():
    assert structure(read(raw([]))) == "text/plain"


def test_texts_are_alternatives_and_files_stand_around_both():
    letter = read(raw([IMAGE, FILE, MAIL], html='<img src="cid:img1@desk">'))
    assert structure(letter) == (
        "mixed",
        [
            ("alternative", ["text/plain", ("related", ["text/html", "image/png"])]),
            "text/plain",
            "application/octet-stream",
        ],
    )


def test_files_come_out_as_they_went_in():
    letter = read(raw([IMAGE, FILE, MAIL], html='<img src="cid:img1@desk">'))
    image, file, mail = [p for p in letter.walk() if p.get_filename()]
    assert image.get_content() == PNG
    assert (image["content-id"], image.get_filename()) == ("<img1@desk>", IMAGE.name)
    assert image.get_content_disposition() == "inline"
    assert file.get_payload(decode=True) == NOTE
    assert file.get_filename() == FILE.name
    assert mail.get_content() == FILES[3]
    assert mail.get_filename() == 'a "quoted"; x.eml'


def test_an_image_that_the_text_does_not_show_is_a_file():
    letter = read(raw([IMAGE], html="<p>Hi</p>"))
    assert structure(letter) == (
        "mixed",
        [("alternative", ["text/plain", "text/html"]), "image/png"],
    )


def test_html_alone_has_a_plain_text_beside_it():
    body = read(raw([], plain="", html="<p>One</p><p>Two</p>")).get_body(("plain",))
    assert body
    assert body.get_content().splitlines() == ["One", "", "Two"]


def test_a_letter_to_hidden_recipients_alone_names_nobody():
    letter = read(raw([], to=[], bcc=[KARI]))
    assert "undisclosed-recipients" in letter["to"]
    assert b"kari@fjord.example" not in raw([], to=[], bcc=[KARI])


def test_a_letter_that_nobody_wrote_says_so():
    """Source: RFC 3834, section 5: nobody is to answer it by itself."""
    written = BytesIO()
    asyncio.run(write_mime(replace(LETTER, type="notification"), [], content, written))
    assert read(written.getvalue())["auto-submitted"] == "auto-generated"
    assert "auto-submitted" not in read(raw([]))


names = st.text(max_size=80).map(one_line)


@given(
    subject=st.text(max_size=300).map(one_line),
    name=names,
    plain=st.text(),
    html=st.text(),
    references=st.integers(0, 20),
)
def test_whatever_is_written_arrives(
    subject: str, name: str, plain: str, html: str, references: int
):
    boxes = [MailAddress("kari@fjord.example", name), MailAddress("ola@fjord.example", name)]
    thread = [f"<{n}.{'x' * 60}@fjord.example>" for n in range(references)]
    bytes_ = raw([], subject=subject, to=boxes, plain=plain, html=html, references=thread)
    head = bytes_.partition(b"\r\n\r\n")[0]
    lines = bytes_.split(b"\r\n")
    assert bytes_.isascii()
    assert max(len(line) for line in lines) <= 998
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    letter = read(bytes_)
    known = [
        "From",
        "To",
        "Reply-To",
        "Subject",
        "Date",
        "Message-ID",
        "References",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
    ]
    assert set(letter.keys()) <= set(known), head
    assert [a.addr_spec for a in letter["to"].addresses] == [b.address for b in boxes]
    assert "".join((letter["subject"] or "").split()) == "".join(subject.split())
    assert letter["references"].split() == thread if thread else True
