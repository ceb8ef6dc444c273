"""Correcting an imported plan on its pages: step by step, undone, by two at once, published."""

import asyncio
import re

import httpx2
import pytest

from participa.accounts.permissions import Actor
from participa.audit import AuditRecord
from participa.consultations.draft_views import draft_url
from participa.consultations.rules import SECTION_KIND
from participa.deliberation.models import Thread
from participa.plans import drafts
from participa.plans.drafts import (
    Document,
    Seen,
    correct,
    draft_of,
    open_draft,
    read_outline,
)
from participa.plans.editing import remove
from participa.plans.models import Plan, PlanDraft, PlanDraftStep, PlanVersion, SectionText
from participa.plans.parsing import parse_plan
from participa.plans.service import digest_of
from tests.conftest import Clock
from tests.consultations.consulting import PLAN, import_text, long_plan, statements
from tests.people import NOW, Municipality
from tests.realdata import real_data
from tests.visitors import Visitor, Web, page_text


async def draft_for(town: Municipality, source: str = PLAN) -> PlanDraft:
    """Keep a document to correct, as an upload does."""
    document = Document(parse_plan(source), digest_of(source), "El plan", [])
    return (await open_draft(town.process, document, by="Diego", now=NOW))[0]


async def press(
    visitor: Visitor, draft: PlanDraft, do: str, *marked: int, revision: int = 0, kind: str = ""
) -> httpx2.Response:
    """Press a button below the outline."""
    seen = revision or (await draft_of(draft.entity_id, draft.id)).revision
    data: dict[str, str | list[str]] = {
        "do": do, "marked": [str(each) for each in marked], "revision": str(seen), "kind": kind,
        "desde": "0",
    }  # fmt: skip
    return await visitor.post(draft_url(draft), data)  # type: ignore[arg-type]


async def shape(draft: PlanDraft) -> list[tuple[str, int]]:
    """Give titles and levels of a draft as it is stored."""
    fresh = await draft_of(draft.entity_id, draft.id)
    return [(piece.title, piece.level) for piece in await read_outline(fresh)]


async def test_corrections_undone_and_published(town: Municipality, web: Web) -> None:
    """An official corrects, undoes, redoes and publishes; sections open, the draft ends."""
    diego, draft = await web.visit(town.diego), await draft_for(town)
    first = await shape(draft)
    page = await press(diego, draft, "promote", 2)
    assert page.headers["location"] == f"{draft_url(draft)}?desde=2&marcados=2#s2"
    text = page_text(await diego.follow(page))
    assert "Deshacer: subir de nivel: 1.1.1 Filtros" in text
    assert (await shape(draft))[2] == ("Filtros", 1)
    await press(diego, draft, "kind", 2, kind="articulo")
    await press(diego, draft, "join", 1)
    corrected = await shape(draft)
    assert corrected == [("El agua", 0), ("Filtros", 1), ("Las vías", 0)]
    for _step in range(3):
        await press(diego, draft, "undo")
    assert await shape(draft) == first
    for _step in range(3):
        await press(diego, draft, "redo")
    assert await shape(draft) == corrected
    page = await publish(diego, draft)
    assert page.headers["location"] == "/procesos/plan/plan?aviso=plan-publicado"
    version = await PlanVersion.of(town.entity.id).get()
    texts = SectionText.of(town.entity.id).filter(version_id=version.id).order_by("position")
    stored = [(text.title, text.depth, text.kind) for text in await texts]
    assert stored == [("El agua", 0, "eje"), ("Filtros", 1, "articulo"), ("Las vías", 0, "eje")]
    assert await Thread.of(town.entity.id).filter(kind=SECTION_KIND).count() == 3
    act = await AuditRecord.of(town.entity.id).get(action="plans.publish_version")
    assert act.actor_name == "Diego"
    assert not await PlanDraft.of(town.entity.id).exists()
    assert not await PlanDraftStep.of(town.entity.id).exists()
    again = await diego.get(draft_url(draft))
    assert again.status_code == 404
    assert "Se publicó o se descartó" in page_text(again)


async def publish(visitor: Visitor, draft: PlanDraft, **changes: str) -> httpx2.Response:
    """Press the button of the page that compares."""
    page = await visitor.get(f"{draft_url(draft)}/publicar")
    found = dict(re.findall(r'name="(revision|version)" value="(\d+)"', page.text))
    return await visitor.post(
        f"{draft_url(draft)}/publicar", {"title": "El plan", **found, **changes}
    )


async def test_a_step_after_going_back_ends_what_could_be_redone(
    town: Municipality, web: Web
) -> None:
    """What was undone is given up by the next correction, and only by it."""
    diego, draft = await web.visit(town.diego), await draft_for(town)
    await press(diego, draft, "remove", 3)
    await press(diego, draft, "undo")
    await press(diego, draft, "down", 0)
    page = await diego.follow(await press(diego, draft, "redo"))
    assert "Rehacer" not in page_text(page)
    assert (await shape(draft))[0] == ("Las vías", 0)


async def test_two_officials_at_once(town: Municipality, web: Web) -> None:
    """The second is told, overwrites nothing, and keeps what was typed and marked."""
    diego, alma = await web.visit(town.diego), await web.visit(town.alma)
    draft = await draft_for(town)
    await press(diego, draft, "promote", 2, revision=1)
    page = await press(alma, draft, "remove", 1, revision=1)
    assert page.status_code == 409
    assert "El borrador cambió mientras usted lo revisaba." in page_text(page)
    assert 'value="1" checked' in page.text
    assert len(await shape(draft)) == 4
    url = f"{draft_url(draft)}/apartados/1"
    wording = {"kind": "programa", "number": "1.1", "title": "Acueductos veredales",
               "body": "Lo que escribió Alma.", "revision": "1"}  # fmt: skip
    page = await alma.post(url, wording)
    assert page.status_code == 409
    assert "Lo que escribió Alma." in page_text(page)
    assert "Así está guardado ahora" in page_text(page)
    revision = re.search(r'name="revision" value="(\d+)"', page.text)
    assert revision
    page = await alma.post(url, {**wording, "revision": revision[1]})
    assert page.status_code == 303
    assert (await shape(draft))[1][0] == "Acueductos veredales"
    split = {"paragraph": "0", "revision": "1"}
    assert (await alma.post(f"{url}/dividir", split)).status_code == 409
    assert (await publish(alma, draft, revision="1")).status_code == 409
    assert not await PlanVersion.of(town.entity.id).exists()


async def test_a_button_pressed_twice(town: Municipality, web: Web) -> None:
    """The same form sent again is one step and no quarrel with oneself."""
    diego, draft = await web.visit(town.diego), await draft_for(town)
    order = {"do": "promote", "marked": "2", "revision": "1", "request_key": "k1", "desde": "0"}
    for _time in range(2):
        assert (await diego.post(draft_url(draft), order)).status_code == 303
    assert (await shape(draft))[2] == ("Filtros", 1)
    undo = {"do": "undo", "revision": "2", "request_key": "k2", "desde": "0"}
    for _time in range(2):
        assert (await diego.post(draft_url(draft), undo)).status_code == 303
    assert (await shape(draft))[2] == ("Filtros", 2)
    sent = {"kind": "meta", "title": "Filtros", "body": "Once.", "revision": "3",
            "request_key": "k3"}  # fmt: skip
    for _time in range(2):
        page = await diego.post(f"{draft_url(draft)}/apartados/2", sent)
        assert page.status_code == 303
    assert await PlanDraftStep.of(town.entity.id).count() == 1
    assert (await diego.post(draft_url(draft), order)).status_code == 409


async def test_two_steps_at_the_same_moment(town: Municipality) -> None:
    """Of two that saw the same revision one is taken, the other is told."""
    draft = await draft_for(town)

    async def step(actor: Actor, piece: int) -> object:
        return await correct(
            actor, draft.id, Seen(1), act="remove", label=lambda _outline: "", now=NOW,
            correction=lambda outline, _new: remove(outline, [piece]),
        )  # fmt: skip

    done = await asyncio.gather(step(town.diego, 2), step(town.alma, 3), return_exceptions=True)
    assert sorted(type(each).__name__ for each in done) == ["Change", "DraftChanged"]
    assert len(await shape(draft)) == 3


async def test_a_step_costs_what_it_changes(
    town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the sections that a step changes are derived anew, not the whole of a long plan."""
    draft = await draft_for(town, long_plan(300))
    before, digested, digest = await shape(draft), list[str](), drafts._digest

    def noted(body: str) -> str:
        digested.append(body)
        return digest(body)

    monkeypatch.setattr(drafts, "_digest", noted)
    change = await drafts.correct(
        town.diego, draft.id, Seen(1), act="remove", label=lambda _outline: "", now=NOW,
        correction=lambda outline, _new: remove(outline, [7]),
    )  # fmt: skip
    assert change is not None
    assert 0 < len(digested) <= 3 * (len(change.old) + len(change.new))
    assert len(await shape(draft)) == len(before) - len(change.old)
    await drafts.undo(town.diego, draft.id, Seen(2), NOW)
    assert await shape(draft) == before


async def test_another_version_meanwhile(town: Municipality, web: Web) -> None:
    """Nobody publishes over a version they did not compare with."""
    diego, draft = await web.visit(town.diego), await draft_for(town, long_plan(3))
    await import_text(town.process)
    page = await publish(diego, draft, version="0")
    assert page.status_code == 409
    assert "Mientras tanto se publicó otra versión del plan." in page_text(page)
    assert "se preparó sobre la versión 0 y hoy rige la 1" in page_text(page)
    assert (await publish(diego, draft)).status_code == 303
    assert (await Plan.of(town.entity.id).get()).current_version == 2


async def test_words_and_paragraphs(town: Municipality, web: Web) -> None:
    """A section is written anew and divided; a paragraph that names an article becomes one."""
    diego, draft = await web.visit(town.diego), await draft_for(town)
    url = f"{draft_url(draft)}/apartados/3"
    body = "Vías para todos.\n\nArtículo 9. Puentes\n\nDos puentes."
    sent = {"kind": "capitulo", "number": "2", "title": "Vías", "body": body, "revision": "1"}
    assert (await diego.post(url, sent)).status_code == 303
    assert "2. Artículo 9. Puentes" in page_text(await diego.get(f"{url}/dividir"))
    page = await diego.post(f"{url}/dividir", {"paragraph": "1", "titled": "1", "revision": "2"})
    assert page.headers["location"] == f"{draft_url(draft)}?desde=5&aviso=guardado#s5"
    assert (await shape(draft))[3:] == [("Vías", 0), ("Puentes", 0)]
    page = await diego.post(f"{url}/dividir", {"revision": "3"})
    assert page.status_code == 422
    assert "Elija el párrafo" in page_text(page)
    form = {"paragraph": "0", "begins": "otra cosa", "revision": "3"}
    page = await diego.post(f"{url}/dividir", form)
    assert page.status_code == 422
    assert "Esas palabras no están en el párrafo escogido." in page_text(page)
    assert 'value="otra cosa"' in page.text
    await diego.post(f"{url}/dividir", {**form, "begins": "para todos"})
    assert (await shape(draft))[3:] == [("Vías", 0), ("", 0), ("Puentes", 0)]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": "", "number": "", "body": " "}, "Un apartado necesita título o texto"),
        ({"title": "x" * 301}, "Son 301 caracteres y caben 300"),
        ({"kind": "ley"}, "Elija una de las opciones"),
        ({"body": ">" * 100 + " hola"}, "no se puede mostrar"),
    ],
)
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_words_that_need_mending(
    town: Municipality, web: Web, changes: dict[str, str], message: str
) -> None:
    """The reason stands beside the field, what was typed stays, nothing is stored."""
    diego, draft = await web.visit(town.diego), await draft_for(town)
    sent = {"kind": "meta", "number": "7", "title": "Otro", "body": "Nuevo.", "revision": "1"}
    page = await diego.post(f"{draft_url(draft)}/apartados/3", {**sent, **changes})
    assert page.status_code == 422
    assert message in page_text(page)
    assert changes.get("body", "Nuevo.").strip() in page_text(page).replace("&gt;", ">")
    assert (await draft_of(draft.entity_id, draft.id)).revision == 1


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_nothing_marked_and_no_room(town: Municipality, web: Web) -> None:
    """What cannot be done is said in words, and the marks stay."""
    diego, draft = await web.visit(town.diego), await draft_for(town)
    for do, marked, words in (
        ("promote", (), "Marque primero uno o varios apartados."),
        ("promote", (0,), "«El agua» ya está en el primer nivel."),
        ("kind", (0,), "Elija el tipo que quiere darles."),
        ("hornear", (0,), "Elija una de las opciones."),
        ("remove", (0, 3), "Un plan necesita al menos un apartado."),
    ):
        page = await press(diego, draft, do, *marked)
        assert page.status_code == 422
        assert words in page_text(page)
        assert page.text.count(" checked") == len(marked)
    missing = await diego.get(f"{draft_url(draft)}/apartados/99")
    assert missing.status_code == 404


async def test_drafts_are_named_and_discarded(town: Municipality, web: Web, clock: Clock) -> None:
    """Desk and import page name a draft, also a forgotten one; only a confirmed one goes."""
    diego, draft = await web.visit(town.diego), await draft_for(town, "# Eje 1. A\n\n# Eje 1. B\n")
    for url in ("/gestion", "/gestion/procesos/plan/plan"):
        assert "El plan Borrador de plan" in page_text(await diego.get(url))
    assert "El plan Borrador" not in page_text(await (await web.visit(town.carmen)).get("/gestion"))
    assert "2 apartados sin texto ni partes" in page_text(
        await diego.get(f"{draft_url(draft)}/avisos")
    )
    clock.move(days=30)
    diego = await web.visit(town.diego)
    assert "Borrador de plan: 30 días sin cambios" in page_text(await diego.get("/gestion"))
    url = f"{draft_url(draft)}/descartar"
    await press(diego, draft, "kind", 0, kind="programa")
    assert (await diego.post(url, {"revision": "1"})).status_code == 409
    assert "Se pierden 2 apartados" in page_text(await diego.get(url))
    page = await diego.follow(await diego.post(url, {"revision": "2"}))
    assert "El borrador se descartó" in page_text(page)
    assert not await PlanDraft.of(town.entity.id).exists()
    assert await AuditRecord.of(town.entity.id).filter(action="plans.discard_draft").exists()


async def test_what_was_noticed_when_reading(town: Municipality, web: Web) -> None:
    """Lines that looked odd are told with the section where they stand, in the reader's words."""
    diego = await web.visit(town.diego)
    source = PLAN.replace("# Eje 2.", "# Eje 4.")
    await diego.post("/gestion/procesos/plan/plan", {"text": source, "do": "draft"})
    draft = await PlanDraft.of(town.entity.id).get()
    url = f"{draft_url(draft)}/avisos"
    page = await diego.get(url)
    assert "Después del 1 viene el 4: puede faltar un apartado." in page_text(page)
    assert f'<a href="{draft_url(draft)}?desde=3#s3"># Eje 4. Las vías</a>' in page.text
    english = page_text(await diego.get(f"{url}?idioma=en"))
    assert "After 1 comes 4: a section may be missing." in english


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_the_page_after_a_step_is_where_it_was(town: Municipality, web: Web) -> None:
    """Also when what was there is gone, the official goes on at the same place."""
    diego, draft = await web.visit(town.diego), await draft_for(town, long_plan(150))
    page = await press(diego, draft, "remove", 145)
    assert page.headers["location"] == f"{draft_url(draft)}?puesto=145"
    text = page_text(await diego.follow(page))
    assert "Artículo 144" in text
    assert "Artículo 146" in text
    page = await press(diego, draft, "undo")
    assert page.headers["location"] == f"{draft_url(draft)}?desde=145#s145"
    assert 'id="s145"' in (await diego.follow(page)).text
    assert (await diego.get(f"{draft_url(draft)}?desde=²&puesto=x&marcados=²")).status_code == 200


@pytest.mark.real_data
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_the_plan_of_palmira(town: Municipality, web: Web) -> None:
    """A real plan is corrected page by page, each light, in as many statements as a small one."""
    source = real_data("plan_palmira_2012_2015/acuerdo.txt").read_text(encoding="utf-8")
    diego, small, draft = (
        await web.visit(town.diego),
        await draft_for(town),
        await draft_for(town, source),
    )
    await diego.get(draft_url(small))
    async with statements() as few:
        await diego.get(draft_url(small))
    async with statements() as run:
        page = await diego.get(draft_url(draft))
    assert len(run) == len(few)
    urls = set(re.findall(rf'href="({draft_url(draft)}\?desde=\d+)"', page.text))
    pages = [await diego.get(url) for url in urls]
    shown = [key for each in pages for key in re.findall(r'<li class="i\d" id="s(\d+)"', each.text)]
    outline = await read_outline(draft)
    assert sorted(map(int, shown)) == [piece.id for piece in outline]
    assert max(len(each.content) for each in pages) < 80_000
    programme = next(piece for piece in outline if piece.kind == "programa")
    await press(diego, draft, "promote", programme.id)
    assert (await publish(diego, draft)).status_code == 303
    assert await SectionText.of(town.entity.id).count() == len(outline)
    text = await SectionText.of(town.entity.id).get(position=programme.id)
    assert text.depth == programme.level - 1
