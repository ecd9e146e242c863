"""Messages as an archive: beside their tickets, and of those alone that are seen."""

import pytest

import skranke.app
from skranke.archive import text_index
from skranke.archive.carriers import ArchiveOptions
from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.messages.add import NewMessage, add_message
from skranke.messages.archive import get_messages, get_ticket_messages
from skranke.messages.carriers import TicketMessageType
from skranke.search.indexing import write_documents
from skranke.tickets.message_rows import TicketSecurityLevel
from tests.archive.make import fetch_list, find_keys, make_ticket
from tests.cast import ANNA, STEN, ContextOf

assert skranke.app  # importing it is what lends every provider


async def say(context: RequestContext, ticket_id: int, body: str) -> int:
    return await add_message(
        context,
        NewMessage(
            ticket_id=ticket_id,
            body=body,
            author="Kari",
            type=TicketMessageType.Plain,
            slevel=TicketSecurityLevel.External,
            created_by=context.user.ej_user_id,
            person_id=None,
            created_at=None,
        ),
    )


async def test_a_tickets_messages_are_rows(context_of: ContextOf):
    context = context_of(ANNA)
    ticket_id = await make_ticket(context, title="Cold")
    other = await make_ticket(context)
    first, second = [await say(context, ticket_id, text) for text in ("Brr", "Still")]
    elsewhere = await say(context, other, "Brr")
    options = ArchiveOptions(select="body,slevel,ticket/title,ticket/ownedBy")
    told = await get_ticket_messages(context, ticket_id, options)
    assert [row["PrimaryKey"] for row in told.value] == [str(first), str(second)]
    assert told.value[0]["body"] == "Brr"
    assert told.value[0]["slevel"] == "External"
    assert told.value[0]["ticket/title"] == "Cold"
    assert told.value[0]["ticket/ownedBy"] == "anna"
    found = await get_messages(context, ArchiveOptions(filter="body = 'brr'"))
    assert [row["ticketId"] for row in found.value] == [ticket_id, other]
    assert await find_keys(context, "ticket/title = 'cold'", "TicketMessage") == [first, second]
    assert elsewhere in await find_keys(context, "getAllRows = 1", "ticketmessage")


CONTENT: list[tuple[str, list[int]]] = [
    ("contains 'the pump stands'", [0]),
    ("contains 'pump st'", [0]),
    ("contains 'PUMP'", [0, 1]),
    ("contains 'ump'", []),  # words, from their beginning
    ("contains 'pump the'", []),
    ("contains 'kari'", []),  # an author's name and a title are no content
    ("contains 'boiler'", []),
    ("contains '...'", [1]),
    ("contains ''", [0, 1, 2]),
    ("contains ':* & ! <-> pump'", [0, 1]),
    ("notContains 'pump'", [2]),
    ("begins 'now the'", [0]),
    ("ends 'pumps...'", [1]),
]


@pytest.mark.parametrize("few", [0, text_index.MAX_PREFETCHED_ROWS])
@pytest.mark.parametrize(("asked", "found"), CONTENT)
async def test_content_is_found_by_its_words(
    context_of: ContextOf, monkeypatch: pytest.MonkeyPatch, few: int, asked: str, found: list[int]
):
    monkeypatch.setattr(text_index, "MAX_PREFETCHED_ROWS", few)
    context = context_of(ANNA)
    made = [await make_ticket(context, title="Boiler") for _ in range(3)]
    await say(context, made[0], "Now the pump stands still")
    await say(context, made[1], "They break. No more pumps...")
    await write_documents(context.db, made)
    ours = f"ticketId in ({','.join(map(str, made))})"
    told = await find_keys(context, f"{ours} and content {asked}")
    assert told == [made[n] for n in found]


@pytest.mark.parametrize("asked", ["contains", "contains ('a', 'b')"])
async def test_one_text_is_sought_in_content(context_of: ContextOf, asked: str):
    with pytest.raises(BadValue):
        await find_keys(context_of(ANNA), f"content {asked}")


async def test_a_stranger_finds_no_messages_of_what_he_may_not_see(context_of: ContextOf):
    anna, sten = context_of(ANNA), context_of(STEN)
    payroll = TicketCategoryEntity(ticket_category_id=2)
    hidden = await make_ticket(anna, category=payroll)
    await say(anna, hidden, "Wages")
    with pytest.raises(NotFound, match=f"TicketId: {hidden} does not exist"):
        await get_ticket_messages(sten, hidden, ArchiveOptions())
    some = {"filter": "body = 'Wages'", "select": "body,ticket/title"}
    assert await fetch_list(sten, "TicketMessage", **some) == []
    assert len(await fetch_list(anna, "TicketMessage", **some)) == 1
    members = await fetch_list(sten, "CategoryMembers", select="categoryId")
    assert {row["categoryId"] for row in members} == {1}
