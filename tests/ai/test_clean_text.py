"""What is left of a mail when all is gone that its author has not written."""

import pytest

from skranke.ai.clean_text import MAX_TEXT_CHARACTERS, prepare_text

REPLY = "This is my answer."
ABOVE_A_QUOTATION = {
    "en": "On Mon, 2 Mar 2026 at 10:11, Kari <kari@x.example> wrote:",
    "nb": "man. 2. mars 2026 kl. 10:11 skrev Kari <kari@x.example>:",
    "nb Outlook": "Fra: Kari\nSendt: mandag 2. mars 2026 10:11\nTil: Desk\nEmne: Sak",
    "nn Outlook": "Frå: Kari\nSendt: måndag 2. mars 2026 10:11\nTil: Desk\nEmne: Sak",
    "sv": "Den mån 2 mars 2026 kl 10:11 skrev Kari <kari@x.example>:",
    "sv Outlook": "Från: Kari\nSkickat: den 2 mars 2026 10:11\nTill: Desk\nÄmne: Sak",
    "da": "Den man. 2. mar. 2026 kl. 10.11 skrev Kari <kari@x.example>:",
    "da Outlook": "Fra: Kari\nSendt: 2. marts 2026 10:11\nTil: Desk\nEmne: Sag",
    "fi": "ma 2. maalisk. 2026 klo 10.11 Kari (kari@x.example) kirjoitti:",
    "fi Outlook": "Lähettäjä: Kari\nLähetetty: maanantai 2. maaliskuuta 2026\nAihe: X",
    "de": "Am Mo., 2. März 2026 um 10:11 Uhr schrieb Kari <kari@x.example>:",
    "de Outlook": "Von: Kari\nGesendet: Montag, 2. März 2026\nAn: Desk\nBetreff: X",
    "nl": "Op ma 2 mrt 2026 om 10:11 schreef Kari <kari@x.example>:",
    "nl Outlook": "Van: Kari\nVerzonden: maandag 2 maart 2026\nAan: Desk\nOnderwerp: X",
    "fr": "Le lun. 2 mars 2026 à 10:11,\nKari <kari@x.example> a écrit :",
    "fr Outlook": "De : Kari\nEnvoyé : lundi 2 mars 2026\nÀ : Desk\nObjet : X",
    "es": "El lun, 2 mar 2026 a las 10:11, Kari (<kari@x.example>) escribió:",
    "es Outlook": "De: Kari\nEnviado el: lunes, 2 de marzo\nPara: Desk\nAsunto: X",
    "it": "Il giorno lun 2 mar 2026 alle ore 10:11 Kari <kari@x.example> ha scritto:",
    "it Outlook": "Da: Kari\nInviato: lunedì 2 marzo 2026\nA: Desk\nOggetto: X",
    "pl": "pon., 2 mar 2026 o 10:11 Kari <kari@x.example> napisał(a):",
    "pl Outlook": "Od: Kari\nWysłano: poniedziałek, 2 marca\nDo: Desk\nTemat: X",
    "pt": "Kari <kari@x.example> escreveu (segunda, 2/03/2026 à(s) 10:11):",
    "pt Outlook": "De: Kari\nEnviada em: segunda, 2 de março\nPara: Desk\nAssunto: X",
    "dashes": "----- Ursprüngliche Nachricht -----",
}
FAREWELLS = (
    "Med vennlig hilsen",
    "Mvh",
    "Vennleg helsing",
    "Venlig hilsen",
    "Best regards,",
    "Med vänliga hälsningar",
    "Ystävällisin terveisin",
    "Mit freundlichen Grüßen",
    "Met vriendelijke groet,",
    "Cordialement,",
    "Un saludo,",
    "Cordiali saluti",
    "Pozdrawiam,",
    "Cumprimentos,",
    "--",
    "Sent from my iPhone",
)


@pytest.mark.parametrize("program", ABOVE_A_QUOTATION)
def test_a_quotation_below_goes_in_the_words_of_each_mail_program(program: str) -> None:
    mail = f"{REPLY}\n\n{ABOVE_A_QUOTATION[program]}\n\nOld words.\n> Older words."
    assert prepare_text(mail, "") == REPLY


@pytest.mark.parametrize("farewell", FAREWELLS)
def test_a_signature_goes(farewell: str) -> None:
    assert prepare_text(f"{REPLY}\n\n{farewell}\nKari Kunde\nDirector", "") == REPLY


def test_a_sentence_with_a_farewell_in_it_stays() -> None:
    said = "Regards the printer as broken, does the whole office."
    assert prepare_text(said, "") == said


def test_an_answer_below_its_quotation_stays() -> None:
    mail = f"{ABOVE_A_QUOTATION['en']}\n> Is it well?\n\n{REPLY}"
    assert prepare_text(mail, "") == REPLY


def test_answers_between_quotations_stay() -> None:
    mail = f"{ABOVE_A_QUOTATION['en']}\n> Is it well?\nNo.\n> Since when?\nMonday."
    assert prepare_text(mail, "") == "No. Monday."


def test_a_reply_that_is_all_quotation_says_nothing() -> None:
    assert prepare_text("> Is it well?\n> Please tell.", "") == ""


def test_what_was_forwarded_is_the_message() -> None:
    mail = """FYI
---------- Forwarded message ---------
From: Kari <kari@x.example>
Date: Mon, 2 Mar 2026
Subject: The printer
To: Desk

The printer is broken."""
    assert prepare_text(mail, "") == "FYI The printer is broken."


def test_html_is_read_as_text_without_its_quotations() -> None:
    html = f"<p>{REPLY}</p><blockquote>Old words.</blockquote>"
    assert prepare_text("", html) == REPLY


def test_lines_of_an_earlier_message_are_a_quotation_in_any_language() -> None:
    old = "Prentarinn á þriðju hæð virkar ekki lengur.\nTakk"
    assert prepare_text(f"{REPLY}\nÞann mán. skrifaði Kari\n{old}", "", [old]) == (
        f"{REPLY} Þann mán. skrifaði Kari Takk"
    )


def test_addresses_and_numbers_go() -> None:
    mail = "See https://x.example/a?b=1, ask a@b.example or +47 22 33 44 55 [ejTag #7]"
    assert prepare_text(mail, "") == "See ask or +"


def test_a_log_goes_and_what_is_said_about_it_stays() -> None:
    log = "0x7ffe 00:11:22 [4711] 0.00001 {} () 99% 17/18 == 0"
    assert prepare_text(f"It says this:\n{log}\nWhy?", "") == "It says this: Why?"


def test_its_length_is_bounded() -> None:
    assert len(prepare_text("words and words " * 10_000, "")) <= MAX_TEXT_CHARACTERS


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 200_000,
        " " * 200_000,
        "On 1 " * 40_000,
        "wrote " * 40_000,
        "<" * 200_000,
        "> " * 100_000,
        "www." * 50_000,
        "1 " * 100_000,
        "\0" * 1000,
        "\ud800",
        "_" * 200_000,
    ],
    ids=lambda text: repr(text[:6]),
)
def test_nothing_that_is_sent_stops_it(text: str) -> None:
    assert isinstance(prepare_text(text, ""), str)
    assert isinstance(prepare_text("", text.replace("\ud800", "")), str)
