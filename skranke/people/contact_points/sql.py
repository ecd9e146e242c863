"""Reads and writes what companies and persons own alike: addresses and interests."""

from typing import Any, LiteralString, cast

from skranke.db.database import Db, Record, execute
from skranke.people.contact_points.addresses import PARTS, Addresses, bare
from skranke.people.contact_points.carriers import AddressType, StructuredAddress

POSTAL = AddressType.ContactPostalAddress.number
STREET = AddressType.ContactStreetAddress.number
PRIVATE = AddressType.PersonPrivateAddress.number


def address_columns(owner: LiteralString, alias: LiteralString) -> LiteralString:
    """A column that brings all addresses of an owner."""
    return f"""
        (SELECT jsonb_agg(jsonb_build_array(a.atype_idx, a.address1, a.address2, a.address3,
                          a.city, a.county, a.state, a.zipcode, a.wgs84_latitude,
                          a.wgs84_longitude))
         FROM address a WHERE a.{owner} = {alias}.{owner}) AS addresses
    """


def read_addresses(record: Record) -> Addresses:
    """The addresses of an owner, from the column that `address_columns` yields."""
    street = postal = StructuredAddress()
    latitude = longitude = 0.0
    for kind, *values in cast("list[list[Any]]", record["addresses"] or []):
        address = bare(dict(zip(PARTS, values[:-2], strict=True)))
        if kind == POSTAL:
            postal = address
        else:
            street = address
            latitude, longitude = float(values[-2]), float(values[-1])
    return Addresses(street=street, postal=postal, latitude=latitude, longitude=longitude)


async def write_addresses(
    db: Db,
    owner: LiteralString,
    owner_id: int,
    kind: int,
    address: StructuredAddress,
    latitude: float,
    longitude: float,
) -> None:
    """Write one address of an owner over the one of its kind."""
    statement: LiteralString = f"""
        INSERT INTO address ({owner}, atype_idx, address1, address2, address3, city, county,
            state, zipcode, wgs84_latitude, wgs84_longitude)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT ({owner}, atype_idx) DO UPDATE SET (address1, address2, address3, city,
            county, state, zipcode, wgs84_latitude, wgs84_longitude)
            = ($3, $4, $5, $6, $7, $8, $9, $10, $11)
    """
    parts = [getattr(address, part) for part in PARTS]
    await execute(db, statement, owner_id, kind, *parts, latitude, longitude)


async def write_interests(
    db: Db,
    table: LiteralString,
    owner: LiteralString,
    column: LiteralString,
    owner_id: int,
    interest_ids: list[int],
) -> None:
    """Make these the interests of an owner."""
    statement: LiteralString = f"""
        WITH gone AS (
            DELETE FROM {table} WHERE {owner} = $1 AND {column} <> ALL ($2::int[])
        )
        INSERT INTO {table} ({owner}, {column})
        SELECT $1, unnest($2::int[]) ON CONFLICT DO NOTHING
    """
    await execute(db, statement, owner_id, interest_ids)
