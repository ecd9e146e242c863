"""Stylesheets, scripts and icons: served from here alone, under a hash of them all.

The hash is part of the address, so browsers may keep a file for ever, and modules find
each other by relative addresses. Everything is compressed once, at the start.
"""

import gzip
import hashlib
from importlib.resources import files
from importlib.resources.abc import Traversable

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
HASH_CHARACTERS = 12


class Asset(Struct, frozen=True):
    """A file as it is served: plain and compressed."""

    content_type: str
    content: bytes
    compressed: bytes


def load_assets() -> tuple[str, dict[str, Asset]]:
    """The hash of all files, and the files by their path under `static`."""
    found: dict[str, Asset] = {}
    _collect(files("skranke.web").joinpath("static"), "", found)
    digest = hashlib.sha256()
    for path in sorted(found):
        digest.update(path.encode())
        digest.update(found[path].content)
    return digest.hexdigest()[:HASH_CHARACTERS], found


def _collect(folder: Traversable, prefix: str, found: dict[str, Asset]) -> None:
    for entry in folder.iterdir():
        if entry.is_dir():
            _collect(entry, f"{prefix}{entry.name}/", found)
        elif content_type := TYPES.get(entry.name.rpartition(".")[2]):
            content = entry.read_bytes()
            found[prefix + entry.name] = Asset(
                content_type, content, gzip.compress(content, 9, mtime=0)
            )


VERSION, ASSETS = load_assets()
FOR_EVER = {
    "cache-control": "public, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
    "vary": "accept-encoding",
}


def asset_url(path: str) -> str:
    """The address of a file under `static`."""
    if path not in ASSETS:
        raise KeyError(f"There is no asset {path!r} under skranke/web/static")
    return f"/static/{VERSION}/{path}"


async def serve_asset(request: Request) -> Response:
    """A file of the pages; 404 for what isn't one."""
    found = ASSETS.get(request.path_params["path"])
    if found is None:
        return Response(status_code=404)
    headers = (
        FOR_EVER if request.path_params["version"] == VERSION else {"cache-control": "no-cache"}
    )
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers = {**headers, "content-encoding": "gzip"}
        return Response(found.compressed, headers=headers, media_type=found.content_type)
    return Response(found.content, headers=headers, media_type=found.content_type)


def routes() -> list[Route]:
    """`/static/{version}/…`, for everybody."""
    return [Route("/static/{version}/{path:path}", serve_asset)]
