"""Ticket numbers in a subject, the inverse of `subjects.tagged`.

`[ejTag: 12345]`, with or without the blank, or with a no-break space; not in a body:
whoever quotes a number does not mean to answer the ticket.
"""

import re

MAX_TICKET_ID = 2_147_483_647


def tagged_ids(subject: str, tag: str) -> list[int]:
    """The ticket ids in a subject, the last one first; those that no ticket has left out."""
    found = re.findall(rf"\[\s*{re.escape(tag)}\s*:?\s*(\d{{1,10}})\s*\]", subject, re.IGNORECASE)
    ids = [int(digits) for digits in reversed(found)]
    return [number for number in ids if 0 < number <= MAX_TICKET_ID]


def without_tags(subject: str, tag: str) -> str:
    """A subject without the desk's tags, each run of blanks as one."""
    bare = re.sub(
        rf"\[\s*{re.escape(tag)}\s*:?\s*\d{{1,10}}\s*\]", " ", subject, flags=re.IGNORECASE
    )
    return " ".join(bare.split())
