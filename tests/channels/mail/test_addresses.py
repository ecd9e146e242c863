"""What people write as an address is one, or is left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skranke.channels.mail.addresses import (
    CONTROL_CHARACTERS,
    MailAddress,
    first_address,
    mail_addresses,
    unusable,
)
from skranke.channels.mail.signing import (
    MAX_LOCAL_CHARACTERS,
    bounce_address,
    new_message_id,
    outbox_id_of_address,
    reply_address,
    ticket_of_address,
    ticket_of_message_id,
)


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("a@b.example", MailAddress("a@b.example")),
        (
            " Kari Kunde <Kari.K+x@fjord.example> ",
            MailAddress("Kari.K+x@fjord.example", "Kari Kunde"),
        ),
        ('"Kunde, Kari" <k@f.example>', MailAddress("k@f.example", "Kunde, Kari")),
        ("Åse <a@blåbær.example>", MailAddress("a@xn--blbr-roah.example", "Åse")),
        ("a@localhost", MailAddress("a@localhost")),
    ],
)
def test_an_address_with_or_without_a_name(text: str, box: MailAddress):
    assert first_address(text) == box


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nobody",
        "@b.example",
        "a@",
        "a@b..example",
        "a@-b.example",
        "a..b@c.example",
        ".a@c.example",
        "å@c.example",
        "a@b.example>\r\nRCPT TO:<x@y.z",
        f"{'a' * 65}@b.example",
        f"a@{'b' * 64}.example",
        f"a@{'b.' * 130}example",
        "a\0@b.example",
        "<",
    ],
)
def test_what_mail_cannot_go_to_is_left_out(text: str):
    assert mail_addresses([text]) == []


def test_several_in_one_text_each_once():
    found = mail_addresses(["a@b.example, Kari <k@f.example>", "K@F.example", "nobody"])
    assert [box.address for box in found] == ["a@b.example", "k@f.example"]


@given(st.text())
def test_no_text_brings_a_line_of_its_own(text: str):
    for box in mail_addresses([text, f"{text} <a@b.example>", f"{text}@b.example"]):
        assert not CONTROL_CHARACTERS.search(f"{box.name}{box.address}")
        assert box.address.isascii()
        assert " " not in box.address


@given(st.text(min_size=1), st.integers(1, 2**31 - 1))
def test_an_address_is_ours_by_our_key_alone(key: str, number: int):
    reply = reply_address(key, "support@desk.example", number)
    bounce = bounce_address(key, "support@desk.example", number)
    assert ticket_of_address(key, reply.upper()) == number
    assert outbox_id_of_address(key, bounce) == number
    assert ticket_of_address(key, bounce) is None
    assert ticket_of_address(key + "x", reply) is None
    assert len(reply.partition("@")[0]) <= MAX_LOCAL_CHARACTERS
    mail_id = new_message_id(key, number, "desk.example")
    assert ticket_of_message_id(key, mail_id) == number
    assert ticket_of_message_id(key + "x", mail_id) is None


@given(st.text())
def test_no_other_address_is_ours(text: str):
    for name in (text, f"a+r.5.{text}@b.example", f"<t5.{text}@b.example>"):
        assert ticket_of_address("key", name) is None
        assert outbox_id_of_address("key", name) is None
        assert ticket_of_message_id("key", name) is None


def test_a_long_address_stays_as_it_is():
    long = f"{'a' * 50}@b.example"
    assert reply_address("key", long, 5) == long


@pytest.mark.parametrize(
    ("text", "address", "name"),
    [
        ("info@straße.example", "info@xn--strae-oqa.example", ""),  # B2: IDNA 2008
        ("info@blåbær.example", "info@xn--blbr-roah.example", ""),
        ("Nordmann, Kari <k@f.example>", "k@f.example", "Nordmann, Kari"),  # B18
        ("=?utf-8?q?M=C3=BCller=2C_Anna?= <a@f.example>", "a@f.example", "Müller, Anna"),  # B10
        ("می\u200cخواهم <m@f.example>", "m@f.example", "می\u200cخواهم"),  # B11
        ("👩\u200d💻 <d@f.example>", "d@f.example", "👩\u200d💻"),
    ],
)
def test_names_and_domains_are_whole(text: str, address: str, name: str):
    """B2, B10, B11, B18."""
    [box] = mail_addresses([text])
    assert (box.address, box.name) == (address, name)


def test_what_is_no_address_is_named():
    """B16."""
    assert unusable(["good@b.example, bad@@x", '"Doe, J" <j@b.example>', "nobody"]) == [
        "bad@@x",
        "nobody",
    ]
