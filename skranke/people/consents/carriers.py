"""What a person has consented to, as the wire has it."""

from msgspec import field

from skranke.core.schema import Carrier, FieldProperties, Instant, Int32, ListText, TableRight
from skranke.people.carriers import Associate


class ConsentInfo(Carrier):
    consent_person_id: Int32 = 0
    comment: str = ""
    registered: Instant = None
    registered_associate_id: Int32 = 0
    updated: Instant = None
    updated_associate_id: Int32 = 0
    legal_base_id: Int32 = 0
    legal_base_key: str = ""
    legal_base_name: ListText = ""
    consent_purpose_id: Int32 = 0
    consent_purpose_key: str = ""
    consent_purpose_name: ListText = ""
    consent_source_id: Int32 = 0
    consent_source_key: str = ""
    consent_source_name: ListText = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class ConsentPurpose(Carrier):
    consent_purpose_id: Int32 = 0
    name: ListText = ""
    consent_text: str = ""
    form_text: str = ""
    key: str = ""
    tooltip: str = ""
    active: Int32 = 0
    updated_date: Instant = None
    updated_by: Associate | None = None
    deleted: bool = False
    rank: Int32 = 0
    privacy_statement_desc: str = ""
    privacy_statement_url: str = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class LegalBase(Carrier):
    legal_base_id: Int32 = 0
    name: ListText = ""
    tooltip: ListText = ""
    rank: Int32 = 0
    key: str = ""
    deleted: bool = False
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class ConsentSource(Carrier):
    consent_source_id: Int32 = 0
    name: ListText = ""
    tooltip: ListText = ""
    rank: Int32 = 0
    key: str = ""
    mail_template_id: Int32 = 0
    deleted: bool = False
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class ConsentPerson(Carrier):
    consent_person_id: Int32 = 0
    consent_source: ConsentSource | None = None
    legal_base: LegalBase | None = None
    person_id: Int32 = 0
    consent_purpose: ConsentPurpose | None = None
    comment: str = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)
