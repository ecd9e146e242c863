"""Who am I, and whom do I ask about: in process, and by the bytes of the sample."""

import asyncio
import base64

from skranke.core.app_state import AppState
from skranke.people.auth import tokens
from skranke.people.operations import (
    get_associate,
    get_associate_list,
    get_current_associate,
    get_current_principal,
    get_current_token,
    get_person,
    get_person_list,
)
from tests.cast import ADA, ANNA, NOW, RITA, ContextOf
from tests.people.conftest import PASSWORD, Serving

BASIC = "Basic " + base64.b64encode(f"anna:{PASSWORD}".encode()).decode()


async def test_the_principal_is_the_caller_whole(context_of: ContextOf):
    context = context_of(ANNA)
    await context.db.execute("INSERT INTO user_group_link VALUES (3, 2), (3, 1)")
    await context.db.execute("UPDATE contact SET country_id = 578, associate_id = 2")
    await context.db.execute(
        "INSERT INTO email (person_id, email_address) VALUES (3, 'anna@skranke.example')"
    )
    principal = await get_current_principal(context)
    assert principal.user_type.value == "InternalAssociate"
    assert (principal.associate, principal.associate_id) == ("anna", 3)
    assert (principal.is_person, principal.person_id) == (True, 3)
    assert (principal.contact_id, principal.contact_owner) == (1, 2)
    assert (principal.country_id, principal.home_country_id) == (578, 578)
    assert (principal.group_id, principal.secondary_groups) == (1, [2])
    assert (principal.role_id, principal.role_name) == (2, "Agent")
    assert principal.full_name == "Anna Agent"
    assert principal.e_mail_address == "anna@skranke.example"
    assert principal.ej_user_id == 3
    assert principal.ej_user_status.value == "StatusNormal"
    assert principal.function_rights == ["read", "write"]
    assert principal.licenses == []
    assert principal.provided_credentials == []
    assert principal.database_context_identifier == "Default"


async def test_function_rights_are_sorted_names_of_what_the_role_gives(context_of: ContextOf):
    everything = ["administer", "delete", "read", "write"]
    assert (await get_current_principal(context_of(ADA))).function_rights == everything
    assert (await get_current_principal(context_of(RITA))).function_rights == ["read"]


async def test_the_current_associate_is_the_caller(context_of: ContextOf):
    associate = await get_current_associate(context_of(ANNA))
    assert associate is not None
    assert (associate.associate_id, associate.ej_user_id) == (3, 3)


async def test_each_current_token_is_new_and_lasts_six_hours(context_of: ContextOf):
    context = context_of(ANNA)
    first, second = await get_current_token(context), await get_current_token(context)
    assert first != second
    for token in (first, second):
        grant = await tokens.grant_of(context.db, "token", token)
        assert grant is not None
        assert grant.associate_id == 3
        assert grant.valid_until is not None
        assert (grant.valid_until - NOW).total_seconds() == 6 * 3600


async def test_lists_are_in_the_order_asked_for_without_the_unknown(context_of: ContextOf):
    context = context_of(RITA)
    associates = await get_associate_list(context, [5, 999, 2, 5])
    assert [a.associate_id for a in associates] == [5, 2, 5]
    people = await get_person_list(context, [8, 999, 7])
    assert [p.firstname for p in people] == ["Ola", "Kari"]
    assert await get_associate(context, 999) is None
    assert await get_person(context, 999) is None
    assert await get_person_list(context, []) == []


async def test_a_token_of_the_basic_sign_in_opens_the_next_door(desk: AppState, serving: Serving):
    async with serving(desk) as client:
        token = await client.get("/api/v1/User/currentToken", headers={"authorization": BASIC})
        assert token.json().startswith("8A:Default.")
        client.headers["authorization"] = f"Bearer {token.json()}"
        associate = await client.get("/api/v1/User/currentAssociate")
        assert list(associate.json())[:3] == ["AssociateId", "Name", "PersonId"]
        assert associate.json()["Type"] == "InternalAssociate"
        assert associate.json()["TableRight"] is None
        assert associate.json()["FieldProperties"] == {}
        people = await client.post("/api/v1/Agents/Person/GetPersonList", json=[7])
        assert people.json()[0]["Email"] == "kari@fjord.example"
        none = await client.post("/api/v1/Agents/Associate/GetAssociate?associateId=99")
        assert (none.status_code, none.content) == (200, b"null")
        missing = await client.post("/api/v1/Agents/Person/GetPerson")
        assert missing.status_code == 400
        huge = await client.post("/api/v1/Agents/Person/GetPerson?personId=9999999999")
        assert huge.status_code == 400


async def test_the_principal_on_the_wire_has_arrays_and_no_nulls(desk: AppState, serving: Serving):
    async with serving(desk) as client:
        port = client.base_url.port
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"GET /api/v1/User/currentPrincipal HTTP/1.1\r\nHost: desk\r\n"
            b"Authorization: %s\r\nConnection: close\r\n\r\n" % BASIC.encode()
        )
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    body = answer.partition(b"\r\n\r\n")[2]
    assert body.startswith(b'{"UserType":"InternalAssociate","Associate":"anna",')
    assert b'"Licenses":[],' in body
    assert b'"EMailAddress":"",' in body
    assert b'"FunctionRights":["read","write"],' in body
    assert b"null" not in body


async def test_nobody_is_told_how_to_sign_in(desk: AppState, serving: Serving):
    async with serving(desk) as client:
        answer = await client.get("/api/v1/User/currentPrincipal")
        assert answer.status_code == 401
        assert "Basic realm=" in answer.headers["www-authenticate"]
        wrong = {"authorization": "Basic QURNMDo="}
        assert (await client.get("/api/v1/User/currentPrincipal", headers=wrong)).json()[
            "ErrorType"
        ] == "SoSessionException"
