"""What a mail says where nobody has set a template for it, in five languages."""

from msgspec import Struct

from skranke.channels.notifications.carriers import NotifyType
from skranke.core.languages import ENGLISH, language_of

# per kind and language: the sentence, which is the subject and opens the text
SENTENCES = {
    NotifyType.NewTicket: {
        "en": "New request: {title}",
        "nb": "Ny sak: {title}",
        "sv": "Nytt ärende: {title}",
        "da": "Ny sag: {title}",
        "de": "Neue Anfrage: {title}",
    },
    NotifyType.NewTicketMessage: {
        "en": "New message: {title}",
        "nb": "Ny melding: {title}",
        "sv": "Nytt meddelande: {title}",
        "da": "Ny besked: {title}",
        "de": "Neue Nachricht: {title}",
    },
    NotifyType.TicketEscalated: {
        "en": "Escalated to level {level}: {title}",
        "nb": "Eskalert til nivå {level}: {title}",
        "sv": "Eskalerat till nivå {level}: {title}",
        "da": "Eskaleret til niveau {level}: {title}",
        "de": "Auf Stufe {level} eskaliert: {title}",
    },
    NotifyType.TicketActivated: {
        "en": "Active again: {title}",
        "nb": "Aktiv igjen: {title}",
        "sv": "Aktivt igen: {title}",
        "da": "Aktiv igen: {title}",
        "de": "Wieder aktiv: {title}",
    },
    NotifyType.TicketTakeOver: {
        "en": "Another owner: {title}",
        "nb": "Ny saksbehandler: {title}",
        "sv": "Ny handläggare: {title}",
        "da": "Ny sagsbehandler: {title}",
        "de": "Neuer Bearbeiter: {title}",
    },
}
TO_CUSTOMERS = {
    "en": "Your request is being followed up: {title}",
    "nb": "Saken din følges opp: {title}",
    "sv": "Ditt ärende följs upp: {title}",
    "da": "Din sag bliver fulgt op: {title}",
    "de": "Wir kümmern uns um Ihre Anfrage: {title}",
}


class NotificationText(Struct, frozen=True, kw_only=True):
    """A subject and a text in plain words."""

    subject: str
    plain: str


def user_text(kind: NotifyType, language: str, facts: dict[str, object]) -> NotificationText:
    """What a user is told; `facts` has title and level, text and link may be blank."""
    return _render(SENTENCES[kind], language, facts)


def customer_text(language: str, facts: dict[str, object]) -> NotificationText:
    """What a customer is told when his ticket escalates."""
    return _render(TO_CUSTOMERS, language, facts)


def _render(
    by_language: dict[str, str], language: str, facts: dict[str, object]
) -> NotificationText:
    sentence = by_language.get(language_of(language) or ENGLISH) or by_language[ENGLISH]
    subject = sentence.format_map(facts)
    parts = [subject, str(facts.get("text", "")), str(facts.get("link", ""))]
    return NotificationText(subject=subject, plain="\n\n".join(part for part in parts if part))
