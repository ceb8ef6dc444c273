"""The municipality of the demonstration and its neighbour: their places, and what is said there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from participa.deliberation.models import Contribution
from participa.demo.accountability import load_accountability
from participa.demo.acts import acts_of
from participa.demo.attachments import load_attachments
from participa.demo.calendar import Calendar
from participa.demo.cast import Cast
from participa.demo.channels import load_channels
from participa.demo.content import (
    ClosedConsultation,
    ForumPart,
    Forums,
    Neighbour,
    Processes,
    Proposals,
    SectionComments,
    content,
)
from participa.demo.drafts import load_draft
from participa.demo.facilitation import (
    CLOSED_AT,
    CLOSED_DAYS_AGO,
    close_topics,
    closed_topics,
    merge_proposals,
    pin_topics,
)
from participa.demo.market_round import load_market_round
from participa.demo.menu import load_menu
from participa.demo.opinion import load_round
from participa.demo.phone_survey import load_phone_survey
from participa.demo.places import (
    decree_process,
    open_call,
    open_document,
    open_forum,
    opening_proposal,
    opening_topic,
    revise_document,
    set_courses,
    sign,
)
from participa.demo.roll_survey import load_roll_survey
from participa.demo.script import Line, Scene
from participa.demo.stage import Shown, Stage
from participa.demo.surveys import load_survey
from participa.demo.territory import load_census, load_map
from participa.files.store import Store
from participa.kit.names import slugify
from participa.processes.models import Process
from participa.processes.service import PhasePlan, create_process

PLAN, DECREE = "plan", "decree"


@dataclass(frozen=True, slots=True)
class Town:
    """The processes of the municipality: the plan under discussion, the decree that is closed.

    `said` has what was said in them by the script's keys.
    """

    plan: Process
    decree: Process
    said: Mapping[str, Contribution]


async def fill_town(cast: Cast, calendar: Calendar, store: Store, shown: Shown) -> Town:
    """Open the plan with its forums and proposals, and the decree, and let everybody speak."""
    parts = content(Processes, "processes.toml")
    closed = content(ClosedConsultation, "consultation.toml")
    forums = content(Forums, "forums.toml").forum
    comments = content(SectionComments, "section_comments.toml")
    decree_part = decree_process(parts.decree, closed.consultation)
    decree = await open_document(cast, calendar, decree_part, name=DECREE, file="consultation.md")
    plan = await open_document(cast, calendar, parts.plan, name=PLAN, file="plan.md")
    await load_map(cast, calendar.start_of(-60))
    await load_census(cast, calendar.start_of(-60))
    now = Scene(cast, calendar, calendar.now)
    then = Scene(cast, calendar, calendar.end_of(-closed.consultation.closed_days_ago))
    spoken_now = [
        *await _forum_lines(now, plan.process, forums),
        *await _proposal_lines(now, plan.process),
        *now.comments(PLAN, comments.comment),
    ]
    spoken_then = [
        *then.comments(DECREE, closed.contribution),
        *then.comments(DECREE, comments.decree_comment),
    ]
    ended = Scene(cast, calendar, calendar.ago(CLOSED_DAYS_AGO, CLOSED_AT))
    closed_then = closed_topics(forums)
    acts = [
        *acts_of(now, [line for line in spoken_now if line.thread not in closed_then]),
        *acts_of(ended, [line for line in spoken_now if line.thread in closed_then]),
        *acts_of(then, spoken_then),
    ]
    stage = Stage(cast, {**plan.threads, **decree.threads})
    await stage.play(acts, shown)
    recordings = await load_channels(cast, plan.process, calendar)
    await close_topics(cast, forums, stage.threads, ended.until)
    await pin_topics(cast, forums, stage.spoken, calendar.now)
    await revise_document(
        cast, calendar, parts.plan, plan.process, file="plan.md", changes="plan_changes.toml"
    )
    proposals = content(Proposals, "proposals.toml").proposal
    await set_courses(cast, calendar, stage.threads, proposals)
    await sign(cast, calendar, stage.threads, proposals)
    await load_attachments(cast, calendar, store, stage.threads, proposals[0], recordings[0])
    await merge_proposals(cast, proposals, stage.spoken, calendar.now)
    await load_survey(cast, plan.process, calendar)
    await load_roll_survey(cast, plan.process, calendar)
    await load_phone_survey(cast, decree.process, calendar)
    await load_round(cast, plan.process, calendar)
    await load_market_round(cast, decree.process, calendar)
    await load_accountability(cast, calendar, store)
    await load_menu(cast, calendar)
    await load_draft(cast, decree.process, calendar)
    return Town(plan.process, decree.process, stage.spoken)


async def _forum_lines(scene: Scene, process: Process, forums: tuple[ForumPart, ...]) -> list[Line]:
    lines: list[Line] = []
    for position, part in enumerate(forums):
        forum = await open_forum(scene.cast, process, part, position)
        for topic in part.topic:
            lines += scene.topic(part.key, topic, opening_topic(forum, topic))
    return lines


async def _proposal_lines(scene: Scene, process: Process) -> list[Line]:
    parts = content(Proposals, "proposals.toml")
    call = await open_call(scene.cast, process, parts.call)

    def lines() -> Iterator[Line]:
        for proposal in parts.proposal:
            yield from scene.proposal(proposal, opening_proposal(scene.cast, call, proposal))

    return list(lines())


async def fill_neighbour(cast: Cast, calendar: Calendar) -> None:
    """Open the neighbour's one process and let its people speak."""
    part = content(Neighbour, "neighbour.toml")
    opens_at, closes_at = calendar.start_of(-20), calendar.end_of(20)
    process = await create_process(
        entity_id=cast.entity.id,
        slug=slugify(part.process.title),
        title=part.process.title,
        summary=part.process.summary,
        promise=part.process.promise,
        participa_item=part.process.participa_item,
        phases=[PhasePlan("Foro", opens_at, closes_at, ("forums.discuss",))],
        now=opens_at,
    )
    scene = Scene(cast, calendar, calendar.now)
    lines = await _forum_lines(scene, process, part.forum)
    await Stage(cast, {}).play(acts_of(scene, lines), lambda _share: None)
