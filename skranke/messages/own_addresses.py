"""Which addresses are the desk's own; one definition for sending and for what comes in.

Ours are the addresses of the mailboxes and their aliases,
SKRANKE_MAIL_FROM, and every subaddress of one of them that this desk makes:
`support+r.…` (answers) and `support+b.…` (bounces). Source: RFC 5233, section 1.
"""

import re

from skranke.core.context import RequestContext
from skranke.db.database import Db
from skranke.messages.mime.addresses import parse_addresses

SUBADDRESS = re.compile(r"(?P<local>[^@]+?)\+[rb]\.[^@]*@(?P<domain>[^@]+)", re.IGNORECASE)


async def load_mailbox_addresses(db: Db) -> frozenset[str]:
    """The addresses of mailboxes and aliases as they are written; for the cache."""
    found = await db.fetch(
        "SELECT address FROM mail_in_filter UNION SELECT address FROM mail_alias"
    )
    return frozenset(record[0] for record in found)


async def own_addresses(context: RequestContext) -> frozenset[str]:
    """Every address of the desk, in lower case, domains in ASCII."""
    texts = [*await context.get_cached(load_mailbox_addresses), context.settings.mail_from]
    return frozenset(one.address.lower() for text in texts for one in parse_addresses(text))


def is_own(address: str, own: frozenset[str]) -> bool:
    """Whether an address is the desk's: one of its own, or a subaddress of one."""
    bare = address.strip().lower()
    if found := SUBADDRESS.fullmatch(bare):
        return f"{found['local']}@{found['domain']}" in own or bare in own
    return bare in own
