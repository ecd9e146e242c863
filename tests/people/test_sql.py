"""Rows into carriers."""

from skranke.db.database import Db
from skranke.people import sql
from tests.cast import ADA, ANNA, STEN


async def test_an_associate_bears_its_persons_name(db: Db):
    anna = (await sql.load_associates(db))[3]
    assert (anna.name, anna.user_name, anna.full_name) == ("anna", "anna", "Anna Agent")
    assert (anna.person_id, anna.group_idx, anna.ej_user_id) == (3, 1, 3)
    assert anna.type.value == "InternalAssociate"
    assert not anna.deleted
    assert anna.table_right is None
    assert anna.field_properties == {}


async def test_an_associate_without_person_group_or_service_user(db: Db):
    await db.execute(
        "INSERT INTO associate (associate_id, name, type, tooltip, deleted)"
        " VALUES (50, 'ROOM', 2, 'The small one', true)"
    )
    room = (await sql.load_associates(db))[50]
    assert (room.full_name, room.formal_name) == ("ROOM", "ROOM")
    assert (room.person_id, room.group_idx, room.ej_user_id) == (0, 0, 0)
    assert room.type.value == "ResourceAssociate"
    assert (room.tooltip, room.deleted) == ("The small one", True)
    assert 50 not in (await sql.load_accounts(db)).by_id


async def test_service_users_are_found_by_their_own_id(db: Db):
    await db.execute("INSERT INTO associate (associate_id, name) VALUES (51, 'new')")
    await db.execute("INSERT INTO ejuser (id, associate_id) VALUES (77, 51)")
    found = await sql.load_associates_by_ej_user(db)
    assert found[77].associate_id == 51
    assert sorted(found) == [2, 3, 4, 5, 6, 77]


async def test_callers_have_role_groups_and_password(db: Db):
    await db.execute("INSERT INTO user_group_link VALUES (3, 2)")
    await db.execute(
        "INSERT INTO credentials (associate_id, type, value, registered) VALUES"
        " (3, 'password', '$argon2id$', now()), (3, 'token', 'abc', now())"
    )
    accounts = await sql.load_accounts(db)
    anna = accounts.by_name["anna"]
    assert anna is accounts.by_id[3]
    assert anna.password_hash == "$argon2id$"
    assert anna.user.group_ids == {1, 2}
    assert anna.user.permissions == ANNA.permissions
    assert accounts.by_id[5].user.group_ids == STEN.group_ids
    assert accounts.by_id[2].user.permissions == ADA.permissions
    assert accounts.by_id[2].password_hash == ""


async def test_a_person_comes_whole(db: Db):
    await db.execute(
        "UPDATE contact SET department = 'Fish', orgnr = '974', country_id = 578,"
        " phone = '55', fax = '56', category_idx = 1 WHERE contact_id = 2"
    )
    await db.execute(
        "UPDATE person SET middle_name = 'Li', number1 = 'K7', mrmrs = 'Ms' WHERE person_id = 7"
    )
    await db.execute(
        "INSERT INTO email (person_id, email_address, rank) VALUES"
        " (7, 'second@fjord.example', 2), (7, 'first@fjord.example', 0)"
    )
    kari = (await sql.load_persons(db, [7]))[7]
    assert (kari.full_name, kari.firstname) == ("Kari Li Kunde", "Kari")
    assert kari.email == "first@fjord.example"
    assert (kari.contact_id, kari.contact_name) == (2, "Fjord AS")
    assert (kari.contact_department, kari.contact_full_name) == ("Fish", "Fjord AS, Fish")
    assert (kari.contact_country_id, kari.contact_org_nr) == (578, "974")
    assert (kari.contact_phone, kari.contact_fax) == ("55", "56")
    assert (kari.category_name, kari.person_number) == ("Customer", "K7")
    assert (kari.associate_id, kari.associate_name) == (0, "")
    assert kari.table_right is None
    assert kari.field_properties == {}


async def test_a_colleague_is_a_person_and_an_associate(db: Db):
    await db.execute("UPDATE person SET contact_id = NULL WHERE person_id = 3")
    found = await sql.load_persons(db, [3, 3, 999])
    assert list(found) == [3]
    assert (found[3].associate_id, found[3].associate_name) == (3, "anna")
    assert (found[3].contact_id, found[3].contact_full_name) == (0, "")
