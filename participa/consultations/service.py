"""The acts of consultations: opening a plan to comments, calling for proposals, proposing."""

from dataclasses import dataclass
from datetime import datetime

from tortoise.exceptions import IntegrityError

from participa.accounts.permissions import Actor
from participa.consultations.jobs import MOVE
from participa.consultations.models import Consultation
from participa.consultations.rules import (
    COMMENT,
    PROPOSAL_KIND,
    PROPOSE,
    SECTION_KIND,
    categories_problem,
    section_key,
)
from participa.db import transaction
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.saying import Said
from participa.deliberation.service import Also, open_topic
from participa.i18n import _
from participa.jobs import enqueue
from participa.plans.queries import Entry, Outline, current_outline
from participa.plans.rules import thread_title
from participa.plans.service import Prepared, Published, publish_prepared
from participa.territory.service import Where, place_contribution
from participa.web.refusals import BadInput, Conflict, PhaseClosed

BATCH = 500


@dataclass(frozen=True, slots=True)
class Opened:
    """A consultation with the number of threads just opened in it."""

    consultation: Consultation
    threads: int


async def open_plan_consultation(
    *, entity_id: int, process_id: int, now: datetime, title: str = "", question: str = ""
) -> Opened:
    """Open every section of a process's plan to comments.

    Called again, after a new version, it opens the sections that are new and renames those
    whose title changed; what was said stays where it was. Refuses with NotFound without a plan.
    """
    try:
        async with transaction():
            outline = await current_outline(entity_id, process_id)
            consultation = await _consultation(outline, process_id, title, question)
            rows = Thread.of(entity_id).filter(process_id=process_id, kind=SECTION_KIND)
            known = {thread.place_id: thread for thread in await rows}
            await _rename(outline, known)
            missing = [entry for entry in outline.entries if entry.section_id not in known]
            new = [_thread(outline, process_id, entry, now) for entry in missing]
            if new:
                await Thread.bulk_create(new, batch_size=BATCH)
    except IntegrityError as error:
        raise Conflict(_("Ya hay una consulta con ese título en el proceso.")) from error
    return Opened(consultation, len(missing))


async def _consultation(
    outline: Outline, process_id: int, title: str, question: str
) -> Consultation:
    plan = outline.plan
    found = await Consultation.of(plan.entity_id).filter(plan_id=plan.id).first()
    if found is not None:
        return found
    return await Consultation.create(
        entity_id=plan.entity_id,
        process_id=process_id,
        plan=plan,
        title=title or plan.title,
        question=question,
    )


def _title(entry: Entry) -> str:
    return thread_title(entry.kind, entry.number, entry.title, entry.label)[:300]


async def _rename(outline: Outline, known: dict[int, Thread]) -> None:
    changed = []
    for entry in outline.entries:
        thread = known.get(entry.section_id)
        if thread is not None and thread.title != _title(entry):
            thread.title = _title(entry)
            changed.append(thread)
    if changed:
        await Thread.bulk_update(changed, ["title"], batch_size=BATCH)


def _thread(outline: Outline, process_id: int, entry: Entry, now: datetime) -> Thread:
    return Thread(
        entity_id=outline.plan.entity_id,
        process_id=process_id,
        kind=SECTION_KIND,
        place_id=entry.section_id,
        activity=COMMENT,
        title=_title(entry),
        sole_key=section_key(entry.section_id),
        created_at=now,
        last_activity_at=now,
    )


@dataclass(frozen=True, slots=True)
class Imported:
    """What importing a plan did: the version and the sections newly open to comments."""

    published: Published
    opened: Opened


async def import_plan(
    prepared: Prepared,
    *,
    entity_id: int,
    process_id: int,
    now: datetime,
    title: str = "",
    question: str = "",
    actor: Actor | None = None,
) -> Imported:
    """Publish a plan and open it to comments, both or neither. The same source twice is once.

    The worker then moves what was said about passages to where they stand in the new version.
    """
    async with transaction():
        published = await publish_prepared(
            prepared,
            entity_id=entity_id,
            process_id=process_id,
            title=title,
            now=now,
            actor=actor,
        )
        opened = await open_plan_consultation(
            entity_id=entity_id, process_id=process_id, now=now, question=question
        )
        if published.is_new and published.version.number > 1:
            wanted: dict[str, object] = {"entity_id": entity_id, "plan_id": published.plan.id}
            await enqueue(MOVE, wanted, entity_id=entity_id, run_at=now)
    return Imported(published, opened)


class CallClosed(PhaseClosed):
    """A call that its officials closed, or have not published."""

    title = _("Esta convocatoria no recibe propuestas ahora")
    advice = _("Las que hay se pueden leer, comentar y apoyar mientras el proceso lo permita.")


async def open_proposals(
    *,
    entity_id: int,
    process_id: int,
    title: str,
    question: str = "",
    categories: tuple[str, ...] = (),
    requires_category: bool = False,
    is_published: bool = True,
) -> Consultation:
    """Open a call for proposals.

    Refuses with Conflict when the process has one so called, with BadInput for categories that
    cannot be.
    """
    problem = categories_problem(categories)
    if problem is not None:
        raise BadInput(problem)
    try:
        async with transaction():
            return await Consultation.create(
                entity_id=entity_id,
                process_id=process_id,
                title=title,
                question=question,
                categories=list(categories),
                requires_category=requires_category,
                is_published=is_published,
            )
    except IntegrityError as error:
        raise Conflict(_("Ya hay una consulta con ese título en el proceso.")) from error


async def propose(
    actor: Actor,
    consultation: Consultation,
    *,
    title: str,
    body: str,
    now: datetime,
    category: str = "",
    where: Where | None = None,
    request_key: str | None = None,
) -> Contribution:
    """Make a proposal, which is the opening of its own thread.

    Refuses with PhaseClosed outside the phases for proposals, with CallClosed, and with BadInput
    for a category that the call does not have, for none where it asks for one, for a place that
    is not here, and for a consultation that is about a text.
    """
    none = () if consultation.requires_category else ("",)
    if consultation.plan_id is not None or category not in (*none, *consultation.categories):
        raise BadInput
    return await open_topic(
        actor,
        process_id=consultation.process_id,
        kind=PROPOSAL_KIND,
        place_id=consultation.id,
        activity=PROPOSE,
        title=title,
        said=Said(body=body, category=category),
        now=now,
        request_key=request_key,
        also=_placing(consultation, where),
    )


def _placing(call: Consultation, where: Where | None) -> Also:
    entity_id = call.entity_id

    async def place(contribution_id: int) -> None:
        # Held, so that a call is not closed between this look and what is done.
        held = Consultation.of(entity_id).filter(id=call.id, is_published=True, closed_at=None)
        if await held.select_for_update().first() is None:
            raise CallClosed
        if where is None:
            return
        await place_contribution(
            entity_id, contribution_id, territory_id=where.area, point=where.point
        )

    return place
