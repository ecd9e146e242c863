"""Tags of templates and what they become."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skranke.messages.templates.syntax import fill_template

VALUES = {"ticket.title": "Pump", "ticket.author": "", "a": "1", "b": "1", "c": "2"}
CASES = [
    ("", ""),
    ("nothing", "nothing"),
    ("[[ticket.title]]!", "Pump!"),
    ("[[ Ticket.TITLE ]]", "Pump"),
    ("[[unknown.name]]x", "x"),
    ("[[a]][[b]][[c]]", "112"),
    ('[[IF:ticket.title!=""]]yes[[ELSE]]no[[ENDIF]].', "yes."),
    ('[[IF:ticket.author!=""]]yes[[ELSE]]no[[ENDIF]].', "no."),
    ("[[IF:ticket.author!='']]yes[[ENDIF]].", "."),
    ('[[IF:ticket.title=="Pump"]]yes[[ENDIF]]', "yes"),
    ('[[IF:ticket.title="Pump"]]yes[[ENDIF]]', "yes"),
    ('[[IF:ticket.title=="pump"]]yes[[ELSE]]no[[ENDIF]]', "no"),
    ("[[IF:ticket.title]]yes[[ENDIF]][[IF:ticket.author]]no[[ENDIF]]", "yes"),
    ("[[IF:a==b]]same[[ENDIF]][[IF:a!=c]] other[[ENDIF]]", "same other"),
    ("[[IF:a]]1[[IF:ticket.author]]2[[ELSE]]3[[ENDIF]]4[[ELSE]]5[[ENDIF]]6", "1346"),
    ("[[IF:unknown]]1[[IF:a]]2[[ELSE]]3[[ENDIF]]4[[ELSE]]5[[ENDIF]]6", "56"),
    ("[[if:a]]yes[[endif]]", "yes"),
    ("[[IF:ticket.title!=&quot;&quot;]]yes[[ENDIF]]", "yes"),
    ("[[<b>ticket.title</b>]]", "Pump"),
    ("[[IF:a]]never ended", "never ended"),
    ("[[IF:unknown]]never ended", ""),
    ("[[ELSE]]x[[ENDIF]]y", "xy"),
    ("[[IF:a b c]]no[[ELSE]]x[[ENDIF]]", "x"),
    ("[[]] [[ x", "[[]] [[ x"),
]


@pytest.mark.parametrize(("template", "text"), CASES)
def test_a_template_is_filled_in(template: str, text: str):
    assert fill_template(template, VALUES) == text


def test_a_value_with_tags_in_it_stays_text():
    assert fill_template("[[a]]", {"a": "[[b]]", "b": "secret"}) == "[[b]]"


words = st.sampled_from(["[[", "]]", "IF:", "ELSE", "ENDIF", "a", "==", '"', " x "])


@given(st.lists(words, max_size=30).map("".join))
def test_no_template_is_too_broken(template: str):
    assert isinstance(fill_template(template, VALUES), str)
