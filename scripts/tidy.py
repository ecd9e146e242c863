"""Takes blanks from the ends of lines, and ends each file with one newline.

`python -m scripts.tidy FILE…` names the files it mended and exits 1 if there were any.
"""

import re
import sys
from pathlib import Path


def tidy(text: bytes) -> bytes:
    """The same lines without blanks behind them; empty stays empty."""
    lines = re.sub(rb"[ \t]+(?=\r?$)", b"", text, flags=re.MULTILINE).rstrip(b"\r\n")
    return lines + b"\n" if lines else b""


def main(files: list[str]) -> int:
    mended = 0
    for file in map(Path, files):
        text = file.read_bytes()
        if tidy(text) != text:
            file.write_bytes(tidy(text))
            print(f"{file}: mended")
            mended = 1
    return mended


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
