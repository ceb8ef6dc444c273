"""Writing a built report down: its themes, members, quotes and figures, in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from participa.db import transaction
from participa.entities.census import population_of
from participa.insights.census import as_json, by_area
from participa.insights.figures import Counting, Item
from participa.insights.models import Cluster, Part, Quote, ReportMember, ResultReport
from participa.insights.placing import Place
from participa.insights.reading import Reading, Source
from participa.insights.rules import BUILDABLE, ReportState, balanced, exact_quote, ledger_of

if TYPE_CHECKING:
    from participa.insights.condense import Condensed
    from participa.insights.condense import Quote as Chosen

_BATCH = 500


async def freeze(
    report: ResultReport, reading: Reading, condensed: "Condensed", places: Sequence[Place]
) -> None:
    """Turn a report under construction into a draft.

    When a parallel build of the same report was first, nothing is written.
    """
    sources = {source.id: source for source in reading.sources}
    ledger = reading.left_out | ledger_of((p.standing, p.duplicate_of is not None) for p in places)
    ledger["received"] = reading.received
    if not balanced(ledger):
        raise RuntimeError(f"the ledger does not add up: {ledger}")
    items = {p.text_id: replace(sources[p.text_id].item, first=p.duplicate_of) for p in places}
    counting = Counting(items.values())
    clusters = _clusters(report, condensed, counting, _by_theme(places, items))
    whole = counting.whole(len(clusters))
    population = await population_of(report.entity_id)
    heard = {area: count.people for area, count in whole.areas.items()}
    async with transaction():
        waiting = ResultReport.of(report.entity_id).filter(id=report.id, state__in=BUILDABLE)
        taken = await waiting.update(
            state=ReportState.DRAFT,
            progress=100,
            error="",
            engine=condensed.engine,
            seed=condensed.seed,
            digest=condensed.digest,
            input_digest=condensed.digest,
            read_up_to=reading.read_up_to,
            ledger=ledger,
            figures=whole.as_json(),
            census=as_json(by_area(population, heard)) or None,
        )
        if not taken:
            return
        await Cluster.bulk_create(clusters)
        rows = Cluster.of(report.entity_id).filter(report_id=report.id).order_by("position")
        ids = [cluster.id for cluster in await rows]
        await Part.bulk_create(_parts(report, condensed, counting, _by_part(places, items), ids))
        parts = Part.of(report.entity_id).filter(report_id=report.id).order_by("number")
        part_ids = [part.id for part in await parts]
        members = _members(report, sources, places, ids, part_ids)
        await ReportMember.bulk_create(members, batch_size=_BATCH)
        quotes = _quotes(report, condensed, sources, ids, part_ids)
        await Quote.bulk_create(quotes, batch_size=_BATCH)


def _by_theme(places: Iterable[Place], items: dict[int, Item]) -> dict[int, list[Item]]:
    found: dict[int, list[Item]] = {}
    for p in places:
        if p.theme is not None:
            found.setdefault(p.theme, []).append(items[p.text_id])
    return found


def _by_part(places: Iterable[Place], items: dict[int, Item]) -> dict[int, list[Item]]:
    found: dict[int, list[Item]] = {}
    for p in places:
        if p.part is not None:
            found.setdefault(p.part, []).append(items[p.text_id])
    return found


def _clusters(
    report: ResultReport,
    condensed: "Condensed",
    counting: Counting,
    items: dict[int, list[Item]],
) -> list[Cluster]:
    return [
        Cluster(
            entity_id=report.entity_id,
            report_id=report.id,
            number=number,
            position=number,
            words=list(theme.words),
            stability=theme.stability,
            figures=counting.part(items[number - 1]).as_json(),
        )
        for number, theme in enumerate(condensed.themes, 1)
    ]


def _parts(
    report: ResultReport,
    condensed: "Condensed",
    counting: Counting,
    items: dict[int, list[Item]],
    cluster_ids: Sequence[int],
) -> list[Part]:
    parts = [
        (cluster_id, part)
        for cluster_id, theme in zip(cluster_ids, condensed.themes, strict=True)
        for part in theme.parts
    ]
    return [
        Part(
            entity_id=report.entity_id,
            report_id=report.id,
            cluster_id=cluster_id,
            number=number,
            words=list(part.words),
            stability=part.stability,
            figures=counting.part(items[number - 1]).as_json(),
        )
        for number, (cluster_id, part) in enumerate(parts, 1)
    ]


def _members(
    report: ResultReport,
    sources: dict[int, Source],
    places: Sequence[Place],
    cluster_ids: Sequence[int],
    part_ids: Sequence[int],
) -> list[ReportMember]:
    return [
        ReportMember(
            entity_id=report.entity_id,
            report_id=report.id,
            cluster_id=None if p.theme is None else cluster_ids[p.theme],
            part_id=None if p.part is None else part_ids[p.part],
            built_theme=None if p.theme is None else p.theme + 1,
            built_part=None if p.part is None else p.part + 1,
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
    part_ids: Sequence[int],
) -> list[Quote]:
    quotes = []
    left = iter(part_ids)
    for cluster_id, theme in zip(cluster_ids, condensed.themes, strict=True):
        chosen: list[tuple[int | None, Chosen]] = [(None, quote) for quote in theme.quotes]
        chosen += [(next(left), part.quote) for part in theme.parts]
        for position, (part_id, quote) in enumerate(chosen):
            source = sources[quote.text_id]
            if words := exact_quote(quote.words, source.title, source.body):
                quotes.append(
                    Quote(
                        entity_id=report.entity_id,
                        cluster_id=cluster_id,
                        part_id=part_id,
                        contribution_id=source.id,
                        position=position,
                        role=quote.role,
                        words=words,
                    )
                )
    return quotes
