"""What an administrator sets of mailboxes and filters beyond the vendor's entity."""

import msgspec
from msgspec import Struct

from skranke.channels.mail.addresses import mail_addresses
from skranke.channels.mail.incoming.filters import MailFilter, check_expression
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.db.database import Db, execute, row, value
from skranke.messages.templates.sql import load_reply_templates
from skranke.tickets.reference_data import load_reference_data

AFTER_IMPORT = {"leave": 0, "seen": 1, "move": 2, "delete": 3}
FIRST_CONTACT = {"now": 0, "all": 1}
MAX_MINUTES = 24 * 60
MAX_FILTERS = 500
MAX_ALIASES = 100
MAX_CHARACTERS = 1000


class MailboxSettings(Struct, kw_only=True, rename="camel"):
    """A mailbox beyond MailboxEntity; ids of 0 mean none.

    `after_import` is what becomes of a mail on the server, `first_contact` whether mail
    that lay there before is imported ("all": without replies and notifications).
    """

    aliases: list[str] = []
    category_id: int = 0
    priority_id: int = 0
    ticket_type_id: int = 0
    reply_template_id: int = 0
    no_auto_reply: bool = False
    language_id: int = 0
    keep_headers: str = ""
    import_system_mail: bool = False  # the vendor's mailgun_dsn
    folder: str = "INBOX"
    check_minutes: int = 5
    after_import: str = "leave"
    move_to: str = ""
    first_contact: str = "now"
    is_deleted: bool = False


async def load_mailbox_settings(db: Db, mailbox_id: int) -> MailboxSettings:
    """A mailbox's settings; NotFound without one."""
    found = await row(
        db,
        MailboxSettings,
        """
        SELECT ARRAY(SELECT address FROM mail_alias a
                     WHERE a.mail_in_filter_id = m.id ORDER BY a.id) AS aliases,
               coalesce(category_id, 0) AS "categoryId", coalesce(priority, 0) AS "priorityId",
               coalesce(ticket_type, 0) AS "ticketTypeId",
               reply_template_id AS "replyTemplateId", noautoreply AS "noAutoReply",
               language_id AS "languageId", keep_headers AS "keepHeaders",
               mailgun_dsn AS "importSystemMail", folder, checkwait AS "checkMinutes",
               (ARRAY['leave', 'seen', 'move', 'delete'])[after_import + 1] AS "afterImport",
               move_to AS "moveTo",
               (ARRAY['now', 'all'])[first_contact + 1] AS "firstContact",
               status = 1 AS "isDeleted"
        FROM mail_in_filter m WHERE id = $1
        """,
        mailbox_id if mailbox_id < 2**31 else 0,
    )
    if found is None:
        raise NotFound(f"Mailbox {mailbox_id} does not exist.")
    return found


async def save_mailbox_settings(
    context: RequestContext, mailbox_id: int, wish: MailboxSettings
) -> None:
    """Write a mailbox's settings; BadValue names the one that can't be."""
    await _check(context, wish)
    aliases = [box.address for box in mail_addresses(wish.aliases)]
    if len(aliases) != len(wish.aliases) or len(aliases) > MAX_ALIASES:
        raise BadValue("aliases", f"must be at most {MAX_ALIASES} different mail addresses")
    taken = await value(
        context.db,
        str,
        """
        SELECT address FROM mail_in_filter WHERE lower(address) = ANY ($1) AND status = 0
        UNION SELECT address FROM mail_alias
              WHERE lower(address) = ANY ($1) AND mail_in_filter_id <> $2
        LIMIT 1
        """,
        [alias.lower() for alias in aliases],
        mailbox_id,
    )
    if taken:
        raise BadValue("aliases", f"{taken} is a mailbox's already")
    await execute(
        context.db,
        """
        UPDATE mail_in_filter SET category_id = nullif($2, 0), priority = nullif($3, 0),
            ticket_type = nullif($4, 0), reply_template_id = $5, noautoreply = $6,
            language_id = $7, keep_headers = $8, mailgun_dsn = $9, folder = $10,
            checkwait = $11, after_import = $12, move_to = $13, first_contact = $14,
            status = $15
        WHERE id = $1
        """,
        mailbox_id,
        wish.category_id,
        wish.priority_id,
        wish.ticket_type_id,
        wish.reply_template_id,
        wish.no_auto_reply,
        wish.language_id,
        wish.keep_headers,
        wish.import_system_mail,
        wish.folder,
        wish.check_minutes,
        AFTER_IMPORT[wish.after_import],
        wish.move_to,
        FIRST_CONTACT[wish.first_contact],
        int(wish.is_deleted),
    )
    await execute(context.db, "DELETE FROM mail_alias WHERE mail_in_filter_id = $1", mailbox_id)
    await execute(
        context.db,
        """
        INSERT INTO mail_alias (mail_in_filter_id, address)
        SELECT $1, a FROM unnest($2::text[]) WITH ORDINALITY AS w (a, place) ORDER BY place
        """,
        mailbox_id,
        aliases,
    )


async def _check(context: RequestContext, wish: MailboxSettings) -> None:
    lists = await context.get_cached(load_reference_data)
    known = {
        "categoryId": (wish.category_id, lists.categories),
        "priorityId": (wish.priority_id, lists.priorities.by_id),
        "ticketTypeId": (wish.ticket_type_id, lists.types),
        "replyTemplateId": (wish.reply_template_id, await context.get_cached(load_reply_templates)),
    }
    for name, (number, existing) in known.items():
        if number and number not in existing:
            raise BadValue(name, f"{number} does not exist")
    if not 1 <= wish.check_minutes <= MAX_MINUTES:
        raise BadValue("checkMinutes", f"must be from 1 to {MAX_MINUTES}")
    for name, text, choices in (
        ("afterImport", wish.after_import, AFTER_IMPORT),
        ("firstContact", wish.first_contact, FIRST_CONTACT),
    ):
        if text not in choices:
            raise BadValue(name, f"{text!r} is none of {', '.join(choices)}")
    if wish.after_import == "move" and not wish.move_to:
        raise BadValue("moveTo", "names no folder to move mails to")
    texts = {"folder": wish.folder, "moveTo": wish.move_to, "keepHeaders": wish.keep_headers}
    for name, text in texts.items():
        if len(text) > MAX_CHARACTERS or not text.isprintable():
            raise BadValue(name, f"must be one line of at most {MAX_CHARACTERS} characters")
    if not wish.folder:
        raise BadValue("folder", "names no folder; INBOX is the usual one")
    if not 0 <= wish.language_id < 2**31:
        raise BadValue("languageId", f"{wish.language_id} is not an id")


async def save_filters(context: RequestContext, wishes: list[MailFilter]) -> None:
    """Put these filters in place of all; BadValue names the one that can't be."""
    if len(wishes) > MAX_FILTERS:
        raise BadValue("filters", f"are more than {MAX_FILTERS}")
    for place, wish in enumerate(wishes):
        await _check_filter(context, f"filters[{place}]", wish)
    await execute(
        context.db, "DELETE FROM ms_filter WHERE id <> ALL ($1)", [wish.id for wish in wishes]
    )
    for wish in wishes:
        await execute(
            context.db,
            """
            INSERT INTO ms_filter
                (id, name, mailbox_id, priority, header_regex, body_regex, actions)
            VALUES (coalesce(nullif($1, 0),
                        nextval(pg_get_serial_sequence('ms_filter', 'id'))::int),
                    $2, $3, $4, $5, $6, $7)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name,
                mailbox_id = excluded.mailbox_id, priority = excluded.priority,
                header_regex = excluded.header_regex, body_regex = excluded.body_regex,
                actions = excluded.actions
            """,
            wish.id,
            wish.name,
            wish.mailbox_id,
            wish.priority,
            wish.header_regex,
            wish.body_regex,
            msgspec.to_builtins(wish.actions),
        )


async def _check_filter(context: RequestContext, where: str, wish: MailFilter) -> None:
    lists = await context.get_cached(load_reference_data)
    existing_id = await value(
        context.db, bool, "SELECT EXISTS (SELECT FROM ms_filter WHERE id = $1)", wish.id
    )
    if wish.id and not existing_id:
        raise BadValue(f"{where}.id", f"{wish.id} does not exist")
    if not 1 <= wish.priority <= 100:
        raise BadValue(f"{where}.priority", "must be from 1 to 100")
    if not wish.name or len(wish.name) > 255 or not wish.name.isprintable():
        raise BadValue(f"{where}.name", "must be one line of 1 to 255 characters")
    if wish.mailbox_id is not None and not await value(
        context.db,
        bool,
        "SELECT EXISTS (SELECT FROM mail_in_filter WHERE id = $1)",
        wish.mailbox_id,
    ):
        raise BadValue(f"{where}.mailbox_id", f"{wish.mailbox_id} does not exist")
    for name, expression in (("header_regex", wish.header_regex), ("body_regex", wish.body_regex)):
        if len(expression) > MAX_CHARACTERS:
            raise BadValue(f"{where}.{name}", f"has more than {MAX_CHARACTERS} characters")
        await check_expression(context.db, f"{where}.{name}", expression)
    said = wish.actions
    known = {
        "category_id": (said.category_id, lists.categories),
        "priority": (said.priority, lists.priorities.by_id),
        "ticket_type": (said.ticket_type, lists.types),
        "owner": (said.owner, lists.associates),
    }
    for name, (number, existing) in known.items():
        if number is not None and number not in existing:
            raise BadValue(f"{where}.actions.{name}", f"{number} does not exist")
    if said.forward_to and len(mail_addresses([said.forward_to])) != 1:
        raise BadValue(f"{where}.actions.forward_to", "is not one mail address")
