"""The same small plan as each office program keeps it."""

import io
from collections.abc import Iterable, Sequence

import docx
import xlsxwriter
from fpdf import FPDF
from odfdo import Document, Header, List, Paragraph

PLAN = (
    (1, "Plan de desarrollo «La Loma que sube»"),
    (2, "Eje 1. Campo vivo"),
    (0, "El campo es de quien lo trabaja: * y # no son señales aquí."),
    (3, "Programa 1.1: Vías terciarias"),
    (0, "Se arreglan las vías."),
    (-1, "Placa huella en El Salado"),
    (-1, "Alcantarillas"),
    (2, "Eje 2. Agua para todos"),
    (0, "1. No es un título."),
)
EXPECTED = [
    ("eje", "1", "Campo vivo", 0),
    ("programa", "1.1", "Vías terciarias", 1),
    ("eje", "2", "Agua para todos", 0),
]


def as_docx(*, styled: bool = True, table: bool = False) -> bytes:
    """Write the plan with Word's styles, or with every title as a paragraph in capitals."""
    document = docx.Document()
    for level, text in PLAN:
        if level > 0 and styled:
            document.add_heading(text, level)
        elif level > 0:
            document.add_paragraph().add_run(text.upper()).bold = True
        else:
            document.add_paragraph(text, style="List Bullet" if level < 0 else None)
    if table:
        _table(document.add_table(rows=2, cols=2))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _table(table: object) -> None:
    for at, words in enumerate(("Indicador", "Valor | base", "Kilómetros", "12")):
        table.cell(at // 2, at % 2).text = words  # type: ignore[attr-defined]


def as_odt() -> bytes:
    """Write the plan as LibreOffice would."""
    document = Document("text")
    document.body.clear()
    for level, text in PLAN:
        if level > 0:
            document.body.append(Header(level, text))
        elif level == 0:
            document.body.append(Paragraph(text))
    for at, element in enumerate(document.body.children):
        if element.text == "Se arreglan las vías.":
            document.body.insert(List([text for level, text in PLAN if level < 0]), position=at + 1)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def as_html() -> bytes:
    """Write the plan as a saved page, with what a page has besides."""
    tags = {level: (f"<h{level}>", f"</h{level}>") for level in range(1, 7)}
    tags |= {0: ("<p>", "</p>"), -1: ("<ul><li>", "</li></ul>")}
    body = "".join(f"{tags[level][0]}{text}{tags[level][1]}" for level, text in PLAN)
    return (
        "<!doctype html><html><head><title>Otra cosa</title><script>var eje = 1</script></head>"
        f"<body><nav><a href='/'>Menú</a></nav>{body}</body></html>"
    ).encode()


class Printed(FPDF):
    """Pages with a header and a number, as a print shop makes them."""

    def header(self) -> None:
        """Repeat the name of the document."""
        self.set_font("Helvetica", size=9)
        self.cell(0, 8, "Plan de desarrollo municipal 2024 - 2027", new_x="LMARGIN", new_y="NEXT")

    def footer(self) -> None:
        """Number the page."""
        self.set_y(-15)
        self.set_font("Helvetica", size=9)
        self.cell(0, 8, f"Página {self.page_no()}", align="C")


def as_pdf(paragraphs: Iterable[str], *, password: str = "") -> bytes:
    """Print paragraphs in lines of a page's width."""
    printed = Printed()
    printed.add_page()
    printed.set_font("Helvetica", size=11)
    for paragraph in paragraphs:
        printed.set_font("Helvetica", size=11)
        words = paragraph.encode("latin-1", "replace").decode("latin-1")
        printed.multi_cell(0, 6, words, align="L", new_x="LMARGIN", new_y="NEXT")
        printed.ln(3)
    if password:
        printed.set_encryption(owner_password="la dueña", user_password=password)
    return bytes(printed.output())


def as_picture() -> bytes:
    """Give a PDF without a word in it."""
    printed = FPDF()
    for _page in range(2):
        printed.add_page()
        printed.rect(20, 20, 100, 100, style="F")
    return bytes(printed.output())


SHEET: Sequence[Sequence[str | float]] = (
    ("PLAN INDICATIVO", "", "", "", "", "", ""),
    ("Línea estratégica", "Cód. programa", "Programa PDM", "Programa MGA", "Subprograma",
     "Meta de producto", "Responsable"),
    ("Campo vivo", 1, "Vías terciarias", 2402, "Placa huella", "Hacer 12 kilómetros", "Planeación"),
    ("Campo vivo", 1, "Vías terciarias", 2402, "Puentes", "Arreglar 3 puentes", "Obras"),
    ("Agua para todos", 2, "Acueductos", 4003, "Veredales", "Dar agua a 80 familias", "Servicios"),
    ("Campo vivo", 1, "Vías terciarias", 2402, "Placa huella", "Cuidar 5 kilómetros", "Obras"),
)  # fmt: skip


def as_xlsx(rows: Sequence[Sequence[str | float]] = SHEET, *, before: bool = True) -> bytes:
    """Write the sheet, after one that says nothing of a plan."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        if before:
            book.add_worksheet("Instrucciones").write(0, 0, "Llene la hoja siguiente")
        sheet = book.add_worksheet("PDM")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return buffer.getvalue()
