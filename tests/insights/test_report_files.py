"""A published report as PDF, Word, workbook and data: the same figures, and never a taken word."""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from participa.deliberation.service import remove
from participa.insights.files import writing
from participa.insights.files.keeping import Format
from participa.insights.files.writing import write_apart, write_file
from participa.insights.models import Cluster, ResultReport
from participa.insights.service import answer_theme
from participa.settings import Settings
from tests.insights.reporting import (
    ROADS,
    SINGLES,
    WATER,
    drafted,
    published,
    quick_grouping,
    say,
    say_all,
)  # fmt: skip
from tests.kit.papers import root, tags
from tests.people import NOW, Municipality
from tests.visitors import Web

__all__ = ["quick_grouping"]
pytestmark = pytest.mark.usefixtures("quick_grouping")
WHOLE = {
    "pdf": "application/pdf",
    "docx": "wordprocessingml",
    "xlsx": "spreadsheetml",
    "json": "json",
}

DICTIONARY = set(re.findall(r"`(\w+)`", Path("docs/report-data.md").read_text("utf-8")))


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Write files here instead of in a process apart; gives the formats written."""
    done: list[str] = []

    async def here(report: ResultReport, format_: Format, locale: str, settings: Settings) -> None:
        done.append(format_)
        await write_file(report.entity_id, report.id, format_, locale, settings)

    monkeypatch.setattr(writing, "write_apart", here)
    return done


def pdf_text(content: bytes) -> str:
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return " ".join(text.split())


def word_text(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    return " ".join([*(p.text for p in document.paragraphs), *cells])


def sheet_text(content: bytes) -> str:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    return " ".join(str(cell) for sheet in sheets for row in sheet for cell in row)


READERS: dict[str, Callable[[bytes], str]] = {
    "pdf": pdf_text, "docx": word_text, "xlsx": sheet_text, "json": lambda c: c.decode(),
}  # fmt: skip


async def answered(town: Municipality) -> ResultReport:
    """Publish a report of two themes, the first one answered."""
    await say_all(town, [*WATER[:4], *ROADS[:3], *SINGLES[:2], WATER[0]])
    await say(
        town, ROADS[3], channel="workshop", people_count=12, place="El Alto", stance="against"
    )
    report = await published(town)
    first = await Cluster.of(town.entity.id).get(report_id=report.id, position=1)
    await answer_theme(town.diego, first.id, "partly", "Habrá **planta** nueva.\n\nEn mayo.", NOW)
    return report


async def test_every_file_says_the_same(town: Municipality, web: Web, written: list[str]) -> None:
    """The figures, quotes and answers of the page are in each file; each is written once."""
    await answered(town)
    elsa = await web.visit()
    data = json.loads((await elsa.get("/informes/1/informe.json")).content)
    first = data["themes"][0]
    quote = first["quotes"][0]["words"]
    for ending, media in WHOLE.items():
        got = await elsa.get(f"/informes/1/informe.{ending}")
        assert got.status_code == 200
        assert media in got.headers["content-type"]
        assert f"informe-1.{ending}" in got.headers["content-disposition"]
        told = READERS[ending](got.content)
        assert "Acueducto, vereda, pronto" in told
        assert quote in told
        assert "planta" in told
        assert "En mayo." in told
        again = await elsa.get(f"/informes/1/informe.{ending}")
        assert again.content == got.content
        kept = {"If-None-Match": got.headers["etag"]}
        same = await elsa.client.get(f"/informes/1/informe.{ending}", headers=kept)
        assert (same.status_code, same.content) == (304, b"")
    assert written == ["pdf", "docx", "xlsx"]
    figures = first["figures"]
    sentence = f"{figures['contributions']} aportes · {figures['people']} personas"
    for ending in ("pdf", "docx"):
        assert sentence in READERS[ending](
            (await elsa.get(f"/informes/1/informe.{ending}")).content
        )


async def test_a_report_in_pdf_is_tagged(town: Municipality, web: Web, written: list[str]) -> None:
    """A screen reader finds its parts, a header for each column, words for the chart."""
    await answered(town)
    content = (await (await web.visit()).get("/informes/1/informe.pdf")).content
    found = tags(content)
    headings = [(kind, str(element["/T"])) for kind, element in found if kind[:2] == "/H"]
    assert ("/H1", "Temas") in headings
    assert ("/H2", "1. Acueducto, vereda, pronto") in headings
    assert any(kind == "/H3" and "Respuesta de la entidad" in title for kind, title in headings)
    assert ("/H1", "Método y límites") in headings
    assert all(element["/A"][0]["/Scope"] == "/Column" for kind, element in found if kind == "/TH")
    (figure,) = (element for kind, element in found if kind == "/Figure")
    assert "Acueducto, vereda, pronto: " in str(figure["/Alt"])


async def test_words_taken_back_leave_every_file(
    town: Municipality, web: Web, written: list[str]
) -> None:
    """After an author takes a text back no file has it, not even on the disk."""
    words = "Del acueducto me llega arena, y lo digo con mi nombre."
    mine = await say(town, words, actor=town.beto)
    await answered(town)
    elsa = await web.visit()
    before = {e: await elsa.get(f"/informes/1/informe.{e}") for e in WHOLE}
    assert all(words in READERS[e](got.content) for e, got in before.items())
    await remove(town.beto, mine.id, now=NOW)
    for ending, old in before.items():
        got = await elsa.get(f"/informes/1/informe.{ending}")
        assert words not in READERS[ending](got.content)
        assert got.headers["etag"] != old.headers["etag"]
    kept = list((web.settings.var_dir / "reports").rglob("*.*"))
    assert sorted(path.suffix for path in kept) == [".docx", ".json", ".pdf", ".xlsx"]


async def test_what_no_file_is_made_of(town: Municipality, web: Web, written: list[str]) -> None:
    """Drafts and unknown formats are not found, and leave nothing behind."""
    await say_all(town, WATER[:3])
    await drafted(town)
    elsa = await web.visit()
    for path in ("informe.pdf", "v2/informe.pdf"):
        assert (await elsa.get(f"/informes/1/{path}")).status_code == 404
    await published(town)
    for path in ("informe.exe", "informe.", "informe.pdf/x", "v2/informe.pdf"):
        assert (await elsa.get(f"/informes/1/{path}")).status_code == 404
    assert written == []


async def test_files_follow_the_readers_language(
    town: Municipality, web: Web, written: list[str]
) -> None:
    """The frame is in the reader's language; what citizens said stays as they said it."""
    await answered(town)
    elsa = await web.visit()
    got = await elsa.get("/informes/1/informe.pdf?idioma=en")
    assert root(got.content)["/Lang"] == "en"
    assert "Contents" in pdf_text(got.content)
    assert WATER[0] in pdf_text(got.content)


async def test_a_file_is_written_in_a_process_apart(town: Municipality, database: Settings) -> None:
    """Typesetting does not hold up the site: another process writes the file where it is sought."""
    report = await answered(town)
    await write_apart(report, Format.PDF, "es", database)
    (kept,) = (database.var_dir / "reports").rglob("*.pdf")
    assert kept.read_bytes().startswith(b"%PDF")


def named(value: Any) -> set[str]:
    """Give every name in some data, but not those of stances."""
    if isinstance(value, list):
        return set().union(*(named(each) for each in value))
    if not isinstance(value, dict):
        return set()
    inside = (named(each) for name, each in value.items() if name != "stances")
    return set(value).union(*inside)


async def test_the_data_is_what_its_dictionary_says(town: Municipality, web: Web) -> None:
    """Every name in it is explained, and nothing in it is one of our own keys."""
    await answered(town)
    data = json.loads((await (await web.visit()).get("/informes/1/informe.json")).content)
    names = named(data)
    assert names <= DICTIONARY
    assert not names & {"id", "key", "anchor"}
    assert sum(count for _label, count in data["ledger"][1:]) == data["ledger"][0][1]
