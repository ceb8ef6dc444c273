"""Corrections: a published report stays as it is, and a new version of it takes its place."""

from datetime import datetime
from typing import TypeVar

from participa.accounts.permissions import Actor
from participa.db import fetch, transaction
from participa.entities.models import Entity, EntityRow
from participa.i18n import _
from participa.insights.models import (
    Cluster,
    EarlierThemeAnswer,
    Edit,
    Part,
    Quote,
    ResultReport,
)
from participa.insights.rules import ReportState
from participa.insights.service import report_of, write_down
from participa.web.refusals import BadInput, Conflict

MAX_CORRECTION = 2000
Copied = TypeVar("Copied", bound=EntityRow)
# By number: a theme and its parts have the same numbers in every version.
_MEMBERS = """
    INSERT INTO insights_member (entity_id, report_id, cluster_id, part_id, built_theme, built_part,
        contribution_id, standing, rank, support_count, duplicate_of)
    SELECT m.entity_id, CAST($1 AS integer), c.id, p.id, m.built_theme, m.built_part,
        m.contribution_id, m.standing, m.rank, m.support_count, m.duplicate_of
    FROM insights_member m
    LEFT JOIN insights_cluster was ON was.id = m.cluster_id
    LEFT JOIN insights_cluster c ON c.report_id = $1 AND c.number = was.number
    LEFT JOIN insights_part part ON part.id = m.part_id
    LEFT JOIN insights_part p ON p.report_id = $1 AND p.number = part.number
    WHERE m.entity_id = $2 AND m.report_id = $3
"""


async def correct_report(
    actor: Actor, report_id: int, correction: str, now: datetime
) -> ResultReport:
    """Begin to correct a published report: a draft of its next version, to be edited.

    `correction` says in words what it changes, for the readers of both. Asking twice gives the
    same draft. Refuses with NotFound, with BadInput without words, and with Conflict when it is
    not published or was corrected already.
    """
    if not correction.strip():
        raise BadInput(_("Diga qué corrige: lo leerá quien leyó el informe."))
    async with transaction():
        # One correction at a time, so that no version has two drafts.
        await Entity.select_for_update(no_key=True).get(id=actor.entity_id)
        report = await report_of(actor, report_id)
        if report.state != ReportState.PUBLISHED or report.is_superseded:
            raise Conflict(
                _("Este informe no se puede corregir"),
                _("Se corrige la última versión publicada."),
            )
        begun = ResultReport.of(actor.entity_id).filter(corrects_id=report.id)
        if (draft := await begun.first()) is not None:
            return draft
        draft = await _copied(report, correction[:MAX_CORRECTION], now)
        await write_down(actor, "insights.correct_report", report, report.process, now)
    return draft


async def _copied(report: ResultReport, correction: str, now: datetime) -> ResultReport:
    draft = _copy(report, corrects_id=report.id, version=report.version + 1)
    draft.state, draft.correction, draft.created_at = ReportState.DRAFT, correction, now
    draft.number = draft.published_at = draft.request_key = None
    draft.published_by = ""
    await draft.save()
    themes = await Cluster.of(report.entity_id).filter(report_id=report.id)
    new = {each.id: _copy(each, report_id=draft.id) for each in themes}
    await Cluster.bulk_create(new.values())
    rows = Cluster.of(report.entity_id).filter(report_id=draft.id)
    by_number = dict(await rows.values_list("number", "id"))
    home = {each.id: by_number[each.number] for each in themes}
    await _copy_answers(report, home)
    await _copy_parts_and_quotes(report, draft, home)
    edits = await Edit.of(report.entity_id).filter(report_id=report.id)
    await Edit.bulk_create(_copy(edit, report_id=draft.id) for edit in edits)
    await fetch(_MEMBERS, draft.id, report.entity_id, report.id)
    return draft


async def _copy_answers(report: ResultReport, home: dict[int, int]) -> None:
    earlier = EarlierThemeAnswer.of(report.entity_id).filter(cluster_id__in=list(home))
    await EarlierThemeAnswer.bulk_create(
        _copy(each, cluster_id=home[each.cluster_id]) for each in await earlier
    )


async def _copy_parts_and_quotes(
    report: ResultReport, draft: ResultReport, home: dict[int, int]
) -> None:
    parts = await Part.of(report.entity_id).filter(report_id=report.id)
    await Part.bulk_create(
        _copy(each, report_id=draft.id, cluster_id=home[each.cluster_id]) for each in parts
    )
    rows = Part.of(report.entity_id).filter(report_id=draft.id)
    by_number = dict(await rows.values_list("number", "id"))
    part_ids: dict[int | None, int] = {each.id: by_number[each.number] for each in parts}
    quotes = Quote.of(report.entity_id).filter(cluster_id__in=list(home))
    await Quote.bulk_create(
        _copy(each, cluster_id=home[each.cluster_id], part_id=part_ids.get(each.part_id))
        for each in await quotes
    )


def _copy(row: Copied, **changed: int | None) -> Copied:
    """Make a new row like another, not stored yet."""
    copy = row.clone()
    for name, value in changed.items():
        setattr(copy, name, value)
    return copy
