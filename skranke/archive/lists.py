"""The MDO list of the operators of a restriction type. Source: reference, MDO lists."""

from skranke.archive.mdo.carriers import MDOListItem
from skranke.archive.mdo.providers import ListQuery, mdo_list
from skranke.archive.operators import OPERATORS_BY_TYPE, Operator
from skranke.core.context import RequestContext


@mdo_list("restrictionoperators", 16)
async def restrictionoperators(context: RequestContext, asked: ListQuery) -> list[MDOListItem]:
    """The operators of the restriction type in the additional info; empty if unknown.

    An item's type is the operator's name in filters; its extra info has one `W` per
    value, or `W+` if the operator takes any number of values.
    """
    types = {name.lower(): name for name in OPERATORS_BY_TYPE}
    table = OPERATORS_BY_TYPE.get(types.get(asked.additional.strip().lower(), ""), {})
    once = dict.fromkeys(operator.name for operator in table.values())
    return [
        MDOListItem(id=place, name=name, type=name, extra_info=_hint(table[name.lower()]))
        for place, name in enumerate(once, 1)
    ]


def _hint(operator: Operator) -> str:
    if operator.max_values is None:
        return "W+"
    return "W" * operator.min_values
