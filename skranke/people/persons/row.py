"""A person as its table has it, flat; what the rules work on."""

from datetime import datetime
from typing import LiteralString

import msgspec
from msgspec import Struct, field

from skranke.people.consents.carriers import ConsentInfo
from skranke.people.contact_points.addresses import NO_ADDRESSES, Addresses
from skranke.people.contact_points.elements import Elements

COLUMNS: LiteralString = """person_id, contact_id, firstname, middle_name, lastname, mrmrs,
    title, description, number1, country_id, kanafname, kanalname, post1, post2, post3,
    use_person_address, rank, retired, support_associate_id, support_language_id,
    ticket_priority_id, position_idx, year_of_birth, month_of_birth, day_of_birth, salutation,
    nomailing, source, associate_id, group_idx, business_idx, category_idx, sent_info,
    show_contact_tickets, active_status_monitor_id, dbi_agent_id, dbi_key,
    dbi_last_syncronized, dbi_last_modified, extra_fields, udef, registered,
    registered_associate_id, updated, updated_associate_id, updated_count, deleted_date"""


class PersonRow(Struct, kw_only=True):
    """A row of `person`, without what follows from other tables."""

    person_id: int = 0
    contact_id: int | None = None
    firstname: str = ""
    middle_name: str = ""
    lastname: str = ""
    mrmrs: str = ""
    title: str = ""
    description: str = ""
    number1: str = ""
    country_id: int = 0
    kanafname: str = ""
    kanalname: str = ""
    post1: str = ""
    post2: str = ""
    post3: str = ""
    use_person_address: bool = False
    rank: int = 0
    retired: int = 0
    support_associate_id: int = 0
    support_language_id: int = 0
    ticket_priority_id: int = 0
    position_idx: int = 0
    year_of_birth: int = 0
    month_of_birth: int = 0
    day_of_birth: int = 0
    salutation: str = ""
    nomailing: bool = False
    source: int = 0
    associate_id: int = 0
    group_idx: int = 0
    business_idx: int = 0
    category_idx: int = 0
    sent_info: int = 0
    show_contact_tickets: int = 0
    active_status_monitor_id: int = 0
    dbi_agent_id: int = 0
    dbi_key: str = ""
    dbi_last_syncronized: datetime | None = None
    dbi_last_modified: datetime | None = None
    extra_fields: dict[str, object] = field(default_factory=dict)
    udef: dict[str, object] = field(default_factory=dict)
    registered: datetime | None = None
    registered_associate_id: int = 0
    updated: datetime | None = None
    updated_associate_id: int = 0
    updated_count: int = 0
    deleted_date: datetime | None = None


class LoadedPerson(Struct, kw_only=True):
    """A person with all that belongs to it, but its company."""

    row: PersonRow
    elements: Elements
    addresses: Addresses
    interest_ids: frozenset[int] = frozenset()
    consents: list[ConsentInfo] = field(default_factory=list)
    bounces: list[str] = field(default_factory=list)

    def copy(self) -> "LoadedPerson":
        """The same person, to be changed apart."""
        return msgspec.structs.replace(
            self, row=msgspec.structs.replace(self.row), elements=dict(self.elements)
        )

    def blank(self) -> "LoadedPerson":
        """The same row without its parts: what a copy of them is compared with."""
        return msgspec.structs.replace(
            self,
            elements={kind: [] for kind in self.elements},
            addresses=NO_ADDRESSES,
            interest_ids=frozenset(),
        )
