"""The tag in a subject, by which people and programs see the ticket.

Source: buildEmailSubject of the vendor's scripting reference; the exact form, which it
doesn't show, is `[ejTag: 12345] title`.
"""


def add_tag(tag: str, ticket_id: int, title: str) -> str:
    """A title with the ticket's tag in front, unless it stands in it already."""
    mark = f"[{tag}: {ticket_id}]"
    return title if mark in title else f"{mark} {title}".rstrip()
