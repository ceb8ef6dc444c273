"""Deciding how a survey's results are shown and what they are told beside."""

from collections.abc import Mapping
from datetime import datetime

from participa.accounts.permissions import Actor
from participa.audit import record
from participa.db import transaction
from participa.entities.census import population_of
from participa.i18n import _
from participa.surveys.log import note
from participa.surveys.models import Response, ResultPlan, Survey
from participa.surveys.results.reading import Sampling
from participa.surveys.service import locked
from participa.web.refusals import Conflict


async def save_plan(
    actor: Actor,
    survey: Survey,
    *,
    is_live: bool,
    sampling: Sampling,
    traits: Mapping[str, str],
    now: datetime,
) -> ResultPlan:
    """Keep who is asked, whether shares show before closing, and which questions tell the census.

    Refuses with Conflict to show or seal results once somebody has answered: whoever did
    answered under what the survey's page said (T38). A secret survey never shows any while open.
    """
    async with transaction():
        present = await locked(survey.entity_id, survey.id)
        plan = await ResultPlan.of(survey.entity_id).filter(survey_id=survey.id).first()
        was_live = plan is not None and plan.is_live
        answered = Response.of(survey.entity_id).filter(survey_id=survey.id)
        if is_live and present.is_secret:
            raise Conflict(_("Una encuesta secreta no muestra resultados antes del cierre."))
        if is_live != was_live and await answered.exists():
            raise Conflict(
                _("Ya hay respuestas: no se puede cambiar cuándo se ven los resultados.")
            )
        plan = plan or ResultPlan(entity_id=survey.entity_id, survey_id=survey.id)
        plan.is_live, plan.sampling, plan.traits = is_live, sampling, dict(traits)
        await plan.save()
        census = (await population_of(survey.entity_id)).revision
        await note(survey, "plan", now.date(), live=is_live, sampling=sampling.value,
                   traits=dict(traits), census=census)  # fmt: skip
        await record(
            entity_id=survey.entity_id,
            actor_id=actor.person_id,
            actor_name=actor.name,
            action="surveys.plan_results",
            object_kind="surveys.survey",
            object_id=survey.id,
            object_label=survey.title,
            now=now,
        )
    return plan
