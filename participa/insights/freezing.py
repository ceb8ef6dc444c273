"""Writing a built report down: its themes, members, quotes and figures, in one transaction."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from participa.db import transaction
from participa.insights.figures import figures_of
from participa.insights.models import Cluster, Quote, ReportMember, ResultReport
from participa.insights.placing import Place
from participa.insights.reading import Reading, Source
from participa.insights.rules import BUILDABLE, ReportState, Standing, balanced, exact_quote

if TYPE_CHECKING:
    from participa.insights.condense import Condensed, Theme

_BATCH = 500


async def freeze(
    report: ResultReport, reading: Reading, condensed: "Condensed", places: Sequence[Place]
) -> None:
    """Turn a report under construction into a draft.

    When a parallel build of the same report was first, nothing is written.
    """
    sources = {source.id: source for source in reading.sources}
    ledger = _ledger(reading, places)
    if not balanced(ledger):
        raise RuntimeError(f"the ledger does not add up: {ledger}")
    clusters = _clusters(report, condensed, sources, places)
    async with transaction():
        waiting = ResultReport.of(report.entity_id).filter(id=report.id, state__in=BUILDABLE)
        taken = await waiting.update(
            state=ReportState.DRAFT,
            progress=100,
            error="",
            engine=condensed.engine,
            seed=condensed.seed,
            digest=condensed.digest,
            ledger=ledger,
            figures=_whole(sources, places, len(clusters)),
        )
        if not taken:
            return
        await Cluster.bulk_create(clusters)
        rows = Cluster.of(report.entity_id).filter(report_id=report.id).order_by("position")
        ids = [cluster.id for cluster in await rows]
        members = _members(report, sources, places, ids)
        await ReportMember.bulk_create(members, batch_size=_BATCH)
        await Quote.bulk_create(_quotes(report, condensed, sources, ids), batch_size=_BATCH)


def _ledger(reading: Reading, places: Sequence[Place]) -> dict[str, int]:
    def count(standing: Standing) -> int:
        return sum(p.standing is standing and p.duplicate_of is None for p in places)

    return {
        "received": reading.received,
        "in_themes": count(Standing.THEME),
        "once": count(Standing.ONCE),
        "repeated": sum(p.duplicate_of is not None for p in places),
        "empty": count(Standing.EMPTY),
        **reading.left_out,
    }


def _whole(sources: dict[int, Source], places: Sequence[Place], themes: int) -> dict[str, object]:
    return figures_of(
        (source.counted for source in sources.values()),
        of_all=len(sources),
        repeated=_repeated(places),
        themes=themes,
    ).as_json()


def _repeated(places: Iterable[Place]) -> int:
    return sum(p.duplicate_of is not None for p in places)


def _clusters(
    report: ResultReport,
    condensed: "Condensed",
    sources: dict[int, Source],
    places: Sequence[Place],
) -> list[Cluster]:
    # Brings numpy, which the web process does without.
    from participa.insights.intervals import share_intervals

    voices = [sources[p.text_id].counted.voice for p in places]
    themes = [p.theme for p in places]
    intervals = share_intervals(voices, themes, len(condensed.themes))
    by_theme: dict[int | None, list[Place]] = {}
    for p in places:
        by_theme.setdefault(p.theme, []).append(p)
    return [
        _cluster(report, number, theme, by_theme[number], sources, intervals[number])
        for number, theme in enumerate(condensed.themes)
    ]


def _cluster(
    report: ResultReport,
    number: int,
    theme: "Theme",
    places: Sequence[Place],
    sources: dict[int, Source],
    interval: tuple[float, float] | None,
) -> Cluster:
    figures = figures_of(
        (sources[p.text_id].counted for p in places),
        of_all=len(sources),
        repeated=_repeated(places),
        interval=interval,
    )
    return Cluster(
        entity_id=report.entity_id,
        report_id=report.id,
        position=number + 1,
        words=list(theme.words),
        stability=theme.stability,
        figures=figures.as_json(),
    )


def _members(
    report: ResultReport,
    sources: dict[int, Source],
    places: Sequence[Place],
    cluster_ids: Sequence[int],
) -> list[ReportMember]:
    return [
        ReportMember(
            entity_id=report.entity_id,
            report_id=report.id,
            cluster_id=None if p.theme is None else cluster_ids[p.theme],
            contribution_id=p.text_id,
            standing=p.standing,
            rank=p.rank,
            support_count=sources[p.text_id].support_count,
            duplicate_of=p.duplicate_of,
        )
        for p in places
    ]


def _quotes(
    report: ResultReport,
    condensed: "Condensed",
    sources: dict[int, Source],
    cluster_ids: Sequence[int],
) -> list[Quote]:
    quotes = []
    for cluster_id, theme in zip(cluster_ids, condensed.themes, strict=True):
        for position, quote in enumerate(theme.quotes):
            source = sources[quote.text_id]
            if words := exact_quote(quote.words, source.title, source.body):
                quotes.append(
                    Quote(
                        entity_id=report.entity_id,
                        cluster_id=cluster_id,
                        contribution_id=source.id,
                        position=position,
                        role=quote.role,
                        words=words,
                    )
                )
    return quotes
