"""The public table of observations and answers: what it shows, hides, counts and exports."""

import csv
import io

from python_calamine import CalamineWorkbook

from participa.answers.files import HEADER
from participa.deliberation.saying import Said
from participa.deliberation.service import publish, remove
from participa.deliberation.verdicts import Verdict
from participa.insights.service import answer_theme
from participa.moderation.service import hide
from tests.answers.answering import REASON, answered, said
from tests.people import NOW, Municipality
from tests.security.world import make_report
from tests.statements import counted
from tests.visitors import Web, page_text

TABLE = "/procesos/plan/respuestas"


async def test_every_standing_is_shown_and_filtered(town: Municipality, web: Web) -> None:
    """Formal, in the conversation, through the theme, or not yet: each by its filter."""
    formal, replied, waiting = [await said(town, text) for text in ("Uno.", "Dos.", "Tres.")]
    await answered(town, formal, verdict=Verdict.PARTLY)
    await publish(
        town.diego, town.topic.thread_id, Said("Vamos el lunes.", office="Planeación"), now=NOW,
        parent_id=replied.id,
    )  # fmt: skip
    _report, cluster = await make_report(town.entity, town.process, town.topic, 1)
    await answer_theme(town.diego, cluster, "rejected", "El puente es de la nación.", NOW)
    web.clock.move(days=3)
    elsa = await web.visit()
    page = page_text(await elsa.get(TABLE))
    for words in (REASON, "Vamos el lunes.", "El puente es de la nación.", "Sin respuesta, 3 días"):
        assert words in page
    for state, row in (
        ("en-parte", formal), ("respondido", replied), ("no-acogido", town.topic),
        ("sin-respuesta", waiting),
    ):  # fmt: skip
        shown = (await elsa.get(f"{TABLE}?estado={state}")).text
        found = [each for each in (formal, replied, town.topic, waiting)
                 if f"/aportes/{each.receipt_number}" in shown]  # fmt: skip
        assert [each.id for each in found] == [row.id], state


async def test_what_is_not_shown_has_no_words_and_no_answer(town: Municipality, web: Web) -> None:
    """Of what was taken back or hidden the table and its files keep the place only."""
    gone, hidden = await said(town, "Palabras retiradas."), await said(town, "Palabras ocultas.")
    await answered(town, gone, hidden, reason="Cito: palabras.")
    await remove(town.ana, gone.id, now=NOW)
    await hide(town.carmen, hidden.id, rule="1", now=NOW)
    elsa = await web.visit()
    page = page_text(await elsa.get(TABLE))
    file = (await elsa.get(f"{TABLE}.csv")).text
    for words in ("Palabras retiradas", "Palabras ocultas", "Cito: palabras"):
        assert words not in page
        assert words not in file
    for words in ("Retirado por su autor", "Oculto por moderación", gone.receipt_number):
        assert words in page
        assert words in file


async def test_the_files(town: Municipality, web: Web) -> None:
    """CSV and workbook hold the same rows, no names, and nothing that a spreadsheet would run."""
    trap = await said(town, "=HYPERLINK(1)")
    await answered(town, trap)
    elsa = await web.visit()
    answer = await elsa.get(f"{TABLE}.csv")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert tuple(rows[0]) == HEADER
    line = dict(zip(rows[0], rows[-1], strict=True))
    assert line["observacion"] == "'=HYPERLINK(1)"
    assert (line["decision"], line["respuesta"]) == ("Se acoge", REASON)
    assert "Ana" not in answer.text
    book = await elsa.get(f"{TABLE}.xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0)
    table = sheet.to_python()
    assert [row[0] for row in table] == [row[0] for row in rows]
    assert table[-1][HEADER.index("observacion")] == "=HYPERLINK(1)"


async def test_pages_cost_the_same_whatever_they_hold(town: Municipality, web: Web) -> None:
    """A table of forty takes as many statements as one of four; the pages join without a gap."""
    elsa = await web.visit()
    await answered(town, *[await said(town, "Corto.") for _each in range(3)])
    await elsa.get(TABLE)
    with counted() as few:
        await elsa.get(TABLE)
    later = [await said(town, f"Aporte {each}.") for each in range(40)]
    await answered(town, *later[:20])
    with counted() as many:
        first = await elsa.get(TABLE)
    assert len(many) == len(few)
    assert 'rel="next"' in first.text
    following = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    both = first.text + (await elsa.get(following)).text
    assert all(f">{each.receipt_number}<" in both for each in later)
    printed = (await elsa.get(f"{TABLE}?imprimir=1")).text
    assert all(f">{each.receipt_number}<" in printed for each in later)


async def test_a_neighbours_table_is_another(town: Municipality, web: Web) -> None:
    """The same address at the neighbour's site shows the neighbour's observations only."""
    await said(town, "Solo de La Loma.")
    theirs = await (await web.visit(host="vecina.test")).get(TABLE)
    assert "Secreto de la vecina." in theirs.text
    assert "Solo de La Loma." not in theirs.text
    draft = await (await web.visit()).get("/procesos/borrador/respuestas.csv")
    assert draft.status_code == 404
