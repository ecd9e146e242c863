"""A company as its table has it, flat; what the rules work on."""

from datetime import datetime
from typing import LiteralString

import msgspec
from msgspec import Struct, field

from skranke.people.contact_points.addresses import NO_ADDRESSES, Addresses
from skranke.people.contact_points.elements import Elements

COLUMNS: LiteralString = """contact_id, name, department, orgnr, number1, number2, kananame,
    country_id, business_idx, category_idx, associate_id, group_idx, nomailing, xstop,
    description, source, support_associate_id, support_person_id, support_language_id,
    ticket_priority_id, active_status_monitor_id, dbi_agent_id, dbi_key, dbi_last_syncronized,
    dbi_last_modified, extra_fields, udef, registered, registered_associate_id, updated,
    updated_associate_id, updated_count, deleted_date"""


class ContactRow(Struct, kw_only=True):
    """A row of `contact`, without what follows from other tables."""

    contact_id: int = 0
    name: str = ""
    department: str = ""
    orgnr: str = ""
    number1: str = ""
    number2: str = ""
    kananame: str = ""
    country_id: int = 0
    business_idx: int = 0
    category_idx: int = 0
    associate_id: int = 0
    group_idx: int = 0
    nomailing: bool = False
    xstop: bool = False
    description: str = ""
    source: int = 0
    support_associate_id: int = 0
    support_person_id: int = 0
    support_language_id: int = 0
    ticket_priority_id: int = 0
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


# what follows from a change, and is not told as one
DERIVED_COLUMNS = frozenset({"contact_id", "updated_count"})


class LoadedCompany(Struct, kw_only=True):
    """A company with all that belongs to it."""

    row: ContactRow
    elements: Elements
    addresses: Addresses
    interest_ids: frozenset[int] = frozenset()
    domains: list[str] = field(default_factory=list)
    bounces: list[str] = field(default_factory=list)

    def copy(self) -> "LoadedCompany":
        """The same company, to be changed apart."""
        return msgspec.structs.replace(
            self, row=msgspec.structs.replace(self.row), elements=dict(self.elements)
        )

    def blank(self) -> "LoadedCompany":
        """The same row without its parts: what a copy of them is compared with."""
        return msgspec.structs.replace(
            self,
            elements={kind: [] for kind in self.elements},
            addresses=NO_ADDRESSES,
            interest_ids=frozenset(),
            domains=[],
        )
