"""Editing a draft: each edit is a row, and the draft is what was built with its rows applied.

Routes ask who may; whoever calls from elsewhere answers for it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from tortoise.expressions import F

from participa.accounts.permissions import Actor
from participa.db import transaction
from participa.i18n import _
from participa.insights.editing import Change, EditKind
from participa.insights.models import Cluster, Edit, ResultReport
from participa.insights.queries import themes_in
from participa.insights.replaying import replay
from participa.insights.rules import (
    MAX_NAME,
    MAX_TITLE,
    suggested_name,
)
from participa.insights.service import report_of, require_draft, signature, write_down
from participa.web.refusals import BadInput, Conflict, NotFound

MAX_REASON = 300


class ChangedMeanwhile(Conflict):
    """Somebody else edited the draft after this page was made."""

    def __init__(self) -> None:
        super().__init__(
            _("Otra persona cambió este borrador mientras tanto"),
            _("Vuelva a abrirlo, mire lo que cambió y haga su cambio sobre eso."),
        )


async def edit_report(
    actor: Actor,
    report_id: int,
    change: Change,
    *,
    seen: int,
    now: datetime,
    reason: str = "",
) -> ResultReport:
    """Change a draft and count it again; `seen` is its `edit_count` on the page it was made on.

    Refuses with NotFound, with ChangedMeanwhile, with Conflict when it is no draft, and with
    BadInput for what cannot be done or would leave a theme of too few people.
    """
    async with transaction():
        report = await _take(actor, report_id, seen)
        await _add(actor, report, [change], reason, now)
        await write_down(actor, "insights.edit_report", report, report.process, now)
    return report


async def rename_themes(
    actor: Actor,
    report_id: int,
    *,
    title: str,
    introduction: str,
    names: Mapping[int, str],
    now: datetime,
    seen: int | None = None,
) -> ResultReport:
    """Set the words of a draft: its title, its introduction and what its themes are called.

    A name left as the program proposed it, or empty, stays the program's. Refuses with
    NotFound, with Conflict when it is no draft or not as it was `seen`, and with BadInput for
    somebody else's theme.
    """
    async with transaction():
        report = await _take(actor, report_id, seen)
        clusters = {cluster.id: cluster for cluster in await themes_in(report)}
        if set(names) - set(clusters):
            raise BadInput(_("Uno de los temas no es de este informe."))
        changes = [
            Change(EditKind.RENAME, theme=clusters[each].number, name=kept)
            for each, name in names.items()
            if (kept := _own_name(clusters[each], name)) != clusters[each].name
        ]
        is_changed = bool(changes) or (report.title, report.introduction) != (title, introduction)
        report.title, report.introduction = title[:MAX_TITLE], introduction
        await report.save(update_fields=["title", "introduction"])
        if changes:
            await _add(actor, report, changes, "", now)
        if is_changed:
            await write_down(actor, "insights.rename_themes", report, report.process, now)
    return report


def _own_name(cluster: Cluster, name: str) -> str:
    return "" if name == suggested_name(cluster.words) else name[:MAX_NAME]


async def _add(
    actor: Actor, report: ResultReport, changes: Sequence[Change], reason: str, now: datetime
) -> None:
    last = await Edit.of(report.entity_id).filter(report_id=report.id).count()
    await Edit.bulk_create(
        Edit(
            entity_id=report.entity_id,
            report_id=report.id,
            number=last + each,
            kind=change.kind,
            detail=change.detail(),
            reason=reason[:MAX_REASON],
            made_by=signature(actor),
            made_at=now,
        )
        for each, change in enumerate(changes, 1)
    )
    await replay(report)


async def undo_edit(
    actor: Actor, report_id: int, number: int, *, seen: int, now: datetime
) -> ResultReport:
    """Leave an edit of a draft out and apply the others again. Undoing twice is once.

    Refuses as `edit_report` does: an edit that later ones build upon must wait for them.
    """
    async with transaction():
        report = await _take(actor, report_id, seen)
        edit = await Edit.of(report.entity_id).filter(report_id=report.id, number=number).first()
        if edit is None:
            raise NotFound
        if edit.undone_at is None:
            edit.undone_at, edit.undone_by = now, signature(actor)
            await edit.save(update_fields=["undone_at", "undone_by"])
            await replay(report)
            await write_down(actor, "insights.edit_report", report, report.process, now)
    return report


async def new_number(report: ResultReport) -> int:
    """Give the number that the next theme made by hand gets."""
    numbers = Cluster.of(report.entity_id).filter(report_id=report.id)
    return max([int(str(n)) for n in await numbers.values_list("number", flat=True)], default=0) + 1


async def _take(actor: Actor, report_id: int, seen: int | None) -> ResultReport:
    """Lock a draft for this transaction, if it is as it was seen."""
    found = ResultReport.of(actor.entity_id).filter(id=report_id)
    taken = await found.update(edit_count=F("edit_count") + 1)
    if not taken:
        raise NotFound
    report = await report_of(actor, report_id)
    require_draft(report)
    if seen is not None and report.edit_count != seen + 1:
        raise ChangedMeanwhile
    return report
