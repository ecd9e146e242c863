"""Every text of the pages is there in every language, and times are the reader's own."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from skranke.web import rendering, script_texts, ticket_changes, ticket_list
from skranke.web.choices import POSTPONES
from skranke.web.explain import ACTIONS, PROPERTIES
from skranke.web.finding import ACTIONS as PALETTE_ACTIONS
from skranke.web.i18n import times
from skranke.web.i18n.catalogue import LANGUAGES, Translator, catalogue, language_of
from skranke.web.new_ticket import ORIGINS

WEB = Path(rendering.__file__).parent
IN_TEMPLATES = re.compile(r"""\b_\('((?:[^'\\]|\\.)+)'""")
IN_CODE = re.compile(r"""(?:\btranslate|\b_|\btoast)\(\s*(?:page, )?"([^"]+)"[,)]""")
IN_SCRIPTS = re.compile(r"""\bt\("([^"]+)\"""")
PLACES = re.compile(r"{\w+}")


def texts_in_use() -> set[str]:
    """Every English text that a page may show."""
    found: set[str] = set(script_texts.SCRIPT_TEXTS)
    for path in (WEB / "templates").glob("*.html"):
        found |= set(IN_TEMPLATES.findall(path.read_text()))
    for path in WEB.glob("**/*.py"):
        found |= set(IN_CODE.findall(path.read_text()))
    found |= {text for _, text in POSTPONES} | set(ACTIONS.values()) | set(PROPERTIES.values())
    found |= {words for _, _, words, _ in PALETTE_ACTIONS} | set(ORIGINS)
    found |= set(ticket_list.SORT_NAMES.values()) | set(rendering.VIEW_ICONS)
    found |= {text for _, _, text in ticket_changes.BULK.values()}
    for names in ("WEEKDAYS", "SHORT_WEEKDAYS", "MONTHS", "SHORT_MONTHS"):
        found |= set(getattr(times, names))
    return found


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_no_text_is_missing_and_no_place_in_one_is_lost(language: str) -> None:
    known = catalogue(language)
    used = texts_in_use()
    assert len(used) > 300
    assert sorted(used - known.keys()) == []
    for text, translated in known.items():
        assert sorted(PLACES.findall(text)) == sorted(PLACES.findall(translated)), text


def test_scripts_use_no_text_that_the_page_does_not_carry() -> None:
    for path in (WEB / "static/js").glob("*.js"):
        for text in IN_SCRIPTS.findall(path.read_text()):
            assert text in script_texts.SCRIPT_TEXTS, f"{path.name}: {text}"


def test_the_language_is_the_chosen_one_else_the_browsers() -> None:
    assert language_of("sv", "de") == "sv"
    assert language_of("", "nb-NO,nb;q=0.9,en;q=0.5") == "nb"
    assert language_of("", "fr") == "en"
    assert language_of("", "") == "en"


@pytest.mark.parametrize(
    ("language", "zone", "expected"),
    [
        ("en", "America/New_York", "Thursday 12 March 2026, 09:20"),
        ("nb", "Europe/Oslo", "torsdag 12. mars 2026, 14:20"),
        ("de", "Europe/Berlin", "Donnerstag, 12. März 2026, 14:20"),
    ],
)
def test_an_instant_is_told_in_ones_own_words_and_zone(
    language: str, zone: str, expected: str
) -> None:
    now = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
    reader = times.Times(Translator(language), ZoneInfo(zone), now)
    assert reader.exact(datetime(2026, 3, 12, 13, 20, tzinfo=UTC)) == expected


@pytest.mark.parametrize(
    ("hours_left", "status", "text", "kind"),
    [
        (2, 1, "2 h left", "soon"),
        (7, 1, "7 h left", ""),
        (-1, 1, "Overdue 1 h", "late"),
        (None, 1, "No deadline", ""),
        (2, 2, "Closed", "closed"),
        (2, 3, "Waiting", "paused"),
    ],
)
def test_time_left_in_words_and_by_share(
    hours_left: int | None, status: int, text: str, kind: str
) -> None:
    now = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
    reader = times.Times(Translator("en"), ZoneInfo("UTC"), now)
    deadline = None if hours_left is None else now + timedelta(hours=hours_left)
    created = (deadline or now) - timedelta(hours=8)
    left = times.time_left(reader, status=status, created=created, deadline=deadline, activate=None)
    assert (left.text, left.kind) == (text, kind)
