"""Who wrote a mail: a known person, a new one, or nobody.

Matched by every address that a person has. Of several with the same address it is the
one on the ticket, else one who is not retired and whose company has the mail's domain,
else the lowest id.
"""

from msgspec import Struct

from skranke.core.context import RequestContext
from skranke.db.database import Db, value
from skranke.messages.mime.addresses import Address


class Sender(Struct, frozen=True, kw_only=True):
    """Who wrote a mail: `person_id` is None where nobody in the desk did."""

    address: str  # lower case; "" where the mail has none
    name: str
    person_id: int | None
    is_new: bool = False


async def find_person(db: Db, address: str, ticket_id: int = 0) -> int | None:
    """The person who has an address; None without one."""
    if not address:
        return None
    return await value(
        db,
        int,
        """
        SELECT p.person_id FROM email e JOIN person p USING (person_id)
        WHERE lower(e.email_address) = lower($1) AND NOT p.deleted
        ORDER BY NOT EXISTS (
                     SELECT FROM ticket t WHERE t.id = $2 AND (t.cust_id = p.person_id
                         OR EXISTS (SELECT FROM ticket_customers c
                                    WHERE c.ticket_id = t.id AND c.customer_id = p.person_id))),
                 p.retired <> 0,
                 NOT EXISTS (SELECT FROM company_domain d WHERE d.contact_id = p.contact_id
                             AND d.domain = split_part(lower($1), '@', 2)),
                 p.person_id
        LIMIT 1
        """,
        address,
        ticket_id,
    )


async def find_or_create(
    context: RequestContext, sender: Address | None, *, create: bool, ticket_id: int = 0
) -> Sender:
    """The person of an address; a new one where the desk makes them and `create` says so."""
    if sender is None:
        return Sender(address="", name="", person_id=None)
    address = sender.address.lower()
    found = await find_person(context.db, address, ticket_id)
    if found is not None or not create:
        return Sender(address=address, name=sender.name, person_id=found)
    # two mails of one new person at the same time make one person
    await context.db.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('person ' || $1, 15))", address
    )
    found = await find_person(context.db, address)
    if found is not None:
        return Sender(address=address, name=sender.name, person_id=found)
    person_id = await _create(context, address, sender.name)
    return Sender(address=address, name=sender.name, person_id=person_id, is_new=True)


async def _create(context: RequestContext, address: str, name: str) -> int:
    """A person with this address, in the company that has its domain."""
    first, _, last = (name or address.partition("@")[0]).rpartition(" ")
    contact_id = await _company_of(context.db, address.rpartition("@")[2])
    return await value(
        context.db,
        int,
        """
        WITH made AS (
            INSERT INTO person (contact_id, firstname, lastname) VALUES ($1, $2, $3)
            RETURNING person_id
        ), addressed AS (
            INSERT INTO email (person_id, email_address) SELECT person_id, $4 FROM made
        )
        SELECT person_id FROM made
        """,
        contact_id,
        first[:99],
        last[:99],
        address,
    )


async def _company_of(db: Db, domain: str) -> int | None:
    """The company whose web domain is the mail's, lowest rank first; None without one.

    Domains are kept as people wrote them: `acme.example`, `https://www.acme.example/x`.
    """
    return await value(
        db,
        int,
        r"""
        SELECT d.contact_id FROM company_domain d JOIN contact c USING (contact_id)
        WHERE regexp_replace(regexp_replace(lower(d.domain), '^[a-z]+://', ''),
                             '^www\.|[/:?#].*$', '', 'g') = $1
          AND NOT c.deleted
        ORDER BY d.rank, d.contact_id LIMIT 1
        """,
        domain,
    )
