"""Saving users: associate, Service user, groups, password; effective at the next request.

Source: User of the reference, the manual on users. The last administrator and oneself
can be neither deleted nor retired.
"""

import asyncio

from msgspec.structs import replace

from skranke.archive.mdo.editing import edit_lists
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.people.auth.accounts import store_password
from skranke.people.auth.passwords import HASHER, check_strength
from skranke.people.auth.tokens import TICKET_PREFIX
from skranke.people.carriers import EjUserStatus, UserType
from skranke.people.posted import checked_text
from skranke.people.sql import load_persons
from skranke.people.users import sql
from skranke.people.users.carriers import LicenseOwner, ModuleLicenseLink, Role, User, UserGroup
from skranke.people.users.sql import UserRow

UNLIMITED = 2**31 - 1
ADMINISTRATOR, AGENT = 1, 2  # roles
NORMAL, AWAY, DELETED = 1, 2, 3  # ejuser.status
MAX_NAME, MAX_TOOLTIP, MAX_SIGNATURE = 100, 254, 4000


async def load_user(context: RequestContext, associate_id: int) -> User | None:
    """A user with all that belongs to it; None without one. Secrets are never in it."""
    found = (await sql.load_users(context.db, [associate_id])).get(associate_id)
    return await user_entity(context, found) if found else None


async def user_entity(context: RequestContext, row: UserRow) -> User:
    """A user as the wire has it."""
    roles = await load_roles(context)
    groups = await sql.load_groups(context.db)
    person = (await load_persons(context.db, [row.person_id])).get(row.person_id)
    return User(
        associate_id=row.associate_id,
        name=row.name,
        rank=row.rank,
        tooltip=row.tooltip,
        license_owners=[_licenses(assigned=row.status != DELETED)],
        role=roles.get(row.role_id),
        user_group=groups.get(row.group_idx),
        other_groups=[groups[i] for i in row.group_ids if i in groups],
        person=person,
        deleted=row.deleted,
        ej_user_id=row.ej_user_id,
        request_signature=row.request_signature,
        type=UserType.of(row.type),
        is_person_retired=person is not None and person.retired != 0,
        user_name=row.name,
        nick_name=row.nick_name,
    )


async def load_roles(context: RequestContext) -> dict[int, Role]:
    """The roles by id."""
    found = await sql.names_of(context.db)
    every = zip(found["ids"], found["names"], found["tooltips"], strict=True)
    return {i: Role(id=i, value=name, tooltip=tooltip) for i, name, tooltip in every}


def _licenses(*, assigned: bool) -> LicenseOwner:
    service = ModuleLicenseLink(
        name="Service",
        description="Service",
        assigned=assigned,
        can_assign=True,
        total=UNLIMITED,
        free=UNLIMITED,
    )
    return LicenseOwner(name="SuperOffice", restricted_module_licenses=[service])


async def default_user(context: RequestContext, user_type: UserType, person_id: int) -> User:
    """A blank user of a person; nothing is saved."""
    if person_id and person_id not in await load_persons(context.db, [person_id]):
        raise BadValue("PersonId", f"{person_id} does not exist")
    editor = (await sql.load_users(context.db, [context.user.associate_id])).get(
        context.user.associate_id
    )
    row = UserRow(
        person_id=person_id,
        role_id=AGENT,
        group_idx=editor.group_idx if editor else 0,
        type=(user_type if user_type.number else UserType.InternalAssociate).number,
    )
    return await user_entity(context, row)


async def save_user(context: RequestContext, posted: User) -> User:
    """The user as it is after the save: a new one for AssociateId 0, else the changed one."""
    async with edit_lists(context):
        before = UserRow(role_id=AGENT)
        if posted.associate_id:
            before = await require_user(context, posted.associate_id)
        after = await _apply_posted(context, before, posted)
        if after != before or not before.associate_id:
            new_id = await sql.write_user(context.db, after, context.user.associate_id, context.now)
            event = "associate.changed" if before.associate_id else "associate.created"
            await sql.add_event(context.db, event, new_id, context.user.associate_id, context.now)
            after = replace(after, associate_id=new_id)
            if after.deleted or after.status == DELETED:
                await sql.end_sign_ins(context.db, new_id)
    saved = await load_user(context, after.associate_id)
    assert saved  # it was written a moment ago
    return saved


async def require_user(context: RequestContext, associate_id: int) -> UserRow:
    """A user, deleted or not; NotFound without one."""
    found = (await sql.load_users(context.db, [associate_id])).get(associate_id)
    if found is None:
        raise NotFound(f"User id {associate_id} not found")
    return found


async def _apply_posted(context: RequestContext, before: UserRow, posted: User) -> UserRow:
    given = context.given
    after = replace(before, group_ids=list(before.group_ids))
    if "Name" in given or not before.associate_id:
        after.name = await _unused_name(context, before, posted.name or posted.user_name)
    if "Person" in given:
        after.person_id = await _free_person(context, before, posted)
    if not after.person_id:
        raise BadValue("Person.PersonId", "is missing; a user is a person")
    await _apply_role_and_groups(context, after, posted, given)
    if "Tooltip" in given:
        after.tooltip = checked_text(posted.tooltip, "Tooltip", MAX_TOOLTIP)
    if "Rank" in given:
        after.rank = posted.rank
    if "RequestSignature" in given:
        after.request_signature = checked_text(
            posted.request_signature, "RequestSignature", MAX_SIGNATURE
        )
    if "NickName" in given:
        after.nick_name = await _unused_nick_name(context, before, posted.nick_name)
    if "LicenseOwners" in given and posted.license_owners:
        after.status = _status_of(before, posted.license_owners[0])
    if after.status == DELETED or after.role_id != ADMINISTRATOR:
        await _guard(context, before, "Role.Id")
    return after


def _status_of(before: UserRow, owner: LicenseOwner) -> int:
    for license in owner.restricted_module_licenses:
        if license.name == "Service":
            if not license.assigned:
                return DELETED
            return NORMAL if before.status == DELETED else before.status
    return before.status


async def _unused_name(context: RequestContext, before: UserRow, posted: str) -> str:
    name = posted.strip()
    if fault := await name_fault(context, before.associate_id, name):
        raise BadValue("Name", fault)
    return name


async def name_fault(context: RequestContext, associate_id: int, name: str) -> str:
    """Why a login name cannot be this user's; empty when it can. Deleted users keep theirs."""
    if not 0 < len(name) <= MAX_NAME:
        return f"takes 1 to {MAX_NAME} characters"
    if ":" in name or f"{name}:" == TICKET_PREFIX or not name.isprintable():
        return "can't hold a colon or be the prefix of tickets"
    holder = await sql.user_id_of(context.db, name)
    return f"{name} is taken" if holder not in (0, associate_id) else ""


async def _free_person(context: RequestContext, before: UserRow, posted: User) -> int:
    person_id = posted.person.person_id if posted.person else 0
    if person_id in (0, before.person_id):
        return person_id
    found = (await load_persons(context.db, [person_id])).get(person_id)
    if found is None:
        raise BadValue("Person.PersonId", f"{person_id} does not exist")
    if found.associate_id:
        raise BadValue("Person.PersonId", f"{person_id} is another user already")
    if found.retired:
        raise BadValue("Person.PersonId", f"{person_id} is retired")
    return person_id


async def _apply_role_and_groups(
    context: RequestContext, after: UserRow, posted: User, given: frozenset[str]
) -> None:
    groups = await sql.load_groups(context.db)
    if "Role" in given and posted.role:
        if posted.role.id not in await load_roles(context):
            raise BadValue("Role.Id", f"{posted.role.id} does not exist")
        if after.associate_id == context.user.associate_id and posted.role.id != after.role_id:
            raise BadValue("Role.Id", "is one's own; another administrator has to change it")
        after.role_id = posted.role.id
    if "UserGroup" in given:
        after.group_idx = _known_group(groups, posted.user_group, "UserGroup.Id")
    if "OtherGroups" in given:
        after.group_ids = sorted(
            {_known_group(groups, group, "OtherGroups.Id") for group in posted.other_groups}
            - {0, after.group_idx}
        )


def _known_group(groups: dict[int, UserGroup], posted: UserGroup | None, name: str) -> int:
    group_id = posted.id if posted else 0
    if group_id and (group_id not in groups or groups[group_id].deleted):
        raise BadValue(name, f"{group_id} does not exist")
    return group_id


async def _unused_nick_name(context: RequestContext, before: UserRow, posted: str) -> str:
    nick_name = checked_text(posted.strip(), "NickName", MAX_NAME)
    if not await is_nick_name_unique(context, before.associate_id, nick_name):
        raise BadValue("NickName", f"{nick_name} is taken")
    return nick_name


async def is_nick_name_unique(context: RequestContext, associate_id: int, nick_name: str) -> bool:
    """Whether no other user has this nickname; an empty one is everybody's."""
    found = await context.db.fetchval(
        """
        SELECT true FROM ejuser WHERE lower(nick_name) = lower($2) AND $2 <> ''
            AND associate_id IS DISTINCT FROM $1
        """,
        associate_id,
        nick_name,
    )
    return not found


async def _guard(context: RequestContext, before: UserRow, name: str) -> None:
    """BadValue where the change would leave the desk without an administrator."""
    administers = before.role_id == ADMINISTRATOR and before.status in (NORMAL, AWAY)
    if not before.associate_id or not administers or before.deleted:
        return
    if not await sql.other_administrators(context.db, before.associate_id):
        raise BadValue(name, "the user is the last administrator")


async def delete_user(context: RequestContext, name: str, associate_id: int) -> None:
    """Delete a user: no more sign-in, sessions and tokens end; its name stays taken.

    Without effect where there is none. BadValue for oneself and the last administrator.
    """
    async with edit_lists(context):
        found = (await sql.load_users(context.db, [associate_id])).get(associate_id)
        if found is None or found.deleted:
            return
        if associate_id == context.user.associate_id:
            raise BadValue(name, "[SR_USER_CANNOT_DELETE_SELF] nobody can delete oneself")
        await _guard(context, found, name)
        gone = replace(found, deleted=True, status=DELETED)
        await sql.write_user(context.db, gone, context.user.associate_id, context.now)
        await sql.end_sign_ins(context.db, associate_id)
        await sql.add_event(
            context.db, "associate.deleted", associate_id, context.user.associate_id, context.now
        )


async def make_retired(context: RequestContext, associate_id: int, *, retired: bool) -> None:
    """Make a user a former employee, without licences and sign-in; or take that back.

    Licences stay off when it is taken back. NotFound, BadValue as for deletion.
    """
    async with edit_lists(context):
        found = await require_user(context, associate_id)
        if retired and associate_id == context.user.associate_id:
            raise BadValue("AssociateId", "is one's own; nobody can retire oneself")
        if retired:
            await _guard(context, found, "AssociateId")
        status = DELETED if retired else found.status
        changed = replace(found, deleted=retired, status=status)
        await sql.write_user(context.db, changed, context.user.associate_id, context.now)
        await sql.retire_person(context.db, found.person_id, int(retired))
        if retired:
            await sql.end_sign_ins(context.db, associate_id)
        await sql.add_event(
            context.db, "associate.changed", associate_id, context.user.associate_id, context.now
        )


async def set_password(context: RequestContext, associate_id: int, password: str) -> None:
    """Give a user a password and end its sessions; BadValue for a weak one, NotFound."""
    found = await require_user(context, associate_id)
    check_strength(password, found.name)
    password_hash = await asyncio.to_thread(HASHER.hash, password)
    async with edit_lists(context):
        await store_password(context.db, associate_id, password_hash, context.now)


async def set_presence(
    context: RequestContext, associate_id: int, status: EjUserStatus, message: str
) -> None:
    """Say whether a Service user is there; one that is away gets no tickets by itself."""
    if status.number not in (NORMAL, AWAY):
        raise BadValue("UserPresenceStatus.Status", "takes StatusNormal and StatusNotAvailable")
    async with edit_lists(context):
        found = await require_user(context, associate_id)
        if found.status not in (NORMAL, AWAY):
            raise BadValue("AssociateId", f"{associate_id} is not an active Service user")
        changed = replace(
            found,
            status=status.number,
            not_present=checked_text(message, "UserPresenceStatus.Message", MAX_TOOLTIP),
        )
        await sql.write_user(context.db, changed, context.user.associate_id, context.now)
