"""What the municipality promised after its answers: one commitment in each state."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict

from participa.accounts.permissions import Actor
from participa.answers.models import AnswerTarget
from participa.commitments.along import ANSWER
from participa.commitments.evidence import attach_evidence
from participa.commitments.models import Commitment
from participa.commitments.naming import session_among
from participa.commitments.rules import QUESTION, SESSION, Promise, State, due_after
from participa.commitments.service import make_commitment, move, report_progress
from participa.commitments.verdicts import judge
from participa.consultations.coauthors import cosigners
from participa.deliberation.models import Contribution
from participa.demo.calendar import Calendar
from participa.demo.cast import Cast
from participa.demo.content import content
from participa.demo.evaluation import held_session
from participa.demo.papers import document
from participa.entities.models import Office
from participa.files.receiving import receive
from participa.files.rules import PDF
from participa.files.store import Store
from participa.petitions.queries import calendar_of

MADE_AT, FIRST_ACT_AT = time(16, 0), time(9, 0)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ActPart(_Part):
    """What somebody did about a commitment on a day; papers have lines."""

    kind: Literal["progress", "paper", "done", "confirm", "dispute", "cancel"]
    days_ago: int
    by: str = ""
    words: str = ""
    lines: tuple[str, ...] = ()


class CommitmentPart(_Part):
    """A promise, for a day or within a term in working days."""

    title: str
    indicator: str = ""
    office: str
    questions: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    # Made after the hearing that was held, so that the next one is better.
    improves_hearing: bool = False
    made_days_ago: int
    due: int = 0
    term_days: int | None = None
    act: tuple[ActPart, ...] = ()


class CommitmentsFile(_Part):
    """The file of commitments."""

    commitment: tuple[CommitmentPart, ...]


async def load_commitments(
    cast: Cast, said: Mapping[str, Contribution], calendar: Calendar, store: Store
) -> None:
    """Make the commitments and let those of the cast do what they did about each."""
    for part in content(CommitmentsFile, "commitments.toml").commitment:
        made = await _make(cast, said, calendar, part)
        for number, act in enumerate(part.act):
            at = calendar.ago(act.days_ago, FIRST_ACT_AT) + timedelta(hours=number)
            await _do(cast, made.id, part, act, at, store)


async def _make(
    cast: Cast, said: Mapping[str, Contribution], calendar: Calendar, part: CommitmentPart
) -> Commitment:
    asked = await _asked(cast, said, part)
    actor, at = cast.offices[part.office], calendar.ago(part.made_days_ago, MADE_AT)
    office = await Office.of(cast.entity.id).get(name=actor.office)
    due_on = calendar.day_of(calendar.start_of(part.due))
    if part.term_days is not None:
        days = await calendar_of(cast.entity.id)
        due_on = due_after(part.term_days, calendar.day_of(at), days)
    held = await held_session(cast) if part.improves_hearing else None
    origin = await _origin(cast, asked) if held is None else (SESSION, held.id)
    process_id = asked[0].process_id if held is None else held.process_id
    promise = Promise(
        title=part.title,
        office_id=office.id,
        owner_id=actor.person_id or 0,
        due_on=due_on,
        indicator=part.indicator,
        term_days=part.term_days,
        origin=origin,
        session_id=session_among(origin, asked),
        sources=tuple(each.id for each in asked),
    )
    return await make_commitment(actor, process_id, promise, now=at)


async def _asked(
    cast: Cast, said: Mapping[str, Contribution], part: CommitmentPart
) -> list[Contribution]:
    rows = Contribution.of(cast.entity.id).filter(
        is_opening=True, thread__kind=QUESTION, thread__title__in=list(part.questions)
    )
    questions = await rows.select_related("thread").order_by("id")
    ids = [said[f"decree/{key}"].id for key in part.said]
    comments = Contribution.of(cast.entity.id).filter(id__in=ids).select_related("thread")
    return [*questions, *await comments.order_by("id")]


async def _origin(cast: Cast, asked: list[Contribution]) -> tuple[str, int] | None:
    rows = AnswerTarget.of(cast.entity.id).filter(contribution_id__in=[each.id for each in asked])
    target = await rows.first()
    return (ANSWER, target.answer_id) if target is not None else None


async def _do(
    cast: Cast, made_id: int, part: CommitmentPart, act: ActPart, at: datetime, store: Store
) -> None:
    official = cast.offices[part.office]
    made = await Commitment.of(cast.entity.id).get(id=made_id)
    seen = str(made.step_count)
    if act.kind == "progress":
        await report_progress(official, made_id, act.words, seen=seen, now=at)
    elif act.kind == "paper":
        paper = await receive(
            document([*act.lines]), PDF, store, name="prueba.pdf", description=act.words
        )
        await attach_evidence(official, made_id, paper, now=at)
    elif act.kind in _MOVES:
        to = _MOVES[act.kind]
        await move(official, made_id, to, reason=act.words, seen=seen, now=at)
    else:
        await _judge(cast.people[act.by], made, act, at)


_MOVES = {"done": State.DONE, "cancel": State.CANCELLED}


async def _judge(who: Actor, made: Commitment, act: ActPart, at: datetime) -> None:
    await judge(
        who, made.id, confirms=act.kind == "confirm", reason=act.words,
        done_number=made.done_count, cosigners=cosigners, now=at,
    )  # fmt: skip
