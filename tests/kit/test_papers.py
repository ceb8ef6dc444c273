"""Papers as PDF for screen readers and as Word with real styles; the same paper, the same bytes."""

import io
import unicodedata
import zipfile
from dataclasses import replace
from typing import Any

from docx import Document
from pypdf import PdfReader

from participa.kit.blocks import Paragraph, Quoted
from participa.kit.pdf import SHOWN, UNSHOWN, pdf, showable
from participa.kit.sheets import Sheet, workbook
from participa.kit.word import word
from participa.kit.zips import timeless
from tests.kit.papers import PAPER, QUOTE, root, tags


def test_a_pdf_says_what_everything_is() -> None:
    """Title, language, headings, table headers, words for the picture, quotes and links."""
    written = pdf(PAPER)
    catalogue = root(written)
    assert catalogue["/MarkInfo"]["/Marked"]
    assert str(catalogue["/Lang"]).startswith("es")
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    found = tags(written)
    kinds = [kind for kind, _element in found]
    assert kinds[:2] == ["/Document", "/Title"]
    headings = [str(element["/T"]) for kind, element in found if kind in {"/H1", "/H2"}]
    assert headings == ["Contenido", "Temas", "Agua", "Respuesta"]
    scopes = [element["/A"][0]["/Scope"] for kind, element in found if kind == "/TH"]
    assert scopes == ["/Column", "/Column"]
    assert [e["/Alt"] for kind, e in found if kind == "/Figure"] == ["Agua 34 %, vías 20 %"]
    assert {"/BlockQuote", "/Link", "/Caption", "/TOC"} <= set(kinds)


def test_a_pdf_has_bookmarks_properties_and_fonts_of_its_own() -> None:
    """It is found by its title, walked by its bookmarks and looks the same everywhere."""
    reader = PdfReader(io.BytesIO(pdf(PAPER)))
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == (PAPER.title, PAPER.author)
    assert reader.metadata.creation_date == PAPER.published_at
    marks = [mark.title for mark in reader.outline if not isinstance(mark, list)]
    assert marks == ["Temas", "Agua"]
    fonts: Any = reader.pages[0]["/Resources"]
    for font in fonts["/Font"].values():
        described = font.get_object()["/DescendantFonts"][0]["/FontDescriptor"]
        assert "/FontFile2" in described or "/FontFile3" in described


def test_what_citizens_wrote_is_never_markup() -> None:
    """Signs that mean something to the typesetter are printed as they are."""
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf(PAPER))).pages)
    for line in QUOTE.splitlines():
        assert line in text


def test_every_sign_said_to_be_shown_has_its_picture() -> None:
    """The writer refuses a sign that no font has, so writing all of them proves the list."""
    signs = [chr(c) for low, high in SHOWN for c in range(low, high + 1)]
    known = [s for s in signs if unicodedata.category(s) not in {"Cn", "Zl", "Zp"}]
    assert pdf(replace(PAPER, blocks=[Paragraph(" ".join(known))])).startswith(b"%PDF")


def test_signs_without_a_picture_leave_a_mark() -> None:
    """An emoji or another script costs its sign, never the report."""
    assert showable("Bien \U0001f44d\U0001f3fd, ya\u200b") == f"Bien {UNSHOWN}, ya"
    assert showable("a\tb\x07\nc") == f"a b{UNSHOWN}\nc"
    assert pdf(replace(PAPER, title="平和", blocks=[Quoted("\U0001f600 مرحبا", "", "")]))


def test_a_word_document_has_styles_headings_and_table_headers() -> None:
    """Whoever edits it finds the outline, and a screen reader the header of each column."""
    document = Document(io.BytesIO(word(PAPER)))
    styles = [(p.style.name if p.style else "", p.text) for p in document.paragraphs]
    assert ("Heading 1", "Agua") in styles
    assert ("Heading 2", "Respuesta") in styles
    assert ("Quote", "El agua llega turbia.") in styles
    assert document.core_properties.title == PAPER.title
    assert 'w:lang w:val="es"' in document.styles.element.xml
    (table,) = document.tables
    assert "w:tblHeader" in table.rows[0]._tr.xml
    assert [cell.text for cell in table.rows[1].cells] == ["Agua", "120"]
    assert "https://example.test/datos" in {r.target_ref for r in document.part.rels.values()}


def test_word_leaves_out_what_its_format_cannot_hold() -> None:
    """A stray control sign does not cost the report."""
    strange = replace(PAPER, blocks=[Paragraph("a\x00b\ud800c")])
    assert Document(io.BytesIO(word(strange))).paragraphs[-1].text == "abc"


def test_the_same_paper_is_the_same_bytes() -> None:
    """Nothing of the moment or the machine of writing is in a file."""
    sheet = Sheet("Temas", ("Tema", "Aportes"), (20, 10), [("=1+1", 3)])
    book = workbook([sheet], title="x", written_at=PAPER.published_at)
    assert pdf(PAPER) == pdf(PAPER)
    assert word(PAPER) == timeless(word(PAPER)) == word(PAPER)
    assert {entry.date_time[0] for entry in zipfile.ZipFile(io.BytesIO(book)).infolist()} == {1980}
