"""The officials' desk: what waits to be done, process by process, and the latest acts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from tortoise.functions import Count

from participa.accountability.followup.import_pages import import_url
from participa.accountability.hearing.finding import manage_url
from participa.accountability.hearing.manage_pages import sessions_url
from participa.accountability.queries import Owed, sessions_in_hand
from participa.accounts.guard import actor_of, entity_target, require
from participa.accounts.identity_pages import URL as VERIFYING_URL
from participa.accounts.permissions import Action, Actor, can
from participa.answers.desk_pages import desk_url
from participa.answers.standing import Standing as Answered
from participa.answers.standing import counts as standing_counts
from participa.answers.told import told_url, waiting_count
from participa.audit import AuditRecord
from participa.channels.desk import recordings_url
from participa.commitments.desk_pages import DESK as COMMITMENTS
from participa.commitments.listing import Wanted, standings
from participa.commitments.making_pages import making_url
from participa.commitments.rules import Standing
from participa.commitments.steps import today_of
from participa.consultations.call_pages import calls_url
from participa.consultations.draft_views import DraftLink, draft_link
from participa.consultations.passage_pages import passages_url
from participa.consultations.waiting import waiting_counts
from participa.deliberation.models import Contribution
from participa.deliberation.tallies import Tally, tally_of
from participa.facilitation import rules as facilitation
from participa.i18n import Day, Moment, Number, Text, _, n_
from participa.insights.queries import ReportItem, unpublished_reports
from participa.menu.routes import DESK_URL as MENU_DESK
from participa.opinion.desk_pages import desk_url as statements_url
from participa.opinion.queries import waiting_counts as waiting_statements
from participa.plans.drafts import DraftItem, open_drafts
from participa.processes.queries import Schedule, all_schedules
from participa.processes.views import Pill, process_pill
from participa.surveys.builder_pages import surveys_url
from participa.territory.routes import IMPORT_URL
from participa.web.context import PageContext, context
from participa.web.templating import render

ACTS_SHOWN = 12
HANDOVER_URL = "/gestion/empalme"
ACT_WORDS: dict[str, Text] = {
    **facilitation.ACT_WORDS,
    "insights.prepare_report": _("Pidió preparar el informe"),
    "insights.publish_report": _("Publicó el informe"),
    "insights.rename_themes": _("Puso nombre a los temas de"),
    "insights.edit_report": _("Cambió el borrador del informe"),
    "insights.correct_report": _("Empezó a corregir el informe"),
    "insights.answer_theme": _("Respondió el tema"),
    "answers.answer": _("Respondió los aportes"),
    "answers.change": _("Cambió la respuesta a"),
    "answers.told": _("Avisó de la respuesta a"),
    "consultations.set_course": _("Cambió el estado de la propuesta"),
    "consultations.place_passage": _("Ubicó el pasaje de"),
    "consultations.prepare_call": _("Preparó la convocatoria"),
    "consultations.change_call": _("Cambió la convocatoria"),
    "consultations.publish_call": _("Publicó la convocatoria"),
    "consultations.close_call": _("Cerró la convocatoria"),
    "consultations.reopen_call": _("Reabrió la convocatoria"),
    "consultations.arrange_categories": _("Cambió las categorías de"),
    "opinion.import": _("Importó la ronda de frases"),
    "opinion.published": _("Publicó la frase"),
    "opinion.rejected": _("No publicó la frase"),
    "channels.record": _("Registró aportes de otro canal en"),
    "plans.discard_draft": _("Descartó el borrador de"),
    "plans.publish_version": _("Publicó el texto"),
    "deliberation.import": _("Importó aportes en"),
    "commitments.made": _("Se comprometió:"),
    "commitments.progress": _("Contó cómo va el compromiso"),
    "commitments.changed": _("Cambió el compromiso"),
    "commitments.done": _("Dio por cumplido el compromiso"),
    "commitments.cancelled": _("Canceló el compromiso"),
    "commitments.reopened": _("Reabrió el compromiso"),
    "commitments.disputed": _("Objetó que se cumpliera"),
    "commitments.attach": _("Adjuntó una prueba a"),
    "commitments.detach": _("Quitó una prueba de"),
    "commitments.told": _("Avisó cómo va el compromiso"),
    "commitments.hide_reason": _("Ocultó una objeción a"),
    "petitions.answer": _("Respondió la petición"),
    "petitions.extend": _("Prorrogó la petición"),
    "petitions.reveal_identity": _("Consultó la identidad reservada de"),
    "petitions.close_day": _("Declaró día no hábil"),
    "territory.import_areas": _("Cargó el mapa de"),
    "territory.say_where": _("Anotó de qué lugar habla"),
    "accountability.set_origins": _("Dijo de dónde viene la meta"),
    "accountability.import_goals": _("Actualizó las metas de"),
    "accountability.set_places": _("Dijo dónde se hace la meta"),
    "accountability.empty_figures": _("Quitó cifras equivocadas de la meta"),
    "accountability.report_progress": _("Reportó el avance de la meta"),
    "accountability.session_called": _("Convocó la audiencia"),
    "accountability.session_changed": _("Cambió la convocatoria de la audiencia"),
    "accountability.session_started": _("Empezó la audiencia"),
    "accountability.evaluation_opened": _("Abrió la encuesta de evaluación de"),
    "accountability.session_ended": _("Terminó la audiencia"),
    "accountability.session_settled": _("Puso fecha a lo que quedó sin respuesta en"),
    "accountability.document_published": _("Publicó un documento de la audiencia"),
    "accountability.document_removed": _("Quitó un documento de la audiencia"),
    "accountability.recording_removed": _("Quitó la grabación de la audiencia"),
    "accountability.recording_published": _("Publicó la grabación de la audiencia"),
    "accountability.agenda_changed": _("Cambió el orden del día de la audiencia"),
    "accountability.minutes_drafted": _("Escribió el acta de la audiencia"),
    "accountability.minutes_published": _("Publicó el acta de la audiencia"),
    "accountability.registration_recorded": _("Inscribió a alguien en la audiencia"),
    "accountability.question_recorded": _("Anotó la pregunta"),
    "accountability.question_received": _("Sacó de la lista la pregunta"),
    "accountability.question_shortlisted": _("Puso en la lista la pregunta"),
    "accountability.question_live": _("Puso en pantalla la pregunta"),
    "accountability.question_answered": _("Anotó la respuesta a la pregunta"),
    "accountability.question_pending": _("Asignó para responder por escrito la pregunta"),
    "surveys.begin": _("Empezó la encuesta"),
    "surveys.publish": _("Publicó la encuesta"),
    "menu.set_entry": _("Cambió en el menú Participa"),
    "surveys.keep_template": _("Guardó como plantilla la encuesta"),
    "surveys.remove_template": _("Quitó la plantilla de encuesta"),
    "surveys.set_rules": _("Decidió quién responde la encuesta"),
    "surveys.set_quotas": _("Cambió los cupos de la encuesta"),
    "surveys.add_to_roll": _("Agregó personas a la lista de la encuesta"),
    "surveys.forget_names": _("Borró los nombres de la lista de la encuesta"),
    "surveys.make_letters": _("Hizo códigos personales para la encuesta"),
    "accounts.check_identity": _("Verificó el documento de una cuenta"),
    "accounts.grant_role": _("Nombró con el rol"),
}
OTHER_ACT = _("Actuó sobre")


@dataclass(frozen=True, slots=True)
class DeskProcess:
    """A process as its staff sees it."""

    url: str
    title: str
    pill: Pill
    said: Tally
    may_import: bool
    may_report: bool
    import_plan_url: str
    import_contributions_url: str
    followup_url: str
    recordings_url: str
    prepare_report_url: str
    open_round_url: str
    surveys_url: str
    sessions_url: str
    calls_url: str
    answers_url: str
    promise_url: str
    drafts: Sequence[ReportItem]
    plan_drafts: Sequence[DraftLink]


async def desk(request: Request) -> Response:
    """Show the desk to who holds a role, with the processes they hold it for."""
    ctx = context(request)
    require(request, Action.SEE_DESK, entity_target(request))
    actor = actor_of(request)
    schedules = [each for each in await all_schedules(ctx.entity.id) if works_on(actor, each)]
    drafts = await unpublished_reports(ctx.entity.id)
    plan_drafts = await open_drafts(ctx.entity.id)
    counts = await counts_said(ctx.entity.id)
    acts = await AuditRecord.of(ctx.entity.id).order_by("-id").limit(ACTS_SHOWN)
    return render(
        request,
        "portal/desk.html",
        desk={
            "petitions_url": _petitions_url(request),
            "territory_url": _territory_url(request),
            "tasks": await open_tasks(ctx, actor, schedules, drafts, counts),
            "handover_url": HANDOVER_URL,
            "menu_url": MENU_DESK if _answers_for_all(request) else "",
            "verifying_url": VERIFYING_URL if _answers_for_all(request) else "",
            "commitments_url": COMMITMENTS,
            "processes": [
                _process(
                    ctx,
                    actor,
                    each,
                    counts,
                    drafts.get(each.process.id, ()),
                    plan_drafts.get(each.process.id, ()),
                )
                for each in schedules
            ],
            "acts": [
                {
                    "at": act.at,
                    "actor_name": act.actor_name,
                    "words": _(
                        "{verb} {label}",
                        verb=ACT_WORDS.get(act.action, OTHER_ACT),
                        label=act.object_label,
                    ),
                }
                for act in acts
            ],
        },
    )


async def open_tasks(
    ctx: PageContext,
    actor: Actor,
    schedules: Sequence[Schedule],
    drafts: Mapping[int, Sequence[ReportItem]],
    counts: Mapping[int, Tally],
) -> list[dict[str, object]]:
    """List what waits for the actor in these processes: drafts of reports, and what to answer."""
    reports: list[dict[str, object]] = [
        {"url": draft.url, "title": draft.title, "note": "", "pill": draft.pill}
        for schedule in schedules
        for draft in drafts.get(schedule.process.id, ())
        if can(actor, Action.PUBLISH_REPORT, schedule.target)
    ]
    said = [each for each in schedules if counts.get(each.process.id)]
    return [
        *reports,
        *await _commitments(ctx, actor),
        *await _passages(actor, schedules),
        *await _statements(actor, schedules),
        *await _hearings(ctx, actor, schedules),
        *await _answers(said, actor),
    ]


async def _commitments(ctx: PageContext, actor: Actor) -> list[dict[str, object]]:
    """Say how many of the commitments that the actor answers for are late, or due soon."""
    today = today_of(ctx.entity, ctx.now)
    mine = await standings(ctx.entity.id, Wanted(owner_id=actor.person_id), today)
    late = mine.counts[Standing.LATE]
    open_ones = late + mine.counts[Standing.OPEN] + mine.counts[Standing.IN_PROGRESS]
    if not open_ones:
        return []
    words = n_("{count} atrasado", "{count} atrasados", late)
    note = n_("{n} por cumplir", "{n} por cumplir", open_ones, n=Number(open_ones))
    title = _("Compromisos a su cargo")
    pill = Pill("late", words) if late else None
    return [{"url": COMMITMENTS, "title": title, "note": note, "pill": pill}]


async def _passages(actor: Actor, schedules: Sequence[Schedule]) -> list[dict[str, object]]:
    """Say where passages wait that a new version of a plan left in doubt."""
    managed = [each for each in schedules if can(actor, Action.MANAGE_PROCESS, each.target)]
    processes = {each.process.id: each.process for each in managed}
    counts = await waiting_counts(actor.entity_id, processes)
    return [
        {
            "url": passages_url(processes[process_id].slug),
            "title": _("Comentarios por ubicar en la versión actual del plan"),
            "note": n_("{n} comentario", "{n} comentarios", count, n=Number(count)),
            "pill": None,
        }
        for process_id, count in counts.items()
    ]


async def _statements(actor: Actor, schedules: Sequence[Schedule]) -> list[dict[str, object]]:
    """Say in which rounds statements of participants wait for a moderator."""
    moderated = [each.process.id for each in schedules if can(actor, Action.MODERATE, each.target)]
    return [
        {
            "url": statements_url(found),
            "title": _("Revisar frases: {round}", round=found.title),
            "note": n_("{n} por revisar", "{n} por revisar", count, n=Number(count)),
            "pill": None,
        }
        for found, count in await waiting_statements(actor.entity_id, moderated)
    ]


async def _hearings(
    ctx: PageContext, actor: Actor, schedules: Sequence[Schedule]
) -> list[dict[str, object]]:
    """Say which hearings are in course or near, and which owe answers until when."""
    mine = [s.process.id for s in schedules if can(actor, Action.FACILITATE, s.target)]
    tasks: list[dict[str, object]] = []
    for session, owed in await sessions_in_hand(actor.entity_id, mine, ctx.now):
        note = Moment(session.held_at, ctx.zone) if owed is None else _due(owed, ctx.zone)
        late = owed is not None and ctx.now.astimezone(ctx.zone).date() > owed.due_on
        pill = Pill("late", _("Atrasada")) if late else None
        title = _("Mesa de preguntas: {title}", title=session.title)
        url = f"{manage_url(session.id)}/mesa"
        tasks.append({"url": url, "title": title, "note": note, "pill": pill})
    return tasks


def _due(owed: Owed, zone: ZoneInfo) -> Text:
    return n_(
        "{n} respuesta por escrito, antes del {day}",
        "{n} respuestas por escrito, la primera antes del {day}",
        owed.count,
        n=Number(owed.count),
        day=Day(owed.due_on, zone),
    )


async def _answers(schedules: Sequence[Schedule], actor: Actor) -> list[dict[str, object]]:
    """Say which contributions wait for an answer, and who waits to be told of one by hand."""
    tasks: list[dict[str, object]] = []
    for each in schedules:
        process = each.process
        if not can(actor, Action.SPEAK_FOR_ENTITY, each.target):
            continue
        if waiting := await waiting_count(process):
            title = _("Avisar de las respuestas: {process}", process=process.title)
            note = n_("{n} por avisar", "{n} por avisar", waiting, n=Number(waiting))
            tasks.append(
                {"url": told_url(process.slug), "title": title, "note": note, "pill": None}
            )
        listed = await standing_counts(process.entity_id, process.id)
        if owing := next((kind.count for kind in listed if kind.name == Answered.NONE), 0):
            title = _("Responder aportes: {process}", process=process.title)
            note = n_("{n} sin respuesta", "{n} sin respuesta", owing, n=Number(owing))
            tasks.append(
                {"url": desk_url(process.slug), "title": title, "note": note, "pill": None}
            )
    return tasks


def _petitions_url(request: Request) -> str:
    handles = can(actor_of(request), Action.HANDLE_PETITIONS, entity_target(request))
    return "/gestion/peticiones" if handles else ""


def _territory_url(request: Request) -> str:
    return IMPORT_URL if can(actor_of(request), Action.IMPORT, entity_target(request)) else ""


def _answers_for_all(request: Request) -> bool:
    return can(actor_of(request), Action.MANAGE_PROCESS, entity_target(request))


def works_on(actor: Actor, schedule: Schedule) -> bool:
    """Whether an actor has something to do in a process."""
    target = schedule.target
    return any(can(actor, act, target) for act in (Action.MANAGE_PROCESS, Action.MODERATE))


async def counts_said(entity_id: int) -> dict[int, Tally]:
    """Count what people said, as the public pages do: the entity's own answers are not counted."""
    said = Contribution.of(entity_id).filter(office="", thread__is_hidden=False)
    rows = said.annotate(n=Count("id")).group_by("process_id", "channel")
    found: dict[int, dict[str, int]] = {}
    for process, channel, count in await rows.values_list("process_id", "channel", "n"):
        found.setdefault(int(str(process)), {})[str(channel)] = int(str(count))
    return {process: tally_of(parts) for process, parts in found.items()}


def _process(
    ctx: PageContext,
    actor: Actor,
    schedule: Schedule,
    counts: dict[int, Tally],
    drafts: Sequence[ReportItem],
    plan_drafts: Sequence[DraftItem],
) -> DeskProcess:
    process = schedule.process
    may_import = can(actor, Action.IMPORT, schedule.target)
    may_manage = can(actor, Action.MANAGE_PROCESS, schedule.target)
    return DeskProcess(
        url=f"/procesos/{process.slug}",
        title=process.title,
        pill=process_pill(schedule, ctx.now, ctx.zone),
        said=counts.get(process.id, Tally()),
        may_import=may_import,
        may_report=can(actor, Action.PUBLISH_REPORT, schedule.target),
        import_plan_url=f"/gestion/procesos/{process.slug}/plan",
        import_contributions_url=f"/gestion/procesos/{process.slug}/aportes",
        followup_url=import_url(process.slug),
        recordings_url=recordings_url(process.slug),
        prepare_report_url=f"/gestion/procesos/{process.slug}/informes",
        open_round_url=f"/gestion/procesos/{process.slug}/frases" if may_manage else "",
        surveys_url=surveys_url(process.slug) if may_manage else "",
        sessions_url=sessions_url(process.slug) if may_manage else "",
        calls_url=calls_url(process.slug) if may_manage else "",
        answers_url=_answers_url(actor, schedule),
        promise_url=making_url(process.slug) if may_manage else "",
        drafts=drafts,
        plan_drafts=[draft_link(each, ctx.now) for each in plan_drafts] if may_import else (),
    )


def _answers_url(actor: Actor, schedule: Schedule) -> str:
    may = can(actor, Action.SPEAK_FOR_ENTITY, schedule.target)
    return desk_url(schedule.process.slug) if may else ""
