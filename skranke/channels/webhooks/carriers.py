"""Webhooks and their deliveries, as the wire has them."""

from msgspec import field

from skranke.archive.mdo.carriers import MDOListItem
from skranke.core.enums import WireEnum, WireFlags
from skranke.core.schema import Carrier, FieldProperties, Instant, Int32, TableRight
from skranke.people.carriers import Associate


class WebhookState(WireEnum):
    Unknown = "Unknown", 0
    Active = "Active", 1
    Stopped = "Stopped", 2
    TooManyErrors = "TooManyErrors", 3


class WebhookNotifyVia(WireFlags):
    None_ = "None", 0
    Email = "Email", 1
    InApp = "InApp", 2


class WebhookNotifyWhen(WireFlags):
    None_ = "None", 0
    FirstFailure = "FirstFailure", 1
    Disabling = "Disabling", 2


class Webhook(Carrier):
    webhook_id: Int32 = 0
    name: str = ""
    events: list[str] = field(default_factory=list)
    target_url: str = ""
    secret: str | None = None  # never told; null keeps it, empty removes it
    state: WebhookState = WebhookState.Unknown
    type: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    properties: dict[str, object] = field(default_factory=dict)
    registered: Instant = None
    registered_associate: Associate | None = None
    updated: Instant = None
    updated_associate: Associate | None = None
    errors_email: str = ""  # the older name of error_emails, joined by commas
    error_emails: list[str] = field(default_factory=list)
    error_associates: list[MDOListItem] = field(default_factory=list)
    description: str = ""
    notify_via: WebhookNotifyVia = WebhookNotifyVia.None_
    notify_when: WebhookNotifyWhen = WebhookNotifyWhen.None_
    total_calls: Int32 = 0
    total_errors: Int32 = 0  # calls that failed
    consecutive_errors: Int32 = 0  # events given up since one was taken
    last_error: str = ""


class DefaultWebhook(Webhook):
    """A blank hook: what is to be filled in is null, as recordings show it."""

    name: str | None = None  # pyright: ignore[reportIncompatibleVariableOverride] # null here alone
    target_url: str | None = None  # pyright: ignore[reportIncompatibleVariableOverride]
    headers: dict[str, str] | None = None  # pyright: ignore[reportIncompatibleVariableOverride]
    properties: dict[str, object] | None = None  # pyright: ignore[reportIncompatibleVariableOverride]
    errors_email: str | None = None  # pyright: ignore[reportIncompatibleVariableOverride]


class WebhookResult(Carrier):
    success: bool = False
    message: str = ""  # headers and body of the answer, or why there was none
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class WebhookDelivery(Carrier):
    """An event on its way to a hook; ours, the vendor has no such log."""

    event_id: str = ""
    event: str = ""
    state: str = ""  # Waiting, Delivered, Failed
    created: Instant = None
    attempts: Int32 = 0
    last_try: Instant = None
    next_try: Instant = None  # None unless it waits
    answer_status: Int32 = 0  # of the last answer; 0 where there was none
    last_error: str = ""
    body: str = ""
