"""Moves an item of a list to another place."""


def move_item(places: dict[int, int], item: int, wish: int) -> dict[int, int]:
    """The items whose numbers change when one item moves to a wished number.

    The item that has this number moves to the next one, and so on until a number is
    free; other items keep theirs. Source: SetTicketPrioritySortOrder of the reference
    and similar operations, which move one item.
    """
    changed = {item: wish}
    taken = wish
    others = [(place, other) for other, place in places.items() if other != item]
    for place, other in sorted(others):
        if wish <= place <= taken:
            taken += 1
            changed[other] = taken
    return {i: place for i, place in changed.items() if places.get(i) != place}
