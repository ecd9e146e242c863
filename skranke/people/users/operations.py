"""What the User agent does with users and user groups."""

import asyncio
import secrets

from skranke.archive.mdo.editing import edit_lists
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue, NotAllowed, require_found
from skranke.core.schema import Int32
from skranke.http.operation import operation
from skranke.people.auth.passwords import HASHER, check_strength, matches
from skranke.people.carriers import EjUserStatus, UserType
from skranke.people.posted import checked_text
from skranke.people.users import save, sql
from skranke.people.users.carriers import (
    Role,
    User,
    UserGroup,
    UserPresenceStatus,
    UserValidationResult,
)

ADMINISTER = Permission.ADMINISTER
MAX_GROUP_NAME = 239


@operation("User", permission=ADMINISTER, transaction=False)
async def create_default_user(context: RequestContext) -> User:
    """A blank internal user; nothing is saved."""
    return await save.default_user(context, UserType.InternalAssociate, 0)


@operation("User", permission=ADMINISTER, transaction=False)
async def create_default_user_from_user_type_and_person_id(
    context: RequestContext, user_type: UserType, person_id: Int32
) -> User:
    """A blank user of a person; nothing is saved. BadValue for an unknown person."""
    return await save.default_user(context, user_type, person_id)


@operation("User", permission=ADMINISTER, transaction=False)
async def save_user(context: RequestContext, entity: User) -> User:
    """The user as it is after the save: a new one for AssociateId 0, else the changed one.

    Absent properties are kept. BadValue names what cannot be: a name that is taken, a
    person who is another user, an unknown role or group, one's own role.
    """
    return await save.save_user(context, entity)


@operation("User", permission=Permission.READ, query=("user_id",), transaction=False)
async def get_user(context: RequestContext, user_id: Int32) -> User | None:
    """A user, deleted or not, without any secret; null without one."""
    return await save.load_user(context, user_id)


@operation("User", permission=Permission.READ, transaction=False)
async def get_user_from_name(context: RequestContext, user_name: str) -> User | None:
    """The user of a login name in any case; null without one."""
    return await save.load_user(context, await sql.user_id_of(context.db, user_name))


@operation("User", permission=Permission.READ, transaction=False)
async def get_user_from_person_id(context: RequestContext, person_id: Int32) -> list[User]:
    """The user that a person is, in a list; an empty one for a customer."""
    return await _users(context, await sql.user_ids_where(context.db, person_id, 0))


@operation("User", permission=Permission.READ, transaction=False)
async def get_user_from_ej_user_id(context: RequestContext, ej_user_id: Int32) -> list[User]:
    """The user behind a Service user, in a list; an empty one without it."""
    return await _users(context, await sql.user_ids_where(context.db, 0, ej_user_id))


async def _users(context: RequestContext, ids: list[int]) -> list[User]:
    found = [await save.load_user(context, associate_id) for associate_id in ids]
    return [user for user in found if user]


@operation("User", permission=ADMINISTER, query=("user_id",), transaction=False)
async def delete_user(context: RequestContext, user_id: Int32) -> None:
    """Delete a user; sign-in, sessions and tokens end at once. Without effect if unknown.

    BadValue for oneself and for the last administrator.
    """
    await save.delete_user(context, "UserId", user_id)


@operation("User", permission=ADMINISTER, transaction=False)
async def make_retired(context: RequestContext, associate_id: Int32, retired: bool) -> None:
    """Make a user a former employee, or take that back; licences stay off then."""
    await save.make_retired(context, associate_id, retired=retired)


@operation("User", permission=ADMINISTER, transaction=False)
async def set_password(context: RequestContext, associate_id: Int32, password: str) -> bool:
    """Give a user a password; its sessions end. BadValue says what is wrong with it."""
    await save.set_password(context, associate_id, password)
    return True


@operation("User", permission=ADMINISTER, transaction=False)
async def set_password_from_name(
    context: RequestContext, associate_name: str, password: str
) -> bool:
    """Give the user of a name a password; NotFound without one."""
    await save.set_password(context, await _id_of(context, associate_name), password)
    return True


@operation("User", permission=ADMINISTER, transaction=False)
async def set_generated_password(context: RequestContext, associate_id: Int32) -> str:
    """Give a user a new random password, which is answered this once."""
    password = secrets.token_urlsafe(12)
    await save.set_password(context, associate_id, password)
    return password


@operation("User", permission=Permission.SIGNED_IN, transaction=False)
async def change_own_password(
    context: RequestContext, old_password: str, new_password: str
) -> bool:
    """Change the caller's password; false where the old one is wrong."""
    stored: str | None = await context.db.fetchval(
        "SELECT value FROM credentials WHERE associate_id = $1 AND type = 'password'",
        context.user.associate_id,
    )
    if not await asyncio.to_thread(matches, HASHER, stored or "", old_password):
        return False
    await save.set_password(context, context.user.associate_id, new_password)
    return True


@operation("User", permission=Permission.SIGNED_IN, transaction=False)
async def can_change_password(context: RequestContext, associate_id: Int32) -> bool:
    """Whether the caller may change this user's password."""
    own = associate_id == context.user.associate_id
    return own or ADMINISTER in context.user.permissions


@operation("User", permission=ADMINISTER, transaction=False)
async def is_user_name_valid(
    context: RequestContext, associate_id: Int32, type: UserType, person_id: Int32, user_name: str
) -> bool:
    """Whether a save would take this login name."""
    return not await save.name_fault(context, associate_id, user_name.strip())


@operation("User", permission=ADMINISTER, transaction=False)
async def is_user_name_valid_with_reason(
    context: RequestContext, associate_id: Int32, type: UserType, person_id: Int32, user_name: str
) -> UserValidationResult:
    """Whether a save would take this login name, and why not."""
    fault = await save.name_fault(context, associate_id, user_name.strip())
    return UserValidationResult(result=not fault, reason=fault)


@operation("User", permission=Permission.SIGNED_IN, transaction=False)
async def is_password_valid_with_reason(
    context: RequestContext, associate_id: Int32, type: UserType, person_id: Int32, password: str
) -> UserValidationResult:
    """Whether a password is strong enough, and why not."""
    found = await sql.load_users(context.db, [associate_id])
    try:
        check_strength(password, found[associate_id].name if found else "")
    except BadValue as fault:
        return UserValidationResult(result=False, reason=fault.message)
    return UserValidationResult(result=True)


@operation("User", permission=Permission.SIGNED_IN, transaction=False)
async def is_password_valid(
    context: RequestContext, associate_id: Int32, type: UserType, person_id: Int32, password: str
) -> bool:
    """Whether a password is strong enough."""
    judged = await is_password_valid_with_reason(context, associate_id, type, person_id, password)
    return judged.result


@operation("User", permission=ADMINISTER, transaction=False)
async def is_nick_name_unique(context: RequestContext, associate_id: Int32, nick_name: str) -> bool:
    """Whether no other user has this nickname."""
    return await save.is_nick_name_unique(context, associate_id, nick_name.strip())


@operation("User", permission=Permission.READ, transaction=False)
async def get_user_presence_status(
    context: RequestContext, associate_id: Int32
) -> UserPresenceStatus:
    """Whether a Service user is there, and what it says of its absence; NotFound."""
    found = await save.require_user(context, associate_id)
    return UserPresenceStatus(status=EjUserStatus.of(found.status), message=found.not_present)


@operation("User", permission=Permission.WRITE, transaction=False)
async def set_user_presence_status(
    context: RequestContext, associate_id: Int32, user_presence_status: UserPresenceStatus
) -> UserPresenceStatus:
    """Say whether a Service user is there: one's own, or anybody's for administrators."""
    if associate_id != context.user.associate_id and ADMINISTER not in context.user.permissions:
        raise NotAllowed("Only administrators may change the presence of others.")
    await save.set_presence(
        context, associate_id, user_presence_status.status, user_presence_status.message
    )
    return await get_user_presence_status(context, associate_id)


@operation("User", permission=Permission.READ, query=("role_id",), transaction=False)
async def get_role(context: RequestContext, role_id: Int32) -> Role | None:
    """A role; null without one."""
    return (await save.load_roles(context)).get(role_id)


@operation("User", permission=Permission.READ, transaction=False)
async def create_user_group(context: RequestContext) -> UserGroup:
    """A blank user group; nothing is saved."""
    return UserGroup()


@operation("User", permission=Permission.READ, query=("user_group_id",), transaction=False)
async def get_user_group(context: RequestContext, user_group_id: Int32) -> UserGroup | None:
    """A user group, deleted or not; null without one."""
    return (await sql.load_groups(context.db)).get(user_group_id)


@operation("User", permission=Permission.READ, transaction=False)
async def get_all_user_groups(context: RequestContext, include_deleted: bool) -> list[UserGroup]:
    """The user groups by rank."""
    found = (await sql.load_groups(context.db)).values()
    return [group for group in found if include_deleted or not group.deleted]


@operation("User", permission=ADMINISTER, wrapped=True, transaction=False)
async def save_user_group(context: RequestContext, user_group: UserGroup) -> UserGroup:
    """The user group as it is after the save: a new one for id 0, else the changed one.

    NotFound without the group, BadValue for a blank name.
    """
    user_group.value = checked_text(user_group.value.strip(), "UserGroup.Value", MAX_GROUP_NAME)
    if not user_group.value:
        raise BadValue("UserGroup.Value", "is empty; a group has a name")
    user_group.tooltip = checked_text(user_group.tooltip, "UserGroup.Tooltip", MAX_GROUP_NAME)
    async with edit_lists(context):
        if user_group.id:
            found = await get_user_group(context, user_group.id)
            require_found(found, "UserGroup", user_group.id)
        group_id = await sql.write_group(context.db, user_group)
    return require_found(await get_user_group(context, group_id), "UserGroup", group_id)


@operation("User", permission=ADMINISTER, transaction=False)
async def delete_user_group(
    context: RequestContext, user_group_to_delete: Int32, user_group_to_move_to: Int32
) -> None:
    """Delete a user group and give its members to another.

    BadValue for an unknown group, and where both are the same.
    """
    groups = await sql.load_groups(context.db)
    if user_group_to_delete not in groups:
        raise BadValue("UserGroupToDelete", f"{user_group_to_delete} does not exist")
    destination = groups.get(user_group_to_move_to)
    if destination is None or destination.deleted or user_group_to_move_to == user_group_to_delete:
        raise BadValue("UserGroupToMoveTo", f"{user_group_to_move_to} is not another group")
    async with edit_lists(context):
        await sql.delete_group(context.db, user_group_to_delete, user_group_to_move_to)


async def _id_of(context: RequestContext, name: str) -> int:
    found = await sql.user_id_of(context.db, name)
    if not found:
        raise BadValue("AssociateName", f"there is no user {name[:100]!r}")
    return found
