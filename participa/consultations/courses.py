"""The course of a proposal: the entity says where it stands, and everybody reads since when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from participa.accounts.permissions import Actor
from participa.audit import record
from participa.consultations.models import CourseStep
from participa.consultations.rules import (
    COURSES,
    PROPOSAL_KIND,
    Course,
    needs_reason,
    next_courses,
)
from participa.db import transaction
from participa.deliberation.models import Thread
from participa.i18n import Text, _
from participa.jobs import enqueue
from participa.processes.service import touch
from participa.processes.views import Pill
from participa.web.refusals import BadInput, Conflict, NotFound

TELL_COURSE = "consultations.tell_course"
_PILLS: dict[Course, str] = {
    Course.RECEIVED: "coming",
    Course.IN_STUDY: "follow",
    Course.VIABLE: "open",
    Course.NOT_VIABLE: "closed",
    Course.ADOPTED: "done",
    Course.UNDER_WAY: "follow",
    Course.FULFILLED: "done",
}


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of a proposal's course, as pages show it."""

    course: Course
    label: Text
    at: datetime
    office: str
    reason: str


class ReasonMissing(BadInput):
    """A step that has to be explained was not."""

    status = 422
    title = _("Escriba el motivo: quien propuso y quienes apoyaron lo van a leer.")


class CourseMoved(Conflict):
    """Somebody else moved the proposal meanwhile, or it cannot go there."""

    title = _("El estado cambió mientras usted escribía. Revíselo y escoja otra vez.")


def course_pill(course: Course) -> Pill:
    """Say where a proposal stands, in a word and a shape."""
    return Pill(_PILLS[course], COURSES[course])


async def set_course(
    actor: Actor,
    thread_id: int,
    to: Course,
    *,
    since: Course,
    reason: str,
    now: datetime,
    is_told: bool = True,
) -> CourseStep | None:
    """Move a proposal on; `since` is where the actor saw it. None where it stands there already.

    Whom it concerns is told by mail, unless it is old news that is only being written down.
    Refuses with NotFound what is no proposal here, with ReasonMissing, and with CourseMoved.
    """
    async with transaction():
        rows = Thread.of(actor.entity_id).filter(id=thread_id, kind=PROPOSAL_KIND, is_hidden=False)
        # Its row is what acts in a thread queue by: two officials cannot both be the next step.
        thread = await rows.select_for_update(no_key=True).first()
        if thread is None:
            raise NotFound
        last = await current_step(actor.entity_id, thread_id)
        course = Course(last.course) if last else Course.RECEIVED
        if course is to:
            return None
        if course is not since or to not in next_courses(course):
            raise CourseMoved
        if needs_reason(course, to) and not reason:
            raise ReasonMissing
        step = await _step(actor, thread, last, to, reason, now)
        if is_told:
            await _tell(actor, step, now)
        return step


async def _step(
    actor: Actor, thread: Thread, last: CourseStep | None, to: Course, reason: str, now: datetime
) -> CourseStep:
    rows = CourseStep.of(actor.entity_id).filter(thread_id=thread.id, is_current=True)
    await rows.update(is_current=False)
    step = await CourseStep.create(
        entity_id=actor.entity_id,
        thread=thread,
        number=last.number + 1 if last else 1,
        course=to,
        reason=reason,
        office=actor.office,
        is_current=True,
        at=now,
    )
    await record(
        entity_id=actor.entity_id,
        actor_id=actor.person_id,
        actor_name=actor.name,
        action="consultations.set_course",
        object_kind="deliberation.thread",
        object_id=thread.id,
        object_label=thread.title,
        reason=f"{COURSES[to]}. {reason}".strip(),
        now=now,
    )
    await touch(actor.entity_id, thread.process_id)
    return step


async def _tell(actor: Actor, step: CourseStep, now: datetime) -> None:
    arguments: dict[str, object] = {
        "entity_id": actor.entity_id, "step_id": step.id, "by": actor.person_id or 0,
    }  # fmt: skip
    await enqueue(TELL_COURSE, arguments, entity_id=actor.entity_id, run_at=now)


async def current_step(entity_id: int, thread_id: int) -> CourseStep | None:
    """Give the latest step of a proposal; None where it was only received."""
    rows = CourseStep.of(entity_id).filter(thread_id=thread_id, is_current=True)
    return await rows.first()


async def courses_of(entity_id: int, threads: Collection[int]) -> dict[int, Course]:
    """Say where each of these proposals stands that went on from being received."""
    rows = CourseStep.of(entity_id).filter(thread_id__in=list(threads), is_current=True)
    return {step.thread_id: Course(step.course) for step in await rows}


async def steps_of(entity_id: int, thread_id: int) -> list[StepView]:
    """List the steps of a proposal, newest first."""
    rows = CourseStep.of(entity_id).filter(thread_id=thread_id).order_by("-number")
    return [_step_view(step) for step in await rows]


def _step_view(step: CourseStep) -> StepView:
    course = Course(step.course)
    return StepView(course, COURSES[course], step.at, step.office, step.reason)
