"""Preparing, naming, publishing and answering reports."""

import asyncio

import pytest

from participa.audit import AuditRecord
from participa.insights.building import build_report
from participa.insights.models import Cluster, Quote, ReportMember, ResultReport
from participa.insights.queries import outcome_of, report_listing, theme_of, unpublished_reports
from participa.insights.reviewing import rename_themes
from participa.insights.service import (
    BUILD_REPORT,
    answer_theme,
    prepare_report,
    publish_report,
)
from participa.jobs import Job
from participa.web.refusals import BadInput, Conflict, NotFound
from tests.insights.reporting import ROADS, WATER, drafted, published, quick_grouping, say_all
from tests.people import NOW, Municipality

__all__ = ["quick_grouping"]
quick = pytest.mark.usefixtures("quick_grouping")


async def clusters_of(report: ResultReport) -> list[Cluster]:
    return await Cluster.of(report.entity_id).filter(report_id=report.id).order_by("position")


async def acts(town: Municipality) -> list[str]:
    rows = await AuditRecord.of(town.entity.id).filter(action__startswith="insights.")
    return [row.action for row in rows]


async def test_preparing_asks_for_the_work(town: Municipality) -> None:
    """The report waits in the queue, with its job, and the act is in the log."""
    report = await prepare_report(town.diego, town.process.id, NOW, "k1")
    assert (report.state, report.number) == ("queued", None)
    job = await Job.get(name=BUILD_REPORT)
    assert job.arguments == {"entity_id": town.entity.id, "report_id": report.id}
    assert await acts(town) == ["insights.prepare_report"]


@quick
async def test_preparing_twice_is_once(town: Municipality) -> None:
    """The same form, or asking while one is under way, gives the same report; later, a new one."""
    first = await prepare_report(town.diego, town.process.id, NOW, "k1")
    again = await prepare_report(town.diego, town.process.id, NOW, "k1")
    meanwhile = await prepare_report(town.alma, town.process.id, NOW, "k2")
    assert first.id == again.id == meanwhile.id
    assert await Job.all().count() == 1
    await build_report(town.entity.id, first.id)
    assert (await prepare_report(town.diego, town.process.id, NOW, "k1")).id == first.id
    assert (await prepare_report(town.diego, town.process.id, NOW, "k3")).id != first.id


async def test_another_process_s_key_is_refused(town: Municipality) -> None:
    """A key used for one process makes no report of another."""
    await say_all(town, WATER[:1])
    await prepare_report(town.diego, town.process.id, NOW, "k1")
    with pytest.raises(Conflict):
        await prepare_report(town.diego, town.closed_process.id, NOW, "k1")


async def test_a_refused_wish_leaves_no_job(town: Municipality) -> None:
    """A process of another entity is not found; one without contributions has nothing to group."""
    with pytest.raises(NotFound):
        await prepare_report(town.diego, town.neighbour_process.id, NOW)
    with pytest.raises(Conflict):
        await prepare_report(town.diego, town.closed_process.id, NOW)
    assert await Job.all().count() == 0
    assert await acts(town) == []


@quick
async def test_publishing_freezes_under_a_number(town: Municipality) -> None:
    """Numbers follow publication without gaps; publishing twice gives the same."""
    first, second = await drafted(town), await drafted(town)
    assert first.id != second.id
    late = await publish_report(town.diego, second.id, NOW)
    assert (late.number, late.state, late.published_at) == (1, "published", NOW)
    assert late.published_by == "Diego, Secretaría de Planeación"
    assert (await publish_report(town.diego, first.id, NOW)).number == 2
    again = await publish_report(town.alma, second.id, NOW.replace(year=2027))
    assert (again.number, again.published_at) == (1, NOW)
    assert (await acts(town)).count("insights.publish_report") == 2


@quick
async def test_publishing_and_preparing_at_once(town: Municipality) -> None:
    """Parallel publications get numbers without gaps; a form sent twice at once is one report."""
    drafts = [await drafted(town) for _time in range(4)]
    done = await asyncio.gather(*(publish_report(town.diego, d.id, NOW) for d in drafts))
    assert sorted(report.number or 0 for report in done) == [1, 2, 3, 4]
    asked = await asyncio.gather(
        *(prepare_report(town.diego, town.process.id, NOW, "k9") for _time in range(3))
    )
    assert len({report.id for report in asked}) == 1


async def test_only_a_draft_can_be_published(town: Municipality) -> None:
    """A queued report is refused; another entity's is not found."""
    report = await prepare_report(town.diego, town.process.id, NOW)
    with pytest.raises(Conflict):
        await publish_report(town.diego, report.id, NOW)
    with pytest.raises(NotFound):
        await publish_report(town.nico, report.id, NOW)
    with pytest.raises(NotFound):
        await publish_report(town.diego, 999_999, NOW)


@quick
async def test_naming_themes(town: Municipality) -> None:
    """Title, introduction and names are kept; the program's own name is not a person's."""
    await say_all(town, [*WATER[:4], *ROADS[:4]])
    draft = await drafted(town)
    water, roads = await clusters_of(draft)
    names = {water.id: "Agua para todos", roads.id: "Vía, vereda, pronto"}
    for _time in range(2):
        await rename_themes(
            town.diego, draft.id, title="Lo dicho", introduction="Léalo.", names=names, now=NOW
        )
    water, roads = await clusters_of(draft)
    assert (water.name, roads.name) == ("Agua para todos", "")
    assert (await ResultReport.of(town.entity.id).get(id=draft.id)).title == "Lo dicho"
    assert (await acts(town)).count("insights.rename_themes") == 1


@quick
async def test_a_published_report_keeps_its_names(town: Municipality) -> None:
    """After publication nothing can be renamed; nor can a theme of another report, or entity."""
    await say_all(town, WATER[:4])
    draft, other = await drafted(town), await drafted(town)
    (theme,) = await clusters_of(other)
    change = {"title": "Otro", "introduction": "", "now": NOW}
    with pytest.raises(BadInput):
        await rename_themes(town.diego, draft.id, names={theme.id: "x"}, **change)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        await rename_themes(town.nico, draft.id, names={}, **change)  # type: ignore[arg-type]
    await publish_report(town.diego, draft.id, NOW)
    with pytest.raises(Conflict):
        await rename_themes(town.diego, draft.id, names={}, **change)  # type: ignore[arg-type]


@quick
async def test_answering_a_theme(town: Municipality) -> None:
    """An answer is published with its reasons, sanitised, and each wording is in the log."""
    await say_all(town, WATER[:4])
    report = await published(town)
    (theme,) = await clusters_of(report)
    for _time in range(2):
        await answer_theme(town.diego, theme.id, "partly", "Hay **plata** <script>", NOW)
    await answer_theme(town.diego, theme.id, "accepted", "Hay plata.", NOW)
    theme = await Cluster.of(town.entity.id).get(id=theme.id)
    assert (theme.answer_decision, theme.answer_office) == ("accepted", "Secretaría de Planeación")
    assert theme.answer_html == "<p>Hay plata.</p>"
    logged = await AuditRecord.of(town.entity.id).filter(action="insights.answer_theme")
    assert [row.reason for row in logged] == [
        "partly: Hay **plata** <script>", "accepted: Hay plata.",
    ]  # fmt: skip


@quick
async def test_answers_that_are_refused(town: Municipality) -> None:
    """Unknown decisions, answers without reasons, and other entities' themes are refused."""
    await say_all(town, WATER[:4])
    (theme,) = await clusters_of(await published(town))
    for decision, answer in (("perhaps", "Sí."), ("accepted", "  ")):
        with pytest.raises(BadInput):
            await answer_theme(town.diego, theme.id, decision, answer, NOW)
    with pytest.raises(NotFound):
        await answer_theme(town.nico, theme.id, "accepted", "Sí.", NOW)
    assert not (await Cluster.of(town.entity.id).get(id=theme.id)).answer


@quick
async def test_the_log_does_not_name_drafts(town: Municipality) -> None:
    """What is not public yet is not named in the public log (T23)."""
    await say_all(town, WATER[:4])
    draft = await drafted(town)
    await rename_themes(
        town.diego, draft.id, title="Palabra secreta", introduction="", names={}, now=NOW
    )
    (theme,) = await clusters_of(draft)
    await answer_theme(town.diego, theme.id, "accepted", "Razón secreta", NOW)
    for row in await AuditRecord.of(town.entity.id):
        assert "secreta" not in row.object_label + row.reason


@quick
async def test_what_other_features_learn(town: Municipality) -> None:
    """A contribution knows its theme, a process its outcome, once published; not the neighbour."""
    water = await say_all(town, WATER[:4])
    (single,) = await say_all(town, ["Que vuelva la banda."])
    ids = [water[0].id, single.id]
    draft = await drafted(town)
    assert await theme_of(town.entity.id, ids) == {}
    assert await outcome_of(town.entity.id, town.process.id) is None
    waiting = await unpublished_reports(town.entity.id)
    assert [item.url for item in waiting[town.process.id]] == [f"/gestion/informes/{draft.id}"]
    await publish_report(town.diego, draft.id, NOW)
    (theme,) = await clusters_of(draft)
    await answer_theme(town.diego, theme.id, "accepted", "Sí.", NOW)
    links = await theme_of(town.entity.id, ids)
    assert links[water[0].id].url == "/informes/1#tema-1"
    assert links[water[0].id].answer_office == "Secretaría de Planeación"
    assert links[single.id].url == "/informes/1#una-vez"
    outcome = await outcome_of(town.entity.id, town.process.id)
    assert outcome is not None
    assert [link.label for link in outcome.themes] == ["Acueducto, vereda, pronto"]
    assert outcome.themes[0].share == pytest.approx(4 / 6, abs=0.0001)
    assert await theme_of(town.neighbour.id, ids) == {}
    assert await unpublished_reports(town.entity.id) == {}


@quick
async def test_the_list_is_cut_by_cursor(
    town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Published reports come latest first, page by page, each once."""
    monkeypatch.setattr("participa.insights.queries.PAGE_SIZE", 2)
    for _time in range(3):
        await published(town)
    first = await report_listing(town.entity.id, None)
    assert [item.number for item in first.items] == [3, 2]
    assert (first.first_url, first.next_url) == (None, "/informes?antes=2")
    second = await report_listing(town.entity.id, 2)
    assert ([item.number for item in second.items], second.next_url) == ([1], None)
    assert (await report_listing(town.neighbour.id, None)).items == []


@quick
async def test_a_hidden_process_has_no_public_report(town: Municipality) -> None:
    """Reports of an unpublished process are in no list and no trace."""
    (said,) = await say_all(town, WATER[:1])
    await published(town)
    town.process.is_published = False
    await town.process.save()
    assert (await report_listing(town.entity.id, None)).items == []
    assert await theme_of(town.entity.id, [said.id]) == {}
    assert await outcome_of(town.entity.id, town.process.id) is None


@quick
async def test_a_failed_build_says_why_and_leaves_nothing(
    town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure halfway through writing is told in words, leaves no rows, and can be repeated."""
    await say_all(town, WATER[:4])
    report = await prepare_report(town.diego, town.process.id, NOW)

    async def broken(*_rows: object, **_more: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(Quote, "bulk_create", broken)
        with pytest.raises(OSError, match="disk full"):
            await build_report(town.entity.id, report.id)
    report = await ResultReport.of(town.entity.id).get(id=report.id)
    assert (report.state, report.error[:21]) == ("failed", "El programa falló mie")
    assert await Cluster.all().count() + await ReportMember.all().count() == 0
    report = await build_report(town.entity.id, report.id)
    assert (report.state, report.error, report.progress) == ("draft", "", 100)
    assert await ReportMember.all().count() == 5


@quick
async def test_building_again_changes_nothing(town: Municipality) -> None:
    """A job that comes twice finds the draft and leaves it."""
    await say_all(town, WATER[:4])
    draft = await drafted(town)
    await say_all(town, ROADS[:4])
    again = await build_report(town.entity.id, draft.id)
    assert again.figures == draft.figures
    assert await ReportMember.all().count() == 5
    with pytest.raises(NotFound):
        await build_report(town.neighbour.id, draft.id)
