"""Mailboxes and gateways, as the wire has them."""

from msgspec import field

from skranke.core.enums import WireEnum
from skranke.core.schema import Carrier, FieldProperties, Int32, TableRight


class MailboxType(WireEnum):
    Unknown = "Unknown", 0
    Pop = "Pop", 1
    Imap = "Imap", 2
    Mapi = "Mapi", 3
    Facebook = "Facebook", 4
    Pops = "Pops", 5
    Imaps = "Imaps", 6
    SmsPlugin = "SmsPlugin", 7
    Mailgun = "Mailgun", 8
    ImapOAuth = "ImapOAuth", 9


class Mailbox(Carrier):
    mail_in_filter_id: Int32 = 0
    address: str = ""
    category_name: str = ""
    priority_name: str = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class MailboxEntity(Carrier):
    mail_in_filter_id: Int32 = 0
    server_type: MailboxType = MailboxType.Unknown
    address: str = ""
    username: str = ""
    password: str | None = ""  # null keeps the one that is stored
    server: str = ""
    port: Int32 = 0
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class SmtpTestResult(Carrier):
    success: bool = False
    error_message: str = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class SmsConfig(Carrier):
    default_sms_country: str = ""
    net_server_sms_provider: str = ""
    ns_plugin_sender: str = ""
    ns_plugin_config: dict[str, str] = field(default_factory=dict)
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)
