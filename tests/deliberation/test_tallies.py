"""Counts by channel: the parts add up, and every page with a count says them."""

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participa.consultations.rules import SECTION_KIND
from participa.deliberation import service
from participa.deliberation.models import Thread
from participa.deliberation.saying import Said
from participa.deliberation.tallies import Tally, tally_of, tally_places
from participa.entities.models import Territory
from participa.territory.service import place_contribution
from tests.consultations.consulting import import_text, thread_about
from tests.people import NOW, Municipality
from tests.statements import counted
from tests.visitors import Web, page_text

CHANNELS = ("web", "telephone", "paper", "workshop", "organisation", "entity", "radio")
PARTS = st.dictionaries(st.sampled_from(CHANNELS), st.integers(0, 99))


@given(st.lists(PARTS, min_size=1, max_size=4))
def test_parts_add_up(several: list[dict[str, int]]) -> None:
    """However they are joined, no contribution is lost or counted twice."""
    joined = reduce(lambda one, other: one + other, (tally_of(parts) for parts in several))
    whole = {name: sum(parts.get(name, 0) for parts in several) for name in CHANNELS}
    assert joined.total == sum(whole.values())
    assert dict(joined.others) == {k: v for k, v in whole.items() if v and k != "web"}


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({}, "0 aportes"),
        ({"web": 1}, "1 aporte"),
        ({"web": 1200}, "1.200 aportes"),
        (
            {"workshop": 21, "web": 97, "telephone": 10},
            "128 aportes: 97 por internet, 10 por teléfono, 21 en mesas de trabajo",
        ),
        ({"organisation": 1, "entity": 2}, "3 aportes: 1 de una organización, 2 de la entidad"),
        ({"radio": 2}, "2 aportes: 2 por otro canal"),
    ],
)
def test_a_tally_in_words(parts: dict[str, int], words: str) -> None:
    """The whole, and its parts where not all came by the web."""
    assert str(tally_of(parts).words) == words


async def _everywhere(town: Municipality) -> None:
    """Say something by the web, in a mesa and for the entity, about a section and in a topic."""
    await import_text(town.process)
    section = (await thread_about(town.process, "programa-1-1")).id
    mesa = Said("Falta el puente.", channel="workshop", people_count=9, voice="m", place="Alto")
    for thread_id in (town.topic.thread_id, section):
        await service.publish(town.beto, thread_id, Said("Sí."), now=NOW)
        said = await service.publish(town.diego, thread_id, mesa, now=NOW)
        answer = Said("Se hará.", office=town.diego.office)
        await service.publish(town.diego, thread_id, answer, now=NOW)
    area = await Territory.of(town.entity.id).get(name="El Salado")
    await place_contribution(town.entity.id, said.id, territory_id=area.id)


async def test_every_page_says_it(town: Municipality, web: Web) -> None:
    """Home, process, forum, thread, plan, section, places, answers: each count has its channels."""
    await _everywhere(town)
    section = await thread_about(town.process, "programa-1-1")
    topic = "4 aportes: 2 por internet, 1 en mesas de trabajo, 1 de la entidad"
    about = "3 aportes: 1 por internet, 1 en mesas de trabajo, 1 de la entidad"
    by_channel = "Mesas de trabajo: 1 aporte, 9 personas"
    pages = {
        "/": [topic, about],
        "/procesos/plan": [topic, about, "Mesas de trabajo: 2 aportes, 9 personas"],
        f"/foros/{town.forum.id}": [topic],
        f"/hilos/{town.topic.thread_id}": ["4 aportes", by_channel, "de la entidad: 1 aporte"],
        "/procesos/plan/plan": ["3 aportes", by_channel, "de la entidad: 1 aporte"],
        f"/procesos/plan/plan?capitulo={section.place_id}": [about],
        f"/apartados/{section.place_id}": ["3 aportes", by_channel],
        "/procesos/plan/lugares": ["1 en mesas de trabajo"],
        "/procesos/plan/respuestas": ["Mesas de trabajo: 2 aportes"],
    }
    elsa = await web.visit()
    for path, said in pages.items():
        words = page_text(await elsa.get(path))
        assert [each for each in said if each not in words] == [], path
    desk = page_text(await (await web.visit(town.diego)).get("/gestion"))
    assert "5 aportes: 3 por internet, 2 en mesas de trabajo" in desk


async def test_many_places_cost_one_statement(town: Municipality) -> None:
    """The counts of all sections are divided at once, and of none without asking."""
    await _everywhere(town)
    threads = await Thread.of(town.entity.id).filter(kind=SECTION_KIND)
    totals = {each.place_id: each.contribution_count for each in threads}
    with counted() as statements:
        found = await tally_places(town.entity.id, SECTION_KIND, totals)
        assert await tally_places(town.entity.id, SECTION_KIND, {}) == {}
    assert len(statements) == 1
    assert sum(found.values(), Tally()).total == sum(totals.values()) == 3
