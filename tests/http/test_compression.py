"""Answers are compressed for those who ask, where the desk is told to."""

import gzip
import http.client
from base64 import b64encode
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.test_command_line import serve


def read(url: str, path: str, encoding: str) -> tuple[str | None, bytes]:
    """Content-Encoding and bytes of an answer."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    headers = {
        "Authorization": "Basic " + b64encode(b"tje0:Tje0").decode(),
        "Accept-Encoding": encoding,
    }
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    assert answer.status == 200
    return answer.getheader("content-encoding"), answer.read()


def test_a_long_answer_is_compressed_for_who_takes_it(tmp_path: Path) -> None:
    with serve("--demo", "--data", str(tmp_path), SKRANKE_COMPRESS_ANSWERS="1") as (url, _):
        kind, packed = read(url, "/api/v1/Ticket/389", "gzip, deflate")
        plain_kind, plain = read(url, "/api/v1/Ticket/389", "identity")
        assert (kind, plain_kind) == ("gzip", None)
        assert gzip.decompress(packed) == plain
        assert len(packed) < len(plain) / 2
        assert read(url, "/_desk/health", "gzip")[0] is None


@pytest.mark.parametrize("path", ["/api/v1/Ticket/389", "/openapi.json"])
def test_nothing_is_compressed_where_nobody_asked(tmp_path: Path, path: str) -> None:
    with serve("--demo", "--data", str(tmp_path)) as (url, _):
        assert read(url, path, "gzip")[0] is None
