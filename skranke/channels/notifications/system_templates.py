"""Which reply template the desk itself writes by, occasion by occasion.

Source: SystemTemplateSettings of the reference; the registry keeps them by their names.
"""

from typing import Annotated

import msgspec
from msgspec import Meta, field

from skranke.channels.notifications.carriers import NotifyType
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.core.schema import Carrier, FieldProperties, Int32, TableRight
from skranke.db.database import Db, execute
from skranke.messages.templates.sql import load_reply_templates
from skranke.people.rights import table_right

SETTING_PREFIX = "systemTemplate."


class SystemTemplateSettings(Carrier):
    customer_new_customer_template_id: Int32 = 0
    customer_customer_reply_template_id: Int32 = 0
    customer_password_template_id: Int32 = 0
    customer_confirm_email_template_id: Int32 = 0
    customer_chat_log_template_id: Int32 = 0
    new_link_template_id: Int32 = 0
    hotlist_new_message_template_id: Int32 = 0
    hotlist_ticket_activated_template_id: Int32 = 0
    user_ticket_alarm_template_id: Int32 = 0
    hotlist_ticket_taken_over_template_id: Int32 = 0
    user_active_tickets_template_id: Int32 = 0
    user_new_message_template_id: Int32 = 0
    user_ticket_activated_template_id: Int32 = 0
    user_new_ticket_template_id: Int32 = 0
    publish_kb_question_template_id: Int32 = 0
    publish_kb_answer_template_id: Int32 = 0
    user_ticket_taken_over_template_id: Int32 = 0
    print_ticket_template_id: Int32 = 0
    week_stat_template_id: Int32 = 0
    ticket_alarm_hotlist_template_id: Int32 = 0
    email_addresses: Annotated[str, Meta(max_length=2047)] = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


SETTINGS = [
    f
    for f in msgspec.structs.fields(SystemTemplateSettings)
    if f.name not in ("table_right", "field_properties")
]
# per occasion: the setting for one's own tickets, and that for favourites
TEMPLATE_PROPERTIES = {
    NotifyType.NewTicket: ("user_new_ticket", "user_new_ticket"),
    NotifyType.NewTicketMessage: ("user_new_message", "hotlist_new_message"),
    NotifyType.TicketEscalated: ("user_ticket_alarm", "ticket_alarm_hotlist"),
    NotifyType.TicketActivated: ("user_ticket_activated", "hotlist_ticket_activated"),
    NotifyType.TicketTakeOver: ("user_ticket_taken_over", "hotlist_ticket_taken_over"),
}


async def system_templates(db: Db) -> SystemTemplateSettings:
    """The templates; 0 where none is set. To be recalled from memory."""
    found = await db.fetch("SELECT name, value FROM registry WHERE name LIKE 'systemTemplate.%'")
    stored = {record["name"].removeprefix(SETTING_PREFIX): record["value"] for record in found}
    return msgspec.convert(stored, SystemTemplateSettings, strict=False)


async def template_for(context: RequestContext, kind: NotifyType, *, favourite: bool) -> int:
    """The template by which a user is mailed on an occasion; 0 for none."""
    name = TEMPLATE_PROPERTIES[kind][favourite]
    return getattr(await context.get_cached(system_templates), f"{name}_template_id")


async def template_settings(context: RequestContext) -> SystemTemplateSettings:
    """The templates as they are now, and what the caller may do with them."""
    found = await system_templates(context.db)
    found.table_right = table_right(context.user)
    return found


async def save(context: RequestContext, wish: SystemTemplateSettings) -> None:
    """Write those that were given; BadValue for a template that doesn't exist."""
    known = await context.get_cached(load_reply_templates)
    for setting in SETTINGS:
        if setting.encode_name not in context.given:
            continue
        chosen = getattr(wish, setting.name)
        if isinstance(chosen, int) and chosen > 0 and chosen not in known:
            raise BadValue(setting.encode_name, f"{chosen} does not exist")
        await execute(
            context.db,
            """
            INSERT INTO registry (name, value) VALUES ($1, $2)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """,
            SETTING_PREFIX + setting.encode_name,
            str(chosen),
        )
