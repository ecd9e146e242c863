"""Who may do what: three roles, bounded by the status of the Service user.

The rule that everything asks: a right that isn't given here isn't there. Source:
reference, TableRight and ejuser.status; the roles themselves are the desk's own.
"""

from skranke.core.context import Caller, Right
from skranke.core.schema import ETableRight, TableRight
from skranke.people.carriers import EjUserStatus

NOTHING = frozenset({Right.ANYONE})
KNOWN = NOTHING | {Right.SIGNED_IN}
READER = KNOWN | {Right.READ}
WRITER = READER | {Right.WRITE}
EVERYTHING = frozenset(Right)

BY_ROLE = {1: EVERYTHING, 2: WRITER, 3: READER}
# what a status leaves of the role; a status that isn't here can't sign in
BY_STATUS = {
    EjUserStatus.StatusNone.number: KNOWN,  # no Service user at all
    EjUserStatus.StatusNormal.number: EVERYTHING,
    EjUserStatus.StatusNotAvailable.number: EVERYTHING,  # away, which bars nothing
    EjUserStatus.StatusReadOnly.number: READER,
    EjUserStatus.StatusSpm.number: KNOWN,
}


def rights_of(role_id: int, ej_user_status: int) -> frozenset[Right]:
    """The rights of an associate; without SIGNED_IN it can't sign in."""
    return BY_ROLE.get(role_id, KNOWN) & BY_STATUS.get(ej_user_status, NOTHING)


def table_right(caller: Caller) -> TableRight:
    """What this caller may do with a row, and the resource that says why not more."""
    if Right.DELETE in caller.rights:
        return TableRight(mask=ETableRight.of(15))
    if Right.WRITE in caller.rights:
        return TableRight(mask=ETableRight.of(7), reason="[SR_SKRANKE_NO_DELETE]")
    if Right.READ in caller.rights:
        return TableRight(mask=ETableRight.Select, reason="[SR_SKRANKE_ONLY_READ]")
    return TableRight(reason="[SR_SKRANKE_NO_SERVICE]")
