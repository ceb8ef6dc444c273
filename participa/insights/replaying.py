"""What a draft comes to: what was built, with the edits that stand applied, counted anew."""

from collections.abc import Sequence
from dataclasses import dataclass

from tortoise.expressions import F

from participa.i18n import _
from participa.insights.editing import Change, Draft, EditKind, Impossible, edited_digest
from participa.insights.editing import stored_change as stored
from participa.insights.figures import Counting, Figures, Item
from participa.insights.models import Cluster, Edit, Part, ReportMember, ResultReport
from participa.insights.reading import COUNTED, CountedRow
from participa.insights.rules import FEWEST_PEOPLE, MAX_NAME, Standing, balanced, ledger_of
from participa.web.refusals import BadInput

_CHUNK = 500
_MEMBER = (
    "id",
    "built_theme",
    "built_part",
    "standing",
    "duplicate_of",
    "cluster_id",
    "part_id",
    *(f"contribution__{name}" for name in COUNTED),
)


@dataclass(frozen=True, slots=True)
class _Member:
    """A member of a report as it stands, and how its contribution is counted."""

    id: int
    built_theme: int | None
    built_part: int | None
    standing: str
    cluster_id: int | None
    part_id: int | None
    item: Item


async def _members(report: ResultReport) -> list[_Member]:
    rows = ReportMember.of(report.entity_id).filter(report_id=report.id).order_by("id")
    zone = report.entity.zone
    found = []
    for values in await rows.values_list(*_MEMBER):
        number, theme, part, standing, first, cluster_id, part_id, *counted = values
        item = CountedRow(*counted).item(first, zone)
        found.append(_Member(number, theme, part, standing, cluster_id, part_id, item))
    return found


def _built(members: Sequence[_Member]) -> Draft:
    """Put everything back to where the program had it."""
    themes: dict[int, int] = {}
    parts: dict[int, int] = {}
    homes: dict[int, int] = {}
    copies: dict[int, list[int]] = {}
    for member in members:
        if member.item.first is not None:
            copies.setdefault(member.item.first, []).append(member.item.id)
        if member.built_theme is not None:
            themes[member.item.id] = member.built_theme
        if member.built_theme is not None and member.built_part is not None:
            parts[member.item.id] = member.built_part
            homes[member.built_part] = member.built_theme
    known = frozenset(m.item.id for m in members if m.standing != Standing.EMPTY)
    return Draft(themes, parts, homes, set(themes.values()), copies, known)


async def replay(report: ResultReport) -> None:
    """Apply all edits that stand, write where everything is now, and count it.

    Inside the transaction of the act that edited. Refuses with BadInput edits that cannot be
    applied one after the other, or that leave a theme of too few people.
    """
    members = await _members(report)
    draft, changes = _built(members), await _standing_changes(report)
    try:
        for change in changes:
            draft.apply(change)
    except Impossible as error:
        raise BadInput(
            _("Ese cambio no se puede hacer."),
            _("Nombra un grupo que ya no está, o del que salió otro: deshaga primero ese."),
        ) from error
    clusters = await _clusters(report, draft, changes)
    parts = {part.number: part for part in await _parts(report)}
    await _move(report, members, draft, clusters, parts)
    await _count(report, members, draft, clusters, parts)
    report.digest = edited_digest(report.input_digest, changes)
    await report.save(update_fields=["digest", "figures", "ledger"])


async def _standing_changes(report: ResultReport) -> list[Change]:
    rows = Edit.of(report.entity_id).filter(report_id=report.id, undone_at=None)
    return [stored(row.kind, row.detail) for row in await rows.order_by("number")]


async def _parts(report: ResultReport) -> list[Part]:
    return await Part.of(report.entity_id).filter(report_id=report.id)


async def _clusters(
    report: ResultReport, draft: Draft, changes: Sequence[Change]
) -> dict[int, Cluster]:
    """Give all themes by number; those that edits make and that are not there yet are made."""
    rows = Cluster.of(report.entity_id).filter(report_id=report.id)
    found = {cluster.number: cluster for cluster in await rows}
    words = {part.number: part.words for part in await _parts(report)}
    for change in changes:
        if change.kind is EditKind.SPLIT and change.new not in found:
            found[change.new] = await Cluster.create(
                entity_id=report.entity_id,
                report_id=report.id,
                number=change.new,
                position=-change.new,
                by_hand=True,
                words=words.get(change.parts[0], []) if len(change.parts) == 1 else [],
                stability=0.0,
            )
    for number, cluster in found.items():
        cluster.is_merged = number not in draft.themes
        cluster.name = draft.names.get(number, "")[:MAX_NAME]
    return found


async def _move(
    report: ResultReport,
    members: Sequence[_Member],
    draft: Draft,
    clusters: dict[int, Cluster],
    parts: dict[int, Part],
) -> None:
    """Write the members that stand elsewhere now, those of one place together."""
    moved: dict[tuple[int | None, int | None, str], list[int]] = {}
    for member in members:
        theme, part = draft.theme_of.get(member.item.id), draft.part_of.get(member.item.id)
        cluster_id = None if theme is None else clusters[theme].id
        part_id = None if part is None else parts[part].id
        if (member.cluster_id, member.part_id) != (cluster_id, part_id):
            moved.setdefault((cluster_id, part_id, _standing(member, theme)), []).append(member.id)
    for (cluster_id, part_id, standing), ids in moved.items():
        for start in range(0, len(ids), _CHUNK):
            rows = ReportMember.of(report.entity_id).filter(id__in=ids[start : start + _CHUNK])
            await rows.update(cluster_id=cluster_id, part_id=part_id, standing=standing)


def _standing(member: _Member, theme: int | None) -> Standing:
    if theme is not None:
        return Standing.THEME
    return Standing.EMPTY if member.standing == Standing.EMPTY else Standing.ONCE


async def _count(
    report: ResultReport,
    members: Sequence[_Member],
    draft: Draft,
    clusters: dict[int, Cluster],
    parts: dict[int, Part],
) -> None:
    counting = Counting(member.item for member in members)
    in_theme: dict[int, list[Item]] = {number: [] for number in clusters}
    in_part: dict[int, list[Item]] = {number: [] for number in parts}
    for member in members:
        if (theme := draft.theme_of.get(member.item.id)) is not None:
            in_theme[theme].append(member.item)
        if (part := draft.part_of.get(member.item.id)) is not None:
            in_part[part].append(member.item)
    figures = {number: counting.part(items) for number, items in in_theme.items()}
    _require_enough(draft, figures)
    await _write_themes(report, clusters, figures)
    for number, part_row in parts.items():
        part_row.cluster_id = clusters[draft.part_home.get(number, 0)].id
        part_row.figures = counting.part(in_part[number]).as_json()
    if parts:
        await Part.bulk_update(parts.values(), fields=["cluster_id", "figures"])
    report.figures = counting.whole(len(draft.themes)).as_json()
    report.ledger |= ledger_of(
        (_standing(m, draft.theme_of.get(m.item.id)), m.item.first is not None) for m in members
    )
    if not balanced(report.ledger):
        raise RuntimeError(f"the ledger does not add up: {report.ledger}")


def _require_enough(draft: Draft, figures: dict[int, Figures]) -> None:
    """Refuse a theme of so few people that it would point at them."""
    for number in sorted(draft.themes & draft.touched):
        if figures[number].people + figures[number].organisations < FEWEST_PEOPLE:
            raise BadInput(
                _("Quedaría un grupo de menos de {fewest} personas.", fewest=FEWEST_PEOPLE),
                _("Señalaría a quienes lo dijeron: únalo a otro o pase más aportes."),
            )


async def _write_themes(
    report: ResultReport, clusters: dict[int, Cluster], figures: dict[int, Figures]
) -> None:
    """Write the themes in their order by size; those merged away have no place."""
    shown = [number for number, cluster in clusters.items() if not cluster.is_merged]
    shown.sort(key=lambda number: (-figures[number].contributions, number))
    # No two themes may have one place, not even while this is written.
    rows = Cluster.of(report.entity_id).filter(report_id=report.id)
    await rows.update(position=F("number") * -1)
    for number, cluster in clusters.items():
        cluster.position = -number
        cluster.figures = figures[number].as_json()
    for place, number in enumerate(shown, 1):
        clusters[number].position = place
    if clusters:
        fields = ["position", "is_merged", "name", "figures"]
        await Cluster.bulk_update(clusters.values(), fields=fields)
