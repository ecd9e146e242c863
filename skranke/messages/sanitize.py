"""HTML that strangers wrote, made fit to be shown: what is on the list stays.

Three steps. Tokens: what no message needs is taken out as text, so that the tree is
built from plain elements alone and in bounded time. Tree: ammonia builds it as a
browser would, and keeps what is listed; it alone is what safety rests on. Again: a tree
written and read anew may differ, so this is repeated until nothing changes any more.

Where that can't be had in bounded time, the text alone is left, in a `pre`: of more
than LONGEST characters (and then cut), of more than MOST_ENTITIES character references,
or of elements nested deeper than 256 in a document of more than FEW_TAGS.
"""

import re
from html import escape, unescape
from importlib import import_module
from re import Match
from typing import Any

import nh3

from skranke.messages.css import safe_style

etree: Any = import_module("lxml.etree")  # it has no types
MAX_HTML_CHARACTERS = 8 * 1024 * 1024
MAX_ENTITIES = 100_000
MAX_TAGS_OF_FAST_PATH = 1000
MAX_ATTRIBUTES = 100
MAX_PASSES = 5

# Elements that a parser opens again wherever they were left open: n of them in front of
# n paragraphs make n² elements.
REOPENED_TAGS = frozenset(
    {"b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"}
)
ALLOWED_TAGS = REOPENED_TAGS | {
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "col",
    "colgroup",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "nav",
    "ol",
    "p",
    "pre",
    "q",
    "samp",
    "section",
    "span",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "ul",
    "var",
    "wbr",
}
DROPPED_TAGS = frozenset({"svg", "math", "template", "select", "datalist"})  # with content
ALLOWED_ATTRIBUTES = {
    "*": {"align", "bgcolor", "dir", "height", "lang", "style", "title", "valign", "width"},
    "a": {"href"},
    "col": {"span"},
    "colgroup": {"span"},
    "font": {"color", "face", "size"},
    "hr": {"size"},
    "img": {"alt", "border", "src"},
    "li": {"value"},
    "ol": {"start", "type"},
    "ul": {"type"},
    "table": {"border", "cellpadding", "cellspacing"},
    "td": {"colspan", "nowrap", "rowspan"},
    "th": {"colspan", "nowrap", "rowspan"},
}
ASCII_FLAGS = re.IGNORECASE | re.ASCII
ADDRESS_PATTERNS = {
    "href": re.compile(r"(?:https?://|mailto:|tel:|cid:)[^\x00-\x20]", ASCII_FLAGS),
    "src": re.compile(
        r"(?:https?://|cid:)[^\x00-\x20]"
        r"|data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]*\Z",
        ASCII_FLAGS,
    ),
}
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f]")

# The tokens of the HTML standard, section 13.2.5; none is read twice, so that the time
# is linear. Python's \s is not the standard's space.
SPACE_PATTERN, NAME_END_PATTERN = r"[\t\n\f\r ]", r"(?=[\t\n\f\r />])"
ATTRIBUTE_PATTERN = (
    r"[\t\n\f\r /]*+[^\t\n\f\r />][^\t\n\f\r />=]*+"
    rf"(?:{SPACE_PATTERN}*+={SPACE_PATTERN}*+"
    r"(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\t\n\f\r >\"'][^\t\n\f\r >]*+)?+)?+"
)
RAW_TEXT_TAGS = "script|style|title|textarea|xmp|iframe|noembed|noframes"
TOKEN_PATTERN = re.compile(
    r"<!--(?:-?>|(?P<comment>.*?)(?:--!?>|\Z))"
    r"|<[!?][^>]*+>?|</(?![a-z])[^>]*+>?"
    rf"|<(?P<raw>{RAW_TEXT_TAGS}){NAME_END_PATTERN}(?:{ATTRIBUTE_PATTERN})*+[\t\n\f\r /]*+>?"
    rf".*?(?:</(?P=raw){NAME_END_PATTERN}[^>]*+>?|\Z)"
    r"|<(?P<slash>/?)(?P<name>[a-z][^\t\n\f\r />]*+)"
    rf"(?P<attributes>(?:{ATTRIBUTE_PATTERN})*+)(?P<void>[\t\n\f\r /]*+)(?P<end>>?)",
    ASCII_FLAGS | re.DOTALL,
)
COMPILED_ATTRIBUTE = re.compile(ATTRIBUTE_PATTERN)
INERT_COMMENT = re.compile(r"(?!-|\s*\[)(?:[^<>-]|-(?!-|\Z))*+")
RENAMED_TAG = re.compile(rf"<(/?)x-({'|'.join(sorted(REOPENED_TAGS))})(?=[ >])")
NEWLINES_OF_PRE = re.compile(r"(<pre(?: [^>]*)?>)\n+")


def sanitize(html: str, *, drop_comments: bool = True) -> str:
    """The same to look at, without anything that can run, post, load or cover.

    Of comments only those without markup or conditions are ever kept. What it returns
    stays as it is when sanitised again. Never raises. Source: SanitizeMailContent of
    the reference, which lists nothing; docs/differences.md has the list.
    """
    html = html.encode("utf-8", "replace").decode()
    for _ in range(MAX_PASSES):
        if len(html) > MAX_HTML_CHARACTERS or html.count("&") > MAX_ENTITIES:
            break
        cleaned = _sanitize_once(html, drop_comments=drop_comments)
        if cleaned is None or cleaned == html:
            return _text_only(html) if cleaned is None else html
        html = cleaned
    return _text_only(html)


def sanitize_all(*htmls: str, drop_comments: bool = True) -> list[str]:
    """Each of them sanitised, in the same order."""
    return [sanitize(html, drop_comments=drop_comments) for html in htmls]


def _sanitize_once(html: str, *, drop_comments: bool) -> str | None:
    """One reading and writing; None where elements are nested too deep."""
    large = html.count("<") > MAX_TAGS_OF_FAST_PATH

    def replace_token(token: Match[str]) -> str:
        return _safe_token(token, rename=large, drop_comments=drop_comments)

    plain: str | None = TOKEN_PATTERN.sub(replace_token, html)
    if large:
        plain = _close_elements(plain)
    if plain is None:
        return None
    cleaned = CLEANERS[large, drop_comments].clean(plain)
    if large:
        cleaned = RENAMED_TAG.sub(r"<\1\2", cleaned)
    return NEWLINES_OF_PRE.sub(r"\1", cleaned)


def _safe_token(token: Match[str], *, rename: bool, drop_comments: bool) -> str:
    """What becomes of a token: itself, with another name, or nothing."""
    comment, name = token["comment"], token["name"]
    if comment is not None:
        inert = not drop_comments and INERT_COMMENT.fullmatch(comment)
        return f"<!--{comment}-->" if inert else ""
    if name is None or not token["end"]:
        return ""
    name = name.lower()
    if name in DROPPED_TAGS:
        return "" if "/" in token["void"] else f"<{token['slash']}x-{name}>"
    if name not in ALLOWED_TAGS:
        return ""
    if rename and name in REOPENED_TAGS:
        name = f"x-{name}"
    return f"<{token['slash']}{name}{_limit_attributes(token['attributes'])}{token['void']}>"


def _limit_attributes(attributes: str) -> str:
    """A tag's attributes as they are; nothing where there are more than anyone needs.

    Each is compared with all before it, by every parser.
    """
    if len(attributes) <= MAX_ATTRIBUTES * 2:
        return attributes
    found = sum(1 for _ in COMPILED_ATTRIBUTE.finditer(attributes))
    return attributes if found <= MAX_ATTRIBUTES else ""


def _close_elements(html: str) -> str | None:
    """The document with every element closed; None where libxml2 finds it too deep.

    What a browser's rules make of open elements takes quadratic time, libxml2 doesn't.
    """
    parser = etree.HTMLParser(encoding="utf-8")
    root = etree.fromstring(f"<x-all>{html}</x-all>".encode(), parser)
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        return None
    return etree.tostring(root, encoding="unicode", method="html")


def _text_only(html: str) -> str:
    """The text of a document that is beyond all bounds, as far as they go."""
    text = unescape(TOKEN_PATTERN.sub("", html[:MAX_HTML_CHARACTERS])).replace("\r\n", "\n")
    text = text.replace("\r", "\n").replace("\0", "").lstrip("\n")
    text = text.encode("utf-8", "replace").decode()[: MAX_HTML_CHARACTERS // 6 - 11]
    return f"<pre>{escape(text, quote=False)}</pre>".replace("\xa0", "&nbsp;")


def _attribute(_: str, name: str, value: str) -> str | None:
    """An attribute's value as it may stay; None where it may not."""
    if name == "style":
        return safe_style(value) or None
    if name in ADDRESS_PATTERNS:
        value = value.strip()
        return value if ADDRESS_PATTERNS[name].match(value) else None
    return CONTROL_CHARACTERS.sub(" ", value)


def _cleaner(*, renamed: bool, drop_comments: bool) -> nh3.Cleaner:
    prefixed = {name: f"x-{name}" for name in REOPENED_TAGS} if renamed else {}
    return nh3.Cleaner(
        tags={prefixed.get(name, name) for name in ALLOWED_TAGS},
        clean_content_tags={f"x-{name}" for name in DROPPED_TAGS},
        attributes={prefixed.get(tag, tag): of for tag, of in ALLOWED_ATTRIBUTES.items()},
        attribute_filter=_attribute,
        strip_comments=drop_comments,
        link_rel="noopener noreferrer",
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        url_relative="deny",
    )


CLEANERS = {
    (renamed, drop): _cleaner(renamed=renamed, drop_comments=drop)
    for renamed in (False, True)
    for drop in (False, True)
}
