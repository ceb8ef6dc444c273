"""Papers as Word documents (DOCX): real styles, headings and table headers, for who edits them.

The same paper gives the same bytes: the moments inside are the paper's own.
"""

import io
import re

from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as WordParagraph

from participa.kit.blocks import Bars, Block, Heading, Link, Paper, Paragraph, Quoted, Table
from participa.kit.zips import timeless

_FONT = "Calibri"
_TONES = {"plain": "Normal", "note": "Intense Quote", "small": "No Spacing"}
_TABLE = "Light List Accent 1"
# What XML cannot hold.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def word(paper: Paper) -> bytes:
    """Write a paper as DOCX. Off the event loop: it computes."""
    document = Document()
    _prepare(document, paper)
    document.add_heading(_clean(paper.title), level=0)
    document.add_paragraph(_clean(paper.subtitle), style="Subtitle")
    for block in paper.blocks:
        _write(document, block)
    buffer = io.BytesIO()
    document.save(buffer)
    return timeless(buffer.getvalue())


def _prepare(document: Word, paper: Paper) -> None:
    properties = document.core_properties
    properties.title, properties.subject = _clean(paper.title), _clean(paper.subtitle)
    properties.author = properties.last_modified_by = _clean(paper.author)
    properties.language, properties.comments = paper.language, ""
    properties.created = properties.modified = paper.published_at.replace(tzinfo=None)
    section = document.sections[0]
    section.left_margin = section.right_margin = Cm(2.4)
    for style in document.styles:
        if isinstance(style, ParagraphStyle):
            style.font.name = _FONT
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), paper.language)


def _write(document: Word, block: Block) -> None:
    match block:
        case Heading():
            heading = document.add_heading(_clean(block.text), level=block.level)
            if block.on_new_page:
                heading.paragraph_format.page_break_before = True
        case Paragraph():
            _write_lines(document, block.text, _TONES[block.tone])
        case Quoted():
            _write_lines(document, block.words, "Quote")
            _link(document.add_paragraph(style="No Spacing"), block.source, block.url)
        case Table():
            _write_table(document, block)
        case Bars():
            # Drawn, they would say no more than their words.
            document.add_paragraph(_clean(block.alt))
        case Link():
            _link(document.add_paragraph(), block.text, block.url)


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("", text)


def _write_lines(document: Word, text: str, style: str) -> None:
    for line in _clean(text).splitlines():
        if line.strip():
            document.add_paragraph(line, style=style)


def _link(paragraph: WordParagraph, text: str, url: str) -> None:
    run = paragraph.add_run(_clean(text))
    if url:
        run.underline = True
        link = OxmlElement("w:hyperlink")
        target = paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link.set(qn("r:id"), target)
        paragraph._p.append(link)  # noqa: SLF001 - the library has no word for a link
        link.append(run._r)  # noqa: SLF001


def _write_table(document: Word, table: Table) -> None:
    document.add_paragraph(_clean(table.caption), style="Caption")
    grid = document.add_table(len(table.rows) + 1, len(table.header), style=_TABLE)
    # Asked row by row, the library looks through the whole table for each.
    cells = iter(grid._cells)  # noqa: SLF001
    for row in (table.header, *table.rows):
        for column, text in enumerate(row):
            cell = next(cells)
            cell.text = _clean(text)
            if column >= len(row) - table.numbers:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001
    document.add_paragraph()
