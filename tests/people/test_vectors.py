"""The acceptance vectors of companies and persons, over a real socket on the demo desk.

Each vector makes the company (c) and the person (p) that it needs. tje0 administers, bo0
is an agent; the numbers are those of the dossier that the rules were taken from.
"""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from msgspec import Struct

from tests.conftest import DemoServer

Wire = dict[str, Any]
NULL_DATE = "0001-01-01T00:00:00"


class Desk(Struct):
    """A served desk with clients of an administrator and of an agent."""

    admin: httpx.Client
    agent: httpx.Client
    nobody: httpx.Client
    data: str

    def call(self, operation: str, body: object = None, **query: Any) -> Any:
        """Call an operation of an agent, which must succeed."""
        answer = self.admin.post(f"/Agents/{operation}", json=body, params=query)
        assert answer.status_code in (200, 204), answer.text
        return answer.json() if answer.content else None

    def get(self, path: str) -> Any:
        """Read an address, which must be there."""
        answer = self.admin.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def company(self, name: str = "Nordlys AS", **more: Any) -> Wire:
        """A new company."""
        return self.call("Contact/SaveContactEntity", {"Name": name, **more})

    def person(self, company: Wire | None = None, **more: Any) -> Wire:
        """A new person, Kari Foss unless told otherwise."""
        body: Wire = {"Firstname": "Kari", "Lastname": "Foss", **more}
        if company:
            body["Contact"] = {"ContactId": company["ContactId"]}
        return self.call("Person/SavePersonEntity", body)

    def patch(self, path: str, changes: object) -> httpx.Response:
        """Patch an address."""
        return self.admin.patch(path, json=changes)

    def rows(self, archive: str, select: str, where: str, entities: str = "") -> list[Wire]:
        """Rows of an archive."""
        query = {"$select": select, "$filter": where}
        if entities:
            query["$entities"] = entities
        answer = self.admin.get(f"/Archive/{archive}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()["value"]


@pytest.fixture
def desk(demo_server: DemoServer) -> Iterator[Desk]:
    def client(*auth: str) -> httpx.Client:
        signed_in = (auth[0], auth[1]) if auth else None
        return httpx.Client(base_url=f"{demo_server.url}/api/v1", auth=signed_in, timeout=60)

    with client("tje0", "Tje0") as admin, client("bo0", "Bo0") as agent, client() as nobody:
        yield Desk(admin=admin, agent=agent, nobody=nobody, data=str(demo_server.data))


Vector = Callable[[Desk], None]
VECTORS: dict[str, Vector] = {}


def vector(number: str) -> Callable[[Vector], Vector]:
    """Note a vector by its number."""

    def note(check: Vector) -> Vector:
        VECTORS[number] = check
        return check

    return note


@vector("1")
def a_default_company(desk: Desk) -> None:
    blank = desk.call("Contact/CreateDefaultContactEntity")
    assert blank["ContactId"] == 0
    assert blank["Associate"]["Name"] == "tje0"
    assert blank["Country"]["CountryId"] == 578
    assert (blank["Persons"], blank["UpdatedBy"]) == ([], None)
    assert blank["UpdatedDate"] == NULL_DATE
    assert [i["Selected"] for i in blank["Interests"]] == [False, False]


@vector("2")
def a_saved_company(desk: Desk) -> None:
    saved = desk.company(
        Country={"CountryId": 578},
        Emails=[{"Value": "post@nordlys.example"}],
        Phones=[{"Value": "+47 22 00 00 00", "Description": "Switchboard"}],
    )
    assert saved["ContactId"] > 0
    assert saved["Phones"][0]["StrippedValue"] == "+4722000000"
    assert saved["CreatedBy"]["Name"] == "tje0"
    names = [f["Name"] for line in saved["Address"]["LocalizedAddress"] for f in line]
    assert names == [
        "StreetAddress1",
        "StreetZipcode",
        "StreetCity",
        "PostalAddress1",
        "PostalZipcode",
        "PostalCity",
    ]


@pytest.mark.parametrize(
    ("operation", "body", "named"),
    [
        pytest.param("Contact/SaveContactEntity", {"Name": ""}, "Name", id="3"),
        pytest.param("Contact/SaveContactEntity", {"Name": "n" * 220}, "Name", id="4"),
        pytest.param(
            "Contact/SaveContactEntity",
            {"Name": "x", "Country": {"CountryId": 99999}},
            "Country.CountryId",
            id="5",
        ),
        pytest.param("Person/SavePersonEntity", {}, "Lastname", id="13"),
        pytest.param(
            "Person/SavePersonEntity",
            {"Lastname": "x", "Contact": {"ContactId": 99999999}},
            "Contact.ContactId",
            id="15",
        ),
        pytest.param(
            "Person/SavePersonEntity",
            {"Lastname": "x", "Emails": [{"Value": "no address"}]},
            "Emails",
            id="e-mail",
        ),
        pytest.param(
            "Person/SavePersonEntity",
            {"Lastname": "x", "Position": {"Id": 4242}},
            "Position.Id",
            id="position",
        ),
        pytest.param(
            "Person/SavePersonEntity",
            {"Lastname": "x", "SupportAssociate": {"AssociateId": 4242}},
            "SupportAssociate.AssociateId",
            id="support",
        ),
        pytest.param(
            "Contact/SaveContactEntity",
            {"Name": "x", "Domains": ["not a domain"]},
            "Domains",
            id="domain",
        ),
        pytest.param(
            "Contact/SaveContactEntity",
            {"Name": "x", "Address": {"Street": {"City": "c" * 80}}},
            "Address.Street.City",
            id="city",
        ),
        pytest.param(
            "Person/UpdateInterests",
            {"PersonId": 20, "EnableInterestIds": [1], "DisableInterestIds": [1]},
            "EnableInterestIds",
            id="33",
        ),
    ],
)
def test_bad_input_names_the_property(desk: Desk, operation: str, body: Wire, named: str) -> None:
    before = len(desk.rows("Person", "personId", "personId gt 0"))
    answer = desk.admin.post(f"/Agents/{operation}", json=body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["ErrorMessage"].startswith(f"{named}: ")
    assert len(desk.rows("Person", "personId", "personId gt 0")) == before


@vector("6")
def a_company_read_again(desk: Desk) -> None:
    saved = desk.call("Contact/SaveContactEntity", {"name": "Camel AS", "number1": "N-1"})
    read = desk.call("Contact/GetContactEntity", contactEntityId=saved["ContactId"])
    assert read == saved
    assert (read["Name"], read["Number1"]) == ("Camel AS", "N-1")


@vector("7, 8")
def what_is_not_there(desk: Desk) -> None:
    assert desk.call("Contact/GetContactEntity", contactEntityId=99999999) is None
    answer = desk.admin.get("/Contact/99999999")
    assert answer.status_code == 404
    assert answer.json()["ErrorType"] == "SoNotFoundException"


@vector("9")
def links_that_lead_somewhere(desk: Desk) -> None:
    company = desk.company()
    person = desk.person(company)
    for path in (f"/Contact/{company['ContactId']}", f"/Person/{person['PersonId']}"):
        links = desk.get(path)["_Links"]
        assert {"Self", "Self.Simple", "Archive.Tickets"} <= links.keys()
        for address in links.values():
            assert desk.admin.get(address).status_code == 200, address


@vector("10")
def a_flat_company(desk: Desk) -> None:
    company = desk.company(
        Emails=[{"Value": "post@nordlys.example"}], Phones=[{"Value": "+47 22 00 00 00"}]
    )
    flat = desk.get(f"/Contact/{company['ContactId']}/Simple")
    assert flat["DirectPhone"] == "+47 22 00 00 00"
    assert flat["EmailAddress"] == "post@nordlys.example"
    assert (flat["FullName"], flat["IsOwnerContact"]) == ("Nordlys AS", False)
    assert desk.get("/Contact/1/Simple")["IsOwnerContact"] is True


@vector("11, 12")
def persons_of_a_company(desk: Desk) -> None:
    company = desk.company()
    first = desk.person(company, Emails=[{"Value": "kari@nordlys.example"}])
    assert (first["FullName"], first["Country"]["CountryId"]) == ("Kari Foss", 578)
    assert first["Category"] == company["Category"]
    second = desk.person(company, Firstname="Ola")
    ranks = [desk.get(f"/Person/{p['PersonId']}/Simple")["Rank"] for p in (first, second)]
    assert ranks == [1, 2]
    where = f"contactId eq {company['ContactId']}"
    assert desk.rows("Contact", "mainContact", where)[0]["mainContact"] == "Kari Foss"


@vector("14, 16")
def an_id_as_text(desk: Desk) -> None:
    company = desk.company()
    person = desk.call(
        "Person/SavePersonEntity",
        {"Lastname": "Foss", "Contact": {"ContactId": str(company["ContactId"])}},
    )
    assert person["Contact"]["ContactId"] == company["ContactId"]
    person_id = person["PersonId"]
    assert desk.get(f"/Person/{person_id}/Simple") == desk.call(
        "Person/GetPerson", personId=person_id
    )


@vector("17, 18")
def a_patch_and_the_same_again(desk: Desk) -> None:
    path = f"/Person/{desk.person()['PersonId']}"
    change = [{"op": "replace", "path": "Title", "value": "Head"}]
    patched = desk.patch(path, change).json()
    assert patched["Title"] == "Head"
    assert patched["UpdatedDate"] != NULL_DATE
    assert patched["UpdatedBy"]["Name"] == "tje0"
    again = desk.patch(path, change).json()
    assert again["UpdatedDate"] == patched["UpdatedDate"]


@vector("19, 20")
def elements_keep_their_order_and_rows(desk: Desk) -> None:
    person = desk.person(Emails=[{"Value": "kari@nordlys.example"}])
    path, where = f"/Person/{person['PersonId']}", f"personId eq {person['PersonId']}"
    before = desk.rows("Person", "email/emailId", where)[0]["email/emailId"]
    value = [{"Value": "k@x.example"}, {"Value": "KARI@nordlys.example"}]
    patched = desk.patch(path, [{"op": "replace", "path": "Emails", "value": value}]).json()
    assert [e["Value"] for e in patched["Emails"]] == ["k@x.example", "KARI@nordlys.example"]
    assert desk.get(f"{path}/Simple")["Email"] == "k@x.example"
    desk.patch(path, [{"op": "replace", "path": "Emails", "value": value[1:]}])
    assert desk.rows("Person", "email/emailId", where)[0]["email/emailId"] == before
    for number in ("1111", "2222"):
        patched = desk.patch(path, {"officePhones": {"Value": number}}).json()
    assert [e["Value"] for e in patched["OfficePhones"]] == ["1111", "2222"]
    assert desk.get(f"{path}/Simple")["DirectPhone"] == "1111"


@vector("21, 22")
def a_patched_address(desk: Desk) -> None:
    path = f"/Person/{desk.person()['PersonId']}"
    street = {"Address1": "Storgata 1", "City": "Oslo", "Zipcode": "0155"}
    patched = desk.patch(path, [{"op": "replace", "path": "Address/Street", "value": street}])
    assert patched.json()["Address"]["Street"]["Formatted"] == "Storgata 1\n0155 Oslo\n"
    wrong = {"op": "replace", "path": "Address/Street/Address1", "value": {"Value": "x"}}
    assert desk.patch(path, [wrong]).status_code == 400
    assert desk.get(path)["Address"]["Street"]["Address1"] == "Storgata 1"


@vector("localized address")
def an_address_by_its_fields(desk: Desk) -> None:
    company = desk.company()
    fields = company["Address"]["LocalizedAddress"]
    fields[0][0]["Value"], fields[1][0]["Value"], fields[1][1]["Value"] = "Gata 2", "5003", "Bergen"
    saved = desk.call("Contact/SaveContactEntity", company)
    assert saved["Address"]["Street"]["Address1"] == "Gata 2"
    assert saved["Address"]["Formatted"] == "Gata 2\n5003 Bergen\n"
    british = desk.company(
        Country={"CountryId": 826},
        Address={"Street": {"Address1": "1 High St", "City": "York", "Zipcode": "YO1"}},
    )
    assert british["Address"]["Postal"]["Address1"] == "1 High St"
    assert british["Address"]["Formatted"] == "1 High St\nYork\nYO1\n"


@vector("23, 24, 25, 26")
def conditions(desk: Desk) -> None:
    path = f"/Person/{desk.person()['PersonId']}"
    test = [{"op": "test", "path": "Title", "value": "no"}]
    assert (
        desk.patch(path, [*test, {"op": "replace", "path": "Title", "value": "x"}]).status_code
        == 409
    )
    read = desk.admin.get(path)
    since = {"If-Unmodified-Since": "Mon, 02 Mar 2020 10:00:00 GMT"}
    assert desk.admin.put(path, json={"Lastname": "x"}, headers=since).status_code == 412
    same = {"If-Modified-Since": read.headers["last-modified"]}
    answer = desk.admin.get(path, headers=same)
    assert (answer.status_code, answer.content) == (304, b"")
    first = desk.get("/Person/1")
    put = desk.admin.put(path, json={"PersonId": 1, "Lastname": "Put"}).json()
    assert (put["FullName"], f"/Person/{put['PersonId']}") == ("Put", path)
    assert desk.get("/Person/1") == first


@vector("27, 28")
def birth_dates(desk: Desk) -> None:
    person = desk.person(BirthDate="0002-05-13T00:00:00")
    path, where = f"/Person/{person['PersonId']}", f"personId eq {person['PersonId']}"
    assert desk.get(path)["BirthDate"] == "0002-05-13T00:00:00"
    row = desk.rows("Person", "birthYear,birthMonth,birthDay", where)[0]
    assert (row["birthYear"], row["birthMonth"], row["birthDay"]) == (0, 5, 13)
    desk.patch(path, {"BirthDate": NULL_DATE})
    assert desk.rows("Person", "birthMonth", where)[0]["birthMonth"] == 0
    assert desk.get(path)["BirthDate"] == NULL_DATE
    desk.patch(path, {"BirthDate": "1980-02-29T00:00:00"})
    assert desk.get(path)["BirthDate"] == "1980-02-29T00:00:00"


@vector("29, 30, 31")
def validation(desk: Desk) -> None:
    blank = {"PersonEntity": {"Firstname": "", "Lastname": ""}}
    assert desk.call("Person/ValidatePersonEntity", blank).keys() == {"Lastname"}
    assert desk.call("Person/ValidatePersonEntity", {"PersonEntity": {"Lastname": "x"}}) == {}
    assert desk.call("Contact/ValidateContactEntity", {"ContactEntity": {}}).keys() == {"Name"}
    assert desk.admin.post("/Person/Validate", json={"Lastname": "x"}).json() == {}


@vector("32")
def interests(desk: Desk) -> None:
    listed = desk.get("/MDOList/persint")
    person = desk.person(Interests=[{"Id": 2, "Selected": True}])
    assert person["ActiveInterests"] == 1
    assert {i["Id"]: i["Selected"] for i in person["Interests"]} == {1: False, 2: True}
    kept = desk.call(
        "Person/SavePersonEntity",
        {"PersonId": person["PersonId"], "Interests": [{"Id": 1, "Selected": True}]},
    )
    assert kept["ActiveInterests"] == 2
    assert desk.get("/MDOList/persint") == listed


@vector("34, 35")
def what_tickets_take_from_customers(desk: Desk) -> None:
    company = desk.company(SupportAssociate={"AssociateId": 3})
    person = desk.person(company, TicketPriority={"Id": 3})
    saved = desk.call(
        "Ticket/SaveTicketEntity", {"Title": "x", "Person": {"PersonId": person["PersonId"]}}
    )
    assert saved["Priority"]["TicketPriorityId"] == 3


@vector("36, 37, 38")
def retired_persons(desk: Desk) -> None:
    assert desk.admin.get("/Person", params={"$filter": "retired eq true"}).status_code == 200
    person = desk.person(Lastname="Gammel")
    person_id = person["PersonId"]
    desk.patch(f"/Person/{person_id}", {"Retired": True})
    assert desk.get(f"/Person/{person_id}")["Retired"] is True
    listed = desk.get("/MDOList/person_new?search=Gammel")
    assert person_id not in [item["Id"] for item in listed]
    where = f"personId eq {person_id}"
    assert desk.rows("Person", "personId", where, "person") == []
    assert len(desk.rows("Person", "personId", where, "retiredPerson")) == 1
    assert len(desk.rows("Person", "personId", where)) == 1


@vector("39, 40, 41, 42, 43")
def a_deleted_person(desk: Desk) -> None:
    person_id = desk.person(desk.company())["PersonId"]
    ticket = desk.call("Ticket/SaveTicketEntity", {"Title": "x", "Person": {"PersonId": person_id}})
    path = f"/Person/{person_id}"
    assert desk.admin.delete(path).status_code == 204
    assert desk.admin.get(path).status_code == 404
    assert desk.call("Person/GetPerson", personId=person_id) is None
    assert desk.call("Person/GetPersonEntity", personEntityId=person_id) is None
    assert desk.rows("Person", "personId", f"personId eq {person_id}") == []
    assert desk.admin.delete(path).status_code == 404
    desk.call("Person/DeletePersonEntity", personEntityId=person_id)
    trashed = desk.rows("RecyclePerson", "personId,personDeletedDate", f"personId eq {person_id}")
    assert trashed[0]["personDeletedDate"] != NULL_DATE
    kept = desk.get(f"/Ticket/{ticket['TicketId']}")
    assert (kept["Person"], kept["NumMessages"]) == (None, 0)
    assert desk.get(f"/Ticket/{ticket['TicketId']}/Simple")["PersonFullname"] == ""
    desk.call("Person/Undelete", {"Id": person_id})
    assert desk.get(f"/Ticket/{ticket['TicketId']}")["Person"]["PersonId"] == person_id


@vector("45, 47")
def those_who_work_here_stay(desk: Desk) -> None:
    answer = desk.admin.delete("/Contact/1")
    assert answer.status_code == 400
    assert "[SR_ACCESS_ASSOCCONT_DELETE]" in answer.json()["ErrorMessage"]
    answer = desk.admin.delete("/Person/3")
    assert answer.status_code == 400
    assert "delete the user first" in answer.json()["ErrorMessage"]
    assert desk.get("/Contact/1")["Persons"]


@vector("46")
def a_deleted_company_takes_its_persons(desk: Desk) -> None:
    company = desk.company()
    person = desk.person(company)
    path = f"/Contact/{company['ContactId']}"
    assert desk.admin.delete(path).status_code == 204
    assert desk.admin.get(f"/Person/{person['PersonId']}").status_code == 404
    desk.call("Contact/Undelete", {"Id": company["ContactId"]})
    assert [p["PersonId"] for p in desk.get(path)["Persons"]] == [person["PersonId"]]


@vector("48")
def merged_persons(desk: Desk) -> None:
    company = desk.company()
    kept = desk.person(company, Emails=[{"Value": "a@nordlys.example"}])
    gone = desk.person(company, Emails=[{"Value": "b@nordlys.example"}])
    ticket = desk.call(
        "Ticket/SaveTicketEntity",
        {
            "Title": "x",
            "Person": {"PersonId": gone["PersonId"]},
            "SecondaryPersons": [{"PersonId": kept["PersonId"]}],
        },
    )
    answer = desk.admin.post(
        f"/Person/{gone['PersonId']}/MergeTo/{kept['PersonId']}",
        params={"moveAfterDate": "0001-01-01", "deleteSource": "true"},
    )
    assert answer.status_code == 204, answer.text
    moved = desk.get(f"/Ticket/{ticket['TicketId']}")
    assert moved["Person"]["PersonId"] == kept["PersonId"]
    assert moved["SecondaryPersons"] == []
    after = desk.get(f"/Person/{kept['PersonId']}")
    assert [e["Value"] for e in after["Emails"]] == ["a@nordlys.example", "b@nordlys.example"]
    assert desk.admin.get(f"/Person/{gone['PersonId']}").status_code == 404


@vector("49, 50, 51")
def a_merge_that_retires(desk: Desk) -> None:
    kept, gone = desk.person(), desk.person()
    path = f"/Person/{gone['PersonId']}/MergeTo/{kept['PersonId']}"
    answer = desk.admin.post(path)
    assert answer.status_code == 400
    assert "moveAfterDate" in answer.json()["ErrorMessage"]
    date = {"moveAfterDate": "0001-01-01", "deleteSource": "false"}
    assert desk.admin.post(path, params=date).status_code == 204
    assert desk.get(f"/Person/{gone['PersonId']}")["Retired"] is True
    itself = f"/Person/{kept['PersonId']}/MergeTo/{kept['PersonId']}"
    assert desk.admin.post(itself, params=date).status_code == 400


@vector("52")
def merged_companies(desk: Desk) -> None:
    kept, gone = desk.company("Kept AS"), desk.company("Gone AS")
    stays, leaves = desk.person(kept), desk.person(gone)
    other = desk.person(gone, Firstname="Ola")
    tickets = [
        desk.call("Ticket/SaveTicketEntity", {"Title": "x", "Person": {"PersonId": p["PersonId"]}})
        for p in (stays, leaves)
    ]
    desk.call(
        "Contact/Merge",
        {
            "SourceContactId": gone["ContactId"],
            "DestinationContactId": kept["ContactId"],
            "MergeIdenticalPersons": True,
        },
    )
    persons = desk.get(f"/Contact/{kept['ContactId']}")["Persons"]
    assert [p["PersonId"] for p in persons] == [stays["PersonId"], other["PersonId"]]
    for ticket in tickets:
        assert desk.get(f"/Ticket/{ticket['TicketId']}")["Person"]["PersonId"] == stays["PersonId"]
    assert desk.admin.get(f"/Contact/{gone['ContactId']}").status_code == 404


@vector("53")
def a_moved_person(desk: Desk) -> None:
    first, second = desk.company("From AS"), desk.company("To AS")
    desk.person(second)
    person = desk.person(first)
    ticket = desk.call(
        "Ticket/SaveTicketEntity", {"Title": "x", "Person": {"PersonId": person["PersonId"]}}
    )
    path = f"/Person/{person['PersonId']}/MoveTo/{second['ContactId']}"
    assert desk.admin.post(path, params={"moveAfterDate": "2999-01-01"}).status_code == 204
    flat = desk.get(f"/Person/{person['PersonId']}/Simple")
    assert (flat["ContactId"], flat["Rank"]) == (second["ContactId"], 2)
    kept = desk.get(f"/Ticket/{ticket['TicketId']}/Simple")
    assert kept["ContactId"] == first["ContactId"]


@vector("54")
def ranks(desk: Desk) -> None:
    company = desk.company()
    ids = [desk.person(company, Firstname=name)["PersonId"] for name in ("A", "B", "C")]
    assert desk.call("Person/SetPersonRank", {"PersonId": ids[2], "DesiredRank": 1}) is True
    flat = desk.call("Contact/GetPersons", {"ContactId": company["ContactId"]})
    assert [(p["PersonId"], p["Rank"]) for p in flat] == [(ids[2], 1), (ids[0], 2), (ids[1], 3)]
    assert desk.call("Person/ChangePersonRank", {"PersonId": ids[1], "MoveUp": True}) == 2
    assert desk.call("Person/NormalizeRanks", {"ContactId": company["ContactId"]}) is False


@vector("55, 56, 57, 58")
def consents(desk: Desk) -> None:
    person_id = desk.person()["PersonId"]
    path = f"/Person/{person_id}/Consent/EMARKETING"
    query = {"source": "API", "legalBase": "61A"}
    assert desk.admin.put(path, params=query).status_code == 204
    assert desk.get(path) is True
    saved = desk.call("Person/SavePersonEntity", {"PersonId": person_id, "Consents": []})
    assert {c["ConsentPurposeKey"] for c in saved["Consents"]} == {"STORE", "EMARKETING"}
    assert desk.admin.delete(path).status_code == 204
    assert desk.get(path) is False
    kept = {c["ConsentPurposeKey"]: c["LegalBaseKey"] for c in desk.get(path.rsplit("/", 1)[0])}
    assert kept["EMARKETING"] == "WITHDRAWN"
    unknown = desk.admin.put(path.replace("EMARKETING", "NOPE"), params=query)
    assert unknown.status_code == 400
    assert unknown.json()["ErrorMessage"].startswith("Purpose: ")


@vector("59, 60")
def duplicates(desk: Desk) -> None:
    company = desk.company("Dobbel AS", Domains=["dobbel.example"])
    found = desk.call("Contact/GetDomainDuplicates", {"Domain": "dobbel.example"})
    assert [d["SoPrimaryKey"] for d in found] == [company["ContactId"]]
    second = desk.company("Dobbel AS")
    assert second["ContactId"] != company["ContactId"]
    both = {company["ContactId"], second["ContactId"]}
    for operation, body in (
        ("GetDuplicates", {"Name": "dobbel"}),
        ("GetNameDepartmentDuplicates", {"Name": "dobbel as", "Department": ""}),
    ):
        found = desk.call(f"Contact/{operation}", body)
        assert {d["SoPrimaryKey"] for d in found} == both


@vector("61, 62")
def who_may(desk: Desk) -> None:
    body = {"Lastname": "Hvem"}
    made = desk.agent.post("/Person", json=body)
    assert made.status_code == 200
    path = f"/Person/{made.json()['PersonId']}"
    assert desk.nobody.post("/Person", json=body).status_code == 401
    assert desk.agent.delete(path).status_code == 403
    assert desk.admin.delete(path).status_code == 204


@vector("78")
def countries(desk: Desk) -> None:
    listed = desk.get("/MDOList/country")
    assert [i["Name"] for i in listed if i["Id"] == 578] == ["Norway"]
    assert desk.get("/MDOList/countrywithnoselection")[0]["Id"] == 0


@vector("80")
def other_formats(desk: Desk) -> None:
    headers = {"Content-Type": "application/xml", "Accept": "application/json"}
    xml = "<PersonEntity><Firstname>Xe</Firstname><Lastname>Mel</Lastname></PersonEntity>"
    by_xml = desk.admin.post("/Agents/Person/SavePersonEntity", content=xml, headers=headers)
    by_form = desk.admin.post(
        "/Agents/Person/SavePersonEntity", data={"Firstname": "Xe", "Lastname": "Mel"}
    )
    assert by_xml.status_code == by_form.status_code == 200
    assert by_xml.json()["FullName"] == by_form.json()["FullName"] == "Xe Mel"


@vector("86")
def a_retired_user_is_out_at_once(desk: Desk) -> None:
    assert desk.agent.get("/Person/20").status_code == 200
    person_id = desk.agent.get("/User/currentPrincipal").json()["PersonId"]
    desk.patch(f"/Person/{person_id}", {"Retired": True})
    assert desk.agent.get("/Person/20").status_code == 401
    desk.patch(f"/Person/{person_id}", {"Retired": False})
    assert desk.agent.get("/Person/20").status_code == 200


@vector("79")
def a_query_of_the_vendors(desk: Desk) -> None:
    select = "personId,personUpdatedDate,personAddress/city,personUrl/URLAddress"
    where = "personUpdatedDate after '2026-01-01'"
    desk.rows("Person", select, where)
    desk.rows(
        "Contact", "contactId,updatedDate,streetAddress/city", "updatedDate after '2026-01-01'"
    )


@pytest.mark.parametrize("number", VECTORS)
def test_vector(desk: Desk, number: str) -> None:
    VECTORS[number](desk)
