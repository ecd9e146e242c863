"""What each property of a ticket can be set to, in the reader's words."""

from msgspec import Struct

from skranke.archive.mdo.operations import get_simple_list
from skranke.catalog.categories.operations import get_ticket_categories
from skranke.catalog.priorities.operations import get_all_ticket_priorities
from skranke.catalog.statuses.carriers import TicketBaseStatus
from skranke.catalog.statuses.operations import get_ticket_statuses
from skranke.catalog.ticket_types.operations import get_ticket_types
from skranke.http.i18n.translated_text import localise_text as localise
from skranke.web.page import Page

Choice = tuple[int | str, str, str]  # value, icon, text
STATUS_ICONS = {
    TicketBaseStatus.Active: "st-active",
    TicketBaseStatus.Closed: "st-closed",
    TicketBaseStatus.Postponed: "clock",
}
POSTPONES = (
    ("Postponed1Hour", "Postpone 1 hour"),
    ("Postponed4Hours", "Postpone 4 hours"),
    ("PostponedDay", "Postpone 1 day"),
    ("PostponedWeek", "Postpone 1 week"),
)


class Choices(Struct, kw_only=True):
    """Values, icons and texts by property."""

    statuses: list[Choice]
    priorities: list[Choice]
    categories: list[Choice]
    owners: list[Choice]
    types: list[Choice]
    tags: list[Choice]
    postpones: list[Choice]
    closed: int  # the status of closed tickets; 0 without any

    def texts(self, name: str) -> list[tuple[str, str]]:
        """Values and texts of one property, for a field to choose from."""
        items: list[Choice] = getattr(self, name)
        return [(str(value), text) for value, _, text in items]


def text_of(page: Page, text: str) -> str:
    """A stored text in the reader's language."""
    return localise(text, page.translate.language)


def priority_icon(place: int, count: int) -> str:
    """Bars by the place among the priorities: low, middle, high."""
    if count < 2:
        return "pri-mid"
    return ("pri-low", "pri-mid", "pri-high")[min(2, 3 * place // count)]


def icon_of(choices: list[Choice], chosen: int) -> str:
    """The icon of the chosen value."""
    return next((icon for value, icon, _ in choices if value == chosen), "pri-mid")


async def load_choices(page: Page) -> Choices:
    """The choices of the desk."""
    context = page.context
    statuses = await page.call(get_ticket_statuses, context)
    priorities = await page.call(get_all_ticket_priorities, context, False)
    categories = await page.call(get_ticket_categories, context)
    types = await page.call(get_ticket_types, context)
    owners = await page.call(get_simple_list, context, "serviceassociate")
    tags = await page.call(get_simple_list, context, "tags")
    return Choices(
        statuses=[
            (
                status.ticket_status_id,
                STATUS_ICONS.get(status.status, "st-wait"),
                text_of(page, status.name),
            )
            for status in statuses
        ],
        priorities=[
            (
                priority.ticket_priority_id,
                priority_icon(place, len(priorities)),
                text_of(page, priority.name),
            )
            for place, priority in enumerate(priorities)
        ],
        categories=[
            (
                category.ticket_category_id,
                "tag",
                text_of(page, category.fullname).replace("/", " / "),
            )
            for category in categories
        ],
        owners=[
            (0, "user", page.translate("Nobody")),
            *((item.id, "user", text_of(page, item.name)) for item in owners),
        ],
        types=[(kind.ticket_type_id, "layers", text_of(page, kind.name)) for kind in types],
        tags=[(item.id, "tag", text_of(page, item.name)) for item in tags],
        closed=next(
            (s.ticket_status_id for s in statuses if s.status is TicketBaseStatus.Closed), 0
        ),
        postpones=[(value, "clock", page.translate(text)) for value, text in POSTPONES],
    )
