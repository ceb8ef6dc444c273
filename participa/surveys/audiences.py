"""Deciding who answers a survey, in secret or not, and how many of each group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from participa.accounts.permissions import Actor
from participa.audit import record
from participa.db import transaction
from participa.i18n import _
from participa.surveys.models import Participation, QuotaCell, Response, ResultPlan, Survey
from participa.surveys.queries import questions_of
from participa.surveys.quotas import MOST_ITEMS, all_cells, can_divide
from participa.surveys.rules import Audience
from participa.surveys.service import locked
from participa.web.refusals import BadInput, Conflict


@dataclass(frozen=True, slots=True)
class Rules:
    """Who answers, whether what they answer is kept apart from them, whether it may change."""

    audience: Audience
    is_secret: bool = False
    may_change: bool = False


class Frozen(Conflict):
    """Somebody answered under these rules already."""

    title = _("Alguien ya respondió: quién responde ya no se puede cambiar")
    advice = _("Quien respondió lo hizo confiando en estas reglas. Para otras, copie la encuesta.")


async def set_rules(actor: Actor, survey_id: int, rules: Rules, now: datetime) -> Survey:
    """Decide who answers, before anybody did.

    Refuses with Frozen from the first answer on, and with BadInput secret answers that could
    be changed, or whose results show while it is open: somebody would learn whose they are.
    """
    if rules.is_secret and rules.may_change:
        raise BadInput(_("Si la encuesta es secreta, las respuestas no se pueden cambiar: nadie "
                         "sabe cuáles son de quién."))  # fmt: skip
    async with transaction():
        survey = await locked(actor.entity_id, survey_id)
        before = Rules(Audience(survey.audience), survey.is_secret, survey.may_change)
        if before != rules:
            await _require_unanswered(survey)
            if rules.is_secret and await _shows_live(survey):
                raise BadInput(_("Una encuesta secreta no muestra resultados antes del cierre."))
            survey.audience, survey.is_secret = rules.audience, rules.is_secret
            survey.may_change = rules.may_change
            await survey.save(update_fields=["audience", "is_secret", "may_change"])
            await record_act(actor, survey, "surveys.set_rules", now)
    return survey


async def set_quotas(
    actor: Actor, survey_id: int, divides: Sequence[str], wanted: Mapping[str, int], now: datetime
) -> Survey:
    """Decide how many answers of each group are wanted; a group without a number takes any.

    What divides the groups stands still from the first answer on; the numbers may change.
    Refuses with Frozen, and with BadInput questions that do not tell groups apart.
    """
    async with transaction():
        survey = await locked(actor.entity_id, survey_id)
        items = [question.asked for question in await questions_of(survey)]
        dividing = {item.code for item in items if can_divide(item)}
        if (
            not set(divides) <= dividing
            or len(set(divides)) != len(divides)
            or len(divides) > MOST_ITEMS
        ):
            raise BadInput(_("Los grupos se forman con una o dos preguntas de una sola opción."))
        if list(divides) != survey.quota_items:
            await _require_unanswered(survey)
            survey.quota_items = list(divides)
            await survey.save(update_fields=["quota_items"])
        await _set_numbers(survey, set(all_cells(divides, items, "")), wanted)
        await record_act(actor, survey, "surveys.set_quotas", now)
    return survey


async def _set_numbers(survey: Survey, cells: set[str], wanted: Mapping[str, int]) -> None:
    rows = QuotaCell.of(survey.entity_id).filter(survey_id=survey.id)
    present = {row.cell: row for row in await rows}
    gone = [cell for cell in present if cell not in cells or cell not in wanted]
    await rows.filter(cell__in=gone).delete()
    for cell in sorted(cells & set(wanted)):
        if cell in present:
            await rows.filter(cell=cell).update(most=wanted[cell])
        else:
            taken = await _taken(survey, cell)
            await QuotaCell.create(
                entity_id=survey.entity_id, survey=survey, cell=cell, most=wanted[cell], taken=taken
            )


async def _taken(survey: Survey, cell: str) -> int:
    return await Response.of(survey.entity_id).filter(survey_id=survey.id, quota=cell).count()


async def _shows_live(survey: Survey) -> bool:
    plans = ResultPlan.of(survey.entity_id).filter(survey_id=survey.id, is_live=True)
    return await plans.exists()


async def _require_unanswered(survey: Survey) -> None:
    if await Participation.of(survey.entity_id).filter(survey_id=survey.id).exists():
        raise Frozen


async def record_act(actor: Actor, survey: Survey, action: str, now: datetime) -> None:
    """Write an act on a survey down in the public log."""
    await record(
        entity_id=actor.entity_id,
        actor_id=actor.person_id,
        actor_name=actor.name,
        action=action,
        object_kind="surveys.survey",
        object_id=survey.id,
        object_label=survey.title,
        now=now,
    )
