"""Giving and withdrawing consent.

A purpose, a source and a legal base are called by their keys. A withdrawn consent stays
as proof, with the legal base WITHDRAWN. Nothing on a desk asks for consent: answering a
ticket never needs one. Source: the manual on privacy, Consent of the REST interface.
"""

from collections.abc import Sequence

from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.people.consents import sql
from skranke.people.consents.carriers import (
    ConsentInfo,
    ConsentPerson,
    ConsentPurpose,
    ConsentSource,
    LegalBase,
)
from skranke.people.posted import checked_text, whole_second
from skranke.people.reference_data.sql import ListItem, PeopleReference, load_reference

WITHDRAWN, FROM_API, STORE, LEGITIMATE = "WITHDRAWN", "API", "STORE", "61F"
MAX_COMMENT = 2047
DEFAULT_SETTING = "consentStoreByDefault"
COLUMNS = ["consent_person_id", "person_id", "consent_purpose_id", "consent_source_id",
           "legal_base_id", "comment", "registered", "registered_associate_id", "updated",
           "updated_associate_id"]  # fmt: skip


def item_by_key(reference: PeopleReference, list_name: str, name: str, key: str) -> ListItem:
    """The item of a key; BadValue names the parameter."""
    found = reference.by_key(list_name, key)
    if found is None or found.deleted:
        known = ", ".join(i.key for i in reference.items.get(list_name, {}).values())
        raise BadValue(name, f"{key[:60]!r} is not one of {known}")
    return found


async def set_consent(
    context: RequestContext,
    person_id: int,
    purpose: str,
    source: str,
    legal_base: str,
    comment: str,
) -> None:
    """Record a consent; BadValue names the key that is not known, NotFound the person."""
    reference = await context.get_cached(load_reference)
    await _require_person(context, person_id)
    await _write(
        context,
        person_id,
        item_by_key(reference, "consentpurpose", "Purpose", purpose),
        item_by_key(reference, "consentsource", "Source", source),
        item_by_key(reference, "legalbase", "LegalBase", legal_base),
        checked_text(comment, "Comment", MAX_COMMENT),
    )


async def remove_consent(context: RequestContext, person_id: int, purpose: str) -> None:
    """Withdraw a consent; one that was never given stays so."""
    reference = await context.get_cached(load_reference)
    await _require_person(context, person_id)
    item = item_by_key(reference, "consentpurpose", "Purpose", purpose)
    known = await sql.consents_of(context.db, person_id)
    consent = next((c for c in known if c.consent_purpose_id == item.id), None)
    if consent is None or consent.legal_base_key == WITHDRAWN:
        return
    source = item_by_key(reference, "consentsource", "Source", FROM_API)
    withdrawn = item_by_key(reference, "legalbase", "LegalBase", WITHDRAWN)
    await _write(context, person_id, item, source, withdrawn, consent.comment)


async def has_consent(context: RequestContext, person_id: int, purpose: str) -> bool:
    """Whether a consent for this purpose is in force."""
    reference = await context.get_cached(load_reference)
    item = item_by_key(reference, "consentpurpose", "Purpose", purpose)
    known = await sql.consents_of(context.db, person_id)
    return any(c.consent_purpose_id == item.id and c.legal_base_key != WITHDRAWN for c in known)


async def apply_consents(
    context: RequestContext,
    person_id: int,
    posted: Sequence[ConsentInfo],
    reference: PeopleReference,
) -> None:
    """Set the consents that a saved person bears; those that it lacks are kept."""
    known = {c.consent_purpose_id: c for c in await sql.consents_of(context.db, person_id)}
    for consent in posted:
        purpose = _item(reference, "consentpurpose", consent.consent_purpose_id,
                        consent.consent_purpose_key, "Consents.ConsentPurposeId")  # fmt: skip
        source = _item(reference, "consentsource", consent.consent_source_id,
                       consent.consent_source_key, "Consents.ConsentSourceId")  # fmt: skip
        base = _item(reference, "legalbase", consent.legal_base_id,
                     consent.legal_base_key, "Consents.LegalBaseId")  # fmt: skip
        before = known.get(purpose.id)
        same = before and (before.consent_source_id, before.legal_base_id, before.comment) == (
            source.id, base.id, consent.comment)  # fmt: skip
        if not same:
            comment = checked_text(consent.comment, "Consents.Comment", MAX_COMMENT)
            await _write(context, person_id, purpose, source, base, comment)


def _item(
    reference: PeopleReference, list_name: str, item_id: int, key: str, name: str
) -> ListItem:
    found = reference.item(list_name, item_id) if item_id else reference.by_key(list_name, key)
    if found is None:
        raise BadValue(name, f"{item_id or key!r} does not exist")
    return found


async def default_consents(context: RequestContext, person_id: int) -> None:
    """A new person's consent to be stored, where the desk is set to note one."""
    reference = await context.get_cached(load_reference)
    if reference.registry.get(DEFAULT_SETTING, "1") != "1":
        return
    purpose = reference.by_key("consentpurpose", STORE)
    source = reference.by_key("consentsource", FROM_API)
    base = reference.by_key("legalbase", LEGITIMATE)
    if purpose and source and base:
        await sql.write_consent(
            context.db,
            person_id,
            purpose.id,
            source.id,
            base.id,
            "",
            context.user.associate_id,
            whole_second(context.now),
        )


async def consent_by_id(
    context: RequestContext, consent_person_id: int, reference: PeopleReference
) -> ConsentPerson | None:
    """A consent with the items of its lists; None without one."""
    person_id = await sql.person_of_consent(context.db, consent_person_id)
    known = await sql.consents_of(context.db, person_id)
    found = next((c for c in known if c.consent_person_id == consent_person_id), None)
    if found is None:
        return None
    purpose = reference.item("consentpurpose", found.consent_purpose_id)
    source = reference.item("consentsource", found.consent_source_id)
    base = reference.item("legalbase", found.legal_base_id)
    return ConsentPerson(
        consent_person_id=consent_person_id,
        person_id=person_id,
        comment=found.comment,
        consent_purpose=purpose
        and ConsentPurpose(
            consent_purpose_id=purpose.id,
            name=purpose.name,
            key=purpose.key,
            rank=purpose.rank,
            active=1,
        ),
        consent_source=source
        and ConsentSource(
            consent_source_id=source.id, name=source.name, key=source.key, rank=source.rank
        ),
        legal_base=base
        and LegalBase(legal_base_id=base.id, name=base.name, key=base.key, rank=base.rank),
    )


async def save_consent_person(context: RequestContext, posted: ConsentPerson) -> ConsentPerson:
    """The consent as it is saved; the row of its person and purpose is replaced."""
    reference = await context.get_cached(load_reference)
    purpose, source, base = posted.consent_purpose, posted.consent_source, posted.legal_base
    await _require_person(context, posted.person_id)
    consent_id = await _write(
        context,
        posted.person_id,
        _item(
            reference,
            "consentpurpose",
            purpose.consent_purpose_id if purpose else 0,
            purpose.key if purpose else "",
            "ConsentPurpose.ConsentPurposeId",
        ),
        _item(
            reference,
            "consentsource",
            source.consent_source_id if source else 0,
            source.key if source else "",
            "ConsentSource.ConsentSourceId",
        ),
        _item(
            reference,
            "legalbase",
            base.legal_base_id if base else 0,
            base.key if base else "",
            "LegalBase.LegalBaseId",
        ),
        checked_text(posted.comment, "Comment", MAX_COMMENT),
    )
    found = await consent_by_id(context, consent_id, reference)
    assert found  # it was written a moment ago
    return found


async def withdraw_by_id(context: RequestContext, consent_person_id: int) -> None:
    """Withdraw a consent by its own id; without effect where there is none."""
    reference = await context.get_cached(load_reference)
    found = await consent_by_id(context, consent_person_id, reference)
    if found and found.consent_purpose:
        await remove_consent(context, found.person_id, found.consent_purpose.key)


async def _require_person(context: RequestContext, person_id: int) -> None:
    found = await context.db.fetchval(
        "SELECT true FROM person WHERE person_id = $1 AND deleted_date IS NULL", person_id
    )
    if not found:
        raise NotFound(f"PersonEntity id {person_id} not found")


async def _write(
    context: RequestContext,
    person_id: int,
    purpose: ListItem,
    source: ListItem,
    base: ListItem,
    comment: str,
) -> int:
    user = context.user.associate_id
    consent_id = await sql.write_consent(
        context.db,
        person_id,
        purpose.id,
        source.id,
        base.id,
        comment,
        user,
        whole_second(context.now),
    )
    withdrawn = base.key == WITHDRAWN
    event, changes = ("person.unconsented", []) if withdrawn else ("person.consented", COLUMNS)
    await sql.add_event(context.db, event, person_id, changes, user, context.now)
    return consent_id
