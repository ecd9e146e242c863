"""The parser runs in a process that may die; the desk does not."""

import asyncio
import os

import pytest

from skranke.messages.mime.parsed import MAX_MAIL_BYTES
from skranke.messages.mime.process import ParserDied, parse_in_child
from tests.messages.mails import base64_part, mail, multipart

SMALL_MEMORY = 128 * 1024 * 1024


async def test_a_mail_is_read_in_a_child_and_comes_back_whole() -> None:
    raw = mail("Subject: æ", body="hei", charset="utf-8")
    found = await parse_in_child(raw)
    assert (found.subject, found.plain) == ("æ", "hei")
    pair = await asyncio.gather(parse_in_child(raw), parse_in_child(raw))
    assert [one.subject for one in pair] == ["æ", "æ"]


async def test_a_mail_that_takes_too_much_memory_ends_its_child_alone() -> None:
    files = [base64_part("image/png", os.urandom(9 * 1024 * 1024)) for _ in range(3)]
    raw = mail("Subject: large")[:-2] + multipart("mixed", *files)
    with pytest.raises(ParserDied, match="ended with"):
        await parse_in_child(raw, memory=SMALL_MEMORY)
    found = await parse_in_child(mail("Subject: next"), memory=SMALL_MEMORY)
    assert found.subject == "next"


async def test_a_mail_that_is_too_long_is_refused_unread() -> None:
    with pytest.raises(ParserDied, match="bytes, more than"):
        await parse_in_child(b"x" * (MAX_MAIL_BYTES + 1))
