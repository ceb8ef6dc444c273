"""Creating processes and setting their dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import F

from participa.db import transaction
from participa.entities.models import Territory
from participa.i18n import _
from participa.processes.models import Phase, Process
from participa.processes.rules import (
    ACTIVITIES,
    PARTICIPA_ITEMS,
    PROMISES,
    kind_of_activity,
)
from participa.web.refusals import BadInput, Conflict, NotFound


@dataclass(frozen=True, slots=True)
class PhasePlan:
    """A phase to be: its name, its span and what it opens."""

    title: str
    opens_at: datetime
    closes_at: datetime
    opens: tuple[str, ...] = ()


async def create_process(
    *,
    entity_id: int,
    slug: str,
    title: str,
    summary: str,
    promise: str,
    participa_item: str,
    phases: Sequence[PhasePlan],
    now: datetime,
    what_can_change: str = "",
    territory: Territory | None = None,
    is_published: bool = True,
) -> Process:
    """Create a process with its phases, in one piece.

    Refuses with BadInput when a phase ends before it begins or names an unknown activity,
    promise or item of the Menú Participa; with Conflict when the slug is taken.
    """
    _check(promise, participa_item, phases)
    async with transaction():
        if await Process.of(entity_id).filter(slug=slug).exists():
            raise Conflict(_("Ya hay un proceso con la dirección {slug}.", slug=slug))
        process = await Process.create(
            entity_id=entity_id,
            slug=slug,
            title=title,
            summary=summary,
            what_can_change=what_can_change,
            promise=promise,
            participa_item=participa_item,
            territory=territory,
            is_published=is_published,
            created_at=now,
        )
        await Phase.bulk_create(
            [
                Phase(
                    entity_id=entity_id,
                    process=process,
                    title=phase.title,
                    position=position,
                    opens=list(phase.opens),
                    opens_at=phase.opens_at,
                    closes_at=phase.closes_at,
                )
                for position, phase in enumerate(phases)
            ]
        )
    return process


async def add_phase(entity_id: int, process_id: int, plan: PhasePlan) -> Phase:
    """Add a phase at the end of a process. Permission has been asked.

    Refuses with NotFound, and with BadInput as `create_process` does.
    """
    _check_phase(plan)
    async with transaction():
        held = Process.of(entity_id).filter(id=process_id).select_for_update(no_key=True)
        process = await held.first()
        if process is None:
            raise NotFound
        last = await Phase.of(entity_id).filter(process_id=process_id).order_by("-position").first()
        phase = await Phase.create(
            entity_id=entity_id,
            process=process,
            title=plan.title,
            position=last.position + 1 if last is not None else 0,
            opens=list(plan.opens),
            opens_at=plan.opens_at,
            closes_at=plan.closes_at,
        )
        await touch(entity_id, process_id)
    return phase


def _check(promise: str, item: str, phases: Sequence[PhasePlan]) -> None:
    if promise not in PROMISES or item not in PARTICIPA_ITEMS:
        raise BadInput(_("La promesa o la categoría del Menú Participa no existe."))
    for phase in phases:
        _check_phase(phase)


def _check_phase(phase: PhasePlan) -> None:
    if phase.closes_at <= phase.opens_at:
        raise BadInput(_("La fase «{title}» cierra antes de abrir.", title=phase.title))
    if unknown := {kind_of_activity(each) for each in phase.opens} - set(ACTIVITIES):
        raise BadInput(_("No existe la actividad {name}.", name=min(unknown)))


async def touch(entity_id: int, process_id: int) -> None:
    """Note, inside the act's transaction, that pages kept for readers of a process are old.

    For what they show beside their own conversation: its dates, its plan, its results.
    """
    await Process.of(entity_id).filter(id=process_id).update(revision=F("revision") + 1)


async def touch_all(entity_id: int) -> None:
    """Note the same of every process: something changed that all their pages show."""
    await Process.of(entity_id).update(revision=F("revision") + 1)
