"""Full names follow names and parents, all the way down."""

import pytest

from skranke.catalog.categories.tree import TOP, Place, full_names
from skranke.core.errors import BadValue

TREE = {1: Place(TOP, "Support"), 2: Place(1, "Pumps"), 3: Place(2, "Cold"), 4: Place(TOP, "Sale")}


def test_a_category_and_all_below_it_are_named() -> None:
    assert full_names(TREE, 1) == {1: "Support", 2: "Support/Pumps", 3: "Support/Pumps/Cold"}
    assert full_names(TREE, 4) == {4: "Sale"}


def test_a_circle_is_refused() -> None:
    with pytest.raises(BadValue, match="ParentId"):
        full_names(TREE | {1: Place(3, "Support")}, 1)


def test_a_path_too_long_is_refused() -> None:
    with pytest.raises(BadValue, match="255"):
        full_names(TREE | {2: Place(1, "x" * 250)}, 2)


def test_a_parent_that_is_gone_is_the_top() -> None:
    assert full_names({1: Place(77, "Alone")}, 1) == {1: "Alone"}
