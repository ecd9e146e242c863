"""Which addresses are the desk's, and whom a reply to all goes to."""

import pytest

from skranke.core.settings import Settings
from skranke.db.database import Db
from skranke.messages.compose.carriers import MessageActionType
from skranke.messages.own_addresses import is_own, own_addresses
from skranke.messages.recipients import recipients
from tests.cast import ANNA, ContextOf

OWN = frozenset({"support@desk.example", "post@xn--strae-oqa.example"})
TICKET = """
INSERT INTO ticket (id, title, created_at, created_by, owned_by, category, orig_category,
    slevel, priority, orig_priority, status, ticket_status, origin, read_status, ticket_type,
    cust_id, last_changed)
VALUES (900, 'Pump', now(), 3, 3, 1, 1, 2, 2, 2, 1, 1, 13, 3, 1, 7, now())
"""


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("Support@Desk.Example", True),
        ("support+r.12.abcdefghijklmnop@desk.example", True),
        ("support+b.12.abcdefghijklmnop@desk.example", True),
        ("support+sales@desk.example", False),
        ("other+r.12.abcdefghijklmnop@desk.example", False),
        ("kari@fjord.example", False),
    ],
)
def test_ours_are_our_addresses_and_the_subaddresses_that_we_make(address: str, ours: bool):
    """B4."""
    assert is_own(address, OWN) is ours


async def test_the_desks_sender_is_ours_with_its_domain_in_ascii(context_of: ContextOf):
    """B2, B4."""
    context = context_of(ANNA, settings=Settings(mail_from="Desk <post@straße.example>"))
    assert "post@xn--strae-oqa.example" in await own_addresses(context)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
async def test_a_reply_to_all_reads_the_mails_own_head(db: Db, context_of: ContextOf, end: str):
    """B3, B4, B10, B18."""
    head = [
        "from: kari@fjord.example",
        "TO: Jane Doe <jane@x.example>,",
        " =?utf-8?q?M=C3=BCller=2C_Anna?= <mueller@x.example>, desk@desk.example",
        "Cc: Hill, Jill <jill@x.example>, desk+r.5.abcdefghijklmnop@desk.example",
    ]
    await db.execute(TICKET)
    await db.execute(
        """
        INSERT INTO ej_message (id, ticket_id, created_at, created_by, author, body, customer_id,
            email_header, slevel, badge)
        VALUES (901, 900, now(), 1, 'kari@fjord.example', 'Hi', 7, $1, 2, 4)
        """,
        end.join(head),
    )
    context = context_of(ANNA, settings=Settings(mail_from="desk@desk.example"))
    told = await recipients(context, 900, MessageActionType.ReplyAll, 901)
    by_kind = [(one.type.value, one.value, one.display_value) for one in told]
    assert [value for kind, value, _ in by_kind if kind == "To"] == ["kari@fjord.example"]
    assert [(value, name) for kind, value, name in by_kind if kind == "CC"] == [
        ("jane@x.example", "Jane Doe"),
        ("mueller@x.example", "Müller, Anna"),
        ("jill@x.example", "Hill, Jill"),
    ]
