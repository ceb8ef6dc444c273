"""Reviewing a draft and correcting a published report: what is counted, kept and refused."""

import pytest

from participa.deliberation.models import Contribution
from participa.insights.correcting import correct_report
from participa.insights.documents import read_document
from participa.insights.editing import Change, EditKind
from participa.insights.figures import stored_figures
from participa.insights.models import Cluster, Edit, Part, ReportMember, ResultReport
from participa.insights.queries import report_by_id, report_by_number, report_listing, themes_in
from participa.insights.reviewing import (
    ChangedMeanwhile,
    edit_report,
    new_number,
    rename_themes,
    undo_edit,
)
from participa.insights.rules import balanced
from participa.insights.service import answer_theme, publish_report
from participa.web.refusals import BadInput, Conflict, NotFound
from tests.insights.reporting import (
    ROADS,
    SINGLES,
    WATER,
    drafted,
    published,
    quick_grouping,
    say,
    say_all,
)
from tests.people import NOW, Municipality

__all__ = ["quick_grouping"]
pytestmark = pytest.mark.usefixtures("quick_grouping")
MERGE = Change(EditKind.MERGE, theme=2, into=1)


async def two_themes(town: Municipality) -> tuple[ResultReport, list[Contribution]]:
    """Draft a report of twelve texts on water, one of them sent twice, seven on roads, two more."""
    said = await say_all(town, [*WATER, WATER[0], *ROADS[:5], *ROADS[7:9], *SINGLES[:2]])
    return await drafted(town), said


async def state_of(report: ResultReport) -> list[tuple[int, int, str, int, float | None]]:
    """Give what the figures say of each theme shown."""
    found = []
    for theme in await themes_in(report):
        figures = stored_figures(theme.figures)
        found.append((theme.number, theme.position, theme.name, figures.contributions, figures.low))
    return found


async def fresh(report: ResultReport) -> ResultReport:
    return await report_by_id(report.entity_id, report.id)


async def test_merging_counts_anew_and_is_undone(town: Municipality) -> None:
    """Figures, ledger, digest and places follow; undone, everything is as it was built."""
    draft, _said = await two_themes(town)
    built, parts = await state_of(draft), await Part.filter(report_id=draft.id).values()
    await edit_report(town.diego, draft.id, MERGE, seen=0, reason="Es lo mismo", now=NOW)
    merged = await fresh(draft)
    ((number, position, _name, count, low),) = await state_of(draft)
    assert (number, position, count) == (1, 1, built[0][3] + built[1][3])
    assert low is not None
    assert balanced(merged.ledger)
    assert (merged.digest != draft.digest, merged.input_digest) == (True, draft.digest)
    document = await read_document(merged)
    assert [note.reason for note in document.themes[0].edits] == ["Es lo mismo"]
    assert len(document.themes[0].quotes) == 6
    await undo_edit(town.alma, draft.id, 1, seen=1, now=NOW)
    undone = await fresh(draft)
    assert (undone.digest, undone.ledger, undone.figures) == (
        draft.digest, draft.ledger, draft.figures,
    )  # fmt: skip
    assert await state_of(draft) == built
    assert await Part.filter(report_id=draft.id).values() == parts
    (edit,) = await Edit.filter(report_id=draft.id)
    assert (edit.made_by, edit.undone_by) == ("Diego, Secretaría de Planeación", "Alma")


async def test_a_part_becomes_a_theme(town: Municipality) -> None:
    """With its own figures; what it leaves behind is counted without it."""
    draft, _said = await two_themes(town)
    change = Change(EditKind.SPLIT, parts=(1,), new=await new_number(draft), name="Turbia")
    await edit_report(town.diego, draft.id, change, seen=0, now=NOW)
    assert {(n, name, count) for n, _p, name, count, _low in await state_of(draft)} == {
        (1, "", 6), (2, "", 7), (3, "Turbia", 7),
    }  # fmt: skip
    theme = next(t for t in (await read_document(await fresh(draft))).themes if t.number == 3)
    assert (theme.by_hand, [part.number for part in theme.parts]) == (True, [1])
    await undo_edit(town.diego, draft.id, 1, seen=1, now=NOW)
    assert [count for _n, _p, _name, count, _low in await state_of(draft)] == [13, 7]


async def test_moving_keeps_the_ledger(town: Municipality) -> None:
    """A text goes with its copies, to a theme or to what was heard once; quotes go along."""
    draft, said = await two_themes(town)
    away = Change(EditKind.MOVE, contributions=(said[0].id,))
    await edit_report(town.diego, draft.id, away, seen=0, now=NOW)
    moved = await fresh(draft)
    assert balanced(moved.ledger)
    assert moved.ledger["once"] == draft.ledger["once"] + 1
    assert moved.ledger["repeated"] == draft.ledger["repeated"] == 1
    members = await ReportMember.filter(report_id=draft.id, standing="once")
    assert {said[0].id, said[12].id} <= {member.contribution_id for member in members}
    quoted = [q.words for theme in (await read_document(moved)).themes for q in theme.quotes]
    assert WATER[0] not in quoted
    home = Change(EditKind.MOVE, contributions=(said[0].id, said[-1].id), into=2)
    await edit_report(town.diego, draft.id, home, seen=1, now=NOW)
    assert [count for _n, _p, _name, count, _low in await state_of(draft)] == [11, 10]
    assert WATER[0] in [q.words for q in (await read_document(await fresh(draft))).themes[1].quotes]


async def test_what_is_refused_leaves_everything(town: Municipality) -> None:
    """Too few people, what is not there, what others changed meanwhile, a published report."""
    draft, said = await two_themes(town)
    built = await state_of(draft)
    for change in (
        Change(EditKind.SPLIT, contributions=(said[0].id,), new=3, name="Uno"),
        Change(EditKind.MERGE, theme=9, into=1),
        Change(EditKind.MOVE, contributions=(999_999,), into=1),
    ):
        with pytest.raises(BadInput):
            await edit_report(town.diego, draft.id, change, seen=0, now=NOW)
    await edit_report(town.diego, draft.id, MERGE, seen=0, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        await rename_themes(
            town.alma, draft.id, title="T", introduction="", names={}, now=NOW, seen=0
        )
    with pytest.raises(NotFound):
        await edit_report(town.nico, draft.id, MERGE, seen=1, now=NOW)
    with pytest.raises(NotFound):
        await undo_edit(town.diego, draft.id, 7, seen=1, now=NOW)
    await undo_edit(town.diego, draft.id, 1, seen=1, now=NOW)
    assert await state_of(draft) == built
    await publish_report(town.diego, draft.id, NOW)
    with pytest.raises(Conflict):
        await edit_report(town.diego, draft.id, MERGE, seen=2, now=NOW)


async def test_what_others_build_upon_is_not_undone(town: Municipality) -> None:
    """A theme that took in another cannot be taken back before that one left it."""
    draft, _said = await two_themes(town)
    split = Change(EditKind.SPLIT, parts=(1,), new=3, name="Turbia")
    await edit_report(town.diego, draft.id, split, seen=0, now=NOW)
    into = Change(EditKind.MERGE, theme=2, into=3)
    await edit_report(town.diego, draft.id, into, seen=1, now=NOW)
    with pytest.raises(BadInput):
        await undo_edit(town.diego, draft.id, 1, seen=2, now=NOW)
    await undo_edit(town.diego, draft.id, 2, seen=2, now=NOW)
    await undo_edit(town.diego, draft.id, 1, seen=3, now=NOW)
    assert [count for _n, _p, _name, count, _low in await state_of(draft)] == [13, 7]


async def test_a_correction_is_a_new_version(town: Municipality) -> None:
    """The published one does not change; the new one keeps number, edits, answers and members."""
    await say_all(town, [*WATER, *ROADS[:5], *ROADS[7:9]])
    first = await published(town)
    water = (await themes_in(first))[0]
    await answer_theme(town.diego, water.id, "accepted", "Sí.", NOW)
    before = await read_document(await fresh(first))
    draft = await correct_report(town.diego, first.id, "Unimos dos temas.", NOW)
    assert (await correct_report(town.diego, first.id, "Otra vez.", NOW)).id == draft.id
    assert await state_of(draft) == await state_of(first)
    await edit_report(town.diego, draft.id, MERGE, seen=draft.edit_count, now=NOW)
    second = await publish_report(town.diego, draft.id, NOW)
    assert (second.public_number, second.version, second.number) == (1, 2, 2)
    document = await read_document(await report_by_number(town.entity.id, 1, 2))
    assert (document.correction, len(document.corrected)) == ("Unimos dos temas.", 1)
    assert [theme.answer is not None for theme in document.themes] == [True]
    old = await read_document(await report_by_number(town.entity.id, 1))
    assert old.newer is not None
    assert (old.newer.url, old.themes, old.digest) == (
        "/informes/1/v2", before.themes, before.digest,
    )  # fmt: skip
    assert [item.url for item in (await report_listing(town.entity.id, None)).items] == [
        "/informes/1/v2"
    ]
    with pytest.raises(Conflict):
        await correct_report(town.diego, first.id, "Tarde.", NOW)
    with pytest.raises(BadInput):
        await correct_report(town.diego, second.id, " ", NOW)


async def test_one_who_sent_a_letter_counts_as_a_campaign(town: Municipality) -> None:
    """What three people sent is said beside the theme, once as text."""
    for who in (town.ana, town.beto, town.carmen):
        await say(town, WATER[1], actor=who)
    await say_all(town, WATER[:1])
    theme = (await read_document(await fresh(await drafted(town)))).themes[0]
    ((words, count, people),) = [(c.text.words, c.contributions, c.people) for c in theme.campaigns]
    assert (words, count, people) == (WATER[1], 3, 3)
    assert theme.figures.distinct.contributions == 2


async def test_an_edit_reads_and_writes_little(town: Municipality) -> None:
    """Merged themes are still there, out of the places, for when it is undone."""
    draft, _said = await two_themes(town)
    await edit_report(town.diego, draft.id, MERGE, seen=0, now=NOW)
    gone = await Cluster.of(town.entity.id).get(report_id=draft.id, number=2)
    assert (gone.is_merged, gone.position) == (True, -2)
