"""Who may do what: three roles, bounded by the status of the Service user.

The rule that everything asks: a right that isn't given here isn't there. Source:
reference, TableRight and ejuser.status; the roles themselves are the desk's own.
"""

from skranke.core.context import CurrentUser, Permission
from skranke.core.schema import ETableRight, TableRight
from skranke.people.carriers import EjUserStatus

NOTHING = frozenset({Permission.ANYONE})
KNOWN = NOTHING | {Permission.SIGNED_IN}
READER = KNOWN | {Permission.READ}
WRITER = READER | {Permission.WRITE}
EVERYTHING = frozenset(Permission)

BY_ROLE = {1: EVERYTHING, 2: WRITER, 3: READER}
# what a status leaves of the role; a status that isn't here can't sign in
BY_STATUS = {
    EjUserStatus.StatusNone.number: KNOWN,  # no Service user at all
    EjUserStatus.StatusNormal.number: EVERYTHING,
    EjUserStatus.StatusNotAvailable.number: EVERYTHING,  # away, which bars nothing
    EjUserStatus.StatusReadOnly.number: READER,
    EjUserStatus.StatusSpm.number: KNOWN,
}


def rights_of(role_id: int, ej_user_status: int) -> frozenset[Permission]:
    """The rights of an associate; without SIGNED_IN it can't sign in."""
    return BY_ROLE.get(role_id, KNOWN) & BY_STATUS.get(ej_user_status, NOTHING)


def table_right(user: CurrentUser) -> TableRight:
    """What this caller may do with a row, and the resource that says why not more."""
    if Permission.DELETE in user.permissions:
        return TableRight(mask=ETableRight.of(15))
    if Permission.WRITE in user.permissions:
        return TableRight(mask=ETableRight.of(7), reason="[SR_SKRANKE_NO_DELETE]")
    if Permission.READ in user.permissions:
        return TableRight(mask=ETableRight.Select, reason="[SR_SKRANKE_ONLY_READ]")
    return TableRight(reason="[SR_SKRANKE_NO_SERVICE]")
