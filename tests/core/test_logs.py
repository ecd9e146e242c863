"""Log lines carry the request's id and no secret."""

import json
import logging

import pytest

from skranke.core.logs import JsonFormatter, TextFormatter, new_request_id, redact, request_id


def record(message: str, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord("skranke.http", logging.WARNING, "", 1, message, None, None)
    vars(made).update(extra)
    return made


@pytest.mark.parametrize(
    "secret",
    [
        "Authorization: Basic dGplMDpUamUw",
        "authorization=Bearer 8A:Default.abcdefghijklmnop",
        '{"password": "hunter2hunter2"}',
        "?token=dGplMDpUamUw",
        "8A:Default.c2VjcmV0c2VjcmV0",
        "7T:c2VjcmV0c2VjcmV0c2VjcmV0=",
        "smtp://kari:hunter2@mail.example:587",
        "SO-AppToken: 0123456789",
        "Cookie: skranke_session=0123456789",
        "sent Bearer abcdefghij",
    ],
)
def test_a_secret_never_reaches_a_line(secret: str) -> None:
    for value in ("dGplMDpUamUw", "hunter2", "c2VjcmV0", "0123456789", "abcdefghij"):
        assert value not in redact(f"before {secret} after")
    assert "before" in redact(f"before {secret} after")


def test_what_is_no_secret_stays() -> None:
    for text in ("Ticket 12: title", "POST /api/v1/Ticket 200 in 12 ms", "http://desk.example/a"):
        assert redact(text) == text


def test_a_json_line_has_the_request_id_and_the_extras() -> None:
    mark = request_id.set("abc-1")
    try:
        line = json.loads(JsonFormatter().format(record("Basic dGplMDpUamUw", status=200)))
        text = TextFormatter("%(levelname)s%(request)s: %(message)s").format(record("x"))
    finally:
        request_id.reset(mark)
    assert line["request_id"] == "abc-1"
    assert line["status"] == 200
    assert line["message"] == "[redacted]"
    assert text == "WARNING [abc-1]: x"


def test_only_a_sane_request_id_is_taken_over() -> None:
    assert new_request_id("4bf92f35-77b3.a") == "4bf92f35-77b3.a"
    for bad in ("", "a b", "a\nb", "x" * 129, 'a"b'):
        assert new_request_id(bad) != bad
