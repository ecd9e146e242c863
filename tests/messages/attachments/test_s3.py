"""Content in S3-compatible storage, on a server of its own that speaks S3."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256

import httpx
import obstore
import pytest
from moto.server import ThreadedMotoServer
from obstore.store import from_url

from skranke.core.errors import InternalError, PayloadTooLarge, ServiceUnavailable
from skranke.core.settings import Settings
from skranke.db.database import Db
from skranke.messages.attachments import content, jobs
from skranke.messages.attachments.eml import join_chunks
from skranke.messages.attachments.storage import store_of
from tests.cast import ANNA, NOW, ContextOf
from tests.messages.attachments.make import file, pieces

MB = 1024 * 1024
LATE = datetime(9999, 1, 1, tzinfo=UTC)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadedMotoServer]:
    """An empty bucket `files`, which the environment gives access to."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "desk",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    httpx.put(f"http://{host}:{port}/files").raise_for_status()
    yield server
    server.stop()


@pytest.mark.usefixtures("bucket")
async def test_content_comes_and_goes_by_s3(context_of: ContextOf, db: Db) -> None:
    settings = Settings(storage_url="s3://files/desk", max_attachment_bytes=12 * MB)
    context = context_of(ANNA, settings=settings)
    parts = [bytes([number]) * MB for number in range(12)]
    one = await content.create_file_with_content(context, "a.bin", "", pieces(*parts))
    assert await join_chunks(await content.read_content(context, one)) == b"".join(parts)
    two = await file(context, "b.txt", b"gone")
    with pytest.raises(PayloadTooLarge):
        await content.write_content(context, two, pieces(*parts, b"!"))
    await jobs.remove_orphan(context, two)
    [garbage] = await jobs.claim_garbage(db, NOW, 9, [])
    await jobs.remove_unused_content(context, garbage)
    store, known = store_of(settings), sha256(b"".join(parts)).hexdigest()
    await store.drop_drafts(LATE)
    assert [page async for page in store.hashes(LATE)] == [[known]]
    place = f"desk/{known[:2]}/{known[2:4]}/{known}"
    direct = from_url("s3://files", client_options={"allow_http": True})
    await obstore.put_async(direct, place, b"wrong")
    with pytest.raises(InternalError, match="damaged"):
        await join_chunks(await content.read_content(context, one))


async def test_storage_that_is_away_is_said_to_be(
    context_of: ContextOf, bucket: ThreadedMotoServer
) -> None:
    context = context_of(ANNA, settings=Settings(storage_url="s3://files/away"))
    one = await file(context, "a.txt", b"abc")
    bucket.stop()
    with pytest.raises(ServiceUnavailable, match="storage of files"):
        await content.read_content(context, one)
    with pytest.raises(ServiceUnavailable, match="storage of files"):
        await content.write_content(context, one, pieces(b"other"))
    known = await content.load_file_row(context.db, one)
    assert known
    assert known.att_size == 3
