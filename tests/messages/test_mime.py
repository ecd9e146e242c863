"""The guarded parser: what strangers send becomes text and files, never a fault."""

import struct
from pathlib import Path
from random import Random

import pytest

from skranke.messages.mime.addresses import Address
from skranke.messages.mime.charsets import codec_of, decode
from skranke.messages.mime.parsed import MAX_FILES, MAX_TEXT_CHARACTERS, ParsedMail
from skranke.messages.mime.parser import parse_mail
from tests.messages.mails import base64_part, mail, mapi, multipart, opaque_signed, part, tnef

ANNA = "From: Anna <anna@x.example>"
HTML = "<p>Hei <img src='cid:logo@x'></p>"


def files(found: ParsedMail) -> list[tuple[str, str, int]]:
    """Name, type and size of the files."""
    return [(file.name, file.content_type, len(file.data)) for file in found.files]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("=?utf-8?B?w6Y=?= =?utf-8?B?w7g=?=", "æø"),
        ("=?utf-8?B?w6Z?= tail", "æ tail"),
        ("=?utf-8?B?5pel5pw=?= =?utf-8?B?rA==?=", "日本"),  # a character over two words
        ("=?iso-2022-jp?B?GyRCRnw=?= =?iso-2022-jp?B?S1wbKEI=?=", "日本"),
        ("=?gb2312?B?xOO6w4GB?=", "你好亖"),  # GB18030 under the older name
        ("=?windows-874?B?yNHK?=", "ศัส"),
        ("=?x-unknown?Q?caf=E9?=", "café"),
        ("=?utf-8?q?a_b?= c =?utf-8?q?d?=", "a b c d"),
        ("=?hex?Q?6869?=", "6869"),
        ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        ("folded\r\n line", "folded line"),
    ],
)
def test_a_subject_is_read_as_people_write_it(written: str, read: str) -> None:
    assert parse_mail(mail(ANNA, f"Subject: {written}")).subject == read


def test_a_subject_in_raw_eight_bit_is_read() -> None:
    raw = mail("From: Jørn <j@x.example>", "Subject: blåbær", body="hei på deg", charset="latin-1")
    found = parse_mail(raw)
    assert (found.subject, found.plain) == ("blåbær", "hei på deg")
    assert found.senders == [Address("j@x.example", "Jørn")]


@pytest.mark.parametrize(
    ("written", "addresses"),
    [
        ("Doe, Jane <jane@x.example>", [Address("jane@x.example", "Doe, Jane")]),
        ("=?utf-8?q?M=C3=BCller=2C_Anna?= <a@x.example>", [Address("a@x.example", "Müller, Anna")]),
        ('"Doe, \\"J\\"" <j@x.example>', [Address("j@x.example", 'Doe, "J"')]),
        ("a@x.example, b@x.example", [Address("a@x.example"), Address("b@x.example")]),
        ("undisclosed-recipients:;", []),
        (
            "Team: a@x.example, B <b@x.example>;",
            [Address("a@x.example"), Address("b@x.example", "B")],
        ),
        ("(c):;", []),
        ('"', []),
        ("", []),
        ("j@x.example (Jane)", [Address("j@x.example")]),
        ("info@Straße.example", [Address("info@xn--strae-oqa.example")]),
        ("A <a@x.example> trailing", [Address("a@x.example", "A trailing")]),
        ("a@x.example; b@x.example", [Address("a@x.example"), Address("b@x.example")]),
        ("'q' <q@x.example>", [Address("q@x.example", "q")]),
        ("no address at all", []),
    ],
)
def test_addresses_are_read_however_carelessly_written(
    written: str, addresses: list[Address]
) -> None:
    assert parse_mail(mail(f"From: {written}")).senders == addresses


@pytest.mark.parametrize(
    ("label", "data", "text"),
    [
        ("iso-8859-1", b"\x80 \x93x\x94", "€ “x”"),
        ("koi8-r", "привет".encode("koi8-r"), "привет"),
        ("iso-2022-jp", "日本".encode(), "日本"),  # the label lies
        ("", b"\x1b$BF|K\\\x1b(B", "日本"),
        ("utf-8", b"caf\xc3\xa9 \xff", "café \ufffd"),
        ("", b"caf\xe9", "café"),
        ("us-ascii", "é".encode(), "é"),
        ("unicode_escape", b"\\x41", "\\x41"),
        ("zlib", b"x", "x"),
        ("utf-7", b"+AOY-", "æ"),
        ("", b"+AOY-", "+AOY-"),
        ("utf-16-le", b"a\x00\x00\xd8", "a\ufffd"),
        ("utf-8", b"a\x00b", "ab"),
        ("cp-850", b"\x91", "æ"),
        ("x-mac-roman", b"\x8c", "å"),
        ("_iso-2022-jp$ESC", b"\x1b$BF|K\\\x1b(B", "日本"),
    ],
)
def test_text_is_decoded_by_what_it_is(label: str, data: bytes, text: str) -> None:
    assert decode(data, label) == text


@pytest.mark.parametrize(
    "label", ["hex", "zlib", "rot13", "unicode_escape", "idna", "x" * 900, "\0"]
)
def test_a_codec_that_is_no_text_is_refused(label: str) -> None:
    assert codec_of(label) == ""


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("text/plain; format=flowed; delsp=yes", "ab \r\ncd\r\n> q \r\n> r\r\n", "abcd\n> qr"),
        (
            "text/plain; format=flowed",
            "soft \r\nbreak\r\n\r\n-- \r\nAnna",
            "soft break\n\n-- \nAnna",
        ),
        ("text", "hello", "hello"),
        ("=?utf-8?q?text/plain?=", "hello", "hello"),
        ("text/plain; name*", "hello", "hello"),
        ("multipart/mixed", "no boundary", "no boundary"),
        ("text/plain; charset*=utf-8''utf-8", "æ", "æ"),
    ],
)
def test_a_plain_body_is_read(content_type: str, body: str, text: str) -> None:
    assert parse_mail(mail(ANNA, f"Content-Type: {content_type}", body=body)).plain == text


@pytest.mark.parametrize(
    ("encoding", "body", "text"),
    [
        ("quoted-printable", b"a=3\r\nb=C3=A6=", "a=3\næ".replace("æ", "bæ")),
        ("base64", b"aGVs\r\n!!bG8", "hello"),
        ("base64", b"aGVsbG8=\r\nIHdvcmxk", "hello world"),
        ("base64", b"not base64, really?", None),
        ("x-uuencode", b"begin 644 x\n%:&5L;&\\\n`\nend\n", "hello"),
        ("x-uuencode", b"broken", "broken"),
        ("7bit", b"as it is", "as it is"),
    ],
)
def test_a_transfer_encoding_is_taken_off(encoding: str, body: bytes, text: str | None) -> None:
    found = parse_mail(mail(ANNA, f"Content-Transfer-Encoding: {encoding}", body=body))
    assert found.plain
    if text is not None:
        assert found.plain == text


def test_line_ends_of_old_systems_are_read() -> None:
    found = parse_mail(b"From: a@x.example\rSubject: s\r\rone\rtwo")
    assert (found.subject, found.plain) == ("s", "one\ntwo")


def test_html_alone_gives_a_plain_text_as_well() -> None:
    found = parse_mail(mail(ANNA, "Content-Type: text/html", body="<p>Hei <b>du</b></p>"))
    assert (found.plain, found.html) == ("Hei du", "<p>Hei <b>du</b></p>")


def test_a_blank_plain_form_beside_html_is_passed_over() -> None:
    raw = multipart("alternative", part("text/plain", " \r\n"), part("text/html", "<p>Hei</p>"))
    found = parse_mail(mail(ANNA)[:-2] + raw)
    assert (found.plain, found.html, found.files) == ("Hei", "<p>Hei</p>", [])


def test_further_texts_in_line_are_appended() -> None:
    forms = multipart(
        "alternative", part("text/plain", "Hei"), part("text/html", "Hei"), boundary="i"
    )
    raw = multipart("mixed", forms, part("text/plain", "a footer"))
    found = parse_mail(mail(ANNA)[:-2] + raw)
    assert found.plain == "Hei\na footer"
    assert found.html == "Hei\n<pre>a footer</pre>"


def test_an_image_is_shown_where_the_html_names_it() -> None:
    raw = multipart(
        "related",
        part("text/html", HTML),
        base64_part("image/png", b"one", "Content-ID: <logo@x>"),
        base64_part("image/png", b"two", "Content-ID: <logo@x>"),
        base64_part(
            "image/gif", b"unnamed", "Content-ID: <other@x>", "Content-Disposition: inline"
        ),
    )
    found = parse_mail(mail(ANNA)[:-2] + raw)
    assert found.content_ids == {0: "logo@x"}
    assert files(found) == [
        ("part-1.png", "image/png", 3),
        ("part-2.png", "image/png", 3),
        ("part-3.gif", "image/gif", 7),
    ]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ("attachment; filename*=utf-8''bl%C3%A5.pdf", "blå.pdf"),
        ("attachment; filename*0=one; filename*1=two.pdf", "onetwo.pdf"),
        ("attachment; filename*0*=utf-8''bl%C3%A5; filename*1=.pdf", "blå.pdf"),
        ('attachment; filename="=?utf-8?q?bl=C3=A5.pdf?="', "blå.pdf"),
        ("attachment; filename*=us-ascii''%F6.pdf", "ö.pdf"),
        ("attachment; filename=with blanks.pdf", "with blanks.pdf"),
        ("attachment", "part-1.pdf"),
        ('attachment; filename="' + "x" * 300 + '.pdf"', "x" * 251 + ".pdf"),
        ('attachment; filename="..."', "part-1.pdf"),
    ],
)
def test_a_file_has_a_safe_name(header: str, name: str) -> None:
    raw = multipart("mixed", part("application/pdf", b"", f"Content-Disposition: {header}"))
    assert files(parse_mail(mail(ANNA)[:-2] + raw)) == [(name, "application/pdf", 0)]


def test_an_attached_mail_is_one_file_of_the_same_bytes() -> None:
    inner = mail("Subject: inner", body=b"x \x00\xff\r\n\r\n")
    deeper = mail("Subject: deeper")[:-2] + multipart("mixed", inner, boundary="i")
    raw = multipart(
        "mixed",
        part("text/plain", "see"),
        part("message/rfc822", deeper),
        base64_part("message/rfc822", inner, 'Content-Disposition: attachment; filename="m.eml"'),
    )
    found = parse_mail(mail(ANNA)[:-2] + raw)
    assert [file.name for file in found.files] == ["deeper.eml", "m.eml"]
    assert [file.data for file in found.files] == [deeper, inner]
    assert found.plain == "see"


def test_a_winmail_dat_is_opened_and_kept() -> None:
    utf16 = "filnavn på.txt\0".encode("utf-16-le")
    stream = tnef(
        [
            (0x0006_9007, struct.pack("<II", 1252, 0)),
            (0x0006_9003, mapi([(258, 0x1013, b"<p>bl\xe5b\xe6r</p>")])),
            (0x0006_9002, b"\0" * 14),
            (0x0001_8010, b"FILNAV~1.TXT\0"),
            (0x0006_800F, b"content"),
            (0x0006_9005, mapi([(31, 0x3707, utf16), (30, 0x370E, b"text/plain\0")])),
        ]
    )
    raw = multipart("mixed", base64_part("application/ms-tnef", stream, "X: y"))
    found = parse_mail(mail(ANNA)[:-2] + raw)
    assert (found.html, found.plain) == ("<p>blåbær</p>", "blåbær")
    assert files(found) == [
        ("filnavn på.txt", "text/plain", 7),
        ("part-2.dat", "application/ms-tnef", len(stream)),
    ]


@pytest.mark.parametrize(
    ("rtf", "plain", "html"),
    [
        (rb"{\rtf1\ansi\ansicpg1252 bl\'e5b\'e6r\par\u8364?}", "blåbær\n€", ""),
        (
            rb"{\rtf1\ansi\fromhtml1{\*\htmltag64 <p>}hei\htmlrtf\par\htmlrtf0{\*\htmltag72 </p>}}",
            "hei",
            "<p>hei</p>",
        ),
    ],
)
def test_the_rtf_of_a_winmail_dat_is_read(rtf: bytes, plain: str, html: str) -> None:
    stored = struct.pack("<III", len(rtf) + 12, len(rtf), 0x414C454D) + b"\0" * 4 + rtf
    stream = tnef([(0x0006_9003, mapi([(258, 0x1009, stored)]))])
    raw = mail(ANNA, "Content-Type: application/ms-tnef", body=stream)
    found = parse_mail(raw)
    assert (found.plain, found.html) == (plain, html)


def test_signed_mails_are_shown_and_kept_whole() -> None:
    signature = part("application/pkcs7-signature; name=smime.p7s", b"x")
    raw = multipart("signed", part("text/plain", "signed text"), signature)
    found = parse_mail(mail(ANNA)[:-2] + raw)
    assert (found.plain, [f.name for f in found.files]) == ("signed text", ["signed.eml"])
    opaque = opaque_signed(part("text/plain", "opaque text"))
    opaque_mail = mail(
        ANNA, "Content-Type: application/pkcs7-mime; smime-type=signed-data", body=opaque
    )
    found = parse_mail(opaque_mail)
    assert (found.plain, files(found)) == (
        "opaque text",
        [("part-1.p7m", "application/pkcs7-mime", len(opaque))],
    )


@pytest.mark.parametrize(
    "raw",
    [
        mail(ANNA, "Content-Type: application/pkcs7-mime; smime-type=enveloped-data", body="x"),
        mail(ANNA)[:-2]
        + multipart(
            "encrypted",
            part("application/pgp-encrypted", "Version: 1"),
            part("application/octet-stream", "x"),
        ),
    ],
)
def test_an_encrypted_mail_says_so(raw: bytes) -> None:
    found = parse_mail(raw)
    assert found.notes == ["This mail is encrypted; its content is attached."]
    assert found.files


def test_an_answer_to_an_invitation_is_summed_up() -> None:
    calendar = (
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:a@x.example\r\n"
        "SUMMARY:Board\r\n  meeting\\, June\r\nEND:VCALENDAR\r\n"
    )
    found = parse_mail(mail(ANNA, "Content-Type: text/calendar; method=REPLY", body=calendar))
    assert found.plain == "accepted: Board meeting, June"
    assert files(found) == [("part-1.ics", "text/calendar", len(calendar))]


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_delivery_report_says_whom_it_is_about(returned: str) -> None:
    status = (
        "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; kari@y.example\r\n"
        "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 unknown\r\n\r\n"
        "Final-Recipient: rfc822; ola@y.example\r\nAction: delayed\r\nStatus: 4.4.1\r\n"
    )
    raw = multipart(
        "report; report-type=delivery-status",
        part("text/plain", "It failed."),
        part("message/delivery-status", status),
        part(returned, "Message-Id: <t1.a@desk.example>\r\nSubject: s\r\n\r\n"),
    )
    report = parse_mail(mail("From: mailer-daemon@y.example")[:-2] + raw).report
    assert report
    assert (report.type, report.message_ids) == ("delivery-status", ["t1.a@desk.example"])
    assert [(r.address, r.action, r.status) for r in report.recipients] == [
        ("kari@y.example", "failed", "5.1.1"),
        ("ola@y.example", "delayed", "4.4.1"),
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<a@x.example>", "a@x.example"),
        (" a@x.example ", "a@x.example"),
        ("<[x@y]>", "[x@y]"),
        ("", None),
        ("<>", None),
        ("no id", None),
    ],
)
def test_a_missing_message_id_is_none(written: str, read: str | None) -> None:
    assert parse_mail(mail(ANNA, f"Message-ID: {written}")).message_id == read


@pytest.mark.parametrize(
    "date", ["garbage", "Mon, 99 Foo 2026", "Thu, 1 Jan 9999 99:99:99 +9999", ""]
)
def test_a_nonsense_date_is_none(date: str) -> None:
    assert parse_mail(mail(ANNA, f"Date: {date}")).date is None


def _nested(depth: int) -> bytes:
    heads = (
        f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(depth)
    )
    return mail(ANNA)[:-2] + "".join(heads).encode() + b"\r\ndeep"


def test_what_is_more_than_is_read_is_kept_as_one_file() -> None:
    many = [part("text/plain", f"x{n}") for n in range(10_000)]
    found = parse_mail(mail(ANNA)[:-2] + multipart("mixed", *many))
    assert found.is_cut
    assert found.files[-1].name == "rest.eml"
    assert b"x9999" in found.files[-1].data
    deep = parse_mail(_nested(900))
    assert deep.is_cut
    assert b"deep" in deep.files[-1].data


def test_too_many_files_are_kept_as_one() -> None:
    many = [base64_part("image/png", b"x") for _ in range(MAX_FILES + 10)]
    found = parse_mail(mail(ANNA)[:-2] + multipart("mixed", *many))
    assert (len(found.files), found.is_cut) == (MAX_FILES + 1, True)


def test_a_very_long_text_is_cut_and_kept() -> None:
    found = parse_mail(mail(ANNA, body="x" * (MAX_TEXT_CHARACTERS + 5)))
    assert len(found.plain) == MAX_TEXT_CHARACTERS
    assert files(found) == [("body.txt", "text/plain", MAX_TEXT_CHARACTERS + 5)]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0",
        b"\r\n",
        b"no header at all",
        mail("Subject: " + "x" * 1_000_000),
        mail("Subject: " + "=?utf-8?B?w6Y=?= " * 12_000),
        mail("To: " + ", ".join(f"u{n}@x.example" for n in range(5000))),
        mail(*(f"X-{n}: y" for n in range(5000))),
        mail("Subject: " + "\r\n =?" * 5000),
        mail("Content-Type: text/plain; " + "a=b;" * 9000),
        mail(ANNA)[:-2] + multipart("mixed", part("text/plain", "x"), closed=False),
    ],
)
def test_odd_mails_are_read_in_bounded_size(raw: bytes) -> None:
    found = parse_mail(raw)
    assert len(found.subject) <= 40_000
    assert len(found.to) <= 500
    assert len(found.headers) <= 1000


SPOILERS = (b"", b"\xff", b'"', b"=?", b"?=", b";", b"*", b"\n\n", b"\0", b"<", b"--", b"%", b":")


def seeds() -> list[bytes]:
    """Mails of every kind that this module knows."""
    here = Path(__file__).read_bytes()
    return [
        mail(ANNA, "Subject: =?utf-8?B?w6Y=?=", body="hei"),
        mail(ANNA)[:-2]
        + multipart(
            "related",
            part("text/html", HTML),
            base64_part("image/png", b"x", "Content-ID: <logo@x>"),
        ),
        mail(
            ANNA,
            "Content-Type: application/ms-tnef",
            body=tnef([(0x0006_9003, mapi([(258, 0x1013, b"x")]))]),
        ),
        mail(
            ANNA,
            "Content-Type: application/pkcs7-mime",
            body=opaque_signed(part("text/plain", "x")),
        ),
        mail(ANNA)[:-2] + multipart("mixed", part("message/rfc822", here[:3000])),
        mail(
            ANNA,
            "Content-Type: text/plain; format=flowed",
            body="> a \r\n> b\r\nbegin 644 x\n#0V%T\n`\nend\n",
        ),
        mail(ANNA)[:-2]
        + multipart(
            "report",
            part("message/delivery-status", "Final-Recipient: rfc822; a@x\r\nAction: failed"),
        ),
    ]


def mutate(random: Random, raw: bytes, others: list[bytes]) -> bytes:
    """The mail with a few places spoilt."""
    spoilt = bytearray(raw)
    for _ in range(random.randint(1, 8)):
        place = random.randrange(len(spoilt) + 1)
        end = place + random.randint(0, 40)
        donor = random.choice(others)
        begin = random.randrange(len(donor) + 1)
        spoilt[place:end] = random.choice([*SPOILERS, donor[begin : begin + 60]])
    return bytes(spoilt)


def test_no_spoilt_mail_raises() -> None:
    random, mails = Random(15), seeds()
    for _ in range(1500):
        parse_mail(mutate(random, random.choice(mails), mails))
