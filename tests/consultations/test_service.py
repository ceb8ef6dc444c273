"""Opening plans to comments, calling for proposals, proposing."""

from datetime import timedelta

import pytest

from participa.consultations.models import Consultation
from participa.consultations.queries import cards_of
from participa.consultations.rules import COMMENT, PROPOSAL_KIND, PROPOSE, SECTION_KIND
from participa.consultations.service import (
    import_plan,
    open_plan_consultation,
    open_proposals,
    propose,
)
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.saying import Said
from participa.deliberation.service import publish
from participa.plans.models import Plan
from participa.plans.parsing import parse_plan
from participa.plans.service import prepare
from participa.web.refusals import BadInput, Conflict, NotFound, PhaseClosed
from tests.consultations.consulting import (
    PLAN,
    WITHOUT_FILTERS,
    import_text,
    statements,
    thread_about,
)
from tests.people import CLOSES, NOW, Municipality


async def test_every_section_gets_one_thread(town: Municipality) -> None:
    """Importing a plan opens each of its sections to comments, under its number and title."""
    imported = await import_text(town.process, title="El plan")
    assert imported.opened.threads == 4
    assert imported.opened.consultation.title == "El plan"
    threads = await Thread.of(town.entity.id).filter(kind=SECTION_KIND).order_by("id")
    assert [t.title for t in threads] == [
        "1 El agua", "1.1 Acueductos", "1.1.1 Filtros", "2 Las vías",
    ]  # fmt: skip
    assert {t.activity for t in threads} == {COMMENT}
    assert {t.process_id for t in threads} == {town.process.id}


async def test_a_new_version_opens_only_what_is_new(town: Municipality) -> None:
    """Comments stay where they were made; a section with a new title is renamed."""
    await import_text(town.process)
    water = await thread_about(town.process, "eje-1")
    said = await publish(town.ana, water.id, Said("Que llegue a El Salado."), now=NOW)
    changed = WITHOUT_FILTERS.replace("El agua", "Agua para todos") + "\n# Eje 3. La escuela\n"
    again = await import_text(town.process, changed)
    assert (again.opened.threads, again.published.version.number) == (1, 2)
    renamed = await thread_about(town.process, "eje-1")
    assert (renamed.id, renamed.title) == (water.id, "1 Agua para todos")
    assert (await Contribution.of(town.entity.id).get(id=said.id)).thread_id == water.id
    assert await Thread.of(town.entity.id).filter(kind=SECTION_KIND).count() == 5


async def test_opening_twice_changes_nothing(town: Municipality) -> None:
    """The same plan is one consultation with one thread for each section."""
    await import_text(town.process)
    again = await import_text(town.process)
    opened = await open_plan_consultation(
        entity_id=town.entity.id, process_id=town.process.id, now=NOW
    )
    assert (again.opened.threads, opened.threads) == (0, 0)
    assert await Consultation.of(town.entity.id).count() == 1


async def test_no_plan_to_open(town: Municipality) -> None:
    """A process without a plan, or another entity's, has nothing to open."""
    await import_text(town.process)
    for entity, process in (
        (town.neighbour, town.neighbour_process),
        (town.neighbour, town.process),
    ):
        with pytest.raises(NotFound):
            await open_plan_consultation(entity_id=entity.id, process_id=process.id, now=NOW)


async def test_import_is_all_or_nothing(town: Municipality) -> None:
    """When the comments cannot be opened, no version is published either."""
    await open_proposals(
        entity_id=town.entity.id, process_id=town.process.id, title=town.process.title
    )
    with pytest.raises(Conflict):
        await import_text(town.process)
    assert await Plan.of(town.entity.id).count() == 0


async def test_comments_follow_the_phases(town: Municipality) -> None:
    """A section takes comments until the second its phase closes."""
    await import_text(town.process)
    thread = await thread_about(town.process, "eje-2")
    await publish(town.ana, thread.id, Said("Sí."), now=CLOSES - timedelta(seconds=1))
    with pytest.raises(PhaseClosed):
        await publish(town.ana, thread.id, Said("Tarde."), now=CLOSES)


async def call(town: Municipality, *, closed: bool = False) -> Consultation:
    """Open a call for proposals in a process that is open, or in one that is over."""
    return await open_proposals(
        entity_id=town.entity.id,
        process_id=(town.closed_process if closed else town.process).id,
        title="¿Qué hacemos con el lote?",
        categories=("Deporte", "Cultura"),
    )


async def test_a_proposal_is_a_thread(town: Municipality) -> None:
    """What is proposed opens its own conversation and has a receipt."""
    opening = await propose(
        town.ana, await call(town), title="Una cancha", body="Con luces.", category="Deporte",
        now=NOW,
    )  # fmt: skip
    thread = await Thread.of(town.entity.id).get(id=opening.thread_id)
    assert (thread.kind, thread.activity) == (PROPOSAL_KIND, PROPOSE)
    assert (thread.title, thread.category, thread.contribution_count) == (
        "Una cancha",
        "Deporte",
        1,
    )
    assert opening.is_opening
    assert opening.receipt_number


async def test_a_proposal_sent_twice_is_one(town: Municipality) -> None:
    """The same form again gives back what it made."""
    found = await call(town)
    first, second = [
        await propose(
            town.ana, found, title="Una cancha", body="Con luces.", now=NOW, request_key="k"
        )
        for _time in range(2)
    ]
    assert first.id == second.id
    assert await Thread.of(town.entity.id).filter(kind=PROPOSAL_KIND).count() == 1


async def test_what_cannot_be_proposed(town: Municipality) -> None:
    """Not after closing, not under an unknown category, not in a consultation about a text."""
    with pytest.raises(PhaseClosed):
        await propose(town.ana, await call(town, closed=True), title="T", body="B", now=NOW)
    with pytest.raises(BadInput):
        await propose(town.ana, await call(town), title="T", body="B", category="Otra", now=NOW)
    about_text = (await import_text(town.process)).opened.consultation
    with pytest.raises(BadInput):
        await propose(town.ana, about_text, title="T", body="B", now=NOW)


async def test_a_neighbour_cannot_propose_here(town: Municipality) -> None:
    """Somebody of another entity does not find the process."""
    with pytest.raises(NotFound):
        await propose(town.nora, await call(town), title="T", body="B", now=NOW)


async def test_two_calls_of_one_name(town: Municipality) -> None:
    """A process has no two consultations of the same title."""
    await call(town)
    with pytest.raises(Conflict):
        await call(town)


async def test_cards_have_a_fixed_cost(town: Municipality) -> None:
    """Home shows what there is to comment and propose, with its counts, at a fixed cost."""
    await import_text(town.process)
    found = await call(town)
    thread = await thread_about(town.process, "eje-1")
    await publish(town.ana, thread.id, Said("Una."), now=NOW)
    for title in ("Una cancha", "Un teatro"):
        opening = await propose(town.ana, found, title=title, body="Sí.", now=NOW)
    await publish(town.beto, opening.thread_id, Said("Bien."), now=NOW)
    async with statements() as run:
        cards = await cards_of(town.entity.id, [town.process.id, town.closed_process.id])
    assert len(run) == 3
    assert [(c.url, c.activity, str(c.fact)) for c in cards] == [
        ("/procesos/plan/plan", COMMENT, "4 apartados, 1 aporte"),
        (f"/consultas/{found.id}/propuestas", PROPOSE, "2 propuestas, 1 comentario"),
    ]
    assert await cards_of(town.neighbour.id, [town.process.id]) == []


async def test_importing_without_an_outer_name(town: Municipality) -> None:
    """The title given to the import names plan and consultation alike."""
    prepared = await prepare(parse_plan(PLAN), PLAN)
    imported = await import_plan(
        prepared, entity_id=town.entity.id, process_id=town.process.id, now=NOW,
        title="Plan 2028", question="¿Qué cambiaría?",
    )  # fmt: skip
    consultation = imported.opened.consultation
    assert (imported.published.plan.title, consultation.title) == ("Plan 2028", "Plan 2028")
    assert consultation.question == "¿Qué cambiaría?"
