"""Companies, persons and passwords of the demo desk."""

import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import groupby

from msgspec import Struct

from skranke.devtools.demo.companies import COMPANIES, Company
from skranke.devtools.demo.rows import Contact, Credentials, Email, ListItem, Person, Phone
from skranke.people.auth.passwords import HASHER
from skranke.people.contact_points.elements import stripped_phone

LOGINS = ("tje0", "anna0", "bo0", "mette0", "jonas0", "sofie0", "ulla0")
FOLDED = str.maketrans({"ø": "o", "æ": "ae", "ü": "ue", "ß": "ss"})
SALESPERSON = 8  # associate
MEDIUM, HIGH = 2, 3  # priorities
CUSTOMER, OWN_COMPANY = 1, 5  # categories of companies
FIRST_POSITION = 11
SWITCHBOARD, DIRECT = 1, 16385  # kinds of phones
OUR_CONTACTS = {2: 3, 6: 4, 10: 5}  # who looks after whom: company to associate
IMPORTANT = {7: HIGH, 5: MEDIUM}  # company to priority


class Client(Struct, frozen=True):
    """Somebody who may write to the desk; `language` is the one of the company."""

    person_id: int
    contact_id: int
    firstname: str
    name: str
    company: str
    email: str
    language: str
    ticket_priority_id: int  # 0: none of his own nor of his company
    topics: tuple[str, ...]


class Line(Struct, frozen=True):
    """One line of a company's people, with its person id."""

    person_id: int
    company: Company
    firstname: str
    lastname: str
    position: str

    @property
    def email(self) -> str:
        """firstname.lastname at the company's domain, in ASCII."""
        text = f"{self.firstname}.{self.lastname}".lower().replace(" ", "")
        folded = unicodedata.normalize("NFKD", text.translate(FOLDED))
        return f"{folded.encode('ascii', 'ignore').decode()}@{self.company.domain}"

    @property
    def priority(self) -> int:
        """Every eleventh person has a priority of her own."""
        return 0 if self.person_id % 11 else HIGH

    @property
    def helper(self) -> int:
        """Every ninth person has a service contact of his own."""
        return 0 if self.person_id % 9 else 4


def lines() -> list[Line]:
    """Everybody, numbered from 1 in the order of the companies."""
    told = [(c, line) for c in COMPANIES for line in c.people.strip().splitlines()]
    return [_line(n, company, line) for n, (company, line) in enumerate(told, start=1)]


def _line(person_id: int, company: Company, line: str) -> Line:
    name, _, position = line.strip().partition(", ")
    firstname, _, lastname = name.partition(" ")
    return Line(person_id, company, firstname, lastname, position)


def contacts() -> list[Contact]:
    """The companies' rows."""
    return [
        Contact(
            contact_id=company.contact_id,
            name=company.name,
            orgnr=company.orgnr,
            country_id=company.country_id,
            category_idx=CUSTOMER if company.contact_id > 1 else OWN_COMPANY,
            associate_id=SALESPERSON,
            support_associate_id=OUR_CONTACTS.get(company.contact_id, 0),
            ticket_priority_id=IMPORTANT.get(company.contact_id, 0),
        )
        for company in COMPANIES
    ]


def persons(everybody: Sequence[Line]) -> list[Person]:
    """The persons' rows."""
    numbers = {item.name: item.id for item in positions(everybody)}
    return [
        Person(
            person_id=line.person_id,
            contact_id=line.company.contact_id,
            firstname=line.firstname,
            lastname=line.lastname,
            position_idx=numbers[line.position],
            country_id=line.company.country_id,
            rank=rank,
            support_associate_id=line.helper,
            ticket_priority_id=line.priority,
        )
        for _, group in groupby(everybody, key=lambda line: line.company.contact_id)
        for rank, line in enumerate(group, start=1)
    ]


def positions(everybody: Sequence[Line]) -> list[ListItem]:
    """The list of positions, each once, behind those that every desk has."""
    names = dict.fromkeys(line.position for line in everybody)
    return [
        ListItem(list="perspos", id=number, name=name, rank=number)
        for number, name in enumerate(names, start=FIRST_POSITION)
    ]


def phones(everybody: Sequence[Line]) -> list[Phone]:
    """A direct number for each person, and a switchboard for each company."""
    own = [
        _phone(f"{line.company.phone}{line.person_id:02}", DIRECT, person_id=line.person_id)
        for line in everybody
    ]
    shared = [
        _phone(f"{company.phone}00", SWITCHBOARD, contact_id=company.contact_id)
        for company in COMPANIES
    ]
    return own + shared


def _phone(
    number: str, kind: int, *, person_id: int | None = None, contact_id: int | None = None
) -> Phone:
    return Phone(
        person_id=person_id,
        contact_id=contact_id,
        ptype_idx=kind,
        phone=number,
        search_phone_number=stripped_phone(number),
    )


def emails(everybody: Sequence[Line]) -> list[Email]:
    """An address for each person, with the person's id, and then one a company."""
    own = [
        Email(
            email_id=line.person_id,
            person_id=line.person_id,
            contact_id=None,
            email_address=line.email,
        )
        for line in everybody
    ]
    shared = [
        Email(
            email_id=len(own) + number,
            person_id=None,
            contact_id=company.contact_id,
            email_address=f"post@{company.domain}",
        )
        for number, company in enumerate(COMPANIES, start=1)
    ]
    return own + shared


def clients(everybody: Sequence[Line]) -> list[Client]:
    """The same people as writers of tickets."""
    return [
        Client(
            person_id=line.person_id,
            contact_id=line.company.contact_id,
            firstname=line.firstname,
            name=f"{line.firstname} {line.lastname}",
            company=line.company.name,
            email=line.email,
            language=line.company.language,
            ticket_priority_id=line.priority or IMPORTANT.get(line.company.contact_id, 0),
            topics=line.company.topics,
        )
        for line in everybody
    ]


def passwords(registered: datetime) -> list[Credentials]:
    """A password for each login: the login itself with a capital letter.

    In threads, because a hash is meant to take its time.
    """
    with ThreadPoolExecutor(2) as threads:
        hashes = threads.map(HASHER.hash, map(str.capitalize, LOGINS))
        return [
            Credentials(associate_id=number, type="password", value=text, registered=registered)
            for number, text in enumerate(hashes, start=1)
        ]
