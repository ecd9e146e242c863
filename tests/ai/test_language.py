"""Languages told apart, and silence where they can't be."""

import pytest

from skranke.ai.language import language

LISTED = ("nb", "nn", "sv", "da", "fi", "de", "nl", "en", "fr", "es", "it", "pl", "pt")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("nb", "Skriveren i tredje etasje virker ikke lenger, kan dere hjelpe meg?"),
        ("nn", "Skrivaren i tredje høgda verkar ikkje lenger, kan de hjelpe meg?"),
        ("sv", "Skrivaren på tredje våningen fungerar inte längre, kan ni hjälpa mig?"),
        ("da", "Printeren på tredje sal virker ikke længere, kan I hjælpe mig?"),
        ("fi", "Kolmannen kerroksen tulostin ei enää toimi, voitteko auttaa minua?"),
        ("de", "Der Drucker im dritten Stock geht nicht mehr, können Sie mir helfen?"),
        ("nl", "De printer op de derde verdieping werkt niet meer, kunt u mij helpen?"),
        ("en", "The printer on the third floor has stopped working, can you help me?"),
        ("fr", "L'imprimante du troisième étage ne marche plus, pouvez-vous m'aider ?"),
        ("es", "La impresora de la tercera planta ya no funciona, ¿me pueden ayudar?"),
        ("it", "La stampante al terzo piano non funziona più, potete aiutarmi?"),
        ("pl", "Drukarka na trzecim piętrze już nie działa, czy możecie mi pomóc?"),
        ("pt", "A impressora do terceiro andar já não funciona, podem ajudar-me?"),
    ],
)
def test_a_sentence_is_enough_in_each_of_the_languages(code: str, text: str) -> None:
    assert language(text, LISTED) == code


@pytest.mark.parametrize(
    "text", ["", "OK", "👍👍👍", "12345 67890", "Ok takk", "ERR_0x80 NULL PTR RST"], ids=repr
)
def test_too_little_text_has_no_language(text: str) -> None:
    assert language(text, LISTED) == ""


def test_a_language_that_is_not_listed_is_not_taken_for_another() -> None:
    assert language("Принтер на третьем этаже больше не работает", LISTED) == ""


def test_of_two_listed_languages_only_these_are_told_apart() -> None:
    text = "Skrivaren på tredje våningen fungerar inte längre, kan ni hjälpa mig?"
    assert language(text, ("en", "sv")) == "sv"
    assert language(text, ("xx",)) == ""
    assert language(text, ()) == ""
