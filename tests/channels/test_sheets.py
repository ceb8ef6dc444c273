"""Sheets that fill the form in: read, checked row by row, recorded once."""

import io

import pytest
import xlsxwriter

from participa.channels.models import Recorded, Recording
from participa.channels.sheets import SheetRefused, in_fields, read_sheet
from tests.channels.test_recording import MESA, URL
from tests.people import Municipality
from tests.visitors import Web

HEAD = {key: value for key, value in MESA.items() if "_" not in key} | {"held_on": MESA["held_on"]}
SHEET = (
    "Mesa de El Salado;;\nApartado;Aporte;Postura\n"
    "El puente;Falta el puente.;A favor\nEl puente;Y la luz.;En contra\n"
)


def workbook() -> bytes:
    """Write a workbook whose sections are numbers."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet()
    for at, row in enumerate([("apartado", "aporte", "persona"), (2, "Más agua.", "A")]):
        page.write_row(at, 0, row)
    book.close()
    return out.getvalue()


def test_columns_are_found_by_their_names() -> None:
    """A title above, any order, CSV or XLSX; stances by their words, whole numbers as such."""
    values = in_fields(read_sheet(SHEET.encode()))
    assert (values["rows"], values["where_2"], values["body_2"]) == ("2", "El puente", "Y la luz.")
    assert (values["stance_1"], values["stance_2"]) == ("in_favour", "against")
    values = in_fields(read_sheet(workbook()))
    assert (values["where_1"], values["body_1"], values["person_1"]) == ("2", "Más agua.", "A")


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xff\xfe\xfa", b"PK\x03\x04rot", b"hola;adios\n1;2\n", b"apartado;aporte\n",
        b"apartado;aporte\n" + b"1;x\n" * 2001, b"x" * (2 * 1024 * 1024 + 1), b"%PDF-1.4",
    ],
)  # fmt: skip
def test_what_is_no_sheet_is_refused(data: bytes) -> None:
    """Empty, broken, without titles, too long or something else: a message, never a crash."""
    with pytest.raises(SheetRefused):
        read_sheet(data)


async def test_a_sheet_fills_the_form_and_is_recorded_once(town: Municipality, web: Web) -> None:
    """Nothing is stored before it is confirmed; the same sheet a second time is told."""
    diego = await web.visit(town.diego)
    files = {"sheet": ("mesa.csv", SHEET.encode())}
    shown = await diego.post(URL, {**HEAD, "do": "sheet"}, files=files)
    assert (shown.status_code, await Recording.of(town.entity.id).count()) == (200, 0)
    assert "Y la luz." in shown.text
    key = shown.text.split('name="request_key" value="', 1)[1].split('"', 1)[0]
    form = {**HEAD, **in_fields(read_sheet(SHEET.encode())), "request_key": key}
    assert (await diego.post(URL, form)).status_code == 303
    assert (await diego.post(URL, form)).status_code == 303
    assert await Recorded.of(town.entity.id).count() == 2
    again = await diego.post(URL, {**HEAD, "do": "sheet"}, files=files)
    assert (again.status_code, "ya se registró" in again.text) == (422, True)


async def test_what_is_wrong_in_a_sheet_is_said_by_row(town: Municipality, web: Web) -> None:
    """A section that is not there and an unknown stance are told in their row."""
    diego = await web.visit(town.diego)
    sheet = SHEET.replace("El puente;Y la luz.;En contra", "El faro;Y la luz.;Quizás")
    files = {"sheet": ("mesa.csv", sheet.encode())}
    shown = await diego.post(URL, {**HEAD, "do": "sheet"}, files=files)
    assert shown.status_code == 422
    assert "#f-where_2" in shown.text
    assert "#f-stance_2" in shown.text
