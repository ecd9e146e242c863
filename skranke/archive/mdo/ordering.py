"""Giving one item of a list another place."""


def move_item(places: dict[int, int], item: int, wish: int) -> dict[int, int]:
    """The items whose numbers change when one gets the number that it wishes for.

    Who has that number goes on to the next one, and so on until one is free; numbers
    that are in nobody's way stay. Source: SetTicketPrioritySortOrder of the reference
    and its likes, which move one item.
    """
    changed = {item: wish}
    taken = wish
    others = [(place, other) for other, place in places.items() if other != item]
    for place, other in sorted(others):
        if wish <= place <= taken:
            taken += 1
            changed[other] = taken
    return {i: place for i, place in changed.items() if places.get(i) != place}
