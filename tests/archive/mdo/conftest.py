"""Every room's lists, lent as they are on a running desk."""

from skranke.catalog.categories import lists as categories
from skranke.catalog.priorities import lists as priorities
from skranke.catalog.projects import lists as projects
from skranke.catalog.sales import lists as sales
from skranke.catalog.statuses import lists as statuses
from skranke.catalog.tags import lists as tags
from skranke.catalog.ticket_types import lists as types
from skranke.people import lists as people
from skranke.tickets import lists as tickets

# rooms lend when they are imported
LENDERS = (categories, people, priorities, projects, sales, statuses, tags, tickets, types)
