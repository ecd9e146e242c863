"""Which codec reads a body, and as what an answer goes."""

from zoneinfo import ZoneInfo

import pytest

from skranke.catalog.tags.carriers import Tag
from skranke.core.dates import Locale
from skranke.core.errors import MalformedRequest, UnsupportedMediaType
from skranke.http import negotiation
from skranke.http.request import Head

LOCALE = Locale(ZoneInfo("UTC"))


def head(**headers: str) -> Head:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Head(method="POST", path="/", query={}, headers=named, peer="")


def read(body: bytes, **headers: str) -> Tag:
    codec = negotiation.request_codec(head(**headers), body)
    return codec.decode(body, Tag, LOCALE)[0]


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "text/json",
        "application/json-patch+json",
        "application/merge-patch+json",
        "Application/JSON ; Charset=UTF-8",
        'application/json;charset="utf-8"',
        "application/json; version=1",
        "application/json; charset=us-ascii",
    ],
)
def test_the_json_family_is_read(kind: str):
    assert read('{"Name":"blå"}'.encode(), content_type=kind).name == "blå"


@pytest.mark.parametrize("charset", ["utf-16", "UTF-16LE", "utf-16be"])
def test_utf_16_is_read(charset: str):
    body = '{"Name":"blå"}'.encode(charset)
    assert read(body, content_type=f"application/json; charset={charset}").name == "blå"


def test_damaged_utf_16_is_refused():
    with pytest.raises(MalformedRequest, match="utf-16"):
        read(b'{"Name":"x"}x', content_type="application/json; charset=utf-16")


@pytest.mark.parametrize("body", [b'{"Id":1}', b' \r\n{"Id":1}', b'\xef\xbb\xbf{"Id":1}'])
def test_a_body_without_a_type_is_json_when_it_looks_so(body: bytes):
    assert read(body).id == 1


@pytest.mark.parametrize("kind", ["application/xml", "text/xml", "Text/XML; charset=utf-8", ""])
def test_xml_is_read(kind: str):
    assert read("<Tag><Name>blå</Name></Tag>".encode(), content_type=kind).name == "blå"


@pytest.mark.parametrize("charset", ["utf-16", "utf-16le", "utf-16be", "utf-8", ""])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-8"])
def test_the_charset_and_the_first_bytes_overrule_what_xml_declares(charset: str, encoding: str):
    text = f'<?xml version="1.0" encoding="{encoding}"?><Tag><Name>blå</Name></Tag>'
    body = text.encode(charset or "utf-16")
    kind = f"text/xml; charset={charset}" if charset else "text/xml"
    assert read(body, content_type=kind).name == "blå"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("", b"\xff\xfe{\0"),
        ("text/plain;charset=UTF-8", b'{"Id":1}'),
        ("application/json; charset=iso-8859-1", b'{"Id":1}'),
        ("nonsense", b'{"Id":1}'),
    ],
)
def test_any_other_type_is_refused(kind: str, body: bytes):
    with pytest.raises(UnsupportedMediaType):
        read(body, content_type=kind)


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("application/json; charset=utf-8", "application/json"),
        ("APPLICATION/*", "application/json"),
        ("text/json", "text/json"),
        ("text/*", "text/json"),
        ("application/json-patch+json", "application/json-patch+json"),
        ("application/merge-patch+json, */*;q=0.1", "application/merge-patch+json"),
        ("text/json;q=0.5, application/json;q=0.9", "application/json"),
        ("application/json; q=0.5, text/json", "text/json"),
        ("text/json, application/json", "text/json"),
        ("application/json;q=0, */*", "text/json"),
        ("application/xml", "application/xml"),
        ("text/xml", "text/xml"),
        ("text/xml; charset=utf-16, */*;q=0.1", "text/xml"),
        ("application/xml;q=0.8, application/json;q=0.9", "application/json"),
        ("application/json;q=0.8, application/xml", "application/xml"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/xml"),
        ("application/octet-stream", "application/json"),
        ("text/json;q=nonsense", "text/json"),
        (",;,q=1", "application/json"),
    ],
)
def test_the_answer_is_of_the_type_that_accept_prefers(accept: str, kind: str):
    codec, answered = negotiation.response_codec(head(accept=accept))
    assert answered == f"{kind}; charset=utf-8"
    assert codec.encode(True, LOCALE, bool).startswith(TRUTH[kind[-3:]])


TRUTH = {"xml": b"<boolean", "son": b"true"}


@pytest.mark.parametrize(
    ("sent", "accept", "kind"),
    [
        ("application/xml", "", "application/xml"),
        ("Text/XML; charset=utf-16", "", "text/xml"),
        ("text/xml", "*/*", "application/json"),
        ("text/xml", "application/json", "application/json"),
        ("application/json", "text/xml", "text/xml"),
        ("application/merge-patch+json", "", "application/json"),
        ("application/x-www-form-urlencoded", "", "application/json"),
    ],
)
def test_without_accept_xml_is_answered_with_xml(sent: str, accept: str, kind: str):
    asked = head(accept=accept, content_type=sent)
    assert negotiation.response_codec(asked)[1] == f"{kind}; charset=utf-8"
