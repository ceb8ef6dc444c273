"""The pages of reports, for the visitor, the neighbour and those who prepare them."""

import csv
import io
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from unittest import mock

import pytest
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection

from participa.db import CONNECTION
from participa.deliberation.models import Contribution
from participa.deliberation.service import remove
from participa.insights.building import build_report
from participa.insights.documents import read_document
from participa.insights.models import Cluster, ResultReport
from participa.insights.queries import report_by_number
from participa.insights.service import answer_theme, prepare_report, publish_report
from tests.insights.reporting import (
    HEALTH,
    PARK,
    ROADS,
    SINGLES,
    WATER,
    drafted,
    published,
    quick_grouping,
    say,
    say_all,
)
from tests.people import NEIGHBOUR_HOST, NOW, Municipality
from tests.visitors import Web, page_text

__all__ = ["quick_grouping"]
pytestmark = pytest.mark.usefixtures("quick_grouping")


async def first_theme(report: ResultReport) -> Cluster:
    return await Cluster.of(report.entity_id).get(report_id=report.id, position=1)


async def test_from_the_wish_to_the_published_page(town: Municipality, web: Web) -> None:
    """An official prepares, waits, names and publishes without scripts; a visitor reads it."""
    await say_all(town, [*WATER[:4], *ROADS[:4], *SINGLES])
    diego, elsa = await web.visit(town.diego), await web.visit()
    asked = await diego.post("/gestion/procesos/plan/informes", {"request_key": "k1"})
    waiting = await diego.follow(asked)
    assert (waiting.status_code, waiting.headers["Refresh"]) == (200, "3")
    assert "<progress" in waiting.text
    report = await ResultReport.get(process_id=town.process.id)
    await build_report(town.entity.id, report.id)
    url = f"/gestion/informes/{report.id}"
    draft = await diego.get(url)
    assert "Refresh" not in draft.headers
    assert "Acueducto, vereda, pronto" in page_text(draft)
    theme = await first_theme(report)
    other = await Cluster.of(town.entity.id).get(report_id=report.id, position=2)
    named = await diego.post(
        f"{url}/nombres",
        {"title": "Lo que dijo La Loma", "introduction": "", f"name_{theme.id}": "Agua limpia",
         f"name_{other.id}": other.name},
    )  # fmt: skip
    assert "Agua limpia" in page_text(await diego.follow(named))
    preview = page_text(await diego.get(f"{url}/vista"))
    assert "Borrador: solo lo ve la entidad" in preview
    assert (await elsa.get("/informes/1")).status_code == 404
    done = await diego.post(f"{url}/publicar", {"request_key": "k2"})
    assert done.headers["location"] == "/informes/1?aviso=informe-publicado"
    page = page_text(await elsa.get("/informes/1"))
    for words in ("Lo que dijo La Loma", "Agua limpia", WATER[0], SINGLES[0], "Diego"):
        assert words in page
    assert "Responder este tema" not in page
    assert "Lo que dijo La Loma" in page_text(await elsa.get("/informes"))
    assert (await diego.get(url)).headers["location"] == "/informes/1"


async def test_who_may_see_a_draft(town: Municipality, web: Web) -> None:
    """Visitors, citizens and neighbours find nothing; a moderator reads but does not publish."""
    await say_all(town, WATER[:4])
    report = await drafted(town)
    url = f"/gestion/informes/{report.id}"
    theme = await first_theme(report)
    paths = (url, f"{url}/vista", f"{url}/temas/{theme.id}/respuesta")
    for visitor in (
        await web.visit(),
        await web.visit(town.ana),
        await web.visit(town.nico, NEIGHBOUR_HOST),
    ):
        for path in paths:
            assert (await visitor.get(path)).status_code == 404
        for verb in ("nombres", "publicar", f"temas/{theme.id}/respuesta"):
            assert (await visitor.post(f"{url}/{verb}")).status_code == 404
    carmen = await web.visit(town.carmen)
    page = page_text(await carmen.get(url))
    assert "Acueducto" in page
    assert "Publicar el informe" not in page
    assert (await carmen.post(f"{url}/publicar")).status_code == 403
    assert (await carmen.post(f"{url}/nombres", {"title": "x"})).status_code == 403
    assert (await ResultReport.get(id=report.id)).state == "draft"


async def test_who_may_ask_for_a_report(town: Municipality, web: Web) -> None:
    """Only officials of the process; a hidden process sounds as if it were not there."""
    path = "/gestion/procesos/plan/informes"
    assert (await (await web.visit()).post(path)).status_code == 401
    assert (await (await web.visit(town.ana)).post(path)).status_code == 403
    assert (await (await web.visit(town.carmen)).post(path)).status_code == 403
    ana = await web.visit(town.ana)
    assert (await ana.post("/gestion/procesos/borrador/informes")).status_code == 404
    diego = await web.visit(town.diego)
    assert (await diego.post("/gestion/procesos/nada/informes")).status_code == 404
    assert (await diego.post("/gestion/procesos/cerrado/informes")).status_code == 409
    assert (await diego.get(path)).status_code == 405
    assert (await diego.post(path, {"csrf": "forged"})).status_code == 403
    assert await ResultReport.all().count() == 0


async def test_another_entity_has_no_such_report(town: Municipality, web: Web) -> None:
    """A published report is found under its own entity's name only."""
    await published(town)
    nora = await web.visit(town.nora, NEIGHBOUR_HOST)
    for path in ("/informes/1", "/informes/1/datos.csv", "/informes/1/una-vez"):
        assert (await nora.get(path)).status_code == 404
    assert "Resultados: " not in page_text(await nora.get("/informes"))


@pytest.mark.parametrize(
    "path",
    [
        "/informes/2",
        "/informes/99999999999999999999",
        "/informes/x",
        "/gestion/informes/999999",
        "/gestion/informes/99999999999999999999/vista",
        "/informes/2/datos.csv",
    ],
)
async def test_what_is_missing_is_404(town: Municipality, web: Web, path: str) -> None:
    """Unknown, absurd and malformed numbers are not found, for officials too."""
    diego = await web.visit(town.diego)
    assert (await diego.get(path)).status_code == 404


async def test_a_theme_of_another_report_is_404(town: Municipality, web: Web) -> None:
    """The address of an answer form must join a report with its own theme."""
    await say_all(town, WATER[:4])
    first, second = await drafted(town), await drafted(town)
    theme = await first_theme(first)
    diego = await web.visit(town.diego)
    path = f"/gestion/informes/{second.id}/temas/{theme.id}/respuesta"
    assert (await diego.get(path)).status_code == 404


async def test_mistakes_in_the_names_keep_what_was_typed(town: Municipality, web: Web) -> None:
    """A missing title is told beside its field, names stay as typed, unknown fields are refused."""
    await say_all(town, WATER[:4])
    report = await drafted(town)
    theme = await first_theme(report)
    diego = await web.visit(town.diego)
    url = f"/gestion/informes/{report.id}/nombres"
    wrong = await diego.post(
        url, {"title": " ", "introduction": "", f"name_{theme.id}": "Mi nombre"}
    )
    assert wrong.status_code == 422
    assert "Escriba el título" in wrong.text
    assert "Mi nombre" in wrong.text
    assert (await diego.post(url, {"title": "x", "state": "published"})).status_code == 400
    long = await diego.post(url, {"title": "x", f"name_{theme.id}": "n" * 161})
    assert long.status_code == 422
    assert (await first_theme(report)).name == ""


async def test_an_official_answers_on_the_page(town: Municipality, web: Web) -> None:
    """The form keeps mistakes, the answer stands beside its theme, an administrator may not."""
    await say_all(town, WATER[:4])
    report = await published(town)
    theme = await first_theme(report)
    url = f"/gestion/informes/{report.id}/temas/{theme.id}/respuesta"
    diego = await web.visit(town.diego)
    assert url in (await diego.get("/informes/1")).text
    assert "Secretaría de Planeación" in page_text(await diego.get(url))
    wrong = await diego.post(url, {"decision": "accepted", "answer": " "})
    assert wrong.status_code == 422
    assert "Explique por qué" in wrong.text
    done = await diego.post(url, {"decision": "partly", "answer": "Este año la **planta**."})
    assert done.headers["location"] == "/informes/1?aviso=responsable#tema-1"
    page = await (await web.visit()).get("/informes/1")
    assert "<strong>planta</strong>" in page.text
    assert "Se acoge en parte" in page_text(page)
    for actor, status in ((town.alma, 403), (town.ana, 403), (None, 401)):
        visitor = await web.visit(actor)
        answer = await visitor.post(url, {"decision": "rejected", "answer": "No."})
        assert answer.status_code == status


async def test_words_taken_back_are_not_quoted(town: Municipality, web: Web) -> None:
    """What was hidden or removed since leaves a note on the page and a blank in the CSV."""
    said = await say_all(town, WATER[:4])
    mine = await say(town, ROADS[0], actor=town.beto)
    await say_all(town, SINGLES[:2])
    await published(town)
    await Contribution.of(town.entity.id).filter(id=said[0].id).update(state="hidden_by_moderator")
    await remove(town.beto, mine.id, now=NOW)
    elsa = await web.visit()
    page = page_text(await elsa.get("/informes/1"))
    assert WATER[0] not in page
    assert ROADS[0] not in page
    assert WATER[1] in page
    assert "moderación ocultó este aporte" in page
    assert "su autor retiró este aporte" in page
    table = await csv_rows(web)
    blank = [row["radicado"] for row in table if not row["texto"]]
    assert blank == [said[0].receipt_number, mine.receipt_number]


async def csv_rows(web: Web) -> list[dict[str, str]]:
    response = await (await web.visit()).get("/informes/1/datos.csv")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert "informe-1.csv" in response.headers["content-disposition"]
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


async def test_the_data_can_be_downloaded(
    town: Municipality, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every contribution of the report, once, in batches, with nothing a sheet would run."""
    monkeypatch.setattr("participa.insights.export.BATCH", 3)
    said = await say_all(town, WATER[:4])
    await say(
        town, ROADS[0], channel="workshop", people_count=12, place="El Alto", stance="against"
    )
    await say_all(town, [WATER[0], SINGLES[5]])
    await published(town)
    rows = {row["radicado"]: row for row in await csv_rows(web)}
    assert len(rows) == 8
    first = rows[said[0].receipt_number]
    assert (first["tema"], first["canal"], first["texto"]) == (
        "Acueducto, vereda, pronto", "Por internet", WATER[0],
    )  # fmt: skip
    assert first["fecha"] == "2026-11-23"
    (mesa,) = (row for row in rows.values() if row["personas"] == "12")
    assert (mesa["canal"], mesa["postura"], mesa["tema"]) == (
        "Mesa de trabajo", "en contra", "Dicho una sola vez",
    )  # fmt: skip
    assert [row["repite"] for row in rows.values() if row["repite"]] == [said[0].receipt_number]
    assert any(row["texto"] == f"'{SINGLES[5]}" for row in rows.values())


async def test_downloads_are_limited(town: Municipality, web: Web) -> None:
    """Thirty an hour from one place, then a pause."""
    await published(town)
    elsa = await web.visit()
    statuses = [(await elsa.get("/informes/1/datos.csv")).status_code for _time in range(31)]
    assert statuses == [200] * 30 + [429]


async def test_everything_said_once_can_be_read(
    town: Municipality, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Page by page, each text once."""
    monkeypatch.setattr("participa.insights.quoting.PAGE_SIZE", 3)
    monkeypatch.setattr("participa.insights.views.ONCE_SHOWN", 2)
    said = await say_all(town, SINGLES)
    await published(town)
    elsa = await web.visit()
    report = await elsa.get("/informes/1")
    assert "/informes/1/una-vez" in report.text
    pages = [
        page_text(await elsa.get(f"/informes/1/una-vez{query}"))
        for query in ("", f"?desde={said[1].id}", f"?desde={said[4].id}")
    ]
    for text in SINGLES:
        assert sum(text in page for page in pages) == 1
    assert (await elsa.get("/informes/1/una-vez?desde=x")).status_code == 200


@asynccontextmanager
async def statements() -> AsyncIterator[list[str]]:
    """Collect the SQL statements run meanwhile."""
    run: list[str] = []
    kind = type(get_connection(CONNECTION))

    def counted(name: str) -> object:
        real = getattr(kind, name)

        async def call(client: BaseDBAsyncClient, query: str, *more: object) -> object:
            run.append(query)
            return await real(client, query, *more)

        return call

    with ExitStack() as patches:
        for name in ("execute_query", "execute_query_dict", "execute_insert", "execute_many"):
            patches.enter_context(mock.patch.object(kind, name, counted(name)))
        yield run


async def test_the_page_costs_the_same_with_many(town: Municipality) -> None:
    """A report is shown in ten statements, with five contributions and with fifty."""
    await say_all(town, WATER[:5])
    await published(town)
    await say_all(town, [*ROADS, *HEALTH, *PARK, *SINGLES])
    await published(town)
    counts = []
    for number in (1, 2):
        async with statements() as run:
            view = await read_document(await report_by_number(town.entity.id, number))
        counts.append((len(run), len(view.themes)))
    assert counts == [(10, 1), (10, 4)]


async def test_a_report_of_a_hidden_process_is_hidden(town: Municipality, web: Web) -> None:
    """When the process is taken offline its report is for its staff only."""
    await published(town)
    town.process.is_published = False
    await town.process.save()
    assert (await (await web.visit()).get("/informes/1")).status_code == 404
    assert (await (await web.visit()).get("/informes/1/datos.csv")).status_code == 404
    assert (await (await web.visit(town.diego)).get("/informes/1")).status_code == 200


async def test_a_failed_report_offers_another(town: Municipality, web: Web) -> None:
    """The page says what happened and lets an official try again."""
    report = await prepare_report(town.diego, town.process.id, NOW)
    await ResultReport.filter(id=report.id).update(state="failed", error="No se pudo leer.")
    page = await (await web.visit(town.diego)).get(f"/gestion/informes/{report.id}")
    assert "No se pudo leer." in page.text
    assert 'action="/gestion/procesos/plan/informes"' in page.text


async def test_pages_never_store_what_staff_sees(town: Municipality, web: Web) -> None:
    """A signed-in reader's page is not kept by anybody in between; late answers show days."""
    await say_all(town, WATER[:4])
    report = await published(town)
    assert (await (await web.visit(town.diego)).get("/informes/1")).headers[
        "cache-control"
    ] == "no-store"
    web.clock.move(days=20)
    assert "Sin respuesta, 20 días" in page_text(await (await web.visit()).get("/informes/1"))
    await answer_theme(town.diego, (await first_theme(report)).id, "accepted", "Sí.", NOW)
    assert (await publish_report(town.diego, report.id, NOW)).number == 1
    assert "Sin respuesta" not in page_text(await (await web.visit()).get("/informes/1"))
