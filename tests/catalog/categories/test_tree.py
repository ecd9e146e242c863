"""Full names follow names and parents, all the way down."""

import pytest

from skranke.catalog.categories.tree import TOP_PARENT_ID, TreeNode, full_names
from skranke.core.errors import BadValue

TREE = {
    1: TreeNode(TOP_PARENT_ID, "Support"),
    2: TreeNode(1, "Pumps"),
    3: TreeNode(2, "Cold"),
    4: TreeNode(TOP_PARENT_ID, "Sale"),
}


def test_a_category_and_all_below_it_are_named() -> None:
    assert full_names(TREE, 1) == {1: "Support", 2: "Support/Pumps", 3: "Support/Pumps/Cold"}
    assert full_names(TREE, 4) == {4: "Sale"}


def test_a_circle_is_refused() -> None:
    with pytest.raises(BadValue, match="ParentId"):
        full_names(TREE | {1: TreeNode(3, "Support")}, 1)


def test_a_path_too_long_is_refused() -> None:
    with pytest.raises(BadValue, match="255"):
        full_names(TREE | {2: TreeNode(1, "x" * 250)}, 2)


def test_a_parent_that_is_gone_is_the_top() -> None:
    assert full_names({1: TreeNode(77, "Alone")}, 1) == {1: "Alone"}
