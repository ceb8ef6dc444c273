"""A kept page is, byte for byte, the page that would be made now; and nobody's but its reader's."""

import asyncio
import re
from collections.abc import AsyncIterator, Collection

import pytest

from participa.accounts.permissions import Actor
from participa.consultations import plan_pages
from participa.deliberation import fragments, service
from participa.deliberation.models import Contribution
from participa.deliberation.rules import PAGE_SIZE
from participa.deliberation.shown import ShownRow, shown_rows
from participa.features import BesideOf
from participa.moderation import service as moderation
from participa.processes.queries import Schedule, schedule_of
from tests.consultations.consulting import PLAN, import_text, thread_about
from tests.deliberation.crowd import Crowd
from tests.deliberation.reading import (
    LANGUAGES,
    Readers,
    another,
    bytes_kept,
    cast_of,
    forget,
    kept_in,
    keys_in,
    tokens_in,
    without_tokens,
)
from tests.deliberation.sheets import sheet_of
from tests.deliberation.stories import Place, story
from tests.deliberation.talking import fill, say, thread_path
from tests.people import NOW, Municipality
from tests.visitors import Web

only_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
_SPACES = re.compile(r"(?<=>)\s+|\s+(?=<)")


@pytest.fixture
async def readers(web: Web) -> AsyncIterator[Readers]:
    """Give those who read in three processes."""
    reading = Readers(web, another(web), another(web))
    yield reading
    await reading.close()


async def _topic(town: Municipality, length: int) -> Place:
    said = await fill(town, length - 1)
    path = thread_path(town)
    paths = [path]
    if length > PAGE_SIZE:
        paths += [f"{path}?desde={said[30].path}", f"{path}?desde={said[-1].path}"]
    return Place(town.topic.thread_id, paths)


async def _section(town: Municipality, length: int) -> Place:
    await import_text(town.process)
    thread = await thread_about(town.process, "meta-1-1-1")
    await fill(town, length, thread.id)
    return Place(thread.id, [f"/apartados/{thread.place_id}"])


# What must be read in the visitor's Spanish page after an act: else the comparison proves little.
_READ_AFTER = {
    "published": "<strong>pasen</strong>",
    "replied": "responde a Beto",
    "supported by ana": 'Apoyar<span class="n"> · 1</span>',
    "edited": "ver cambios",
    "answered by the entity": "Respuesta de la entidad",
    "hidden": "Oculto por moderación",
    "restored": "Que pasen hoy.",
    "removed": "Retirado por su autor",
    "closed": "Lo que salió de aquí:",
    "thread shown": "Ya no se reciben aportes aquí.",
    "unpublished": "No encontramos esa página",
}


async def _tell(readers: Readers, town: Municipality, place: Place) -> None:
    who = cast_of(town)
    await readers.agree(who, place.paths, "nothing")
    for name, act in story(town, place, readers.here).items():
        await act()
        pages = await readers.agree(who, place.paths, name)
        everything = "".join(pages[f"elsa {path} es"] for path in place.paths)
        assert _READ_AFTER.get(name, "") in everything, name
        assert ('id="posts"' in everything) is (name not in {"thread hidden", "unpublished"})


@pytest.mark.parametrize(
    ("settings", "length"),
    [
        ("sqlite", 1),
        ("sqlite", 3),
        ("postgres", 3),
        ("sqlite", 51),
        pytest.param("sqlite", 120, marks=pytest.mark.long),
    ],
    indirect=["settings"],
)
async def test_a_kept_page_is_the_page_made_now(
    readers: Readers, town: Municipality, length: int
) -> None:
    """After every act, for each reader, page and language, in two processes that keep pages."""
    await _tell(readers, town, await _topic(town, length))


@pytest.mark.parametrize(
    ("settings", "length"),
    [("sqlite", 0), ("sqlite", 3), ("postgres", 3)],
    indirect=["settings"],
)
async def test_a_kept_section_is_the_section_made_now(
    readers: Readers, town: Municipality, length: int
) -> None:
    """The same for a section of a plan, also when a new version of the plan is published."""
    place = await _section(town, length)
    before = await readers.agree(cast_of(town), place.paths, "nothing")
    await import_text(town.process, PLAN.replace("Diez filtros", "Veinte filtros"))
    after = await readers.agree(cast_of(town), place.paths, "a new version")
    key = f"elsa {place.paths[0]} es"
    assert "Diez filtros" in before[key]
    assert "Veinte filtros" in after[key]
    await _tell(readers, town, place)


@pytest.mark.parametrize(
    ("settings", "seed"), [("sqlite", 11), ("postgres", 12)], indirect=["settings"]
)
async def test_reading_while_it_happens(readers: Readers, town: Municipality, seed: int) -> None:
    """Read again and again in two processes while people act, pages end as those made now."""
    crowds = [Crowd(town, seed * 10 + n) for n in range(3)]
    path = thread_path(town)

    async def act(crowd: Crowd) -> None:
        for _step in range(15):
            await crowd.act()

    async def read(web: Web, name: str, actor: Actor) -> None:
        for _time in range(12):
            for language in LANGUAGES:
                status, _page = await readers.read(web, name, actor, f"{path}?idioma={language}")
                assert status == 200

    for _round in range(2):
        await asyncio.gather(
            *(act(crowd) for crowd in crowds),
            *(read(readers.here, name, actor) for name, actor in cast_of(town).items()),
            *(read(readers.there, name, actor) for name, actor in cast_of(town).items()),
        )
        await readers.agree(cast_of(town), [path], "everybody at once")


@only_sqlite
async def test_what_was_read_too_early_is_not_kept(
    web: Web, town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words changed while an older reading of them is on its way: the older is never kept."""
    real = shown_rows
    elsa = await web.visit()
    overtaken: list[str] = []

    async def slow(
        entity_id: int, ids: Collection[int], beside_of: BesideOf | None, thread_id: int
    ) -> list[ShownRow]:
        rows = await real(entity_id, ids, beside_of, thread_id)
        if not overtaken:
            overtaken.append("once")
            await service.edit(town.ana, town.topic.id, "Ya se cayó.", now=NOW)
            overtaken.append((await elsa.get(thread_path(town))).text)
        return rows

    monkeypatch.setattr(fragments, "shown_rows", slow)
    await elsa.get(thread_path(town))
    assert "Ya se cayó." in overtaken[1]
    for _time in range(2):
        assert "Ya se cayó." in (await elsa.get(thread_path(town))).text
    await say(town, town.beto, "Cierto.")
    assert "Ya se cayó." in (await elsa.get(thread_path(town))).text


@only_sqlite
async def test_a_plan_that_changes_while_it_is_read(
    web: Web, town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A section read just before its new version is not kept as if it were the new one."""
    place = await _section(town, 1)
    elsa = await web.visit()
    changed: list[str] = []

    async def slow(entity_id: int, process_id: int) -> Schedule:
        if not changed:
            changed.append("once")
            await import_text(town.process, PLAN.replace("Diez filtros", "Veinte filtros"))
        return await schedule_of(entity_id, process_id)

    monkeypatch.setattr(plan_pages, "schedule_of", slow)
    await elsa.get(place.paths[0])
    assert "Veinte filtros" in (await elsa.get(place.paths[0])).text


@only_sqlite
async def test_a_shell_and_its_pieces_make_the_whole_page(web: Web, town: Municipality) -> None:
    """A page joined from shell and fragments is the page rendered in one go, but for spaces."""
    said = await fill(town, PAGE_SIZE + 9)
    await service.set_support(town.ana, said[1].id, wanted=True, now=NOW)
    await moderation.hide(town.carmen, said[2].id, rule="2", now=NOW)
    for actor in (town.elsa, town.ana, town.beto):
        reader = await web.visit(actor)
        for path in (thread_path(town), f"{thread_path(town)}?desde={said[5].path}"):
            mark = "&" if "?" in path else "?"
            joined = await reader.get(path)
            # A question nobody asks is not kept.
            rendered = await reader.get(f"{path}{mark}nada=1")
            one = _SPACES.sub("", without_tokens(joined.text))
            other = _SPACES.sub("", without_tokens(rendered.text))
            for nothing in ("%3Fnada%3D1", "%26nada%3D1", "?nada=1", "&amp;nada=1"):
                other = other.replace(nothing, "")
            if actor.is_anonymous:
                # A visitor's form is kept with its draft, whose token is the key then.
                other = other.replace('<input type="hidden" name="request_key" value="*">', "")
            assert one == other


async def test_the_authors_own_and_nobody_elses(web: Web, town: Municipality) -> None:
    """«Editar» and «Retirar» are under one's own words, presses under what one supports.

    Also what is hidden is known to be one's own: it may be shown again while the page is open.
    """
    said = await fill(town, 6)
    await service.set_support(town.ana, said[0].id, wanted=True, now=NOW)
    await service.set_support(town.beto, town.topic.id, wanted=True, now=NOW)
    await moderation.hide(town.carmen, said[-1].id, rule="1", now=NOW)
    await service.set_support(town.beto, said[0].id, wanted=False, now=NOW)
    pressed = {town.ana.person_id: said[0], town.beto.person_id: town.topic}
    for _time in range(5):
        for actor in (town.ana, town.beto, town.elsa, town.nora):
            page = await (await web.visit(actor)).get(thread_path(town))
            sheet = sheet_of(page.text)
            rows = [each for each in [town.topic, *said] if each.author_id == actor.person_id]
            mine = {each.receipt_number for each in rows}
            assert sheet.own == (mine if actor in {town.ana, town.beto} else set())
            supported = pressed.get(actor.person_id)
            assert sheet.pressed == ({supported.receipt_number} if supported else set())


async def test_each_reading_has_its_own_tokens(web: Web, town: Municipality) -> None:
    """Form token and request key are new in each reading, and are taken when posted."""
    await fill(town, 3)
    ana = await web.visit(town.ana)
    tokens: list[set[str]] = []
    keys: list[str] = []
    for _time in range(6):
        page = await ana.get(thread_path(town), headers={"Accept-Encoding": "gzip"})
        tokens.append(set(tokens_in(page.text)))
        keys += keys_in(page.text)
    assert all(len(each) == 1 for each in tokens)
    assert len(set.union(*tokens)) == len(set(keys)) == 6
    for token, key in zip(tokens, keys, strict=True):
        for _twice in range(2):
            sent = await ana.post(
                f"{thread_path(town)}/aportes",
                {"body": "Con su token.", "csrf": min(token), "request_key": key},
            )
            # The tenth in a minute is the last.
            assert sent.status_code in {303, 429}
    stored = await Contribution.of(town.entity.id).filter(body_source="Con su token.")
    assert {each.request_key for each in stored} == set(keys[: len(stored)])
    assert len(stored) == 5


@only_sqlite
async def test_staff_neither_read_nor_leave_anything(web: Web, town: Municipality) -> None:
    """Moderators' pages are made for them each time, and nothing of them is kept."""
    said = await fill(town, 3)
    await say(town, town.beto, "Palabra zorzal, fea.", parent_id=said[0].id)
    hidden = await Contribution.of(town.entity.id).get(body_source__startswith="Palabra")
    await moderation.hide(town.carmen, hidden.id, rule="1", now=NOW)
    staff = [await web.visit(actor) for actor in (town.carmen, town.diego, town.alma)]
    others = [await web.visit(actor) for actor in (town.elsa, town.ana, town.beto)]
    for language in LANGUAGES:
        path = f"{thread_path(town)}?idioma={language}"
        for visitors in (staff, others, staff, others):
            for visitor in visitors:
                page = await visitor.get(path)
                seen = visitor in (staff[0], staff[2])
                assert ("zorzal" in page.text) is seen
                assert ("/mostrar" in page.text) is seen
                assert ("/ocultar" in page.text) is seen
                assert ('href="/gestion"' in page.text) is (visitor in staff)
    kept = bytes_kept(web)
    assert b"PA-2026" in kept
    for trace in (b"zorzal", b"/mostrar", b"/ocultar", b"/gestion", b"Diego", b"data-moderates"):
        assert trace not in kept


@only_sqlite
async def test_what_is_kept_is_bounded(
    web: Web, town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many addresses, some of them nonsense, make the least read pages be forgotten."""
    monkeypatch.setattr("participa.deliberation.kept.PAGES_KEPT", 5)
    visitor = await web.visit()
    for n in range(20):
        page = await visitor.get(f"{thread_path(town)}?desde={n:04}")
        assert page.status_code == 200
        assert len(kept_in(web).pages._pages) <= 5
    forget(web)
    for nonsense in ("?desde=zz", "?desde=%00000", "?orden=recientes", "?x=1", "?aviso=aporte"):
        assert (await visitor.get(thread_path(town) + nonsense)).status_code == 200
    assert len(kept_in(web).pages._pages) == 0
