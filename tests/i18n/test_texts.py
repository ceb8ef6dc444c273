"""Two complete languages, and dates and numbers as each is written."""

import importlib.util
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po

from participa.i18n import Day, Number, Text, _, ago, datetime_text, n_, percent_text
from tests.people import Municipality
from tests.visitors import Web

ROOT = Path(__file__).resolve().parents[2]
BOGOTA = ZoneInfo("America/Bogota")
MOMENT = datetime(2026, 11, 22, 22, 5, tzinfo=UTC)


def test_the_english_catalogue_is_complete() -> None:
    """Every text of code and templates has its translation, and the file is up to date."""
    spec = importlib.util.spec_from_file_location("catalogue", ROOT / "scripts" / "catalogue.py")
    assert spec is not None
    assert spec.loader is not None
    catalogue = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(catalogue)
    template = catalogue.sources()
    path = catalogue.LOCALES / "en" / "LC_MESSAGES" / "participa.po"
    merged = catalogue.brought_up_to_date(path, template)
    assert catalogue.missing(merged) == []


def test_placeholders_survive_translation() -> None:
    """A translation uses the names its source uses, no others."""
    path = ROOT / "participa" / "i18n" / "locales" / "en" / "LC_MESSAGES" / "participa.po"
    with path.open("rb") as file:
        messages = [message for message in read_po(file, locale="en") if message.id]
    wrong = []
    for message in messages:
        names = {name for text in _forms(message.id) for name in _NAMES.findall(text)}
        wrong += [t for t in _forms(message.string) if not set(_NAMES.findall(t)) <= names]
    assert wrong == []


_NAMES = re.compile(r"%\((\w+)\)s|\{(\w+)\}")


def _forms(words: object) -> list[str]:
    return [str(each) for each in words] if isinstance(words, tuple | list) else [str(words)]


def test_a_text_is_translated_when_it_is_printed() -> None:
    """Parameters that are texts, days or numbers follow the reader's language too."""
    text = _("{day}: {count}", day=Day(MOMENT, BOGOTA), count=Number(1234.5))
    assert text.render("es") == "22 de noviembre de 2026: 1.234,5"
    assert text.render("en") == "November 22, 2026: 1,234.5"


def test_plurals() -> None:
    """One is not many."""
    assert str(n_("{count} día", "{count} días", 1)) == "1 día"
    assert str(n_("{count} día", "{count} días", 2)) == "2 días"


def test_moments_are_told_by_the_entitys_clock() -> None:
    """Ten at night in Greenwich is five in the afternoon in Colombia."""
    assert datetime_text(MOMENT, "es", BOGOTA) == "22 de noviembre de 2026, 5:05 p.\u202fm."
    assert ago(MOMENT, MOMENT + timedelta(minutes=12), "es", BOGOTA) == "hace 12 minutos"
    assert ago(MOMENT, MOMENT + timedelta(days=40), "es", BOGOTA) == "22 de noviembre de 2026"
    assert percent_text(0.345, "es", 1) == "34,5\u00a0%"


async def test_the_reader_chooses_the_language(web: Web, town: Municipality) -> None:
    """The choice stays, and the page says in which language it is."""
    visitor = await web.visit()
    assert '<html lang="es">' in (await visitor.get("/")).text
    answer = await visitor.post("/idioma", {"locale": "en", "next": f"/foros/{town.forum.id}"})
    assert answer.headers["location"] == f"/foros/{town.forum.id}"
    page = await visitor.get("/")
    assert '<html lang="en">' in page.text
    odd = await visitor.post("/idioma", {"locale": "xx", "next": "//evil.example"})
    assert odd.headers["location"] == "/"


@pytest.mark.parametrize("text", ["%s %(x)s", "{x} {0}", "100 %"])
def test_what_people_write_is_never_a_format(text: str) -> None:
    """Signs in a parameter are printed as they are."""
    assert Text("{words}", params={"words": text}).render("es") == text
