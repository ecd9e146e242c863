"""Every room's lists, lent as they are on a running desk."""

from skranke.categories import lists as categories
from skranke.people import lists as people
from skranke.priorities import lists as priorities
from skranke.projects import lists as projects
from skranke.sales import lists as sales
from skranke.statuses import lists as statuses
from skranke.tags import lists as tags
from skranke.tickets import lists as tickets
from skranke.types import lists as types

# rooms lend when they are imported
LENDERS = (categories, people, priorities, projects, sales, statuses, tags, tickets, types)
