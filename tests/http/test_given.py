"""Which properties a posted entity really had, when it is a part of a request."""

import msgspec
import pytest

from skranke.core.dates import Locale
from skranke.http.formats import json_codec, xml_codec
from skranke.http.negotiation import Codec
from skranke.tickets.carriers import TicketEntity
from tests.http.formats.test_json_codec import UTC_LOCALE

LOCALE: Locale = UTC_LOCALE
Request = msgspec.defstruct(
    "Request",
    [("new_entity", TicketEntity), ("notify", bool, False)],
    rename="pascal",
    forbid_unknown_fields=True,
)
NAMES = {"NewEntity", "Notify", "TicketId", "Title"}


@pytest.mark.parametrize(
    ("codec", "body"),
    [
        (json_codec, b'{"NewEntity": {"TicketId": 5, "Title": "T"}, "Notify": true}'),
        (json_codec, b'{"newEntity": {"ticketId": "5", "title": "T"}, "notify": true}'),
        (
            xml_codec,
            b"<Request><NewEntity><TicketId>5</TicketId><Title>T</Title></NewEntity>"
            b"<Notify>true</Notify></Request>",
        ),
    ],
)
def test_the_names_of_a_requests_entity_are_told(codec: Codec, body: bytes):
    read, given = codec.decode(body, Request, LOCALE)
    assert (read.new_entity.ticket_id, read.notify) == (5, True)
    assert given == NAMES


def test_the_names_of_a_carriers_parts_are_not():
    body = b'{"TicketId": 5, "Person": {"PersonId": 7, "Title": "Dr"}}'
    assert json_codec.decode(body, TicketEntity, LOCALE)[1] == {"TicketId", "Person"}
