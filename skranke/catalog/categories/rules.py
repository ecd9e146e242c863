"""Who may see a category's tickets. Source: reference, TicketCategoryFlags."""

from skranke.catalog.categories.carriers import TicketCategoryFlags
from skranke.catalog.categories.sql import Category
from skranke.core.context import CurrentUser, Permission


def is_open_to(category: Category, user: CurrentUser) -> bool:
    """Whether the caller may know the tickets of a category that he doesn't own.

    MembersOnly hides them from all but members and administrators.
    """
    if TicketCategoryFlags.MembersOnly not in category.carrier.flags:
        return True
    return Permission.ADMINISTER in user.permissions or category.has_member(user.ej_user_id)
