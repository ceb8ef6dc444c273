"""Publishing plans: versions are added, sections keep their identity, nothing is lost."""

import asyncio

import pytest

from participa.audit import AuditRecord
from participa.kit.html import SANITISER_VERSION
from participa.plans.models import Plan, PlanVersion, Section, SectionText
from participa.plans.parsing import parse_plan
from participa.plans.queries import changes_of, current_outline, latest_text, neighbourhood
from participa.plans.service import Published, digest_of, publish_version
from participa.plans.texts import SectionRefused
from participa.processes.models import Process
from participa.web.refusals import NotFound
from tests.consultations.consulting import PLAN, WITHOUT_FILTERS, section_called
from tests.people import NOW, Municipality


async def publish(process: Process, source: str = PLAN, title: str = "") -> Published:
    """Publish a text as the plan of a process."""
    return await publish_version(
        entity_id=process.entity_id,
        process_id=process.id,
        parsed=parse_plan(source),
        source=source,
        title=title,
        now=NOW,
    )


async def test_a_plan_is_stored_with_its_tree(town: Municipality) -> None:
    """Each section knows its place, what contains it, its page, and is sanitised."""
    published = await publish(town.process)
    assert (published.version.number, published.added, published.kept) == (1, 4, 0)
    texts = await SectionText.of(town.entity.id).order_by("position")
    assert [(t.kind, t.number, t.depth) for t in texts] == [
        ("eje", "1", 0), ("programa", "1.1", 1), ("meta", "1.1.1", 2), ("eje", "2", 0),
    ]  # fmt: skip
    assert [t.parent_position for t in texts] == [None, 0, 1, None]
    assert [t.last_position for t in texts] == [2, 2, 2, 3]
    assert [t.page_position for t in texts] == [0, 0, 0, 3]
    assert "<strong>acueducto</strong>" in texts[1].body_html
    assert {t.sanitiser_version for t in texts} == {SANITISER_VERSION}


async def test_html_in_a_plan_is_not_believed(town: Municipality) -> None:
    """A script in the document is words on the page."""
    await publish(town.process, PLAN + "\n<script>alert(1)</script>\n")
    texts = await SectionText.of(town.entity.id)
    assert not any("<script" in text.body_html for text in texts)


async def test_the_same_source_is_published_once(town: Municipality) -> None:
    """Importing a file twice says so and changes nothing."""
    first = await publish(town.process)
    again = await publish(town.process)
    assert first.is_new
    assert not again.is_new
    assert again.version.id == first.version.id
    assert await PlanVersion.of(town.entity.id).count() == 1
    assert await SectionText.of(town.entity.id).count() == 4


async def test_a_new_version_keeps_the_sections(town: Municipality) -> None:
    """What says the same is the same section, a section that goes is never deleted."""
    await publish(town.process)
    before = {s.key: s.id for s in await Section.of(town.entity.id)}
    second = await publish(town.process, WITHOUT_FILTERS + "\n# Eje 3. La escuela\n\nNueva.\n")
    after = {s.key: s.id for s in await Section.of(town.entity.id)}
    assert (second.version.number, second.added, second.kept, second.gone) == (2, 1, 3, 1)
    assert after.items() > before.items()
    outline = await current_outline(town.entity.id, town.process.id)
    assert [entry.number for entry in outline.entries] == ["1", "1.1", "2", "3"]


async def test_a_section_that_went_is_read_as_it_last_was(town: Municipality) -> None:
    """Its page shows the latest version that had it; one that stays shows the current one."""
    await publish(town.process)
    filters = await section_called(town.process, "meta-1-1-1")
    await publish(town.process, WITHOUT_FILTERS)
    gone = await latest_text(town.entity.id, filters.id)
    assert (gone.version.number, gone.title) == (1, "Filtros")
    water = await section_called(town.process, "eje-1")
    assert (await latest_text(town.entity.id, water.id)).version.number == 2


async def test_a_renumbered_section_is_the_same(town: Municipality) -> None:
    """Put a programme before another: the number goes to the new one, the identity does not."""
    await publish(town.process)
    pipes = await section_called(town.process, "programa-1-1")
    wells = "## Programa 1.1. Pozos\n\nUn pozo profundo para cada escuela rural.\n\n"
    renumbered = PLAN.replace("Meta 1.1.1", "Meta 1.2.1").replace("Programa 1.1", "Programa 1.2")
    second = await publish(town.process, renumbered.replace("## Programa", f"{wells}## Programa"))
    assert (second.added, second.kept, second.gone) == (1, 4, 0)
    assert (await latest_text(town.entity.id, pipes.id)).number == "1.2"
    new = await section_called(town.process, "programa-1-1~2")
    assert (await latest_text(town.entity.id, new.id)).title == "Pozos"
    third = await publish(town.process, PLAN)
    assert (third.added, third.kept, third.gone) == (0, 4, 1)
    assert (await latest_text(town.entity.id, pipes.id)).number == "1.1"


async def test_going_back_to_an_earlier_text_is_a_version(town: Municipality) -> None:
    """Only the current version is compared; the section that returns is the one there was."""
    await publish(town.process)
    filters = await section_called(town.process, "meta-1-1-1")
    await publish(town.process, WITHOUT_FILTERS)
    third = await publish(town.process)
    assert third.version.number == 3
    assert (await latest_text(town.entity.id, filters.id)).version.number == 3


async def test_the_title(town: Municipality) -> None:
    """A plan takes the title given, or keeps its own, or takes its process's at first."""
    assert (await publish(town.process)).plan.title == town.process.title
    assert (await publish(town.process, title="El plan")).plan.title == "El plan"
    assert (await publish(town.process, WITHOUT_FILTERS)).plan.title == "El plan"
    assert (await Plan.of(town.entity.id).get()).title == "El plan"


async def test_an_official_leaves_a_trace(town: Municipality) -> None:
    """Who published which version stands in the public log; an unchanged import does not."""
    for _time in range(2):
        await publish_version(
            entity_id=town.entity.id, process_id=town.process.id, parsed=parse_plan(PLAN),
            source=PLAN, now=NOW, actor=town.diego,
        )  # fmt: skip
    act = await AuditRecord.of(town.entity.id).get(action="plans.publish_version")
    assert (act.actor_name, act.object_label) == ("Diego", town.process.title)
    assert "Versión 1" in act.reason


async def test_an_impossible_section_stores_nothing(town: Municipality) -> None:
    """The refusal names the section and its line; no version is half written."""
    with pytest.raises(SectionRefused, match=r"Las vías.*línea \d+"):
        await publish(town.process, PLAN + "\n" + ">" * 100 + " hola\n")
    assert await Plan.of(town.entity.id).count() == 0


async def test_two_imports_at_once_make_one_version(town: Municipality) -> None:
    """The same file sent by two officials at the same moment counts once, in order."""
    await publish(town.process)
    await asyncio.gather(*(publish(town.process, WITHOUT_FILTERS) for _n in range(3)))
    versions = await PlanVersion.of(town.entity.id).order_by("number")
    assert [version.number for version in versions] == [1, 2]


async def test_entities_do_not_share_plans(town: Municipality) -> None:
    """The neighbour's process of the same name has its own plan and sections."""
    await publish(town.process)
    with pytest.raises(NotFound):
        await current_outline(town.neighbour.id, town.neighbour_process.id)
    mine = await section_called(town.process, "eje-1")
    with pytest.raises(NotFound):
        await latest_text(town.neighbour.id, mine.id)


async def test_what_a_document_would_change(town: Municipality) -> None:
    """Before publishing one can see what would come, stay and go."""
    parsed = parse_plan(WITHOUT_FILTERS + "\n# Eje 3. La escuela\n\nNueva.\n")
    assert await changes_of(town.entity.id, town.process.id, parsed, "") is None
    await publish(town.process)
    filters = await section_called(town.process, "meta-1-1-1")
    changes = await changes_of(town.entity.id, town.process.id, parsed, "")
    assert changes is not None
    assert (changes.added, changes.kept, changes.gone) == (1, 3, (filters.id,))
    assert not changes.is_same
    same = await changes_of(town.entity.id, town.process.id, parse_plan(PLAN), digest_of(PLAN))
    assert same is not None
    assert same.is_same


async def test_the_neighbourhood_of_a_section(town: Municipality) -> None:
    """A section is shown with what contains it, what it contains, and both sides."""
    await publish(town.process)
    programme = await section_called(town.process, "programa-1-1")
    around = await neighbourhood(await latest_text(town.entity.id, programme.id))
    assert [entry.position for entry in around] == [0, 1, 2]
    last = await section_called(town.process, "eje-2")
    around = await neighbourhood(await latest_text(town.entity.id, last.id))
    assert [entry.position for entry in around] == [2, 3]
