"""How many answers of each group are still wanted: one counter for each, moved with the answer.

However many groups there are, an answer reads and moves one row.
"""

from collections.abc import Mapping, Sequence
from itertools import product

from tortoise.expressions import F

from participa.i18n import _
from participa.surveys.answered import Answered
from participa.surveys.models import QuotaCell, Survey
from participa.surveys.questionnaire import ONE_CHOICE, Item, in_language
from participa.web.refusals import Conflict

MOST_ITEMS = 2


class QuotaFull(Conflict):
    """Enough people of this group have answered."""

    title = _("Ya respondieron suficientes personas de su grupo")
    advice = _(
        "Esta encuesta busca un número fijo de respuestas de cada grupo y el suyo ya está "
        "completo. Sus respuestas no se guardaron. Gracias por querer participar."
    )


def can_divide(item: Item) -> bool:
    """Whether groups can be told apart by an item: one option is chosen, and always."""
    return item.kind in ONE_CHOICE and item.required and item.show_if is None


def cell_key(divides: Sequence[str], items: Sequence[Item], answers: Mapping[str, Answered]) -> str:
    """Name the group that answers belong to, such as «zona=rural;sexo=mujer».

    Empty where nothing divides the answers, or one of the items that do is not answered yet.
    """
    by_code = {item.code: item for item in items}
    parts = []
    for code in divides:
        chosen = answers.get(code, Answered()).choices
        options = by_code[code].options if code in by_code else ()
        if not chosen or not 0 <= chosen[0] < len(options):
            return ""
        parts.append(f"{code}={options[chosen[0]].code}")
    return ";".join(parts)


def all_cells(divides: Sequence[str], items: Sequence[Item], language: str) -> dict[str, str]:
    """List every group by its key, with what it is called."""
    by_code = {item.code: item for item in items}
    dividing = [by_code[code] for code in divides if code in by_code]
    if not dividing:
        return {}
    return {
        ";".join(f"{i.code}={o.code}" for i, o in zip(dividing, chosen, strict=True)): " · ".join(
            in_language(option.label, language) for option in chosen
        )
        for chosen in product(*(item.options for item in dividing))
    }


async def take_place(survey: Survey, cell: str) -> None:
    """Count an answer in its group, in the transaction that stores it.

    A group without a number takes any. Refuses with QuotaFull.
    """
    mine = QuotaCell.of(survey.entity_id).filter(survey_id=survey.id, cell=cell)
    moved = await mine.filter(taken__lt=F("most")).update(taken=F("taken") + 1)
    if not moved and await mine.exists():
        raise QuotaFull


async def give_place_back(survey: Survey, cell: str) -> None:
    """Count an answer no longer, in the transaction that takes it away."""
    mine = QuotaCell.of(survey.entity_id).filter(survey_id=survey.id, cell=cell)
    await mine.filter(taken__gt=0).update(taken=F("taken") - 1)


async def is_full(survey: Survey, cell: str) -> bool:
    """Whether a group takes no more answers."""
    mine = QuotaCell.of(survey.entity_id).filter(survey_id=survey.id, cell=cell)
    return await mine.filter(taken__gte=F("most")).exists()
