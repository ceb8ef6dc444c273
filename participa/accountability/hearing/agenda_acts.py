"""Keeping an agenda as it was made, and correcting what its points are called and take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from participa.accountability.hearing.agenda import Slot
from participa.accountability.hearing.board import PointView
from participa.accountability.hearing.events import done, happened, held
from participa.accountability.hearing.models import AgendaPoint
from participa.accountability.hearing.rules import MAX_DURATION
from participa.accounts.permissions import Actor
from participa.db import transaction
from participa.i18n import _
from participa.processes.service import touch
from participa.web.forms import Form
from participa.web.refusals import BadInput

MAX_POINT = 160


@dataclass(frozen=True, slots=True)
class Corrected:
    """A point as an official wants it; its own title is empty where none was written."""

    id: int
    title: str
    minutes: int


def agenda_fields(points: Sequence[PointView]) -> tuple[str, ...]:
    """Name the fields of the form that corrects an agenda."""
    return tuple(f"{name}_{point.id}" for point in points for name in ("title", "minutes"))


def read_points(form: Form, points: Sequence[PointView]) -> list[Corrected]:
    """Read the corrected points. Refuses with BadInput minutes that are none."""
    found = []
    for point in points:
        title = " ".join(form.text(f"title_{point.id}", longest=MAX_POINT).split())
        minutes = form.number(f"minutes_{point.id}")
        if minutes is None or not 1 <= minutes <= MAX_DURATION or form.has_errors:
            raise BadInput(
                _("Escriba los minutos de cada punto, de 1 a {most}.", most=MAX_DURATION)
            )
        found.append(Corrected(point.id, title, minutes))
    return found


async def keep_agenda(
    entity_id: int, session_id: int, slots: Sequence[Slot], *, now: datetime
) -> None:
    """Keep an agenda in place of the one before. Refuses with NotFound."""
    async with transaction():
        session = await held(entity_id, session_id)
        await AgendaPoint.of(entity_id).filter(session_id=session_id).delete()
        points = [
            AgendaPoint(
                entity_id=entity_id,
                session=session,
                position=position,
                point=slot.point,
                title=slot.title,
                minutes=slot.minutes,
                questions=slot.questions,
                voices=slot.voices,
                is_minority=slot.is_minority,
                made_at=now,
            )
            for position, slot in enumerate(slots)
        ]
        await AgendaPoint.bulk_create(points)
        await happened(session, "agenda_made", now)
        await touch(entity_id, session.process_id)


async def write_agenda(
    actor: Actor, session_id: int, points: Sequence[Corrected], *, now: datetime
) -> None:
    """Keep an agenda as it was corrected. Permission has been asked. Refuses with NotFound."""
    async with transaction():
        session = await held(actor.entity_id, session_id)
        rows = AgendaPoint.of(actor.entity_id).filter(session_id=session.id)
        for point in points:
            change = {"title": point.title} if point.title else {}
            await rows.filter(id=point.id).update(minutes=point.minutes, **change)
        await done(actor, session, "agenda_changed", now)
