"""A mail in a file is taken apart, whatever it holds."""

from datetime import UTC, datetime
from email.message import EmailMessage

from hypothesis import given
from hypothesis import strategies as st

from skranke.messages.attachments.safety import file_name, is_safe, safe_type
from skranke.messages.mime.parser import parse_mail


def mail() -> EmailMessage:
    letter = EmailMessage()
    letter["Subject"] = "Kald pumpe – igjen"
    letter["From"] = "Kari Kunde <kari@fjord.example>"
    letter["To"] = "desk@skranke.example"
    letter["Date"] = "Mon, 02 Mar 2026 11:00:00 +0100"
    letter.set_content("Den er kald.")
    letter.add_alternative("<p>Den er <b>kald</b>.</p>", subtype="html")
    letter.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="måling.pdf")
    return letter


def test_what_a_mail_says_of_itself() -> None:
    letter = parse_mail(mail().as_bytes())
    assert letter.subject == "Kald pumpe – igjen"
    assert letter.sender_text == "Kari Kunde <kari@fjord.example>"
    assert letter.date == datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    assert (letter.html.strip(), letter.plain.strip()) == (
        "<p>Den er <b>kald</b>.</p>",
        "Den er kald.",
    )
    [part] = letter.files
    assert (part.name, part.content_type, part.data) == ("måling.pdf", "application/pdf", b"%PDF")


def test_a_mail_within_a_mail_is_one_of_its_files() -> None:
    outer = EmailMessage()
    outer["Subject"] = "Fwd"
    outer.set_content("See below")
    outer.add_attachment(mail())
    [part] = parse_mail(outer.as_bytes()).files
    assert part.content_type == "message/rfc822"
    assert parse_mail(part.data).subject == "Kald pumpe – igjen"


MAIL = mail().as_bytes()


@given(
    st.binary(max_size=300)
    | st.binary(max_size=80).map(lambda noise: MAIL.replace(b"Mon, 02 Mar", noise))
)
def test_any_bytes_can_be_parse_mail(data: bytes) -> None:
    letter = parse_mail(data)
    assert isinstance(letter.subject, str)


def test_names_and_types_are_made_harmless() -> None:
    assert file_name("..\\..\\win\\a.txt") == "a.txt"
    assert file_name("/etc/pass\x00wd") == "passwd"
    assert file_name("invoice\u202efdp.exe") == "invoicefdp.exe"
    assert len(file_name("x" * 400 + ".pdf")) == 255
    assert file_name("x" * 400 + ".pdf").endswith(".pdf")
    assert (is_safe("a.PDF"), is_safe("a.pdf.exe"), is_safe("pdf")) == (True, False, False)
    assert safe_type("text/html; charset=utf-8") == "application/octet-stream"
    assert safe_type("image/svg+xml") == "application/octet-stream"
    assert safe_type("image/png") == "image/png"
