"""The figures of the desk as the wire has them. The reference has none; ours."""

from msgspec import field

from skranke.core.schema import Carrier, Int32, ListText


class DayFigures(Carrier):
    day: str = ""  # 2026-03-02, in the caller's zone
    created: Int32 = 0
    closed: Int32 = 0


class CategoryFigures(Carrier):
    """Minutes in office hours until tickets were closed: median and 90th percentile."""

    ticket_category_id: Int32 = 0
    name: ListText = ""
    closed: Int32 = 0
    close_median: Int32 = 0
    close_p90: Int32 = 0


class OwnerFigures(Carrier):
    associate_id: Int32 = 0  # 0: nobody
    name: str = ""
    open: Int32 = 0
    overdue: Int32 = 0
    closed: Int32 = 0


class DeskFigures(Carrier):
    """Of the tickets that the caller may see; times in minutes of office hours."""

    open: Int32 = 0
    overdue: Int32 = 0
    unassigned: Int32 = 0
    waiting: Int32 = 0  # postponed
    reply_median: Int32 = 0
    close_median: Int32 = 0
    happy: Int32 = 0  # tickets of these days whose customer sounds so
    unhappy: Int32 = 0
    judged: Int32 = 0  # tickets of these days with a sentiment at all
    mails_waiting: Int32 = 0
    mails_failed: Int32 = 0
    days: list[DayFigures] = field(default_factory=list)
    categories: list[CategoryFigures] = field(default_factory=list)
    owners: list[OwnerFigures] = field(default_factory=list)
