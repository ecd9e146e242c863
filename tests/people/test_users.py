"""The acceptance vectors of users (63 to 73), over a real socket on the demo desk."""

from typing import Any

import httpx
import pytest

from tests.conftest import DemoServer

PASSWORD = "long enough words"
Wire = dict[str, Any]


class Users:
    """An administrator's way to the User agent."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = self.sign_in("tje0", "Tje0")

    def sign_in(self, name: str, password: str) -> httpx.Client:
        """A client that signs in with every request."""
        base_url = f"{self.url}/api/v1"
        return httpx.Client(base_url=base_url, auth=(name, password), timeout=120)

    def ask(self, operation: str, body: object = None, **query: Any) -> httpx.Response:
        """Call an operation of the User agent."""
        return self.client.post(f"/Agents/User/{operation}", json=body, params=query)

    def call(self, operation: str, body: object = None, **query: Any) -> Any:
        """As `ask`, of an operation that must succeed."""
        answer = self.ask(operation, body, **query)
        assert answer.status_code in (200, 204), answer.text
        return answer.json() if answer.content else None

    def person(self) -> int:
        """A new customer."""
        answer = self.client.post("/Person", json={"Firstname": "Kim", "Lastname": "Foss"})
        return answer.json()["PersonId"]


@pytest.fixture
def users(demo: DemoServer) -> Users:
    return Users(demo.url)


def test_a_users_life(users: Users) -> None:
    person_id = users.person()
    blank = users.call(
        "CreateDefaultUserFromUserTypeAndPersonId",
        {"UserType": "InternalAssociate", "PersonId": person_id},
    )
    assert (blank["AssociateId"], blank["Person"]["PersonId"]) == (0, person_id)
    posted: Wire = {**blank, "Name": "kf", "Role": {"Id": 2}, "UserGroup": {"Id": 1}}
    saved = users.call("SaveUser", posted)
    user_id = saved["AssociateId"]
    assert saved["EjUserId"] > 0
    assert users.client.get(f"/Person/{person_id}").json()["IsAssociate"] is True
    taken = users.ask("SaveUser", {**posted, "Name": "KF", "Person": {"PersonId": users.person()}})
    assert taken.status_code == 400
    assert taken.json()["ErrorMessage"] == "Name: KF is taken"
    weak = users.ask("SetPassword", {"AssociateId": user_id, "Password": "short"})
    assert weak.status_code == 400
    assert weak.json()["ErrorMessage"].startswith("Password: ")
    strong = {"AssociateId": user_id, "Password": PASSWORD}
    assert users.call("SetPassword", strong) is True
    with users.sign_in("kf", PASSWORD) as kim:
        principal = kim.get("/User/currentPrincipal").json()
        assert (principal["AssociateId"], principal["RoleId"]) == (user_id, 2)
        wrong = {"OldPassword": "wrong", "NewPassword": "other long words"}
        changed = kim.post("/Agents/User/ChangeOwnPassword", json=wrong)
        assert changed.json() is False
        users.call("SaveUser", {"AssociateId": user_id, "Role": {"Id": 3}})
        refused = kim.post("/Person", json={"Lastname": "x"})
        assert refused.status_code == 403
        users.call("MakeRetired", {"AssociateId": user_id, "Retired": True})
        assert kim.get("/User/currentPrincipal").status_code == 401
    assert users.client.get(f"/Person/{person_id}").json()["Retired"] is True
    assert users.call("GetUser", userId=user_id)["Deleted"] is True
    text = users.ask("GetUserFromName", {"UserName": "kf"}).text
    assert "argon2" not in text
    assert PASSWORD not in text


def test_oneself_and_the_last_administrator_stay(users: Users) -> None:
    own = users.call("GetUserFromName", {"UserName": "TJE0"})["AssociateId"]
    assert users.ask("DeleteUser", userId=own).status_code == 400
    assert users.ask("MakeRetired", {"AssociateId": own, "Retired": True}).status_code == 400
    demoted = users.ask("SaveUser", {"AssociateId": own, "Role": {"Id": 3}})
    assert demoted.status_code == 400
    users.call("DeleteUser", userId=99999)
    unknown = users.ask("SaveUser", {"AssociateId": 99999, "Name": "x"})
    assert unknown.status_code == 404


def test_absence_and_groups(users: Users) -> None:
    status = {"Status": "StatusNotAvailable", "Message": "at sea"}
    answer = users.call("SetUserPresenceStatus", {"AssociateId": 3, "UserPresenceStatus": status})
    assert (answer["Status"], answer["Message"]) == ("StatusNotAvailable", "at sea")
    with users.sign_in("bo0", "Bo0") as bo:
        assert bo.get("/User/currentPrincipal").status_code == 200
        others = {"AssociateId": 2, "UserPresenceStatus": status}
        assert bo.post("/Agents/User/SetUserPresenceStatus", json=others).status_code == 403
    made = users.call("SaveUserGroup", {"UserGroup": {"Value": "Third line"}})
    users.call("SaveUser", {"AssociateId": 3, "UserGroup": {"Id": made["Id"]}})
    wrong = {"UserGroupToDelete": made["Id"], "UserGroupToMoveTo": made["Id"]}
    assert users.ask("DeleteUserGroup", wrong).status_code == 400
    users.call("DeleteUserGroup", {"UserGroupToDelete": made["Id"], "UserGroupToMoveTo": 1})
    assert users.call("GetUser", userId=3)["UserGroup"]["Id"] == 1
    listed = [g["Id"] for g in users.call("GetAllUserGroups", {"IncludeDeleted": False})]
    assert made["Id"] not in listed
