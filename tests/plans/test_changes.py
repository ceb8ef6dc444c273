"""What a version changed: new, changed, moved and gone, in the order of the later text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from participa.kit.diffs import Piece, condensed, word_diff
from participa.plans.changes import (
    Change,
    Standing,
    changed_sections,
    changes_between,
    compared,
    last_change,
    versions_of,
)
from participa.plans.queries import Entry, latest_text
from tests.consultations.consulting import PLAN, section_called
from tests.people import Municipality
from tests.plans.test_service import publish

WELLS = "## Programa 1.1. Pozos\n\nUn pozo profundo para cada escuela rural.\n\n"
SECOND = (
    PLAN.replace("Meta 1.1.1", "Meta 1.2.1").replace("Programa 1.1", "Programa 1.2")
    .replace("## Programa", f"{WELLS}## Programa", 1)
    .replace("Diez filtros nuevos", "Doce filtros nuevos")
    .replace("Las vías", "La escuela").replace("Vías para sacar la cosecha", "Más aulas")
)  # fmt: skip


async def test_what_a_version_changed(town: Municipality) -> None:
    """Each change has its kind; what is gone stands where it stood; going back is the inverse."""
    first = await publish(town.process)
    assert await changed_sections(town.entity.id, first.plan.id, 1) == []
    second = await publish(town.process, SECOND)
    found = await changed_sections(town.entity.id, second.plan.id, 2)
    assert [(each.change, each.entry.number, each.entry.title) for each in found] == [
        (Change.NEW, "1.1", "Pozos"),
        (Change.MOVED, "1.2", "Acueductos"),
        (Change.CHANGED, "1.2.1", "Filtros"),
        (Change.GONE, "2", "Las vías"),
        (Change.NEW, "2", "La escuela"),
    ]
    after, before = await versions_of(town.entity.id, town.process.id)
    back = await changes_between(after, before)
    assert [each.change for each in back] == [
        Change.GONE, Change.MOVED, Change.CHANGED, Change.GONE, Change.NEW,
    ]  # fmt: skip
    assert await changes_between(after, after) == []


async def test_the_last_version_that_changed_a_section(town: Municipality) -> None:
    """It is known with the one before; a number alone and spaces alone are no change of words."""
    await publish(town.process)
    filters = await section_called(town.process, "meta-1-1-1")
    pipes = await section_called(town.process, "programa-1-1")
    await publish(town.process, SECOND)
    await publish(town.process, SECOND.replace("Doce filtros nuevos", "Doce  filtros\nnuevos"))
    assert await last_change(await latest_text(town.entity.id, filters.id)) == (1, 2)
    assert await last_change(await latest_text(town.entity.id, pipes.id)) is None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 20), unique=True), st.lists(st.integers(0, 20), unique=True))
def test_every_section_is_told_once(before: list[int], after: list[int]) -> None:
    """Each section that is not the same in both is named once, and no other."""

    def standing(ids: list[int]) -> list[Standing]:
        entries = [
            Entry(each, place, 0, place, place, None, "meta", "", "", f"Meta {each}")
            for place, each in enumerate(ids)
        ]
        return [Standing(entry, "texto") for entry in entries]

    found = compared(standing(before), standing(after))
    told = [each.entry.section_id for each in found]
    assert len(told) == len(set(told))
    kinds = {each.entry.section_id: each.change for each in found}
    assert {each for each in kinds if kinds[each] is Change.NEW} == set(after) - set(before)
    assert {each for each in kinds if kinds[each] is Change.GONE} == set(before) - set(after)
    stayed = [each for each in after if each in before and each not in kinds]
    assert stayed == [each for each in before if each in stayed]


def test_changes_with_little_around_them() -> None:
    """A list shows the changes with the words beside them, and not all of a long one."""
    same = " ".join(f"palabra{n}" for n in range(100))
    shown = condensed(word_diff(f"{same} diez {same}", f"{same} doce {same}"), 20, 100)
    assert shown == (
        Piece("same", "… palabra99 "),
        Piece("out", "diez "),
        Piece("in", "doce "),
        Piece("same", "palabra0 palabra1 …"),
    )
    assert condensed([Piece("in", "a" * 50)], 20, 10) == (Piece("in", "a" * 10 + "…"),)
