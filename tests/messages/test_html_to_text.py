"""What an html message says, as plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skranke.messages.html_to_text import plain_text

CASES = [
    ("", ""),
    ("no markup", "no markup"),
    ("a &lt; b &amp;&nbsp;c", "a < b & c"),
    ("<p>one</p><p>two</p>", "one\n\ntwo"),
    ("<div>one</div><div>two</div>", "one\ntwo"),
    ("one<br>two<br><br>three", "one\ntwo\n\nthree"),
    ("<div>one</div><div><br></div><div>two</div>", "one\n\ntwo"),
    ("<p>  much \n\t white </p>", "much white"),
    ("<pre>  as\n   it\n\nis</pre>", "  as\n   it\n\nis"),
    ("<p>a<hr>b", "a\n\n---\n\nb"),
    ("<ul><li>one<li>two<ul><li>in</ul></ul>x", "- one\n- two\n  - in\n\nx"),
    ("<ol start=3><li>three<li><p>four</p></ol>", "3. three\n4. four"),
    ("<li>lost", "- lost"),
    ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", "a\tb\nc\td"),
    ('<a href="https://x.example/y">see</a>', "see <https://x.example/y>"),
    ('<a href="https://x.example/">https://x.example</a>', "https://x.example"),
    ('<a href="mailto:a@b.example">Ann</a>', "Ann <a@b.example>"),
    ('<a href="javascript:alert(1)">x</a>', "x"),
    ('<img src="cid:1" alt="our logo">', "our logo"),
    ("<script>alert(1)</script><style>p{}</style><title>t</title>x", "x"),
    ("<!-- hidden -->seen", "seen"),
    (
        "<p>No</p><blockquote><p>One</p><p>Two</p><blockquote>Deep</blockquote></blockquote>After",
        "No\n\n> One\n>\n> Two\n>\n>> Deep\n\nAfter",
    ),
]


@pytest.mark.parametrize(("html", "text"), CASES)
def test_the_text_of_a_message(html: str, text: str):
    assert plain_text(html) == text


@given(st.text())
def test_no_text_is_too_strange(html: str):
    assert isinstance(plain_text(html), str)


@given(st.text("<>/=\"'& \nabpulireotd-!#;0x\ud800"))
def test_nothing_that_looks_like_markup_is_too_strange(html: str):
    assert isinstance(plain_text(html), str)


def test_a_message_without_bounds_keeps_its_text():
    assert plain_text("<div>" * 100_000 + "at the bottom") == "at the bottom"
