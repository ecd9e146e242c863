"""What the registry says of incoming mail."""

from msgspec import Struct

from skranke.db.database import Db


class MailPreferences(Struct, frozen=True, kw_only=True):
    """Settings of the import; the registry's names stand beside them."""

    tag: str = "ejTag"
    creates_persons: bool = True  # createContactForInbound
    answers_new_persons: bool = True  # not noMailToNewContacts
    one_of_copies: bool = True  # mailCopies: a mail to two mailboxes makes one ticket
    tag_first: bool = False  # mailSubjectTagFirst; the vendor's registry 175
    trusted_relays: frozenset[str] = frozenset()  # mailTrustedRelays, with blanks between


async def load_mail_preferences(db: Db) -> MailPreferences:
    """The preferences; what the registry lacks has its default."""
    stored = {r["name"]: r["value"] for r in await db.fetch("SELECT name, value FROM registry")}
    return MailPreferences(
        tag=stored.get("ejTag", "ejTag"),
        creates_persons=stored.get("createContactForInbound", "1") == "1",
        answers_new_persons=stored.get("noMailToNewContacts", "0") != "1",
        one_of_copies=stored.get("mailCopies", "one") != "each",
        tag_first=stored.get("mailSubjectTagFirst", "0") == "1",
        trusted_relays=frozenset(stored.get("mailTrustedRelays", "").lower().split()),
    )
