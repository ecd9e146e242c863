"""A sale beside other things in archives. Source: reference, provider ticket."""

from typing import LiteralString

from skranke.archive.columns import (
    Column,
    boolean,
    day,
    decimal,
    list_item,
    number,
    text,
    with_prefix,
)
from skranke.archive.providers import Block, Join
from skranke.catalog.sales.carriers import SaleStatus
from skranke.people.archive import associate_block, names_of


def sale_block(prefix: str, s: LiteralString, sale_id: LiteralString) -> Block:
    """A sale by id, with the associate that minds it."""
    owner = associate_block("associate", f"{s}_a", f"{s}.associate_id", s)
    joins = {
        s: Join(f"LEFT JOIN sale {s} ON {s}.sale_id = {sale_id}"),
        f"{s}_c": Join(f"LEFT JOIN contact {s}_c ON {s}_c.contact_id = {s}.contact_id", (s,)),
        f"{s}_j": Join(f"LEFT JOIN project {s}_j ON {s}_j.project_id = {s}.project_id", (s,)),
    }
    return Block(with_prefix(prefix, [*_columns(s), *owner.columns]), joins | owner.joins)


def _columns(s: LiteralString) -> list[Column]:
    own = (s,)
    return [
        boolean("completed", f"{s}.done = 3", joins=own),
        day("date", f"{s}.saledate", joins=own),
        text("text", f"{s}.description", "positiveString", joins=own),
        list_item(
            "associateId",
            f"{s}.associate_id",
            "associate",
            text=f"{s}_a.name",
            joins=(s, f"{s}_a"),
            list_name="associate",
        ),
        list_item(
            "userGroup",
            f"{s}_a.group_idx",
            "userGroup",
            text=f"{s}_a_g.name",
            worded=True,
            joins=(s, f"{s}_a_g"),
            list_name="usergroup",
        ),
        list_item("contactId", f"{s}.contact_id", text=f"{s}_c.name", joins=(f"{s}_c",)),
        list_item(
            "projectId",
            f"{s}.project_id",
            text=f"{s}_j.name",
            joins=(f"{s}_j",),
            list_name="project",
        ),
        number("personId", f"{s}.person_id", joins=own),
        number("saleId", f"{s}.sale_id", joins=own),
        day("registeredDate", f"{s}.registered", joins=own),
        text("currency", f"{s}.currency", joins=own),
        text("heading", f"{s}.heading", "stringorPK", joins=own, primary_key=f"{s}.sale_id"),
        decimal("amount", f"{s}.amount", joins=own),
        decimal("amountWeighted", f"{s}.amount * {s}.probability / 100", joins=own),
        decimal("earning", f"{s}.earning", joins=own),
        decimal("earningPercent", f"{s}.earning_percent", joins=own),
        number("probPercent", f"{s}.probability", joins=own),
        list_item("saleStatus", f"{s}.status", names=names_of(SaleStatus), joins=own),
        list_item("saleType", f"{s}.saletype_id", text=f"{s}.saletype", worded=True, joins=own),
        day("nextDueDate", f"{s}.next_due_date", joins=own),
        text("saleNumber", f"{s}.number1", joins=own),
        text("description", f"{s}.description", joins=own, sortable=False),
    ]
