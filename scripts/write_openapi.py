"""Writes tests/reference/openapi.json: the whole document, to be read as a diff."""

import json
from pathlib import Path

# publishes every operation
import skranke.app  # noqa: F401 # pyright: ignore[reportUnusedImport]
from skranke.http.openapi.v3 import document

GOLDEN = Path(__file__).parent.parent / "tests/reference/openapi.json"


def golden() -> str:
    """The document as the file has it; the version stays out of it."""
    return json.dumps(document("golden"), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    GOLDEN.write_text(golden(), encoding="utf-8")
    print(f"{GOLDEN} is written")
