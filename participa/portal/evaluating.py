"""After a hearing: the survey of those who followed it, open for two weeks, once."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from participa.accountability.models import AccountabilitySession
from participa.accountability.queries import session_of, session_target
from participa.accounts.guard import refuse
from participa.accounts.permissions import Action, Actor, can
from participa.audit import record
from participa.db import transaction
from participa.i18n import _
from participa.portal.satisfaction import Satisfaction, satisfaction
from participa.processes.models import Phase
from participa.processes.queries import Schedule
from participa.processes.service import PhasePlan, add_phase
from participa.surveys.models import Survey
from participa.surveys.queries import has_results, survey_url
from participa.surveys.rules import ACTIVITY
from participa.surveys.scales import scale_tallies
from participa.surveys.service import create_survey
from participa.surveys.starters import starter
from participa.web.refusals import Conflict

STARTER, SCALES = "satisfaccion", "aspectos"
OPEN_FOR = timedelta(days=15)
MAX_TITLE = 160
_SURVEY = re.compile(r"/encuestas/([0-9]{1,9})")


async def open_evaluation(actor: Actor, session_id: int, *, now: datetime) -> str:
    """Ask those who followed a session how it was, and give the survey's address.

    It opens with the session's hour, or now when that has passed, in a phase of its own: the
    process's other surveys stay as they are. A session that has its survey keeps it. Refuses
    with NotFound, NotAllowed, and Conflict before the day of the session.
    """
    async with transaction():
        rows = AccountabilitySession.of(actor.entity_id).filter(id=session_id)
        await rows.select_for_update(no_key=True).first()
        session = await session_of(actor.entity_id, session_id)
        target = session_target(session)
        if not can(actor, Action.MANAGE_PROCESS, target):
            refuse(actor, target)
        if session.survey_url:
            return session.survey_url
        if now < session.held_at and session.started_at is None:
            raise Conflict(_("La encuesta se abre desde la hora de la audiencia."))
        activity = await _opened(session, now)
        survey = await create_survey(
            entity_id=session.entity_id,
            process_id=session.process_id,
            title=f"¿Cómo estuvo? {session.title}"[:MAX_TITLE],
            introduction=str(_INTRODUCTION),
            questionnaire=starter(STARTER),
            activity=activity,
        )
        await rows.update(survey_url=survey_url(survey))
        await record(
            entity_id=session.entity_id,
            actor_id=actor.person_id,
            actor_name=actor.name,
            action="accountability.evaluation_opened",
            object_kind="accountability.session",
            object_id=session.id,
            object_label=session.title,
            now=now,
        )
    return survey_url(survey)


_INTRODUCTION = _(
    "Cuéntenos cómo le pareció la audiencia. Lo que responda sale solo en totales, y sirve para "
    "el plan de mejoramiento de la próxima."
)


async def _opened(session: AccountabilitySession, now: datetime) -> str:
    """Add the phase that opens this survey and no other of the process; name what it opens."""
    activity = f"{ACTIVITY}:{session.id}"
    plan = PhasePlan(str(_("Evaluación de la audiencia")), now, now + OPEN_FOR, (activity,))
    await add_phase(session.entity_id, session.process_id, plan)
    return activity


def survey_id_of(session: AccountabilitySession) -> int | None:
    """Give the survey that a session names by its address, if it names one."""
    found = _SURVEY.fullmatch(session.survey_url)
    return int(found.group(1)) if found else None


async def satisfaction_of(
    entity_id: int, sessions: Collection[AccountabilitySession], now: datetime
) -> Mapping[int, Satisfaction | None]:
    """Say how satisfied those are who answered each session's survey, in five statements.

    Only by session whose survey has ended: until then nothing is said of it.
    """
    named = {each.id: survey_id_of(each) for each in sessions}
    ids = [each for each in named.values() if each is not None]
    rows = Survey.of(entity_id).filter(id__in=ids, version__gt=0, process__is_published=True)
    surveys = {survey.id: survey for survey in await rows.select_related("process")}
    ended = await _ended(entity_id, surveys.values(), now)
    tallies = await scale_tallies(entity_id, ended, SCALES) if ended else {}
    known = {survey.id for survey in ended}
    return {
        session: satisfaction(tallies.get(survey, ()))
        for session, survey in named.items()
        if survey is not None and survey in known
    }


async def _ended(entity_id: int, surveys: Collection[Survey], now: datetime) -> list[Survey]:
    processes = {survey.process_id: survey.process for survey in surveys}
    phases: dict[int, list[Phase]] = {each: [] for each in processes}
    for phase in await Phase.of(entity_id).filter(process_id__in=list(processes)):
        phases[phase.process_id].append(phase)
    schedules = {each: Schedule(processes[each], phases[each]) for each in processes}
    return [each for each in surveys if has_results(each, schedules[each.process_id], now)]
