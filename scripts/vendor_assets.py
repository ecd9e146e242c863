"""Fetch the browser libraries of the web pages from npm, pinned by version and hash.

`make vendor` writes skranke/web/static/vendor anew. The files are committed, so that a
desk needs nothing from outside; this script says where each of them is from.
"""

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).parent.parent / "skranke/web/static/vendor"
# package, version, file in the package, name here, SHA-256 of the file
ASSETS = [
    (
        "htmx.org",
        "2.0.11",
        "dist/htmx.min.js",
        "htmx.js",
        "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717",
    ),
    (
        "squire-rte",
        "2.4.8",
        "dist/squire.js",
        "squire.js",
        "75c1665d33ec8c1a08dbb5cadae8381acfded4677da44d70cf88a59e4082af20",
    ),
    (
        "dompurify",
        "3.5.0",
        "dist/purify.min.js",
        "purify.js",
        "f69a46022ab1f53e969c8ebbca98172c8995785a9b3be72ea4a12d25b1a1bf67",
    ),
    ("htmx.org", "2.0.11", "LICENSE", "htmx.LICENSE", ""),
    ("squire-rte", "2.4.8", "LICENSE", "squire.LICENSE", ""),
    ("dompurify", "3.5.0", "LICENSE", "purify.LICENSE", ""),
]


def fetch(package: str, version: str, folder: Path) -> Path:
    """The package's archive, as npm has it."""
    command = ["npm", "pack", "--silent", f"{package}@{version}"]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return folder / done.stdout.strip().splitlines()[-1]


def main() -> int:
    """Write every file; 1 where one isn't what was pinned."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        archives: dict[str, Path] = {}
        for package, version, member, name, expected in ASSETS:
            key = f"{package}@{version}"
            if key not in archives:
                archives[key] = fetch(package, version, Path(temporary))
            with tarfile.open(archives[key]) as archive:
                content = archive.extractfile(f"package/{member}")
                assert content
                data = content.read()
            digest = hashlib.sha256(data).hexdigest()
            if expected and digest != expected:
                print(f"{key} {member}: SHA-256 is {digest}, pinned is {expected}")
                return 1
            (VENDOR / name).write_bytes(data)
            print(f"{name}: {key}, {len(data):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
