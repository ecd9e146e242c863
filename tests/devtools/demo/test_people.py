"""Who works at the demo desk, who writes to it, and how they sign in."""

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from skranke.db.database import Db, value
from skranke.devtools.demo.people import LOGINS
from tests.devtools.demo.asking import found


async def test_tje0_administers_and_is_a_member_of_the_first_category(demo: Db):
    [user] = await found(
        demo,
        """
        SELECT role_id, status, weight FROM associate a
        JOIN ejuser u USING (associate_id)
        JOIN category_membership m ON m.user_id = u.id AND m.category_id = 1
        WHERE a.name = 'tje0' AND a.type = 1 AND NOT a.deleted
    """,
    )
    assert tuple(user.values()) == (1, 1, 1)


@pytest.mark.parametrize("login", LOGINS)
async def test_a_password_is_its_login_with_a_capital_letter(demo: Db, login: str):
    stored = await value(
        demo,
        str,
        "SELECT value FROM credentials JOIN associate USING (associate_id)"
        " WHERE name = $1 AND credentials.type = 'password'",
        login,
    )
    assert stored.startswith("$argon2id$")
    assert PasswordHasher().verify(stored, login.capitalize())
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(stored, login)


async def test_service_users_have_all_roles_in_two_groups(demo: Db):
    users = await found(
        demo,
        """
        SELECT u.id, a.associate_id, role_id, group_idx FROM ejuser u
        JOIN associate a USING (associate_id) JOIN credentials c USING (associate_id)
        JOIN usergroup ON usergroup_id = group_idx JOIN role USING (role_id)
        WHERE a.name <> 'tje0'
    """,
    )
    assert len(users) >= 5
    assert {user["role_id"] for user in users} == {1, 2, 3}
    assert {user["group_idx"] for user in users} == {1, 2}
    assert all(user["id"] != user["associate_id"] for user in users)


async def test_persons_can_be_reached_at_names_that_nobody_owns(demo: Db):
    addresses = await found(demo, "SELECT person_id, email_address FROM email")
    assert all(a["email_address"].endswith(".example") for a in addresses)
    assert all(a["email_address"].isascii() for a in addresses)
    assert len({a["email_address"] for a in addresses}) == len(addresses)
    persons = await found(demo, "SELECT * FROM person")
    assert {p["person_id"] for p in persons} == {*range(1, 81)}
    assert {a["person_id"] for a in addresses} >= {p["person_id"] for p in persons}
    assert all(p["direct_phone"] and p["contact_id"] for p in persons)
    assert any(p["support_associate_id"] for p in persons)
    assert any(p["ticket_priority_id"] for p in persons)
    assert len({p["direct_phone"] for p in persons}) == 80
    assert len({p["country_id"] for p in persons}) >= 8
