"""Inline styles that only change how a message looks inside its own frame.

Nothing that loads, runs, moves out of its place or lies over something else: the value
is read by a grammar that has no url(), no expression(), no escapes and no lengths below
zero. Source: OWASP, cross-site scripting prevention, on CSS contexts.
"""

import re

SAFE_PROPERTIES = frozenset(
    {
        "background",
        "background-color",
        "border",
        "border-bottom",
        "border-bottom-color",
        "border-bottom-style",
        "border-bottom-width",
        "border-collapse",
        "border-color",
        "border-left",
        "border-left-color",
        "border-left-style",
        "border-left-width",
        "border-radius",
        "border-right",
        "border-right-color",
        "border-right-style",
        "border-right-width",
        "border-spacing",
        "border-style",
        "border-top",
        "border-top-color",
        "border-top-style",
        "border-top-width",
        "border-width",
        "clear",
        "color",
        "direction",
        "display",
        "float",
        "font",
        "font-family",
        "font-size",
        "font-style",
        "font-variant",
        "font-weight",
        "height",
        "letter-spacing",
        "line-height",
        "list-style",
        "list-style-type",
        "margin",
        "margin-bottom",
        "margin-left",
        "margin-right",
        "margin-top",
        "max-height",
        "max-width",
        "min-height",
        "min-width",
        "overflow-wrap",
        "padding",
        "padding-bottom",
        "padding-left",
        "padding-right",
        "padding-top",
        "table-layout",
        "text-align",
        "text-decoration",
        "text-indent",
        "text-transform",
        "vertical-align",
        "white-space",
        "width",
        "word-break",
        "word-spacing",
        "word-wrap",
    }
)
# a word or a number, a quoted name, a colour, or what stands between them
SAFE_VALUE = re.compile(
    r"(?:[#.]?\w[\w.%-]*+|\"[\w .,-]*+\"|'[\w .,-]*+'"
    r"|(?<=rgb)\([\d.,%\s]*+\)|(?<=rgba)\([\d.,%\s/]*+\)|(?<=hsl)\([\d.,%\s]*+\)"
    r"|(?<=hsla)\([\d.,%\s/]*+\)|[ \t\n,/!])++",
    re.IGNORECASE,
)
MAX_STYLE_CHARACTERS = 10_000


def safe_style(style: str) -> str:
    """The declarations that may stay, as `name:value;…`; "" where none may."""
    kept: list[str] = []
    for declaration in style[:MAX_STYLE_CHARACTERS].split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip()
        if name in SAFE_PROPERTIES and SAFE_VALUE.fullmatch(value):
            kept.append(f"{name}:{value}")
    return ";".join(kept)
