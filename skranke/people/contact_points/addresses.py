"""Addresses as a country lays them out.

A layout says which of an address's parts stand on which line. Source: recorded entities
of the vendor's client, the manual on address formats; the layouts beyond the recorded
ones (3 and 4) are inferred.
"""

from collections.abc import Iterable

import msgspec

from skranke.core.errors import BadValue
from skranke.people.contact_points.carriers import (
    Address,
    AddressType,
    LocalizedField,
    StructuredAddress,
)

PARTS = ("address1", "address2", "address3", "city", "county", "state", "zipcode")
LENGTHS = {
    "address1": 79,
    "address2": 79,
    "address3": 79,
    "city": 79,
    "county": 29,
    "state": 5,
    "zipcode": 11,
}
# what a layout's field shows, its label and how long the field of a form is
NAMES = {
    "address1": ("Address1", "SR_AL_ADDRESS1", 80),
    "address2": ("Address2", "SR_AL_ADDRESS2", 80),
    "address3": ("Address3", "SR_AL_ADDRESS3", 80),
    "city": ("City", "SR_AL_CITY", 30),
    "county": ("County", "SR_AL_COUNTYPCODE", 29),
    "state": ("State", "SR_AL_STATE", 5),
    "zipcode": ("Zipcode", "SR_AL_POSTCODECITY", 12),
}
Line = tuple[str, ...]
ZIP_CITY: Line = ("zipcode", "city")
# the lines of one address, by layout
EUROPEAN = 4
LINES: dict[int, tuple[Line, ...]] = {
    2: (("address1",), ("address2",), ("city", "state", "zipcode")),
    3: (("address1",), ("address2",), ("address3",), ("city",), ("county", "zipcode")),
    4: (("address1",), ZIP_CITY),
    5: (("address1",), ("address2",), ("city", "state", "zipcode")),
    6: (("address1",), ("address2",), ("city", "zipcode")),
    7: (("address1",), ("address2",), ("address3",), ZIP_CITY),
    13: (("address1",), ("address2",), ("city", "state", "zipcode")),
    16: (("address1",), ("address2",), ("city", "state", "zipcode")),
}
# layouts that show a company's street and postal address apart; in the others they are one
TWO_ADDRESSES = frozenset({1, 4, 9, 10, 11, 12, 14, 15, 16})
SPAIN_LINES = (("address1",), ("address2",), ("address3",), ZIP_CITY, ("county",))
STREET_LABEL, PO_BOX_LABEL = "SR_AL_STREET", "SR_AL_POBOX"
Lines = tuple[Line, ...]


def lines_of(layout: int) -> Lines:
    """The lines of one address; those of the European layout for one without its own."""
    return SPAIN_LINES if layout == 8 else LINES.get(layout, LINES[EUROPEAN])


def has_two_addresses(layout: int) -> bool:
    """Whether a company's street and postal address differ in this layout."""
    return layout in TWO_ADDRESSES


def is_blank(address: StructuredAddress | None) -> bool:
    """Whether there is nothing in an address."""
    return address is None or not any(getattr(address, part) for part in PARTS)


def format_address(address: StructuredAddress | None, layout: int) -> str:
    """The lines that are not blank, each ended by a line feed."""
    if address is None:
        return ""
    told = (
        " ".join(text for part in line if (text := getattr(address, part)))
        for line in lines_of(layout)
    )
    return "".join(f"{line}\n" for line in told if line)


def company_address(
    street: StructuredAddress | None,
    postal: StructuredAddress | None,
    layout: int,
    latitude: float = 0.0,
    longitude: float = 0.0,
) -> Address:
    """A company's address: both parts, their fields as the country lays them out."""
    street = _with_format(street, AddressType.ContactStreetAddress, layout)
    postal = _with_format(postal, AddressType.ContactPostalAddress, layout)
    fields = _layout_fields(postal, layout, "Postal", PO_BOX_LABEL)
    if has_two_addresses(layout):
        fields = _layout_fields(street, layout, "Street", STREET_LABEL) + fields
    return Address(
        wgs84_latitude=latitude,
        wgs84_longitude=longitude,
        localized_address=fields,
        street=street,
        postal=postal,
        formatted=street.formatted if not is_blank(street) else postal.formatted,
    )


def person_address(
    street: StructuredAddress | None, layout: int, latitude: float = 0.0, longitude: float = 0.0
) -> Address:
    """A person's own address; Postal is null."""
    street = _with_format(street, AddressType.PersonPrivateAddress, layout)
    return Address(
        wgs84_latitude=latitude,
        wgs84_longitude=longitude,
        localized_address=_layout_fields(street, layout, "", STREET_LABEL),
        street=street,
        formatted=street.formatted,
    )


def _with_format(
    address: StructuredAddress | None, kind: AddressType, layout: int
) -> StructuredAddress:
    shown = msgspec.structs.replace(address) if address else StructuredAddress()
    shown.atype_idx = kind
    shown.formatted = format_address(shown, layout)
    return shown


def _layout_fields(
    address: StructuredAddress, layout: int, prefix: str, first_label: str
) -> list[list[LocalizedField]]:
    return [
        [_field(address, part, place, prefix, first_label) for place, part in enumerate(line)]
        for line in lines_of(layout)
    ]


def _field(
    address: StructuredAddress, part: str, place: int, prefix: str, first_label: str
) -> LocalizedField:
    name, label, length = NAMES[part]
    if part == "address1":
        label = first_label
    return LocalizedField(
        name=f"{prefix}{name}",
        value=getattr(address, part),
        label=label if place == 0 else "",
        value_length=length,
        address_type=address.atype_idx.value,
    )


class Addresses(msgspec.Struct, frozen=True, kw_only=True):
    """What is stored of an owner's addresses; a person has a street alone."""

    street: StructuredAddress
    postal: StructuredAddress
    latitude: float = 0.0
    longitude: float = 0.0


NO_ADDRESSES = Addresses(street=StructuredAddress(), postal=StructuredAddress())


def apply_address(
    before: Addresses, posted: Address | None, layout: int, *, company: bool
) -> Addresses:
    """What to store after a save.

    Street, Postal and LocalizedAddress say the same thing: the one that differs from
    what is stored wins, and Street and Postal before LocalizedAddress. Where a layout
    knows one address, both parts are stored alike. Null clears.
    """
    if posted is None:
        return NO_ADDRESSES
    fields = [f for line in posted.localized_address for f in line]
    street = _after(before.street, posted.street, fields, "Street" if company else "")
    if not company:
        postal = before.postal
    else:
        postal = _after(before.postal, posted.postal, fields, "Postal")
        if not has_two_addresses(layout):
            if street != before.street:
                postal = street
            elif postal != before.postal:
                street = postal
    _check(street, "Street")
    _check(postal, "Postal")
    return Addresses(
        street=street,
        postal=postal,
        latitude=posted.wgs84_latitude or before.latitude,
        longitude=posted.wgs84_longitude or before.longitude,
    )


def _after(
    before: StructuredAddress,
    posted: StructuredAddress | None,
    fields: Iterable[LocalizedField],
    prefix: str,
) -> StructuredAddress:
    if posted is not None and parts_of(posted) != parts_of(before):
        return bare(parts_of(posted))
    by_name = {f.name.lower(): f.value for f in fields}
    told = {part: by_name.get(f"{prefix}{NAMES[part][0]}".lower()) for part in PARTS}
    given = {part: text for part, text in told.items() if text is not None}
    return bare(parts_of(before) | {part: text.strip() for part, text in given.items()})


def _check(address: StructuredAddress, name: str) -> None:
    for part, limit in LENGTHS.items():
        if len(getattr(address, part)) > limit:
            field = f"Address.{name}.{NAMES[part][0]}"
            raise BadValue(field, f"is longer than {limit} characters")


def parts_of(address: StructuredAddress) -> dict[str, str]:
    """The parts of an address by name."""
    return {part: getattr(address, part).strip() for part in PARTS}


def bare(parts: dict[str, str]) -> StructuredAddress:
    """An address of these parts alone."""
    address = StructuredAddress()
    for part, text in parts.items():
        setattr(address, part, text)
    return address
