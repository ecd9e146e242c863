"""One item gets another place; the others move no further than they must."""

import pytest

from skranke.archive.mdo.ordering import move_item


@pytest.mark.parametrize(
    ("places", "item", "wish", "changed"),
    [
        ({1: 1, 2: 2, 3: 3}, 3, 1, {3: 1, 1: 2, 2: 3}),
        ({1: 1, 2: 2, 3: 3}, 1, 3, {1: 3, 3: 4}),
        ({1: 1, 2: 2, 3: 3}, 2, 2, {}),
        ({1: 10, 2: 20}, 1, 15, {1: 15}),
        ({1: 1, 2: 1, 3: 2, 4: 9}, 4, 1, {4: 1, 1: 2, 2: 3, 3: 4}),
    ],
)
def test_who_stands_in_the_way_moves_on(
    places: dict[int, int], item: int, wish: int, changed: dict[int, int]
) -> None:
    assert move_item(places, item, wish) == changed
