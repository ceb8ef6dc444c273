"""Documents as offices keep them come out with the sections they have."""

import asyncio
import csv
import io
import re
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from participa.plans.documents import DocumentUnreadable, apart, form_of, sniffing, to_source
from participa.plans.documents.apart import read_apart
from participa.plans.parsing import ParsedPlan, ParsedSection, parse_plan
from tests.plans import documents as made
from tests.realdata import real_data


def read(data: bytes) -> ParsedPlan:
    """Read a document's sections."""
    form = form_of(data)
    assert form is not None
    return parse_plan(to_source(data, form))


def outline(plan: ParsedPlan) -> list[tuple[str, str, str, int]]:
    """Name the sections without their words."""
    return [(s.kind, s.number, s.title, s.depth) for s in plan.sections]


@pytest.mark.parametrize(
    ("form", "data"),
    [("docx", made.as_docx()), ("odt", made.as_odt()), ("html", made.as_html())],
)
def test_headings_make_the_sections(form: str, data: bytes) -> None:
    """Word, LibreOffice and a saved page say the same plan, words and lists in their sections."""
    assert form_of(data) == form
    plan = read(data)
    assert plan.title == made.PLAN[0][1]
    assert outline(plan) == made.EXPECTED
    first, programme, second = plan.sections
    assert "señales aquí" in first.body
    assert re.search(r"\n *-  ?Placa huella en El Salado\n *-  ?Alcantarillas", programme.body)
    assert second.body.replace("\\", "") == made.PLAN[-1][1]
    assert "Menú" not in str(plan)
    assert "var eje" not in str(plan)


def test_a_table_keeps_its_rows() -> None:
    """Cells stay apart and in order, whatever signs they hold."""
    body = read(made.as_docx(table=True)).sections[-1].body
    assert "| Indicador | Valor \\| base |\n| --- | --- |\n| Kilómetros | 12 |" in body


def test_titles_that_are_no_headings_are_known_by_their_words() -> None:
    """A document without styles is read as the plain text it looks like."""
    plan = read(made.as_docx(styled=False))
    found = [(kind, number, title.casefold()) for kind, number, title, _d in outline(plan)]
    wanted = [(kind, number, title.casefold()) for kind, number, title, _d in made.EXPECTED]
    assert [each for each in found if each[0] != "preambulo"] == wanted


def test_a_pdf_loses_its_headers_and_page_numbers() -> None:
    """What is printed on each page is no part of the plan, and a paragraph goes on overleaf."""
    goals = [
        f"Mejorar la vereda número {n} con obras que la gente escogió. " * 6 for n in range(60)
    ]
    plan = read(
        made.as_pdf(["EJE 1. CAMPO VIVO", *goals[:30], "EJE 2. AGUA PARA TODOS", *goals[30:]])
    )
    assert [(s.kind, s.number, s.title) for s in plan.sections if s.kind == "eje"] == [
        ("eje", "1", "CAMPO VIVO"),
        ("eje", "2", "AGUA PARA TODOS"),
    ]
    text = " ".join(section.body for section in plan.sections)
    assert "Página" not in text
    assert "2024 - 2027" not in text
    assert {line.reason for line in plan.dropped} == {"page_header", "page_number"}
    assert [text.count(f"número {n} con") for n in (0, 29, 59)] == [6, 6, 6]


@pytest.mark.real_data
def test_the_plan_of_palmira_printed_as_pdf() -> None:
    """Printed and read back, the real plan has the sections of its text."""
    text = real_data("plan_palmira_2012_2015/acuerdo.txt").read_text(encoding="utf-8")
    lines = [line for line in text.replace("\f", "\n").splitlines() if line.strip()]
    printed = read(made.as_pdf(lines))
    kinds = ("titulo", "capitulo", "articulo", "programa", "subprograma")

    def named(plan: ParsedPlan) -> Counter[tuple[str, str]]:
        return Counter((s.kind, s.number) for s in plan.sections if s.kind in kinds)

    wanted, found = named(parse_plan(text)), named(printed)
    assert sum((wanted & found).values()) >= 0.98 * sum(wanted.values())
    assert sum((found - wanted).values()) <= 0.02 * sum(wanted.values())


@pytest.mark.parametrize("form", ["xlsx", "csv", "semicolons"])
def test_a_planning_sheet(form: str) -> None:
    """Rows become eje > programa > subprograma > meta, whatever their order; codes are no names."""
    data = made.as_xlsx()
    if form != "xlsx":
        buffer = io.StringIO()
        rows = made.SHEET[1:]
        csv.writer(buffer, delimiter="," if form == "csv" else ";").writerows(rows)
        data = buffer.getvalue().encode("utf-8-sig")
    plan = read(data)
    assert [(s.kind, s.number, s.title) for s in plan.sections] == [
        ("eje", "", "Campo vivo"),
        ("programa", "1", "Vías terciarias"),
        ("subprograma", "", "Placa huella"),
        ("meta", "", "Hacer 12 kilómetros"),
        ("meta", "", "Cuidar 5 kilómetros"),
        ("subprograma", "", "Puentes"),
        ("meta", "", "Arreglar 3 puentes"),
        ("eje", "", "Agua para todos"),
        ("programa", "2", "Acueductos"),
        ("subprograma", "", "Veredales"),
        ("meta", "", "Dar agua a 80 familias"),
    ]
    assert plan.sections[4].body == "- Responsable: Obras"


@pytest.mark.real_data
def test_the_sheet_of_tenjo() -> None:
    """The real sheet gives every eje, programme, subprogramme and goal, each in its place."""
    data = real_data("plan_tenjo_2024_2027/plan_indicativo.csv").read_bytes()
    assert form_of(data) == "csv"
    plan = read(data)
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))

    def words(row: dict[str, str], *names: str) -> tuple[str, ...]:
        return tuple(" ".join(row[name].split()) for name in names)

    levels = ("EJE", "PROGRAMA PDT", "SUBPROGRAMA", "META DE PRODUCTO")
    wanted = {
        kind: {words(row, *levels[: at + 1]) for row in rows}
        for at, kind in enumerate(("eje", "programa", "subprograma", "meta"))
    }
    counted = Counter(section.kind for section in plan.sections)
    assert counted == {kind: len(places) for kind, places in wanted.items()}
    assert (counted["eje"], counted["programa"], counted["meta"]) == (5, 34, 331)
    goals = {_chain(plan, section) for section in plan.sections if section.kind == "meta"}
    assert goals == {tuple(_start(word) for word in row) for row in wanted["meta"]}
    assert sum("Responsable:" in s.body for s in plan.sections) == 331


def _chain(plan: ParsedPlan, section: ParsedSection) -> tuple[str, ...]:
    above = () if section.parent is None else _chain(plan, plan.sections[section.parent])
    return (*above, _start(section.title))


def _start(words: str) -> str:
    """Give how a name begins, without the number and the signs that the parser takes away."""
    bare = re.sub(r"^Eje \d\W+", "", words)
    return re.sub(r"\W+", "", bare)[:60]


def test_a_sheet_that_names_no_levels() -> None:
    """A workbook without the columns of a plan says what is missing."""
    with pytest.raises(DocumentUnreadable) as refused:
        read(made.as_xlsx([("Nombre", "Meta"), ("a", "b")], before=False))
    assert refused.value.code == "no_columns"


def test_a_text_is_no_sheet() -> None:
    """A sentence with commas that names programmes and goals is text."""
    assert (
        form_of("Programa de vías, con metas, ejes y subprogramas, para todos.\n".encode()) is None
    )
    assert form_of(b"# Eje 1. Campo\n\nProgramas, metas.") is None


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7\nnada", "damaged"),
        (made.as_pdf(["Un texto. " * 30], password="secreta"), "protected"),
        (made.as_picture(), "scanned"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "old_format"),
        (b"{\\rtf1 hola}", "old_format"),
        (b"PK\x03\x04 roto", "damaged"),
        (made.as_docx()[:-300], "damaged"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, code: str) -> None:
    """Damaged, protected, scanned, old: each has its own words."""
    with pytest.raises(DocumentUnreadable) as refused:
        read(data)
    assert refused.value.code == code
    assert str(refused.value.text)


def _packed(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


_ENTITY = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"word/document.xml": b"<a>" + b" " * 40_000_000 + b"</a>"}, "too_large"),
        ({f"word/{n}.xml": b"" for n in range(sniffing.MAX_MEMBERS + 1)}, "too_large"),
        ({"word/document.xml": _ENTITY}, "damaged"),
        ({"word/document.xml": _ENTITY.decode().encode("utf-16")}, "damaged"),
        ({"foto.png": b"nada"}, "other"),
    ],
)
def test_hostile_archives_are_refused_unopened(files: dict[str, bytes], code: str) -> None:
    """Bombs, crowds of members and entities are refused before any library sees them."""
    with pytest.raises(DocumentUnreadable) as refused:
        form_of(_packed(files))
    assert refused.value.code == code


async def test_documents_are_read_in_another_process() -> None:
    """The words come back whole, and so does the reason why there are none."""
    text = await read_apart(made.as_docx(), "docx")
    assert text == to_source(made.as_docx(), "docx")
    with pytest.raises(DocumentUnreadable) as refused:
        await read_apart(made.as_picture(), "pdf")
    assert refused.value.code == "scanned"


async def test_a_reading_without_end_is_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """After its time the other process is killed, and the official told."""
    started: list[asyncio.subprocess.Process] = []
    start = asyncio.create_subprocess_exec

    async def sleeper(*_words: object, **more: object) -> asyncio.subprocess.Process:
        asked = {key: value for key, value in more.items() if key != "env"}
        waits = [sys.executable, "-c", "import time; time.sleep(60)"]
        started.append(await start(*waits, cwd=tmp_path, **asked))  # type: ignore[arg-type]
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", sleeper)
    monkeypatch.setattr(apart, "SECONDS", 0.3)
    with pytest.raises(DocumentUnreadable) as refused:
        await read_apart(b"", "pdf")
    assert refused.value.code == "too_slow"
    assert started[0].returncode is not None
