"""`[[ticket.title]]` and `[[IF:ticket.title!=""]]…[[ELSE]]…[[ENDIF]]`, filled in.

A name that isn't known is blank. A condition is a name, which holds unless it is blank,
or a name, `==` (or `=`) or `!=`, and a text in quotes or another name. Conditions may
be nested. What is never ended reaches to the end; an ELSE or ENDIF of nothing says
nothing. Source: the vendor's documentation of reply templates.
"""

import re
from collections.abc import Callable
from html import unescape

from msgspec import Struct

TAG_PATTERN = re.compile(r"\[\[(.{1,500}?)\]\]", re.DOTALL)
MARKUP_PATTERN = re.compile(r"<[^>]*>")
CONDITION_PATTERN = re.compile(r"\s*([\w.]+)\s*(?:(!=|==?)\s*(.*?)\s*)?", re.DOTALL)
QUOTE_CHARACTERS = "\"'“”„"


class _Condition(Struct):
    """A condition that is being read."""

    around: bool  # whether what stands around it is shown
    holds: bool
    turned: bool = False  # past its ELSE

    @property
    def shown(self) -> bool:
        return self.around and self.holds is not self.turned


def fill_template(
    template: str,
    values: dict[str, str],
    written: Callable[[str, str], str] = lambda _, value: value,
) -> str:
    """The template with its tags replaced; never raises.

    `values` are by lower-case name; `written` makes of a name and its value what is put
    in: for html the escaped value. A tag in html may hold markup and entities, which
    editors like to put there.
    """
    said: list[str] = []
    within: list[_Condition] = []
    for index, part in enumerate(TAG_PATTERN.split(template)):
        shown = within[-1].shown if within else True
        if index % 2 == 0:
            said.append(part if shown else "")
            continue
        tag = unescape(MARKUP_PATTERN.sub("", part)).strip()
        word, _, condition = tag.partition(":")
        match word.upper():
            case "IF":
                within.append(_Condition(shown, shown and _holds(condition, values)))
            case "ELSE":
                for last in within[-1:]:
                    last.turned = True
            case "ENDIF":
                del within[-1:]
            case _:
                name = tag.lower()
                said.append(written(name, values.get(name, "")) if shown else "")
    return "".join(said)


def _holds(condition: str, values: dict[str, str]) -> bool:
    """Whether a condition is true; one that can't be read isn't."""
    read = CONDITION_PATTERN.fullmatch(condition)
    if read is None:
        return False
    name, operator, other = read[1].lower(), read[2], read[3] or ""
    value = values.get(name, "")
    if not operator:
        return value != ""
    if other[:1] and other[0] in QUOTE_CHARACTERS:
        wanted = other.strip(QUOTE_CHARACTERS)
    else:
        wanted = values.get(other.lower(), other)
    return (value == wanted) is (operator != "!=")
