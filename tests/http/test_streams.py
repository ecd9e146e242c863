"""Files on the wire: as bytes or base64, whole, in part, damaged, too long, cut off."""

import http.client
import json
import os
import signal
import socket
from base64 import b64decode, b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from tests.conftest import DemoServer
from tests.test_command_line import serve

SIGN_IN = {"Authorization": "Basic " + b64encode(b"tje0:Tje0").decode()}
JSON = {"Content-Type": "application/json"}
LONG = bytes(range(256)) * 8192  # 2 MB: many pieces
MB = 1024 * 1024
MAX_BYTES = 100 * MB  # the default of SKRANKE_MAX_ATTACHMENT_BYTES
GROWTH = 30 * MB


class ReadAnswer:
    """An answer read to its end."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status = answer.status
        self.headers = answer.headers
        self.body = answer.read()

    def header(self, name: str) -> str:
        return self.headers.get(name, "")


def ask(url: str, method: str, path: str, body: object = None, **headers: str) -> ReadAnswer:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, {**SIGN_IN, **sent})  # pyright: ignore[reportArgumentType] # bytes and iterators of them
    try:
        return ReadAnswer(connection.getresponse())
    finally:
        connection.close()


def create_file(url: str, name: str, kind: str = "") -> str:
    """The address of a new file without content."""
    body = json.dumps({"Name": name, "ContentType": kind})
    told = ask(url, "POST", "/api/v1/Attachment", body, **JSON)
    assert told.status == 200, told.body
    return f"/api/v1/Attachment/{json.loads(told.body)['AttachmentId']}"


def upload(url: str, name: str, data: bytes, kind: str = "") -> str:
    """The address of a new file's content."""
    address = create_file(url, name, kind) + "/Content"
    assert ask(url, "POST", address, data).status == 204
    return address


def content_path(data: Path, content: bytes) -> Path:
    """Where the desk with this data directory keeps a content."""
    name = sha256(content).hexdigest()
    return data / "attachments" / name[:2] / name[2:4] / name


@pytest.mark.parametrize(
    "accept",
    [
        "application/octet-stream",
        "*/*",
        "image/png",
        "text/html,application/xhtml+xml,application/xml;q=0.9",
        "application/json;q=0.5, application/pdf",
    ],
)
def test_a_file_goes_out_as_its_bytes(demo: DemoServer, accept: str) -> None:
    address = upload(demo.url, "a.pdf", LONG)
    told = ask(demo.url, "GET", address, Accept=accept)
    assert (told.status, told.body) == (200, LONG)
    assert told.header("content-type") == "application/pdf"
    assert told.header("content-length") == str(len(LONG))
    assert told.header("x-content-type-options") == "nosniff"
    assert told.header("cache-control") == "no-store"


def test_without_accept_a_file_goes_out_as_its_bytes(demo: DemoServer) -> None:
    address = upload(demo.url, "a.txt", b"abc")
    assert ask(demo.url, "GET", address).body == b"abc"


@pytest.mark.parametrize("data", [b"", b"a", b"ab", b"abc", LONG, LONG + b"!"])
def test_who_asks_for_json_gets_base64_in_a_string(demo: DemoServer, data: bytes) -> None:
    address = upload(demo.url, "a.pdf", data)
    told = ask(demo.url, "GET", address, Accept="application/json, text/plain, */*")
    assert told.header("content-type") == "application/json; charset=utf-8"
    assert told.header("content-length") == str(len(told.body))
    assert b64decode(json.loads(told.body), validate=True) == data


def test_who_asks_for_xml_gets_base64_in_an_element(demo: DemoServer) -> None:
    address = upload(demo.url, "a.pdf", LONG)
    told = ask(demo.url, "GET", address, Accept="application/xml")
    assert told.header("content-type").startswith("application/xml")
    element = ElementTree.fromstring(told.body)  # noqa: S314 - of our own making
    assert element.tag == "base64Binary"
    assert b64decode(element.text or "", validate=True) == LONG


def test_both_forms_come_in_and_out_of_the_agent(demo: DemoServer) -> None:
    number = int(create_file(demo.url, "a.txt").rpartition("/")[2])
    body = {"attachmentId": number, "content": b64encode(LONG).decode()}
    upload = "/api/v1/Agents/Ticket/UploadAttachment"
    assert ask(demo.url, "POST", upload, json.dumps(body), **JSON).status == 204
    stream, which = "/api/v1/Agents/Ticket/GetAttachmentStream", json.dumps(body)
    raw = ask(demo.url, "POST", stream, which, Accept="application/octet-stream", **JSON)
    assert raw.body == LONG
    text = ask(demo.url, "POST", stream, which, Accept="application/json", **JSON)
    assert b64decode(json.loads(text.body)) == LONG


@pytest.mark.parametrize(
    "kind",
    [
        "text/html",
        "image/svg+xml",
        "text/xml",
        "application/xhtml+xml",
        "text/javascript",
        "application/pdf\r\nX-Bad: 1",
        "audio/x\rX-Bad: 1",
        "nonsense",
    ],
)
def test_what_a_browser_would_run_goes_out_as_bytes(demo: DemoServer, kind: str) -> None:
    address = upload(demo.url, "a", b"<script>alert(1)</script>", kind)
    told = ask(demo.url, "GET", address)
    assert told.header("content-type") == "application/octet-stream"
    assert told.header("content-disposition").startswith("attachment;")
    assert told.header("x-content-type-options") == "nosniff"
    assert "x-bad" not in told.headers


@pytest.mark.parametrize(
    ("name", "plain", "whole"),
    [
        ("a.txt", "a.txt", "a.txt"),
        ('"; filename=b.exe', "_; filename=b.exe", "%22%3B%20filename%3Db.exe"),
        ("50% æ€.txt", "50_ __.txt", "50%25%20%C3%A6%E2%82%AC.txt"),
        ("a'b(c)*.txt", "a'b(c)*.txt", "a%27b%28c%29%2A.txt"),
    ],
)
def test_a_name_is_told_to_old_and_new_readers(
    demo: DemoServer, name: str, plain: str, whole: str
) -> None:
    told = ask(demo.url, "GET", upload(demo.url, name, b"abc"))
    expected = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}"
    assert told.header("content-disposition") == expected


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=5-1000000", 5, 1000001),
        ("bytes=-1", -1, None),
        ("bytes=2000000-", 2000000, None),
        ("bytes=196608-393215", 196608, 393216),
        ("bytes=0-99999999999", 0, None),
        ("bytes=-99999999", 0, None),
    ],
)
def test_a_part_is_sent_alone(demo: DemoServer, asked: str, start: int, end: int | None) -> None:
    told = ask(demo.url, "GET", upload(demo.url, "a.pdf", LONG), Range=asked)
    assert (told.status, told.body) == (206, LONG[start:end])
    first, last = range(len(LONG))[start:end][0], range(len(LONG))[start:end][-1]
    assert told.header("content-range") == f"bytes {first}-{last}/{len(LONG)}"


def test_parts_that_are_not_there_and_parts_that_are_not_told(demo: DemoServer) -> None:
    address = upload(demo.url, "a.txt", b"abc")
    for beyond in ("bytes=3-", "bytes=-0"):
        told = ask(demo.url, "GET", address, Range=beyond)
        assert (told.status, told.body) == (416, b"")
        assert told.header("content-range") == "bytes */3"
    for ignored in ("bytes=0-0,2-2", "lines=0-1", "bytes=-", "bytes=a-b"):
        told = ask(demo.url, "GET", address, Range=ignored)
        assert (told.status, told.body) == (200, b"abc")
    told = ask(demo.url, "GET", address, Range="bytes=1-", If_Range='"v1"')
    assert (told.status, told.body) == (200, b"abc")
    assert told.header("accept-ranges") == "bytes"


def test_short_content_that_is_damaged_is_refused(demo: DemoServer) -> None:
    for name, spoil in (("a.txt", b"cba"), ("b.txt", b""), ("c.txt", None)):
        data = f"damaged {name}".encode()
        address = upload(demo.url, name, data)
        place = content_path(demo.data, data)
        place.unlink() if spoil is None else place.write_bytes(spoil)
        told = ask(demo.url, "GET", address)
        assert told.status == 500
        assert b"damaged" in json.loads(told.body)["ErrorMessage"].encode()


@pytest.mark.parametrize(
    "asked", [{}, {"Range": "bytes=0-1000000"}, {"Accept": "application/json"}]
)
def test_long_content_that_is_damaged_never_ends(demo: DemoServer, asked: dict[str, str]) -> None:
    data = LONG + repr(asked).encode()
    address = upload(demo.url, "a.pdf", data)
    content_path(demo.data, data).write_bytes(data[:-1] + b"?")
    with pytest.raises(http.client.IncompleteRead):
        ask(demo.url, "GET", address, **asked)


def test_a_body_that_is_no_file_is_refused(demo: DemoServer) -> None:
    address = create_file(demo.url, "a.txt") + "/Content"
    for header in (
        {"Content_Encoding": "gzip"},
        {"Content_Type": "multipart/form-data; boundary=x"},
    ):
        told = ask(demo.url, "POST", address, b"abc", **header)
        assert told.status == 415, header
    assert ask(demo.url, "GET", address).status == 404


def test_a_long_file_is_refused_before_it_is_sent(demo: DemoServer) -> None:
    address = create_file(demo.url, "a.txt") + "/Content"
    for size in (MAX_BYTES + 1, 10**19):
        told = ask(demo.url, "POST", address, b"", Content_Length=str(size))
        assert told.status == 413
        assert json.loads(told.body)["ErrorMessage"] == (
            f"The file is larger than {MAX_BYTES} bytes."
        )


def cache(pid: int, name: str) -> int:
    """A figure of a process's memory in bytes: VmRSS now, VmHWM at most."""
    status = Path(f"/proc/{pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith(name)]
    return int(line.split()[1]) * 1024


def mebibytes(count: int) -> Iterator[bytes]:
    for number in range(count):
        yield number.to_bytes(4) * (MB // 4)


def test_the_longest_file_takes_little_memory(tmp_path: Path) -> None:
    with serve("--demo", "--data", str(tmp_path)) as (url, process):
        short = upload(url, "short.bin", LONG)
        assert ask(url, "GET", short).body == LONG
        before = cache(process.pid, "VmRSS")
        Path(f"/proc/{process.pid}/clear_refs").write_text("5")  # forgets VmHWM
        address = create_file(url, "long.bin") + "/Content"
        length = str(MAX_BYTES)
        told = ask(url, "POST", address, mebibytes(100), Content_Length=length)
        assert told.status == 204
        uploading = cache(process.pid, "VmHWM")
        for accept in ("*/*", "application/json", "application/xml"):
            assert count_bytes(url, address, accept) >= MAX_BYTES
        too_long = ask(url, "POST", address, mebibytes(101))  # of no told length
        assert too_long.status == 413
        assert uploading - before < GROWTH
        assert cache(process.pid, "VmHWM") - before < GROWTH


def count_bytes(url: str, address: str, accept: str) -> int:
    """How many bytes come, none of which is kept."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    connection.request("GET", address, headers={**SIGN_IN, "Accept": accept})
    answer = connection.getresponse()
    size = 0
    while piece := answer.read(MB):
        size += len(piece)
    connection.close()
    return size


def begin_upload(url: str, address: str, size: int) -> socket.socket:
    """A connection on which a file of this size is sent, as far as LONG goes."""
    place = urlsplit(url)
    connection = socket.create_connection((place.hostname or "", place.port or 0))
    head = f"POST {address} HTTP/1.1\r\nHost: {place.netloc}\r\n"
    head += f"Authorization: {SIGN_IN['Authorization']}\r\n"
    connection.sendall(f"{head}Content-Length: {size}\r\n\r\n".encode() + LONG)
    return connection


def test_a_client_that_goes_away_leaves_no_content(demo: DemoServer) -> None:
    address = create_file(demo.url, "a.bin") + "/Content"
    begin_upload(demo.url, address, 2 * len(LONG)).close()
    assert ask(demo.url, "GET", address).status == 404
    assert ask(demo.url, "POST", address, b"abc").status == 204
    assert ask(demo.url, "GET", address).body == b"abc"


def test_a_kill_in_the_middle_of_an_upload_leaves_no_content(tmp_path: Path) -> None:
    with serve("--demo", "--data", str(tmp_path)) as (url, process):
        kept = upload(url, "kept.bin", LONG + b"kept")
        half, whole = create_file(url, "half.bin"), create_file(url, "whole.bin")
        connections = [
            begin_upload(url, f"{half}/Content", 2 * len(LONG)),
            begin_upload(url, f"{whole}/Content", len(LONG)),
        ]
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        for connection in connections:
            connection.close()
    with serve("--data", str(tmp_path)) as (url, _):
        assert json.loads(ask(url, "GET", half).body)["AttSize"] == 0
        assert ask(url, "GET", f"{half}/Content").status == 404
        assert ask(url, "GET", kept).body == LONG + b"kept"
        told = ask(url, "GET", f"{whole}/Content")  # the kill came before or after it
        size = json.loads(ask(url, "GET", whole).body)["AttSize"]
        assert (told.status, size) in ((404, 0), (200, len(LONG)))
        assert told.status == 404 or told.body == LONG
