"""What a relay that the desk trusts says of a mail's sender. Source: RFC 8601.

Anybody can write an Authentication-Results header. So only the topmost count, of servers
that the preference `mailTrustedRelays` names.
"""

import re

from skranke.messages.mime.parsed import ParsedMail

DMARC = re.compile(r"\bdmarc\s*=\s*([a-z]+)", re.IGNORECASE)


def dmarc_result(mail: ParsedMail, trusted_relays: frozenset[str]) -> str:
    """ "pass", "fail" or another result of DMARC; "" where no trusted relay says any."""
    for text in mail.all_headers("authentication-results"):
        server = text.partition(";")[0].split()
        if not server or server[0].lower() not in trusted_relays:
            return ""  # what stands below was there before a relay of ours saw it
        if found := DMARC.search(text):
            return found[1].lower()
    return ""
