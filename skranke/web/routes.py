"""Every address of the pages."""

from collections.abc import Awaitable, Callable

from starlette.responses import Response
from starlette.routing import Route

from skranke.core.app_state import AppState
from skranke.people.auth.sign_in import SignIn
from skranke.web import (
    assets,
    composer,
    dashboard,
    entrance,
    explain,
    files,
    finding,
    live,
    merging,
    new_ticket,
    office_hours,
    people,
    settings,
    ticket_changes,
    ticket_list,
    ticket_page,
)
from skranke.web.page import Page, Pages
from skranke.web.rendering import show_error

Handler = Callable[[Page], Awaitable[Response]]
TICKET = "/ticket/{ticket_id:int}"
GET: dict[str, Handler] = {
    "/": ticket_list.first_list,
    "/tickets": ticket_list.first_list,
    "/tickets/{view_id:int}": ticket_list.show_tickets,
    TICKET: ticket_page.show_ticket,
    "/new": new_ticket.new_ticket,
    "/people": people.find_people,
    "/people/suggest": new_ticket.suggest_people,
    "/person/{person_id:int}": people.show_person,
    "/company/{company_id:int}": people.show_company,
    "/dashboard": dashboard.show_dashboard,
    "/settings": settings.show_settings,
    "/settings/me": settings.show_mine,
    "/settings/quick-replies": settings.show_quick_replies,
    "/settings/priorities": office_hours.show_priority,
    "/settings/priorities/{priority_id:int}": office_hours.show_priority,
    "/settings/categories": settings.show_categories,
    "/settings/statuses": settings.show_statuses,
    "/settings/types": settings.show_types,
    "/settings/users": settings.show_users,
    "/settings/mailboxes": settings.show_mailboxes,
    "/settings/webhooks": settings.show_webhooks,
    f"{TICKET}/why": explain.show_why,
    f"{TICKET}/log": explain.show_log,
    f"{TICKET}/merge": merging.show_merge,
    "/palette": finding.show_palette,
    "/search": finding.search,
    "/live/since": live.since,
    "/live/counters": live.counters,
    f"{TICKET}/thread": ticket_page.show_thread,
    f"{TICKET}/composer": composer.compose,
    f"{TICKET}/message/{{message_id:int}}": files.show_mail,
    f"{TICKET}/message/{{message_id:int}}/source": files.show_source,
    f"{TICKET}/file/{{attachment_id:int}}": files.serve_file,
}
POST: dict[str, Handler] = {
    "/sign-out": entrance.leave,
    "/new": new_ticket.create_ticket,
    "/settings/me": settings.save_mine,
    "/settings/density": settings.set_density,
    "/settings/quick-replies": settings.save_quick_reply,
    "/settings/priorities/{priority_id:int}": office_hours.save_priority,
    "/settings/categories": settings.save_category,
    "/settings/statuses": settings.save_status,
    f"{TICKET}/merge": merging.merge,
    "/next": ticket_changes.next_ticket,
    "/tickets/bulk": ticket_changes.bulk,
    "/tickets/restore": ticket_changes.restore,
    f"{TICKET}/property": ticket_changes.change_property,
    f"{TICKET}/take": ticket_changes.take_one,
    f"{TICKET}/draft": composer.save_draft,
    f"{TICKET}/discard": composer.discard_draft,
    f"{TICKET}/send": composer.send,
    f"{TICKET}/recall": composer.recall,
    f"{TICKET}/present": live.present,
    f"{TICKET}/leave": live.leave,
    "/files": files.upload,
}


def routes(state: AppState, sign_in: SignIn) -> list[Route]:
    """The pages; none of a desk on which sessions are switched off."""
    if not state.settings.authorize_with_implicit:
        return []
    pages = Pages(state, sign_in, show_error)
    feed = live.Feed(state, sign_in)
    door = entrance.Entrance(state, sign_in)
    return [
        *assets.routes(),
        Route("/live", feed.open, methods=["GET"]),
        Route("/sign-in", door.show, methods=["GET"]),
        Route("/sign-in", door.enter, methods=["POST"]),
        *(Route(path, pages.endpoint(handler), methods=["GET"]) for path, handler in GET.items()),
        *(Route(path, pages.endpoint(handler), methods=["POST"]) for path, handler in POST.items()),
    ]
