"""Settings: one's own, quick replies, and the desk's lists for administrators."""

from typing import Any
from zoneinfo import available_timezones

from msgspec import structs
from starlette.responses import Response

from skranke.archive.mdo.operations import get_simple_list
from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.catalog.categories.operations import (
    delete_ticket_category_entity,
    get_ticket_categories,
    get_ticket_category_entity,
    save_ticket_category_entity,
)
from skranke.catalog.statuses.carriers import TicketBaseStatus, TicketStatusEntity
from skranke.catalog.statuses.operations import (
    delete_ticket_status_entity,
    get_ticket_statuses,
    save_ticket_status_entity,
)
from skranke.catalog.ticket_types.operations import get_ticket_types
from skranke.channels.mail.service.operations import get_mailboxes
from skranke.channels.webhooks.carriers import WebhookState
from skranke.channels.webhooks.operations import get_all_webhooks
from skranke.core.context import Permission
from skranke.core.errors import ApiError, BadValue, NotAllowed
from skranke.http.i18n.translated_text import localise_text
from skranke.messages.reply_templates.carriers import QuickReply
from skranke.messages.reply_templates.operations import get_quick_replies, save_quick_replies
from skranke.people.interface.carriers import InterfaceSettings
from skranke.people.interface.resources import put_interface_settings
from skranke.web.i18n.catalogue import LANGUAGES
from skranke.web.mail_html import plain_html
from skranke.web.page import Page, redirect
from skranke.web.rendering import render_page

ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc"))
BASES = ("Active", "Closed", "Postponed")


async def show_settings(page: Page) -> Response:
    """`GET /settings`: what can be set."""
    return await render_page(page, "settings.html", "settings")


async def show_mine(page: Page) -> Response:
    """`GET /settings/me`."""
    return await render_page(
        page, "settings_me.html", "settings", languages=list(LANGUAGES.items()), zones=ZONES
    )


async def save_mine(page: Page) -> Response:
    """`POST /settings/me`."""
    form = page.form
    settings = InterfaceSettings(
        language=form.text("language"),
        zone=form.text("zone"),
        theme=form.text("theme") or "system",
        contrast=form.text("contrast") or "system",
        density=form.text("density") or "roomy",
        shortcuts=form.text("shortcuts") == "1",
    )
    await page.call(put_interface_settings, page.context, settings)
    return redirect("/settings/me")


async def set_density(page: Page) -> Response:
    """`POST /settings/density`: rows dense or roomy, and back to the list."""
    settings = structs.replace(page.settings, density=page.form.text("density") or "roomy")
    await page.call(put_interface_settings, page.context, settings)
    back = page.form.text("back")
    return redirect(back if back.startswith("/tickets/") else "/tickets")


async def show_quick_replies(page: Page) -> Response:
    """`GET /settings/quick-replies`: one's own ready texts."""
    replies = await page.call(get_quick_replies, page.context)
    return await render_page(page, "settings_quick_replies.html", "settings", replies=replies)


async def save_quick_reply(page: Page) -> Response:
    """`POST /settings/quick-replies`: add one, or remove the one that is named."""
    replies = await page.call(get_quick_replies, page.context)
    if removed := page.form.number("remove"):
        replies = [reply for reply in replies if reply.quick_reply_id != removed]
    else:
        name, body = page.form.text("name").strip(), page.form.text("body").strip()
        if not body:
            raise BadValue(page.translate("Text"), page.translate("must not be empty"))
        replies.append(QuickReply(name=name, html_body=str(plain_html(body))))
    await page.call(save_quick_replies, page.context, replies)
    return redirect("/settings/quick-replies")


def require_administrator(page: Page) -> None:
    """NotAllowed unless the user may change how the desk works."""
    if Permission.ADMINISTER not in page.user.permissions:
        raise NotAllowed(page.translate("Only administrators can change this."))


async def show_statuses(page: Page, error: str = "", status: int = 200) -> Response:
    """`GET /settings/statuses`."""
    require_administrator(page)
    items = await page.call(get_ticket_statuses, page.context)
    lines = [
        {
            "id": item.ticket_status_id,
            "name": localise_text(item.name, page.translate.language),
            "note": page.translate("Open" if item.status.value == "Active" else item.status.value)
            + (f" · {page.translate('default')}" if item.is_default else ""),
        }
        for item in items
    ]
    bases = [(base, page.translate("Open" if base == "Active" else base)) for base in BASES]
    return await _list(page, "statuses", "Statuses", lines, error, status, bases=bases)


async def save_status(page: Page) -> Response:
    """`POST /settings/statuses`: add, rename or remove one."""
    require_administrator(page)
    form = page.form
    try:
        if removed := form.number("remove"):
            await page.call(delete_ticket_status_entity, page.context, removed)
        else:
            base = form.text("base")
            given = ["TicketStatusId", "Name", *(["Status"] if base else [])]
            entity = TicketStatusEntity(
                ticket_status_id=form.number("id"),
                name=form.text("name").strip(),
                status=TicketBaseStatus(base) if base in BASES else TicketBaseStatus.Unknown,
            )
            await page.call(save_ticket_status_entity, page.given(*given), entity)
    except ApiError as error:
        return await show_statuses(page, error.message, error.status)
    return redirect("/settings/statuses")


async def show_categories(page: Page, error: str = "", status: int = 200) -> Response:
    """`GET /settings/categories`."""
    require_administrator(page)
    lines: list[dict[str, Any]] = []
    for item in await page.call(get_ticket_categories, page.context):
        lines.append(
            {
                "id": item.ticket_category_id,
                "name": localise_text(item.fullname, page.translate.language).replace("/", " / "),
                "edit": item.name,
                "note": localise_text(item.external_name, page.translate.language),
            }
        )
    return await _list(page, "categories", "Categories", lines, error, status, bases=[])


async def save_category(page: Page) -> Response:
    """`POST /settings/categories`: add, rename or remove one."""
    require_administrator(page)
    form = page.form
    try:
        if removed := form.number("remove"):
            await page.call(delete_ticket_category_entity, page.context, removed)
        else:
            number = form.number("id")
            entity = TicketCategoryEntity(ticket_category_id=number, name=form.text("name").strip())
            if number:
                await page.call(get_ticket_category_entity, page.context, number)
            await page.call(
                save_ticket_category_entity, page.given("TicketCategoryId", "Name"), entity
            )
    except ApiError as error:
        return await show_categories(page, error.message, error.status)
    return redirect("/settings/categories")


async def show_types(page: Page) -> Response:
    """`GET /settings/types`."""
    require_administrator(page)
    lines = [
        {
            "id": item.ticket_type_id,
            "name": localise_text(item.name, page.translate.language),
            "note": "",
        }
        for item in await page.call(get_ticket_types, page.context)
    ]
    return await _list(page, "types", "Types", lines, "", 200, bases=[], writable=False)


async def show_users(page: Page) -> Response:
    """`GET /settings/users`: who works here."""
    require_administrator(page)
    lines = [
        {
            "id": item.id,
            "name": item.name,
            "note": localise_text(item.tool_tip, page.translate.language),
        }
        for item in await page.call(get_simple_list, page.context, "associate")
    ]
    return await _list(page, "users", "Users", lines, "", 200, bases=[], writable=False)


async def show_mailboxes(page: Page) -> Response:
    """`GET /settings/mailboxes`: the addresses that become tickets."""
    require_administrator(page)
    lines = [
        {"id": item.mail_in_filter_id, "name": item.address, "note": item.category_name}
        for item in await page.call(get_mailboxes, page.context)
    ]
    return await _list(page, "mailboxes", "Mailboxes", lines, "", 200, bases=[], writable=False)


async def show_webhooks(page: Page) -> Response:
    """`GET /settings/webhooks`: who is told outside."""
    require_administrator(page)
    lines = [
        {"id": item.webhook_id, "name": item.name or item.target_url, "note": item.target_url}
        for item in await page.call(get_all_webhooks, page.context, "", "", WebhookState.Unknown)
    ]
    return await _list(page, "webhooks", "Webhooks", lines, "", 200, bases=[], writable=False)


async def _list(
    page: Page,
    address: str,
    title: str,
    lines: list[dict[str, Any]],
    error: str,
    status: int,
    *,
    bases: list[tuple[str, str]],
    writable: bool = True,
) -> Response:
    return await render_page(
        page,
        "settings_list.html",
        "settings",
        address=address,
        title=title,
        lines=lines,
        error=error,
        bases=bases,
        writable=writable,
        status=status,
    )
