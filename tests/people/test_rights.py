"""Every role under every status, and what the table right says of it."""

import pytest

from skranke.core.context import NOBODY, Permission
from skranke.http.i18n.translated_text import localise_text
from skranke.people.rights import permissions_of, table_right
from tests.cast import ADA, ANNA, RITA

NOTHING = {Permission.ANYONE}
KNOWN = {Permission.ANYONE, Permission.SIGNED_IN}
READS = KNOWN | {Permission.READ}
WRITES = READS | {Permission.WRITE}
ALL = set(Permission)


@pytest.mark.parametrize(
    ("status", "administrator", "agent", "reader", "nobody"),
    [
        (0, KNOWN, KNOWN, KNOWN, KNOWN),  # no Service user
        (1, ALL, WRITES, READS, KNOWN),
        (2, ALL, WRITES, READS, KNOWN),  # away
        (3, NOTHING, NOTHING, NOTHING, NOTHING),  # deleted
        (4, READS, READS, READS, KNOWN),  # read-only
        (5, KNOWN, KNOWN, KNOWN, KNOWN),
        (127, NOTHING, NOTHING, NOTHING, NOTHING),  # the system itself
        (99, NOTHING, NOTHING, NOTHING, NOTHING),  # unheard of
    ],
)
def test_a_status_bounds_what_a_role_gives(
    status: int,
    administrator: set[Permission],
    agent: set[Permission],
    reader: set[Permission],
    nobody: set[Permission],
):
    assert permissions_of(1, status) == administrator
    assert permissions_of(2, status) == agent
    assert permissions_of(3, status) == reader
    assert permissions_of(0, status) == nobody
    assert permissions_of(17, status) == nobody


def test_the_cast_has_the_rights_of_its_roles():
    assert permissions_of(ADA.role_id, 1) == ADA.permissions
    assert permissions_of(ANNA.role_id, 1) == ANNA.permissions
    assert permissions_of(RITA.role_id, 1) == RITA.permissions


def test_the_table_right_says_what_is_denied_and_why():
    assert table_right(ADA).mask.value == "Select, Update, Insert, Delete"
    assert table_right(ADA).reason == ""
    assert table_right(ANNA).mask.value == "Select, Update, Insert"
    assert "delete" in localise_text(table_right(ANNA).reason, "en")
    assert table_right(RITA).mask.value == "Select"
    assert "read" in localise_text(table_right(RITA).reason, "en")
    assert table_right(NOBODY).mask.value == "None"
    assert "Service" in localise_text(table_right(NOBODY).reason, "en")
