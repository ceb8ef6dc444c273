"""What proposals of a call may be about: the list, and changing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.functions import Count

from participa.accounts.permissions import Actor
from participa.audit import record
from participa.consultations.models import Consultation
from participa.consultations.rules import PROPOSAL_KIND, categories_problem
from participa.db import transaction
from participa.deliberation.models import Contribution, Thread
from participa.i18n import _
from participa.processes.service import touch
from participa.web.refusals import BadInput, Conflict


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The categories of a call as they shall be: their names in order, and who was called what."""

    names: tuple[str, ...]
    renamed: Mapping[str, str]
    requires_category: bool


class CategoriesMoved(Conflict):
    """Somebody else changed the list meanwhile."""

    title = _("Alguien más cambió las categorías. Revise la lista y guárdela otra vez.")


async def arrange(
    actor: Actor,
    consultation_id: int,
    wanted: Arrangement,
    *,
    known: Sequence[str],
    now: datetime,
) -> Consultation:
    """Change the categories of a call; `known` is the list as the actor saw it.

    Proposals follow a new name; those of a category that is retired keep it. Refuses with
    BadInput a list that cannot be, and with CategoriesMoved.
    """
    problem = categories_problem(wanted.names)
    if problem is not None:
        raise BadInput(problem)
    async with transaction():
        rows = Consultation.of(actor.entity_id).filter(id=consultation_id, plan_id=None)
        call = await rows.select_for_update().get()
        if call.categories != list(known):
            raise CategoriesMoved
        await _rename(call, wanted)
        call.categories = list(wanted.names)
        call.requires_category = wanted.requires_category and bool(wanted.names)
        await call.save(update_fields=["categories", "requires_category"])
        await record(
            entity_id=actor.entity_id,
            actor_id=actor.person_id,
            actor_name=actor.name,
            action="consultations.arrange_categories",
            object_kind="consultations.consultation",
            object_id=call.id,
            object_label=call.title,
            reason=", ".join(wanted.names),
            now=now,
        )
        await touch(actor.entity_id, call.process_id)
    return call


async def _rename(call: Consultation, wanted: Arrangement) -> None:
    """Let proposals follow their category's new name: found first, for two may change names."""
    inside = Thread.of(call.entity_id).filter(kind=PROPOSAL_KIND, place_id=call.id)
    found = {
        old: [int(str(each)) for each in await rows.values_list("id", flat=True)]
        for old, new in wanted.renamed.items()
        if new != old
        for rows in [inside.filter(category=old)]
    }
    for old, threads in found.items():
        new = wanted.renamed[old]
        openings = Contribution.of(call.entity_id).filter(thread_id__in=threads, is_opening=True)
        await Thread.of(call.entity_id).filter(id__in=threads).update(category=new)
        await openings.update(category=new)


async def in_use(call: Consultation) -> dict[str, int]:
    """Count the proposals of each category that has any, retired ones too."""
    rows = Thread.of(call.entity_id).filter(
        kind=PROPOSAL_KIND, place_id=call.id, is_hidden=False, merged_at=None
    )
    counted = rows.exclude(category="").annotate(n=Count("id")).group_by("category")
    found = await counted.order_by("category").values_list("category", "n")
    return {str(category): int(str(n)) for category, n in found}


def offered(call: Consultation, used: Mapping[str, int]) -> list[str]:
    """List what proposals can be looked for by: the call's categories, then the retired ones."""
    return [*call.categories, *(name for name in used if name not in call.categories)]
