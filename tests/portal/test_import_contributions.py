"""Officials bring another platform's contributions in by page; nobody else does."""

import gzip

import httpx2
import pytest

from participa.consultations.models import Consultation
from participa.deliberation.models import Contribution, Thread
from participa.forums.models import Forum
from participa.plans.models import Plan
from participa.portal import import_contributions
from participa.portal.import_places import PlaceRefused, destination, mapping_from
from tests.deliberation.wholeness import assert_whole
from tests.people import NEIGHBOUR_HOST, Municipality
from tests.visitors import Visitor, Web, page_text

URL = "/gestion/procesos/plan/aportes"
MAPPING = """
[source]
name = "otra"
[thread]
kind = "consultations.proposal"
place = "Propuestas de antes"
opens = true
[columns]
id = "id"
title = "título"
text = "texto"
author = "quién"
date = "fecha"
"""
HEADER = "id,título,texto,quién,fecha\n"
ROWS = f"{HEADER}1,La vía,Pavimentar.,Juana Pérez,2016-03-01\n2,El parque,Árboles.,Luis,ayer\n"


async def send(
    visitor: Visitor, content: str | bytes, mapping: str | bytes = MAPPING, do: str = "import"
) -> httpx2.Response:
    """Send both files as a browser does."""
    files = {
        "file": ("aportes.csv", content if isinstance(content, bytes) else content.encode()),
        "mapping": ("m.toml", mapping if isinstance(mapping, bytes) else mapping.encode()),
    }
    return await visitor.post(URL, {"do": do}, files=files)


async def stored(town: Municipality) -> tuple[int, int, int]:
    """Count what an import could have left."""
    tables = (Thread, Contribution, Consultation)
    first, second, third = [await table.of(town.entity.id).all().count() for table in tables]
    return first, second, third


@pytest.fixture
async def diego(town: Municipality, web: Web) -> Visitor:
    """Give the official at a browser."""
    return await web.visit(town.diego)


async def test_an_official_sees_the_form(diego: Visitor) -> None:
    """The page tells what is asked for and how large it may be."""
    page = await diego.get(URL)
    assert page.status_code == 200
    assert "30 MB" in page_text(page)


async def test_nobody_else_imports(town: Municipality, web: Web) -> None:
    """Citizens, moderators and the neighbour's people are refused, and nothing is stored."""
    before = await stored(town)
    for actor, seeing, sending in (
        (town.ana, 403, 403), (town.carmen, 403, 403), (town.elsa, 303, 401),
    ):  # fmt: skip
        visitor = await web.visit(actor)
        assert (await visitor.get(URL)).status_code == seeing
        assert (await send(visitor, ROWS)).status_code == sending
    nico = await web.visit(town.nico, NEIGHBOUR_HOST)
    assert (await nico.get(URL.replace("plan", "cerrado"))).status_code == 404
    assert await stored(town) == before


async def test_a_trial_tells_and_stores_nothing(town: Municipality, diego: Visitor) -> None:
    """Figures and faults by line stand on the page; the database stays as it was."""
    before = await stored(town)
    page = await send(diego, ROWS, do="trial")
    words = page_text(page)
    assert page.status_code == 200
    assert "Ensayo: no se guardó nada" in words
    assert "Columna «fecha»: «ayer» no es una fecha" in words
    assert await stored(town) == before


async def test_an_import_stores_and_shows_where(town: Municipality, diego: Visitor) -> None:
    """The call for proposals is made, its page lists them, and a thread opens under a pseudonym."""
    page = await send(diego, ROWS)
    call = await Consultation.of(town.entity.id).get(title="Propuestas de antes")
    assert f"/consultas/{call.id}/propuestas" in page.text
    assert "La vía" in (await diego.get(f"/consultas/{call.id}/propuestas")).text
    thread = await Thread.of(town.entity.id).get(source_key="otra:1")
    words = page_text(await diego.get(f"/hilos/{thread.id}"))
    assert "Participante 00001" in words
    assert "Juana" not in words
    await assert_whole(town.entity.id)


async def test_sending_it_again_changes_nothing(town: Municipality, diego: Visitor) -> None:
    """The second time everything was there already, and the page says so."""
    await send(diego, ROWS)
    before = await stored(town)
    page = await send(diego, ROWS)
    assert await stored(town) == before
    assert "no se guardó nada" in page_text(page)


async def test_a_compressed_file_into_a_forum(town: Municipality, diego: Visitor) -> None:
    """A gzip file is read as it is, and a forum named by the mapping is made or found."""
    mapping = MAPPING.replace("consultations.proposal", "forums.topic")
    await send(diego, gzip.compress(ROWS.encode()), mapping.replace("Propuestas de antes", "Vías"))
    thread = await Thread.of(town.entity.id).get(source_key="otra:1")
    assert (thread.kind, thread.place_id) == ("forums.topic", town.forum.id)
    assert await Forum.of(town.entity.id).all().count() == 1


async def test_it_is_in_the_public_log(diego: Visitor) -> None:
    """The desk shows who imported into which process."""
    await send(diego, ROWS)
    assert "Importó aportes en Proceso plan" in page_text(await diego.get("/gestion"))


@pytest.mark.parametrize(
    ("content", "mapping", "field", "words"),
    [
        (ROWS, "[source", "mapping", "no es TOML válido"),
        (ROWS, MAPPING.encode("latin-1"), "mapping", "no está en UTF-8"),
        (ROWS, "#" * 70_000, "mapping", "demasiado grande"),
        (ROWS, "", "mapping", "Falta «source»"),
        (ROWS, MAPPING.replace("consultations.proposal", "consultations.section"), "mapping",
         "no «consultations.section»"),
        (ROWS.replace("quién", "autor"), MAPPING, "file", "no tiene estas columnas: quién"),
        (ROWS.encode("latin-1"), MAPPING, "file", "no está en UTF-8"),
        (ROWS.encode() + b"3,\xff,,,\n", MAPPING, "file", "Línea 4"),
        (gzip.compress(ROWS.encode())[:-9], MAPPING, "file", "dañado o incompleto"),
        ("", MAPPING, "file", "La primera línea"),
        (HEADER, MAPPING, "file", "no tiene filas"),
    ],
)  # fmt: skip
async def test_what_cannot_be_imported_is_told_beside_its_field(
    town: Municipality, diego: Visitor,
    content: str | bytes, mapping: str | bytes, field: str, words: str,
) -> None:  # fmt: skip
    """A faulty file or mapping gives a message where it was chosen, and stores nothing."""
    before = await stored(town)
    page = await send(diego, content, mapping)
    assert page.status_code == 422
    message = page.text.partition(f'id="e-{field}">')[2].partition("</p>")[0]
    assert words in message
    assert await stored(town) == before


async def test_both_files_must_be_chosen(diego: Visitor) -> None:
    """An empty form says what is missing, field by field."""
    page = await diego.post(URL, {"do": "import"}, files={"file": ("", b""), "mapping": ("", b"")})
    assert page.status_code == 422
    assert 'id="e-file"' in page.text
    assert 'id="e-mapping"' in page.text


async def test_what_is_too_large_is_told(
    town: Municipality, diego: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too many bytes, too many rows and what unpacks without end are refused before reading on."""
    before = await stored(town)
    for limit, content, words in (
        ("MAX_FILE_BYTES", ROWS.encode(), "pesa más de"),
        ("MAX_ROWS", ROWS.encode(), "participa import contributions"),
        ("MAX_UNPACKED_BYTES", gzip.compress(ROWS.encode()), "descomprimido"),
    ):
        monkeypatch.setattr(import_contributions, limit, 1)
        page = await send(diego, content)
        monkeypatch.undo()
        assert page.status_code == 422
        assert words in page_text(page)
    assert await stored(town) == before


async def test_a_body_beyond_everything_is_refused(diego: Visitor) -> None:
    """More than the route takes at all gets the page for what is too large."""
    page = await send(diego, b"x" * (33 * 1024 * 1024))
    assert page.status_code == 413
    assert "demasiado grande" in page_text(page)


async def test_proposals_do_not_go_into_the_consultation_of_a_plan(
    town: Municipality, diego: Visitor
) -> None:
    """A title that a plan's consultation has is told beside the mapping, also by a trial."""
    plan = await Plan.create(entity_id=town.entity.id, process_id=town.process.id, title="Plan")
    await Consultation.create(
        entity_id=town.entity.id, process_id=town.process.id, plan=plan, title="Propuestas de antes"
    )
    with pytest.raises(PlaceRefused):
        await destination(town.process, mapping_from(MAPPING.encode()))
    for do in ("trial", "import"):
        page = await send(diego, ROWS, do=do)
        assert page.status_code == 422
        assert "es la consulta de un plan" in page_text(page)


async def test_a_forged_form_is_refused(town: Municipality, diego: Visitor) -> None:
    """A form that did not come from our page imports nothing."""
    before = await stored(town)
    page = await diego.post(
        URL, {"csrf": "x", "do": "import"},
        files={"file": ("a.csv", ROWS.encode()), "mapping": ("m.toml", MAPPING.encode())},
    )  # fmt: skip
    assert page.status_code == 403
    assert await stored(town) == before
