"""From which address a ticket is written about, and after which letters."""

from skranke.channels.mail.thread_headers import MAX_REFERENCES, sender_address, thread_references
from skranke.core.settings import Settings
from skranke.messages.add import NewMessage, add_message
from tests.cast import ANNA, ContextOf
from tests.tickets.make import save

DESK = Settings(mail_from="desk@skranke.example")


async def test_the_sender_is_the_mailbox_then_the_categorys_then_the_desks(context_of: ContextOf):
    context = context_of(ANNA, settings=DESK)
    ticket_id = (await save(context, title="T")).ticket_id
    assert await sender_address(context, ticket_id) == "desk@skranke.example"
    await context.db.execute(
        "INSERT INTO mail_in_filter (address, category_id) VALUES ('c@d.example', 1)"
    )
    assert await sender_address(context, ticket_id) == "c@d.example"
    await context.db.execute("UPDATE ticket SET filter_address = 'in@d.example'")
    assert await sender_address(context, ticket_id) == "in@d.example"
    assert await sender_address(context, 0) == "desk@skranke.example"


async def test_a_thread_is_what_came_before_and_has_an_end(context_of: ContextOf):
    context = context_of(ANNA)
    ticket_id = (await save(context, title="T")).ticket_id
    ids = [
        await add_message(context, NewMessage(ticket_id=ticket_id, body="x", message_id=f"<{n}@x>"))
        for n in range(30)
    ]
    assert await thread_references(context.db, ticket_id, ids[2]) == ["<0@x>", "<1@x>"]
    thread = await thread_references(context.db, ticket_id, None)
    assert (len(thread), thread[0], thread[-1]) == (MAX_REFERENCES, "<0@x>", "<29@x>")
