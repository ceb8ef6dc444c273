"""Importing a plan by page and by command: tried first, told line by line, repeatable."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from tortoise.backends.base.executor import EXECUTOR_CACHE
from typer.testing import CliRunner

from participa.audit import AuditRecord
from participa.cli.imports import app
from participa.consultations.importing import (
    MAX_FILE_BYTES,
    FileRefused,
    ReadPlan,
    decoded,
    problems,
    read_plan,
    tried,
)
from participa.consultations.rules import SECTION_KIND
from participa.db import connected
from participa.deliberation.models import Thread
from participa.deliberation.saying import Said
from participa.deliberation.service import publish
from participa.plans.models import Plan, PlanDraft, PlanVersion, Section
from participa.plans.parsing import parse_plan
from participa.settings import Settings
from participa.web.refusals import Refusal
from tests.conftest import _empty as empty
from tests.consultations.consulting import (
    PLAN,
    WITHOUT_FILTERS,
    import_text,
    thread_about,
)
from tests.people import NEIGHBOUR_HOST, NOW, Municipality, build_municipality
from tests.realdata import real_data
from tests.visitors import Visitor, Web, page_text

T = TypeVar("T")
URL = "/gestion/procesos/plan/plan"


async def send(
    visitor: Visitor,
    data: bytes | str,
    *,
    do: str = "import",
    title: str = "",
    text: str = "",
    url: str = URL,
) -> tuple[int, str, str]:
    """Send a file by the form; give status, words and source of the page."""
    content = data.encode() if isinstance(data, str) else data
    page = await visitor.post(
        url,
        {"title": title, "text": text, "do": do},
        files={"file": ("plan.txt", content, "text/plain")},
    )
    return page.status_code, page_text(page), page.text


async def test_a_document_is_corrected_before_it_is_published(town: Municipality, web: Web) -> None:
    """Sending a document opens a draft with it; nothing is published, and twice is once."""
    diego = await web.visit(town.diego)
    assert "Revisar y corregir" in (await diego.get(URL)).text
    page = await diego.post(URL, {"title": "El plan", "text": PLAN, "do": "draft"})
    again = await diego.follow(await diego.post(URL, {"text": PLAN, "do": "draft"}))
    draft = await PlanDraft.of(town.entity.id).get()
    assert page.headers["location"].startswith(f"/gestion/borradores/{draft.id}?")
    assert "Ya había un borrador de este documento" in page_text(again)
    assert "Meta 1.1.1 · nivel 3 Filtros" in page_text(again)
    assert await Plan.of(town.entity.id).count() == 0


async def test_a_trial_stores_nothing(town: Municipality) -> None:
    """Figures and warnings by line are told before anything is published."""
    skipping = PLAN.replace("# Eje 2.", "# Eje 4.")
    result = await tried(town.entity.id, town.process.id, ReadPlan(skipping, parse_plan(skipping)))
    assert result.is_trial
    assert ("Apartados en total", 4) in [(str(words), count) for words, count in result.figures]
    line = skipping.splitlines().index("# Eje 4. Las vías") + 1
    (problem,) = result.problems
    assert (problem.line, problem.excerpt) == (line, "# Eje 4. Las vías")
    assert str(problem.words) == "Después del 1 viene el 4: puede faltar un apartado."
    assert await Plan.of(town.entity.id).count() == 0


async def test_an_import_publishes_and_opens(town: Municipality, web: Web) -> None:
    """The plan is published in the official's name and every section takes comments."""
    diego = await web.visit(town.diego)
    status, text, source = await send(diego, PLAN, title="El plan")
    assert status == 200
    assert "Importado" in text
    assert "Apartados abiertos a comentarios 4" in text
    assert 'href="/procesos/plan/plan"' in source
    assert (await Plan.of(town.entity.id).get()).title == "El plan"
    assert await Thread.of(town.entity.id).filter(kind=SECTION_KIND).count() == 4
    act = await AuditRecord.of(town.entity.id).get(action="plans.publish_version")
    assert act.actor_name == "Diego"


async def test_the_same_file_again(town: Municipality, web: Web) -> None:
    """Sending the form twice says that nothing was stored, as does a draft of it."""
    diego = await web.visit(town.diego)
    await send(diego, PLAN)
    status, text, _source = await send(diego, PLAN)
    assert status == 200
    assert "Es igual a lo que ya está publicado: no se guardó nada" in text
    await diego.post(URL, {"text": PLAN, "do": "draft"})
    draft = await PlanDraft.of(town.entity.id).get()
    page = await diego.get(f"/gestion/borradores/{draft.id}/publicar")
    assert "Es igual a lo que ya está publicado" in page_text(page)
    assert await PlanVersion.of(town.entity.id).count() == 1


async def test_a_draft_of_a_new_version_says_what_goes(town: Municipality, web: Web) -> None:
    """An official learns beforehand that a section with comments would leave the text."""
    await import_text(town.process)
    filters = await thread_about(town.process, "meta-1-1-1")
    await publish(town.ana, filters.id, Said("Diez son pocos."), now=NOW)
    diego = await web.visit(town.diego)
    await diego.post(URL, {"text": WITHOUT_FILTERS, "do": "draft"})
    draft = await PlanDraft.of(town.entity.id).get()
    text = page_text(await diego.get(f"/gestion/borradores/{draft.id}/publicar"))
    assert "Siguen de la versión 1 3" in text
    assert "Salen 1" in text
    assert "1 apartado con aportes no está en este documento" in text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "El archivo está vacío."),
        (b" \n ", "El archivo está vacío."),
        ("Educación".encode("latin-1"), "no está en UTF-8: la línea 1"),
        (b"# Eje 1\n\n# A\xf1o\n", "no está en UTF-8: la línea 3"),
        ("# Eje 1. Agua".encode("utf-16"), "no está en UTF-8"),
        (b"%PDF-1.7 \xe2\xe3", "está dañado"),
        (b"PK\x03\x04aaaa", "está dañado"),
        (b"\xd0\xcf\x11\xe0aaaa", "programa antiguo"),
        (b"hola\x00mundo", "no es un documento que se pueda leer"),
        (b"--- ***", "El documento no tiene texto."),
        (b"# Eje 1. A\n\n" + b">" * 100 + b" hola", "no se puede mostrar"),
        (b"a" * (MAX_FILE_BYTES + 1), "pesa más de 30 MB"),
    ],
)  # fmt: skip
async def test_a_file_that_cannot_be_read(
    town: Municipality, web: Web, data: bytes, message: str
) -> None:
    """The reason stands beside the field, the title stays, nothing is stored."""
    diego = await web.visit(town.diego)
    status, text, source = await send(diego, data, title="El plan")
    assert status == 422
    assert message in text
    assert 'id="e-file"' in source
    assert 'value="El plan"' in source
    assert await Plan.of(town.entity.id).count() == 0


async def test_no_file_chosen(town: Municipality, web: Web) -> None:
    """A form without its file says so, also when it is not sent as a form with files."""
    diego = await web.visit(town.diego)
    page = await diego.post(URL, {"title": "El plan", "do": "import"})
    assert page.status_code == 422
    assert "Escoja el documento o pegue su texto." in page_text(page)


async def test_pasted_text(town: Municipality, web: Web) -> None:
    """Text from a field is a plan as well; beside a file it is not clear which is meant."""
    diego = await web.visit(town.diego)
    page = await diego.post(URL, {"text": PLAN, "do": "import"})
    assert page.status_code == 200
    assert "Importado" in page_text(page)
    status, text, source = await send(diego, PLAN, text="# Eje 9. Otra cosa")
    assert status == 422
    assert "no las dos cosas" in text
    assert "# Eje 9. Otra cosa" in source


async def test_a_body_beyond_all_measure(town: Municipality, web: Web) -> None:
    """More than the route takes is refused before it is read."""
    status, text, _source = await send(await web.visit(town.diego), b"a" * (33 * 1024 * 1024))
    assert status == 413
    assert "demasiado grande" in text


async def test_who_may_import(town: Municipality, web: Web) -> None:
    """Officials may, citizens and moderators may not, visitors are asked to sign in."""
    for actor, expected in ((town.diego, 200), (town.alma, 200), (town.ana, 403),
                            (town.carmen, 403), (None, 303)):  # fmt: skip
        visitor = await web.visit(actor)
        assert (await visitor.get(URL)).status_code == expected
        status, _text, _source = await send(visitor, PLAN)
        assert status == (401 if actor is None else expected)
    nico = await web.visit(town.nico, NEIGHBOUR_HOST)
    assert (await nico.get("/gestion/procesos/borrador/plan")).status_code == 404


async def test_a_draft_process_can_be_prepared(town: Municipality, web: Web) -> None:
    """An official imports the plan of a process that is not published yet."""
    diego = await web.visit(town.diego)
    url = "/gestion/procesos/borrador/plan"
    status, text, _source = await send(diego, PLAN, url=url)
    assert status == 200
    assert "Importado" in text


def test_a_file_with_a_mark_of_its_encoding() -> None:
    """The invisible mark that some editors put first is no part of the text."""
    assert decoded(b"\xef\xbb\xbf# Eje 1") == "# Eje 1"
    with pytest.raises(FileRefused):
        decoded(b"\xff\xfe")


async def test_a_warning_shows_its_line(town: Municipality) -> None:
    """Line numbers are those of the file, whatever its line ends."""
    source = "# Eje 1. A\r\n\r\ntexto\f más\r\n\r\n# Eje 3. B\r\n\r\ntexto\r\n"
    found = problems(await read_plan(source.encode()))
    assert [(p.line, p.excerpt) for p in found] == [(5, "# Eje 3. B")]


@pytest.fixture
def installed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Give a database with two municipalities, as the environment names it."""
    monkeypatch.setenv("PARTICIPA_VAR_DIR", str(settings.var_dir))
    monkeypatch.setenv("PARTICIPA_DATABASE_URL", settings.database)
    EXECUTOR_CACHE.clear()
    asyncio.run(_connected(settings, build_municipality))
    return settings


async def _connected(settings: Settings, act: Callable[[], Awaitable[T]]) -> T:
    async with connected(settings):
        return await act()


@pytest.fixture
def emptied(installed: Settings) -> Iterator[Settings]:
    """Give the same, and leave the database empty behind."""
    yield installed
    if installed.sqlite_file is None:
        asyncio.run(_connected(installed, empty))


def run(*words: str, title: str = "", entity: str = "laloma") -> tuple[int, str]:
    """Run the command; give its exit code and what it said."""
    given = ["plan", *words, "--entity", entity, *(["--title", title] if title else [])]
    result = CliRunner().invoke(app, given)
    if isinstance(result.exception, Refusal):
        return 1, str(result.exception.title)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def stored(settings: Settings) -> tuple[int, int, int]:
    """Count versions, sections and open threads from outside."""

    async def count() -> tuple[int, int, int]:
        threads = Thread.filter(kind=SECTION_KIND)
        return await PlanVersion.all().count(), await Section.all().count(), await threads.count()

    return asyncio.run(_connected(settings, count))


def test_the_command_imports_once(emptied: Settings, tmp_path: Path) -> None:
    """The command tells figures and warnings, publishes, opens, and does so only once."""
    file = tmp_path / "plan.md"
    file.write_text(PLAN.replace("# Eje 2.", "# Eje 4."), encoding="utf-8")
    code, told = run(str(file), "--process", "plan", title="El plan")
    assert code == 0
    assert "Apartados en total: 4" in told
    assert re.search(r"línea \d+: Después del 1 viene el 4: .* «# Eje 4. Las vías»", told)
    assert "Plan publicado: /procesos/plan/plan" in told
    assert stored(emptied) == (1, 4, 4)
    code, told = run(str(file), "--process", "plan")
    assert code == 0
    assert "no se guardó nada" in told
    assert stored(emptied) == (1, 4, 4)


def test_a_dry_run_stores_nothing(emptied: Settings, tmp_path: Path) -> None:
    """With --dry-run the command only tells."""
    file = tmp_path / "plan.md"
    file.write_text(PLAN, encoding="utf-8")
    code, told = run(str(file), "--process", "plan", "--dry-run")
    assert code == 0
    assert "Ensayo: no se guardó nada." in told
    assert stored(emptied) == (0, 0, 0)


def test_the_command_keeps_a_draft(emptied: Settings, tmp_path: Path) -> None:
    """With --draft the command publishes nothing and says where to correct the document."""
    file = tmp_path / "plan.md"
    file.write_text(PLAN, encoding="utf-8")
    for _time in range(2):
        code, told = run(str(file), "--process", "plan", "--draft")
        assert code == 0
        assert re.search(r"Borrador guardado: /gestion/borradores/\d+\n", told)
    assert stored(emptied) == (0, 0, 0)


def test_what_the_command_refuses(emptied: Settings, tmp_path: Path) -> None:
    """A wrong process, entity, encoding or file has its own words and exit code."""
    file = tmp_path / "plan.md"
    file.write_text(PLAN, encoding="utf-8")
    latin = tmp_path / "latin.txt"
    latin.write_bytes("Educación".encode("latin-1"))
    assert run(str(file), "--process", "nada") == (1, "No hay un proceso «nada».")
    assert run(str(file), "--process", "plan", entity="otra")[0] == 1
    assert "UTF-8" in run(str(latin), "--process", "plan")[1]
    assert run(str(tmp_path / "nada.txt"), "--process", "plan")[0] == 2
    assert stored(emptied) == (0, 0, 0)


@pytest.mark.real_data
def test_the_plan_of_a_real_municipality(emptied: Settings) -> None:
    """Palmira's plan becomes some three hundred sections, each open to comments."""
    file = real_data("plan_palmira_2012_2015/acuerdo.txt")
    code, _told = run(str(file), "--process", "plan")
    assert code == 0
    versions, sections, threads = stored(emptied)
    assert versions == 1
    assert sections == threads > 300
