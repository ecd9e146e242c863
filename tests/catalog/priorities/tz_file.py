"""When a zone's clocks are turned, as its file in the tz database says (RFC 9636)."""

import struct
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from zoneinfo import TZPATH

UNIX = datetime(1970, 1, 1, tzinfo=UTC)
HEADER = struct.Struct(">20x6l")


@cache
def turns(key: str) -> list[tuple[datetime, int]]:
    """Each instant at which the offset changes, with the new offset in seconds.

    As far as the file lists them; the rule for the years after is not read.
    """
    data = tz_bytes(key)
    utc, std, leap, times, types, chars = HEADER.unpack_from(data)
    second = HEADER.size + times * 5 + types * 6 + chars + leap * 8 + std + utc
    _, _, _, times, types, _ = HEADER.unpack_from(data, second)
    at = second + HEADER.size
    instants = struct.unpack_from(f">{times}q", data, at)
    kinds = data[at + times * 8 : at + times * 9]
    offsets = [
        struct.unpack_from(">l", data, at + times * 9 + kind * 6)[0] for kind in range(types)
    ]
    found: list[tuple[datetime, int]] = []
    offset = offsets[0]
    for instant, kind in zip(instants, kinds, strict=True):
        if offsets[kind] != offset:
            offset = offsets[kind]
            found.append((UNIX + timedelta(seconds=instant), offset))
    return found


def tz_bytes(key: str) -> bytes:
    """The zone's file from where zoneinfo takes it: the system, else the package."""
    for path in (Path(root, key) for root in TZPATH):
        if path.is_file():
            return path.read_bytes()
    return files("tzdata").joinpath("zoneinfo", key).read_bytes()
