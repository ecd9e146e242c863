"""Who may do what: three roles, bounded by the status of the Service user.

The rule that everything asks: a right that isn't given here isn't there. Source:
reference, TableRight and ejuser.status; the roles themselves are the desk's own.
"""

from skranke.core.context import CurrentUser, Permission
from skranke.core.schema import ETableRight, TableRight
from skranke.people.carriers import EjUserStatus

NO_PERMISSIONS = frozenset({Permission.ANYONE})
SIGNED_IN_PERMISSIONS = NO_PERMISSIONS | {Permission.SIGNED_IN}
READER_PERMISSIONS = SIGNED_IN_PERMISSIONS | {Permission.READ}
WRITER_PERMISSIONS = READER_PERMISSIONS | {Permission.WRITE}
ALL_PERMISSIONS = frozenset(Permission)

PERMISSIONS_OF_ROLE = {1: ALL_PERMISSIONS, 2: WRITER_PERMISSIONS, 3: READER_PERMISSIONS}
# what a status leaves of the role; a status that isn't here can't sign in
PERMISSIONS_OF_STATUS = {
    EjUserStatus.StatusNone.number: SIGNED_IN_PERMISSIONS,  # no Service user at all
    EjUserStatus.StatusNormal.number: ALL_PERMISSIONS,
    EjUserStatus.StatusNotAvailable.number: ALL_PERMISSIONS,  # away, which bars nothing
    EjUserStatus.StatusReadOnly.number: READER_PERMISSIONS,
    EjUserStatus.StatusSpm.number: SIGNED_IN_PERMISSIONS,
}


def permissions_of(role_id: int, ej_user_status: int) -> frozenset[Permission]:
    """The rights of an associate; without SIGNED_IN it can't sign in."""
    return PERMISSIONS_OF_ROLE.get(role_id, SIGNED_IN_PERMISSIONS) & PERMISSIONS_OF_STATUS.get(
        ej_user_status, NO_PERMISSIONS
    )


def table_right(user: CurrentUser) -> TableRight:
    """What this caller may do with a row, and the resource that says why not more."""
    if Permission.DELETE in user.permissions:
        return TableRight(mask=ETableRight.of(15))
    if Permission.WRITE in user.permissions:
        return TableRight(mask=ETableRight.of(7), reason="[SR_SKRANKE_NO_DELETE]")
    if Permission.READ in user.permissions:
        return TableRight(mask=ETableRight.Select, reason="[SR_SKRANKE_ONLY_READ]")
    return TableRight(reason="[SR_SKRANKE_NO_SERVICE]")
