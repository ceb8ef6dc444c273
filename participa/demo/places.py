"""Where the conversations take place: the processes with their phases, documents and forums."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from participa.accounts.permissions import Actor
from participa.consultations.anchors import place_again
from participa.consultations.coauthors import join, make_link
from participa.consultations.courses import set_course
from participa.consultations.models import Consultation
from participa.consultations.rules import SECTION_KIND, Course
from participa.consultations.service import open_plan_consultation, open_proposals, propose
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.saying import Said
from participa.demo.calendar import Calendar
from participa.demo.cast import Cast
from participa.demo.content import (
    Call,
    ConsultationPart,
    ForumPart,
    NewVersion,
    PhasePart,
    ProcessPart,
    Proposal,
    Topic,
    content,
    text,
)
from participa.demo.script import Opening, proposal_thread, section_thread
from participa.demo.territory import where
from participa.forums.models import Forum
from participa.forums.service import create_forum, start_topic
from participa.plans.models import Plan
from participa.plans.parsing import parse_plan
from participa.plans.queries import current_outline
from participa.plans.service import publish_version
from participa.processes.models import Process
from participa.processes.service import PhasePlan, create_process


@dataclass(frozen=True, slots=True)
class Document:
    """A text opened for comments: its process and its sections' threads, by their names."""

    process: Process
    threads: Mapping[str, int]


async def open_document(
    cast: Cast, calendar: Calendar, part: ProcessPart, *, name: str, file: str
) -> Document:
    """Create a process with its phases, publish its text and open it for comments."""
    first = min(phase.from_day for phase in part.phase)
    process = await create_process(
        entity_id=cast.entity.id,
        slug=part.slug,
        title=part.title,
        summary=part.summary.strip(),
        what_can_change=part.what_can_change.strip(),
        promise=part.promise,
        participa_item=part.participa_item,
        phases=[_phase(calendar, phase) for phase in part.phase],
        now=calendar.start_of(first),
    )
    opened_at = min(calendar.start_of(phase.from_day) for phase in part.phase if phase.opens)
    await _publish(cast, process, part, text(file), opened_at)
    return Document(process, await _threads(cast, process, name))


async def revise_document(
    cast: Cast, calendar: Calendar, part: ProcessPart, process: Process, *, file: str, changes: str
) -> None:
    """Publish the next version of a process's text, with what was accepted of what was said.

    Raises ValueError for a change whose words are not once in the text.
    """
    version = content(NewVersion, changes)
    source = text(file)
    for change in version.change:
        if source.count(change.before) != 1:
            raise ValueError(change.before)
        source = source.replace(change.before, change.after)
    at = calendar.ago(version.days_ago, version.at)
    await _publish(cast, process, part, source, at)
    plan = await Plan.of(cast.entity.id).get(process_id=process.id)
    await place_again(cast.entity.id, plan.id)


async def _publish(
    cast: Cast, process: Process, part: ProcessPart, source: str, now: datetime
) -> None:
    await publish_version(
        entity_id=cast.entity.id,
        process_id=process.id,
        parsed=parse_plan(source),
        source=source,
        title=part.document_title,
        now=now,
        actor=cast.staff["official"],
    )
    await open_plan_consultation(
        entity_id=cast.entity.id, process_id=process.id, question=part.question, now=now
    )


def _phase(calendar: Calendar, part: PhasePart) -> PhasePlan:
    opens_at, closes_at = calendar.start_of(part.from_day), calendar.end_of(part.to_day)
    return PhasePlan(part.title, opens_at, closes_at, part.opens)


async def _threads(cast: Cast, process: Process, name: str) -> dict[str, int]:
    """Name the threads of a document's sections; of two with a number, the deeper one is meant.

    In a decree "1" is both a title and an article: people comment on the article.
    """
    outline = await current_outline(cast.entity.id, process.id)
    numbers = {
        entry.section_id: entry.number
        for entry in sorted(outline.entries, key=lambda entry: entry.depth)
    }
    found = Thread.of(cast.entity.id).filter(process_id=process.id, kind=SECTION_KIND)
    ids = {thread.place_id: thread.id for thread in await found}
    return {section_thread(name, number): ids[section] for section, number in numbers.items()}


def decree_process(part: ProcessPart, asked: ConsultationPart) -> ProcessPart:
    """Give the process of the closed consultation the words that stand in its own file."""
    words = asked.model_dump(include={"title", "summary", "question", "what_can_change"})
    return part.model_copy(update=words)


async def open_forum(cast: Cast, process: Process, part: ForumPart, position: int) -> Forum:
    """Create a forum."""
    return await create_forum(
        entity_id=cast.entity.id,
        process_id=process.id,
        title=part.title,
        question=part.question,
        position=position,
    )


async def set_courses(
    cast: Cast, calendar: Calendar, threads: Mapping[str, int], proposals: Iterable[Proposal]
) -> None:
    """Let the offices say where proposals stand, step by step; threads by their names."""
    for proposal in proposals:
        since = Course.RECEIVED
        for step in proposal.course:
            await set_course(
                cast.speaker(None, step.office),
                threads[proposal_thread(proposal)],
                Course(step.to),
                since=since,
                reason=step.reason.strip(),
                now=calendar.ago(step.days_ago, step.at),
                is_told=False,
            )
            since = Course(step.to)


async def sign(
    cast: Cast, calendar: Calendar, threads: Mapping[str, int], proposals: Iterable[Proposal]
) -> None:
    """Let co-authors sign the proposals they made with others."""
    for proposal in proposals:
        thread_id = threads[proposal_thread(proposal)]
        for key in proposal.coauthors:
            author = cast.speaker(proposal.author, None)
            token = await make_link(author, thread_id, calendar.now)
            await join(cast.people[key], token, calendar.now)


async def open_call(cast: Cast, process: Process, call: Call) -> Consultation:
    """Open the call for proposals."""
    return await open_proposals(
        entity_id=cast.entity.id,
        process_id=process.id,
        title=call.title,
        question=call.question,
        categories=call.categories,
    )


def opening_topic(forum: Forum, topic: Topic) -> Opening:
    """Give what opens a topic of a forum."""

    async def opens(actor: Actor, said: Said, now: datetime) -> Contribution:
        return await start_topic(actor, forum, title=topic.title, said=said, now=now)

    return opens


def opening_proposal(cast: Cast, call: Consultation, proposal: Proposal) -> Opening:
    """Give what makes a proposal."""

    async def opens(actor: Actor, said: Said, now: datetime) -> Contribution:
        return await propose(
            actor, call, title=proposal.title, body=said.body, category=said.category,
            where=await where(cast, proposal.about, proposal.point), now=now,
        )  # fmt: skip

    return opens
