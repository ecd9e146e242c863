"""The message rows of the demo desk, and their To lines."""

from collections.abc import Sequence
from html import escape
from random import Random

from skranke.devtools.demo.conversation import Said
from skranke.devtools.demo.rows import Header, Message
from skranke.devtools.demo.scenarios import Case
from skranke.tickets.carriers import TicketOrigin

SYSTEM = 1  # the Service user of what comes from outside
INTERNAL, EXTERNAL = 1, 2  # slevel
PLAIN, HTML = 1, 2  # type
REPLY, COMMENT, INCOMING = 1, 3, 4  # badge
ADDRESS = "support@lunvarm.example"


def messages(rng: Random, case: Case, told: Sequence[Said]) -> list[Message]:
    """A row for each turn; ids are given later, when all are there."""
    return [_message(rng, case, said, n) for n, said in enumerate(told, start=1)]


def headers(rows: Sequence[Message], recipients: dict[int, str]) -> list[Header]:
    """A To line for each answer, to the address of the ticket's customer."""
    return [
        Header(message_id=row.id, name="To", value=recipients[row.ticket_id])
        for row in rows
        if row.badge == REPLY
    ]


def sender(case: Case) -> str:
    """The address that the ticket came from."""
    return case.client.email if case.client else str(case.told["sender"])


def _message(rng: Random, case: Case, said: Said, number: int) -> Message:
    outward = not case.internal and said.who != "note"
    formatted = said.who == "agent" and rng.random() < 0.6
    writer = case.agent.name if said.by_us else _writer(case)
    return Message(
        id=0,
        ticket_id=case.ticket_id,
        created_at=said.at,
        created_by=case.agent.ej_user_id if said.by_us else SYSTEM,
        author=writer,
        slevel=EXTERNAL if outward else INTERNAL,
        type=HTML if formatted else PLAIN,
        message_id=_message_id(rng, case, said, number),
        time_spent=5 * rng.randint(1, 6) if said.by_us else 0,
        body=said.text,
        html_body=_html(said.text) if formatted else "",
        email_header=_email_header(case) if _is_first_mail(case, number) else "",
        customer_id=case.client.person_id if case.client and not said.by_us else None,
        search_title=case.title,
        language=case.book.language if outward else "",
        sentiment=_mood(said) if outward else 0,
        sentiment_confidence=rng.randint(55, 98) if outward else 0,
        badge=_badge(said, outward),
    )


def _writer(case: Case) -> str:
    """A mail is signed by its address, everything else by a name."""
    if case.client is None or case.origin is TicketOrigin.Email:
        return sender(case)
    return case.client.name


def _is_first_mail(case: Case, number: int) -> bool:
    return number == 1 and case.origin is TicketOrigin.Email


def _message_id(rng: Random, case: Case, said: Said, number: int) -> str:
    """That of the mail; empty for notes and for what came by another way."""
    if said.who == "note" or (number == 1 and case.origin is not TicketOrigin.Email):
        return ""
    domain = (ADDRESS if said.by_us else sender(case)).partition("@")[2]
    return f"<{case.ticket_id}.{number}.{rng.getrandbits(40):x}@{domain}>"


def _badge(said: Said, outward: bool) -> int:
    if not said.by_us:
        return INCOMING
    return REPLY if outward else COMMENT


def _mood(said: Said) -> int:
    """Agents sound friendly; 0 would mean that nobody knows."""
    return 20 if said.by_us else said.mood or 5


def _html(text: str) -> str:
    paragraphs = escape(text, quote=False).split("\n\n")
    return "".join(f"<p>{p}</p>".replace("\n", "<br>") for p in paragraphs)


def _email_header(case: Case) -> str:
    return f"From: {sender(case)}\nTo: {ADDRESS}\nSubject: {case.title}\n"
