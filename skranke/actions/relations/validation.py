"""Which tickets may be related: each once, none to itself, one parent, no circles.

Pure rules over what is linked already. Source: the manual on related requests, and
TicketRelationError of the reference.
"""

from msgspec import Struct, field

from skranke.actions.relations.carriers import TicketRelationError, TicketRelationType


class RelationFault(Struct, frozen=True):
    """Why two tickets can't be related, as a code and as a sentence."""

    error: TicketRelationError
    message: str


class TicketLinks(Struct, kw_only=True):
    """What is linked: the parent by child, and the pairs of either kind."""

    parent_of: dict[int, int] = field(default_factory=dict[int, int])
    pairs: set[frozenset[int]] = field(default_factory=set[frozenset[int]])

    def add(self, source: int, destination: int, kind: TicketRelationType) -> None:
        """Add a link that was judged well."""
        self.pairs.add(frozenset((source, destination)))
        if family := child_and_parent(source, destination, kind):
            self.parent_of[family[0]] = family[1]


def child_and_parent(
    source: int, destination: int, kind: TicketRelationType
) -> tuple[int, int] | None:
    """Who is the child and who the parent; None where the two stand side by side.

    Parent makes the destination the source's parent, Child makes it its child.
    """
    if kind is TicketRelationType.Parent:
        return source, destination
    return (destination, source) if kind is TicketRelationType.Child else None


def find_fault(
    book: TicketLinks, source: int, destination: int, kind: TicketRelationType
) -> RelationFault | None:
    """What speaks against relating two tickets; None when nothing does.

    A circle of parents has no code of its own and comes as ParentExists.
    """
    if source == destination:
        said = f"Ticket {source} can't be related to itself."
        return RelationFault(TicketRelationError.SameTicket, said)
    if frozenset((source, destination)) in book.pairs:
        said = f"Tickets {source} and {destination} are related already."
        return RelationFault(TicketRelationError.RelationExists, said)
    family = child_and_parent(source, destination, kind)
    return _family_fault(book, *family) if family else None


def _family_fault(book: TicketLinks, child: int, parent: int) -> RelationFault | None:
    if found := book.parent_of.get(child):
        said = f"Ticket {child} has a parent already: {found}."
        return RelationFault(TicketRelationError.ParentExists, said)
    if child in _ancestors(book, parent):
        said = f"Ticket {child} is above ticket {parent}, which can't be its parent."
        return RelationFault(TicketRelationError.ParentExists, said)
    return None


def _ancestors(book: TicketLinks, ticket: int) -> list[int]:
    found: list[int] = []
    while (above := book.parent_of.get(ticket)) and above not in found:
        found.append(above)
        ticket = above
    return found
