"""Which theme of the demonstration's report is called what: only where it is plain."""

from collections import defaultdict

import pytest

from participa.accounts.models import Person
from participa.accounts.sessions import actor_for
from participa.db import transaction
from participa.deliberation.models import Contribution
from participa.demo.calendar import Calendar
from participa.demo.cast import Cast
from participa.demo.content import Municipality, Results, content
from participa.demo.results import publish_results
from participa.entities.models import Entity
from participa.insights import building
from participa.insights.condense import Condensed, Theme
from participa.insights.models import Cluster
from participa.insights.reading import Reading
from participa.plans.queries import current_outline
from participa.processes.models import Process
from tests.demo.conftest import Demo
from tests.people import NOW

pytestmark = pytest.mark.xdist_group("demo")


async def cast_of(entity: Entity) -> Cast:
    """Give those who answer for an entity that is loaded already."""
    keys = {part.name: part.key for part in content(Municipality, "municipality.toml").office}
    people = await Person.of(entity.id).filter(office_id__not_isnull=True)
    actors = [await actor_for(person) for person in people]
    return Cast(
        entity=entity,
        people={},
        offices={keys[actor.office]: actor for actor in actors},
        staff={"official": next(a for a in actors if a.name == "Catalina Prieto")},
        places={},
    )


def grouped(groups: list[list[int]]) -> Condensed:
    """Give a grouping as the machine would."""
    themes = [
        Theme(words=(f"palabra{number}",), members=tuple(ids), quotes=(), stability=1.0)
        for number, ids in enumerate(groups)
    ]
    return Condensed(tuple(themes), (), (), (), "by hand", 1, "0" * 64)


async def by_article(entity: Entity, process: Process) -> dict[str, list[int]]:
    """Give the citizens' contributions of a process by the article they were said on."""
    outline = await current_outline(entity.id, process.id)
    numbers = {entry.section_id: entry.number for entry in outline.entries}
    found: dict[str, list[int]] = defaultdict(list)
    for row in (
        await Contribution.of(entity.id)
        .filter(process_id=process.id, office="")
        .select_related("thread")
    ):
        found[numbers[row.thread.place_id]].append(row.id)
    return found


async def published(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, entity: Entity, groups: list[list[int]]
) -> list[Cluster]:
    """Publish a second report on the decree, grouped by hand, and give its themes."""
    decree = await Process.of(entity.id).get(slug=demo.loaded.processes[1])

    def condensed(_reading: Reading, _note: object) -> Condensed:
        return grouped(groups)

    monkeypatch.setattr(building, "_condensed", condensed)
    async with transaction():
        report = await publish_results(
            await cast_of(entity), decree, Calendar(NOW, entity.zone), lambda _share: None
        )
    assert (report.number, report.state) == (2, "published")
    return await Cluster.of(entity.id).filter(report_id=report.id).order_by("position")


async def test_a_theme_plainly_about_an_article_is_named_and_answered(
    demo: Demo, chirata: Entity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each article's theme gets the words and the answer written for that article, no other."""
    decree = await Process.of(chirata.id).get(slug=demo.loaded.processes[1])
    groups = await by_article(chirata, decree)
    themes = await published(demo, monkeypatch, chirata, list(groups.values()))
    written = {part.section: part for part in content(Results, "results.toml").theme}
    largest_first = sorted(groups, key=lambda article: -len(groups[article]))
    for article, theme in zip(largest_first, themes, strict=True):
        part = written.get(article)
        assert theme.name == (part.name if part else "")
        assert theme.answer_decision == (part.decision if part else "")
        assert bool(theme.answer_html) == bool(part and part.answer)
    assert sum(bool(theme.answer) for theme in themes) == 3


async def test_a_mixed_theme_keeps_the_machines_words(
    demo: Demo, chirata: Entity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A theme without a plain article, and the smaller of two about one, are not named."""
    decree = await Process.of(chirata.id).get(slug=demo.loaded.processes[1])
    articles = await by_article(chirata, decree)
    large, small = articles["5"][:30], articles["5"][30:]
    told = {*large, *small}
    mixed = [each for ids in articles.values() for each in ids if each not in told]
    themes = await published(demo, monkeypatch, chirata, [mixed, large, small])
    assert [bool(theme.name) for theme in themes] == [False, True, False]
    assert [bool(theme.answer) for theme in themes] == [False, True, False]
