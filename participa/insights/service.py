"""The acts of officials on results reports: prepare, name, publish, answer.

Routes ask who may; whoever calls from elsewhere answers for it.
"""

from datetime import datetime, timedelta

from tortoise.exceptions import IntegrityError
from tortoise.functions import Max

from participa.accounts.permissions import Actor
from participa.audit import record
from participa.db import transaction
from participa.deliberation.models import Contribution
from participa.deliberation.texts import rendered
from participa.deliberation.verdicts import VERDICTS
from participa.entities.models import Entity
from participa.i18n import _
from participa.insights.models import Cluster, EarlierThemeAnswer, ResultReport
from participa.insights.rules import (
    MAX_TITLE,
    UNDER_WAY,
    ReportState,
)
from participa.jobs import enqueue
from participa.processes.models import Process
from participa.processes.service import touch
from participa.web.refusals import BadInput, Conflict, NotFound

_PUBLISHED = ("state", "number", "public_number", "published_at", "published_by")
BUILD_REPORT = "insights.build_report"


async def prepare_report(
    actor: Actor,
    process_id: int,
    now: datetime,
    request_key: str | None = None,
    *,
    build_in: timedelta = timedelta(0),
) -> ResultReport:
    """Ask for a report of a process, to be built by the worker; the draft is for its staff.

    The same request key, or asking while one is being built, gives that one. A caller that
    builds it itself gives the worker a while to wait in `build_in`: the worker then finds it
    done, or builds it if the caller died. Refuses with NotFound, and with Conflict when the
    process has no contributions.
    """
    try:
        async with transaction():
            process = await Process.of(actor.entity_id).filter(id=process_id).first()
            if process is None:
                raise NotFound
            if same := await _asked_before(process, request_key):
                return same
            report = await _new_report(actor, process, now, request_key)
            await _enqueue(report, now + build_in)
            return report
    except IntegrityError as error:
        # The same form sent twice at once: the database let one in.
        same = await ResultReport.of(actor.entity_id).filter(request_key=request_key).first()
        if same is None or same.process_id != process_id:
            raise Conflict from error
        return same


async def _asked_before(process: Process, request_key: str | None) -> ResultReport | None:
    reports = ResultReport.of(process.entity_id).filter(process_id=process.id)
    if request_key is not None and (same := await reports.filter(request_key=request_key).first()):
        return same
    return await reports.filter(state__in=UNDER_WAY).first()


async def _new_report(
    actor: Actor, process: Process, now: datetime, request_key: str | None
) -> ResultReport:
    if not await Contribution.of(actor.entity_id).filter(process_id=process.id).exists():
        raise Conflict(_("El proceso no tiene todavía aportes que agrupar."))
    report = await ResultReport.create(
        entity_id=actor.entity_id,
        process=process,
        title=str(_("Resultados: {title}", title=process.title))[:MAX_TITLE],
        state=ReportState.QUEUED,
        created_at=now,
        request_key=request_key,
    )
    await write_down(actor, "insights.prepare_report", report, process, now)
    return report


async def _enqueue(report: ResultReport, run_at: datetime) -> None:
    arguments: dict[str, object] = {"entity_id": report.entity_id, "report_id": report.id}
    await enqueue(BUILD_REPORT, arguments, entity_id=report.entity_id, run_at=run_at)


async def publish_report(actor: Actor, report_id: int, now: datetime) -> ResultReport:
    """Make a draft public for good, under the entity's next number; a correction keeps its own.

    Publishing twice gives the same. Refuses with NotFound, and with Conflict when it is not
    built yet.
    """
    async with transaction():
        # One publication at a time: so the numbers have no gaps and no doubles.
        await Entity.select_for_update(no_key=True).get(id=actor.entity_id)
        report = await report_of(actor, report_id)
        if report.state == ReportState.PUBLISHED:
            return report
        require_draft(report)
        report.state = ReportState.PUBLISHED
        report.number = await _next(actor.entity_id, "number")
        if report.public_number is None:
            report.public_number = await _next(actor.entity_id, "public_number")
        report.published_at = now
        report.published_by = signature(actor)
        await report.save(update_fields=_PUBLISHED)
        if report.corrects_id is not None:
            corrected = ResultReport.of(actor.entity_id).filter(id=report.corrects_id)
            await corrected.update(is_superseded=True)
        await touch(actor.entity_id, report.process_id)
        await write_down(actor, "insights.publish_report", report, report.process, now)
    return report


async def _next(entity_id: int, counter: str) -> int:
    highest = await ResultReport.of(entity_id).annotate(last=Max(counter)).values_list("last")
    return max((int(last) for (last,) in highest if last is not None), default=0) + 1


def signature(actor: Actor) -> str:
    """Name who acts, and the office in whose name, as it stands in a report."""
    return f"{actor.name}, {actor.office}"[:190] if actor.office else actor.name


async def answer_theme(
    actor: Actor, cluster_id: int, decision: str, answer: str, now: datetime
) -> Cluster:
    """Answer a theme for the entity: what it takes up of it, and why.

    The same answer twice is one; a changed one takes its place, and the earlier wording stays
    public beside it. Refuses with NotFound, with BadInput for an unknown decision or an answer
    without reasons, and with Conflict while the report is being built.
    """
    if decision not in VERDICTS or not answer.strip():
        raise BadInput(_("La respuesta dice qué se decidió y por qué."))
    body = await rendered(answer)
    async with transaction():
        found = Cluster.of(actor.entity_id).filter(id=cluster_id)
        cluster = await found.select_for_update(no_key=True).first()
        if cluster is None:
            raise NotFound
        report = await report_of(actor, cluster.report_id)
        if report.state not in {ReportState.DRAFT, ReportState.PUBLISHED}:
            raise Conflict(_("Este informe no está listo para respuestas."))
        if (cluster.answer_decision, cluster.answer) == (decision, answer):
            return cluster
        await _keep_answer(cluster, now)
        cluster.answer_decision, cluster.answer = decision, answer
        cluster.answer_html, cluster.answer_sanitiser_version = body.html, body.version
        cluster.answer_office = actor.office or report.entity.short_name
        cluster.answered_at = now
        await cluster.save()
        await write_down(
            actor, "insights.answer_theme", report, report.process, now,
            reason=f"{decision}: {answer}", theme=cluster.position,
        )  # fmt: skip
    return cluster


async def _keep_answer(cluster: Cluster, now: datetime) -> None:
    if not cluster.answer_decision:
        return
    earlier = EarlierThemeAnswer.of(cluster.entity_id).filter(cluster_id=cluster.id)
    await EarlierThemeAnswer.create(
        entity_id=cluster.entity_id,
        cluster=cluster,
        number=await earlier.count() + 1,
        decision=cluster.answer_decision,
        answer=cluster.answer,
        answer_html=cluster.answer_html,
        office=cluster.answer_office,
        answered_at=cluster.answered_at,
        replaced_at=now,
    )


async def report_of(actor: Actor, report_id: int) -> ResultReport:
    """Load a report with its process and entity. Refuses with NotFound."""
    found = ResultReport.of(actor.entity_id).filter(id=report_id)
    report = await found.select_related("process", "entity").first()
    if report is None:
        raise NotFound
    return report


def require_draft(report: ResultReport) -> None:
    """Refuse with Conflict a report that is no draft (any more)."""
    if report.state == ReportState.PUBLISHED:
        raise Conflict(
            _("Este informe ya está publicado"), _("Un informe publicado no cambia: prepare otro.")
        )
    if report.state != ReportState.DRAFT:
        raise Conflict(
            _("El informe no está listo"), _("Espere a que termine de prepararse y vuelva.")
        )


async def write_down(
    actor: Actor,
    action: str,
    report: ResultReport,
    process: Process,
    now: datetime,
    *,
    reason: str = "",
    theme: int | None = None,
) -> None:
    """Put an act in the public log; what is not public yet is not named there (T23)."""
    is_public = report.state == ReportState.PUBLISHED and process.is_published
    label = report.title if is_public else (process.title if process.is_published else "")
    await record(
        entity_id=actor.entity_id,
        actor_id=actor.person_id,
        actor_name=actor.name,
        action=action,
        object_kind="insights.report",
        object_id=report.id,
        object_label=label if theme is None else f"{label} · {theme}",
        reason=reason if is_public else "",
        now=now,
    )
