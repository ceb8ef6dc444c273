"""What the file of a process's contributions says of each."""

import csv
import io

from participa.deliberation.models import Contribution
from participa.deliberation.rules import State
from tests.consultations.consulting import comment, import_text, thread_about
from tests.people import Municipality
from tests.visitors import Visitor, Web, page_text


async def rows_by_receipt(visitor: Visitor) -> dict[str, dict[str, str]]:
    """Read the file as anybody's spreadsheet does."""
    text = (await visitor.get("/datos/plan/aportes.csv")).text.removeprefix("\ufeff")
    return {row["radicado"]: row for row in csv.DictReader(io.StringIO(text))}


async def test_what_was_said_of_a_passage(town: Municipality, web: Web) -> None:
    """The passage and the words proposed for it are there, and go when the comment is hidden."""
    await import_text(town.process)
    thread = await thread_about(town.process, "meta-1-1-1")
    said = await comment(town.ana, thread, "Diez filtros", words="Veinte filtros")
    elsa = await web.visit()
    row = (await rows_by_receipt(elsa))[said.receipt_number]
    assert row["observacion"] == "amendment"
    assert row["pasaje"] == "Diez filtros"
    assert row["palabras_propuestas"] == "Veinte filtros"
    other = (await rows_by_receipt(elsa))[town.topic.receipt_number]
    assert {other["observacion"], other["pasaje"], other["palabras_propuestas"]} == {""}
    await Contribution.of(town.entity.id).filter(id=said.id).update(state=State.HIDDEN)
    hidden = (await rows_by_receipt(elsa))[said.receipt_number]
    assert {hidden["pasaje"], hidden["palabras_propuestas"], hidden["texto"]} == {""}
    columns = page_text(await elsa.get("/datos"))
    assert all(name in columns for name in row)
