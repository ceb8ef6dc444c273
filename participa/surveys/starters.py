"""Questionnaires to begin a survey with: a few of ours, and those an entity keeps."""

from datetime import datetime
from functools import cache
from importlib import resources

from participa.accounts.permissions import Actor
from participa.audit import record
from participa.db import transaction
from participa.i18n import Text, _
from participa.surveys.models import Survey, SurveyTemplate
from participa.surveys.questionnaire import Questionnaire
from participa.web.refusals import NotFound

FOLDER = resources.files(__package__) / "questionnaires"
STARTERS: dict[str, Text] = {
    "satisfaccion": _("Satisfacción con una sesión de rendición de cuentas"),
    "prioridades": _("Prioridades del municipio"),
    "servicio": _("Atención en una oficina"),
}
"""Ours, by the name of their file; each is in Spanish and English."""


@cache
def starter(name: str) -> Questionnaire:
    """Read one of our questionnaires; raises KeyError for a name that is none."""
    if name not in STARTERS:
        raise KeyError(name)
    return Questionnaire.model_validate_json((FOLDER / f"{name}.json").read_bytes())


async def keep_template(actor: Actor, survey: Survey, asked: Questionnaire, now: datetime) -> None:
    """Keep a questionnaire under its survey's title; under the same title it takes the place."""
    async with transaction():
        written = asked.model_dump(mode="json")
        same = SurveyTemplate.of(survey.entity_id).filter(title=survey.title)
        if not await same.update(questionnaire=written):
            await SurveyTemplate.create(
                entity_id=survey.entity_id, title=survey.title, questionnaire=written
            )
        await _record(actor, "surveys.keep_template", survey.id, survey.title, now)


async def remove_template(actor: Actor, template_id: int, now: datetime) -> None:
    """Keep a questionnaire no longer; surveys begun with it stay as they are."""
    async with transaction():
        kept = await template_of(actor.entity_id, template_id)
        await SurveyTemplate.of(actor.entity_id).filter(id=kept.id).delete()
        await _record(actor, "surveys.remove_template", kept.id, kept.title, now)


async def templates_of(entity_id: int) -> list[SurveyTemplate]:
    """List what an entity keeps."""
    return await SurveyTemplate.of(entity_id).all().only("id", "title").order_by("title")


async def template_of(entity_id: int, template_id: int) -> SurveyTemplate:
    """Find a kept questionnaire. Refuses with NotFound."""
    found = await SurveyTemplate.of(entity_id).filter(id=template_id).first()
    if found is None:
        raise NotFound
    return found


async def _record(actor: Actor, action: str, number: int, title: str, now: datetime) -> None:
    await record(
        entity_id=actor.entity_id,
        actor_id=actor.person_id,
        actor_name=actor.name,
        action=action,
        object_kind="surveys.template",
        object_id=number,
        object_label=title,
        now=now,
    )
