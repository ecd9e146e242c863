"""Long texts are read beside the loop, which serves others meanwhile."""

import asyncio
from typing import Any

import pytest

from skranke.messages.add import NewMessage, add_message
from skranke.messages.compose.operations import (
    html_to_text,
    sanitize_mail_content,
    sanitize_mail_contents,
)
from skranke.messages.html_to_text import plain_text
from skranke.messages.offload import MAX_INLINE_CHARACTERS, run_offloaded
from skranke.messages.operations import get_ticket_message_entities
from skranke.messages.sanitize import sanitize
from tests.cast import ANNA, ContextOf
from tests.tickets.make import save

LINE = "<p>Hei <b onclick='x()'>du</b></p>"
LONG = LINE * (MAX_INLINE_CHARACTERS // len(LINE) + 1)


@pytest.mark.parametrize(
    ("operation", "content"),
    [
        (sanitize_mail_content, LONG),
        (sanitize_mail_contents, [LINE] * (MAX_INLINE_CHARACTERS // len(LINE) + 1)),
        (html_to_text, LONG),
    ],
)
async def test_others_have_their_turn_while_a_long_text_is_read(
    context_of: ContextOf, operation: Any, content: Any
) -> None:
    others = asyncio.Event()
    asyncio.get_running_loop().call_soon(others.set)
    read = await operation(context_of(ANNA), content)
    assert others.is_set()
    assert "onclick" not in str(read)


async def test_a_short_text_is_read_at_once() -> None:
    others = asyncio.Event()
    asyncio.get_running_loop().call_soon(others.set)
    assert await run_offloaded(sanitize, LINE) == "<p>Hei <b>du</b></p>"
    assert not others.is_set()


async def test_long_messages_are_as_they_would_be_if_they_were_short(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    ticket = (await save(context)).ticket_id
    for html in (LONG, "", LINE):
        await add_message(context, NewMessage(ticket_id=ticket, html_body=html))
    found = await get_ticket_message_entities(context, ticket, [])
    assert [m.html_body for m in found] == [sanitize(LONG), "", sanitize(LINE)]
    assert [m.body for m in found] == [plain_text(LONG), "", plain_text(LINE)]
