"""What the command line does to users."""

import pytest

from skranke.core.errors import BadValue, NotFound
from skranke.db.database import Db, value
from skranke.people import sql
from skranke.people.auth import tokens
from skranke.people.auth.accounts import add_user, list_users, make_token, set_password
from skranke.people.auth.passwords import matches
from tests.cast import ANNA, NOW
from tests.people.conftest import CHEAP


async def add(
    db: Db,
    name: str = "mia",
    full_name: str = "Mia Marie Ny",
    password: str = "correct horse",
    role: str = "AGENT",
    group: str = "first LINE",
) -> int:
    return await add_user(db, name, full_name, password, role, group, now=NOW, hasher=CHEAP)


async def test_a_new_user_can_sign_in_and_work(db: Db):
    associate_id = await add(db)
    account = (await sql.load_accounts(db)).by_name["mia"]
    assert account.user.associate_id == associate_id
    assert account.user.permissions == ANNA.permissions
    assert account.user.group_ids == {1}
    assert account.user.full_name == "Mia Marie Ny"
    assert matches(CHEAP, account.password_hash, "correct horse")
    assert not matches(CHEAP, account.password_hash, "Correct horse")
    person = (await sql.load_persons(db, [account.user.person_id]))[account.user.person_id]
    assert (person.firstname, person.lastname) == ("Mia Marie", "Ny")


async def test_a_group_is_made_where_there_is_none(db: Db):
    await db.execute("SELECT setval('usergroup_usergroup_id_seq', 100)")
    await add(db, group="Night shift")
    await add(db, name="leo", group="night shift")
    await add(db, name="solo", group="")
    groups = {user.name: user.group for user in await list_users(db)}
    assert (groups["mia"], groups["leo"]) == ("Night shift", "Night shift")
    assert groups["solo"] == ""
    made = "SELECT count(*) FROM usergroup WHERE name ILIKE 'night shift'"
    assert await value(db, int, made) == 1


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", ""),
        ("name", "ANNA"),
        ("name", "a:b"),
        ("name", " mia"),
        ("name", "7T"),
        ("name", "mi\na"),
        ("name", "x" * 101),
        ("password", "sevench"),
        ("password", "x" * 1001),
        ("role", "boss"),
        ("role", ""),
    ],
)
async def test_what_does_not_fit_is_named_and_changes_nothing(db: Db, field: str, wrong: str):
    persons = "SELECT count(*) FROM person"
    before = len(await list_users(db)), await value(db, int, persons)
    with pytest.raises(BadValue) as refusal:
        await add(db, **{field: wrong})
    assert refusal.value.name.lower() == field
    after = len(await list_users(db)), await value(db, int, persons)
    assert before == after


async def test_a_password_is_not_the_login_name(db: Db):
    with pytest.raises(BadValue):
        await add(db, name="longenough", password="LongEnough")


async def test_a_password_is_replaced(db: Db):
    await add(db)
    for password in ("battery staple", "tr0ubador & 3"):
        await set_password(db, "MIA", password, now=NOW, hasher=CHEAP)
        account = (await sql.load_accounts(db)).by_name["mia"]
        assert matches(CHEAP, account.password_hash, password)
    with pytest.raises(BadValue):
        await set_password(db, "mia", "short", now=NOW, hasher=CHEAP)
    with pytest.raises(NotFound):
        await set_password(db, "nobody", "battery staple", now=NOW, hasher=CHEAP)


async def test_a_password_that_is_stored_in_no_known_form_fits_nothing():
    assert not matches(CHEAP, "plain", "plain")
    assert not matches(CHEAP, "", "")


async def test_a_token_is_made_for_a_name(db: Db):
    token = await make_token(db, "Anna", NOW, 30)
    grant = await tokens.grant_of(db, "token", token)
    assert grant is not None
    assert grant.associate_id == ANNA.associate_id
    assert grant.valid_until is not None
    assert (grant.valid_until - NOW).days == 30
    ticket = await make_token(db, "anna", NOW, None, "ticket")
    assert ticket.startswith("7T:")
    with pytest.raises(NotFound):
        await make_token(db, "nobody", NOW, 30)


async def test_the_list_tells_role_group_and_credentials(db: Db):
    await add(db)
    await make_token(db, "mia", NOW, 1)
    await db.execute("INSERT INTO associate (name, deleted) VALUES ('old', true)")
    users = {user.name: user for user in await list_users(db)}
    assert list(users) == ["ada", "anna", "bo", "mia", "old", "rita", "sten"]
    mia = users["mia"]
    assert (mia.full_name, mia.role, mia.group) == ("Mia Marie Ny", "Agent", "First line")
    assert (mia.service_user, mia.has_password, mia.tokens) == (True, True, 1)
    assert (users["old"].deleted, users["old"].service_user) == (True, False)
    assert (users["anna"].has_password, users["anna"].tokens) == (False, 0)
