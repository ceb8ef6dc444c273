"""The acts of the question desk: what goes on the screen, what is answered, what is owed."""

from dataclasses import dataclass
from datetime import datetime

from participa.accountability.hearing.events import done, happened, held
from participa.accountability.hearing.models import HearingQuestion
from participa.accountability.hearing.rows import QuestionRow, question_row
from participa.accountability.hearing.rules import (
    Move,
    Phase,
    QuestionState,
    due_on,
    moved,
    phase_of,
)
from participa.accountability.models import AccountabilitySession
from participa.accountability.rules import ACTIVITY, KIND
from participa.accounts.permissions import Actor
from participa.db import transaction
from participa.deliberation.models import Contribution
from participa.deliberation.posting import Opening, Post, post_many
from participa.deliberation.saying import Said
from participa.deliberation.service import publish_post
from participa.deliberation.texts import rendered
from participa.entities.models import Entity, Office
from participa.facilitation.merges import merge
from participa.i18n import _
from participa.kit.calendar import BusinessCalendar
from participa.web.refusals import BadInput, Conflict, NotFound

CHANNELS = ("telephone", "paper")


class MovedMeanwhile(Conflict):
    """Somebody else at the desk was quicker."""

    title = _("Otra persona de la mesa acaba de mover esa pregunta")
    advice = _("Mire dónde quedó y decida de nuevo.")


class CannotMove(Conflict):
    """What the desk wanted does not follow from where the question stands."""

    title = _("Eso no se puede hacer ahora con esa pregunta")
    advice = _("Solo se ponen preguntas en pantalla mientras la audiencia está en curso.")


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered in the hearing: in whose name, in which words, at which second."""

    office: str
    text: str
    second: int | None = None


def phase(session: AccountabilitySession) -> Phase:
    """Say where a session is."""
    return phase_of(session.started_at, session.ended_at)


async def move(
    actor: Actor, session_id: int, thread_id: int, wanted: Move, seen: str, *, now: datetime
) -> QuestionState:
    """Shortlist a question, put it on the screen or take it back. Permission has been asked.

    One question is on the screen: the one before goes back to the list. Refuses with NotFound,
    MovedMeanwhile where the question no longer stands where it was `seen`, and CannotMove.
    """
    async with transaction():
        session, row = await _held(actor.entity_id, session_id, thread_id)
        if row.state != seen:
            raise MovedMeanwhile
        after = moved(row.state, wanted, phase(session))
        if after is None or wanted in {Move.ANSWER, Move.OWE}:
            raise CannotMove
        if after is QuestionState.LIVE:
            await _take_down(session, now)
        await keep_state(session, thread_id, after, now, shown=after is QuestionState.LIVE)
        await done(actor, session, f"question_{after}", now, thread_id=thread_id, label=row.title)
    return after


async def _held(
    entity_id: int, session_id: int, thread_id: int
) -> tuple[AccountabilitySession, QuestionRow]:
    session = await held(entity_id, session_id)
    row = await question_row(entity_id, session_id, thread_id)
    if row is None:
        raise NotFound
    return session, row


async def _take_down(session: AccountabilitySession, now: datetime) -> None:
    shown = HearingQuestion.of(session.entity_id).filter(
        session_id=session.id, state=QuestionState.LIVE
    )
    await shown.update(state=QuestionState.SHORTLISTED, changed_at=now)


async def keep_state(
    session: AccountabilitySession,
    thread_id: int,
    state: QuestionState,
    now: datetime,
    *,
    shown: bool = False,
) -> HearingQuestion:
    """Write where a question stands; the session's row is held, so nobody else does."""
    rows = HearingQuestion.of(session.entity_id).filter(thread_id=thread_id)
    row = await rows.first() or HearingQuestion(
        entity_id=session.entity_id, session=session, thread_id=thread_id
    )
    row.state, row.changed_at = state, now
    if shown:
        row.shown_at = now
    await row.save()
    return row


async def answer(
    actor: Actor, session_id: int, thread_id: int, said: Answered, *, now: datetime,
    request_key: str | None = None,
) -> int:  # fmt: skip
    """Note what an office answered, and publish it in the question's conversation.

    The desk writes down what was said aloud, in the name of who said it: the public log names
    who noted it. Without a `second`, while the hearing is in course, it is the one at which the
    question went on the screen. Gives the id of what was published. Permission has been asked.
    Refuses with NotFound, CannotMove, TextRefused, and BadInput an office that is none.
    """
    async with transaction():
        session, row = await _held(actor.entity_id, session_id, thread_id)
        if row.state is QuestionState.MERGED:
            raise CannotMove
        if not await Office.of(actor.entity_id).filter(name=said.office).exists():
            raise BadInput(_("Elija la dependencia que respondió."))
        words = Said(body=said.text, office=said.office)
        placed = await publish_post(
            actor, thread_id, words, now=now, parent_id=row.opening_id, request_key=request_key
        )
        stored = await keep_state(session, thread_id, QuestionState.ANSWERED, now)
        stored.answer_id = placed.id
        stored.second = said.second if said.second is not None else _second(session, stored, now)
        await stored.save(update_fields=["answer_id", "second"])
        await done(
            actor, session, "question_answered", now,
            thread_id=thread_id, label=row.title, reason=said.office,
        )  # fmt: skip
    return placed.id


def _second(session: AccountabilitySession, stored: HearingQuestion, now: datetime) -> int | None:
    if phase(session) is not Phase.LIVE or session.started_at is None:
        return stored.second
    begun = stored.shown_at or now
    return max(int((begun - session.started_at).total_seconds()), 0)


async def owe(
    actor: Actor,
    session_id: int,
    thread_id: int,
    owner_id: int | None,
    *,
    calendar: BusinessCalendar,
    now: datetime,
) -> None:
    """Promise a written answer: by an office, until the last day of the term.

    Owing it again only changes who owes it. Permission has been asked. Refuses with NotFound,
    CannotMove, and BadInput without an office.
    """
    async with transaction():
        session, row = await _held(actor.entity_id, session_id, thread_id)
        if moved(row.state, Move.OWE, phase(session)) is None:
            raise CannotMove
        owner = await Office.of(actor.entity_id).filter(id=owner_id).first()
        if owner is None:
            raise BadInput(_("Elija la dependencia que debe responder."))
        zone = (await Entity.get(id=actor.entity_id)).zone
        stored = await keep_state(session, thread_id, QuestionState.PENDING, now)
        stored.owner, stored.owner_name = owner, owner.name
        if stored.due_on is None:
            held_on = (session.ended_at or session.held_at).astimezone(zone).date()
            stored.due_on = due_on(held_on, row.asked_at.astimezone(zone).date(), calendar)
        await stored.save()
        await done(
            actor, session, "question_pending", now,
            thread_id=thread_id, label=row.title, reason=owner.name,
        )  # fmt: skip


async def record_question(
    actor: Actor, session_id: int, title: str, body: str, channel: str, *, now: datetime
) -> Contribution:
    """Write down a question that came by telephone or on a slip of paper; it counts the same.

    Its author has no account, so that it is a voice of its own. Permission has been asked.
    Refuses with NotFound, TextRefused, and ValueError for another channel.
    """
    if channel not in CHANNELS:
        raise ValueError(channel)
    text = await rendered(body)
    async with transaction():
        session = await held(actor.entity_id, session_id)
        opening = Opening(KIND, session.id, ACTIVITY, title)
        said = Said(body=body, channel=channel)
        (new_id,) = await post_many(
            actor.entity_id, session.process_id, [Post(opening, said, text)],
            author_id=None, now=now,
        )  # fmt: skip
        recorded = await Contribution.of(actor.entity_id).get(id=new_id)
        await done(
            actor, session, "question_recorded", now,
            thread_id=recorded.thread_id, label=title, reason=channel,
        )  # fmt: skip
    return recorded


async def unite_questions(
    actor: Actor, session_id: int, thread_id: int, into_thread_id: int, *, now: datetime
) -> None:
    """Merge a question into another one of the same session that asks the same.

    Its supports count there, each person once, and who asked is answered with it. Permission has
    been asked. Refuses with NotFound and as `facilitation.merges.merge` does.
    """
    async with transaction():
        session, row = await _held(actor.entity_id, session_id, thread_id)
        into = await question_row(actor.entity_id, session_id, into_thread_id)
        if into is None:
            raise NotFound
        await merge(actor, row.opening_id, into.opening_id, reason=str(session.title), now=now)
        await happened(session, "question_merged", now, thread_id)
