"""Telling by mail the offices that owe written answers once a session is over, each once."""

from participa.accountability.hearing.finding import manage_url
from participa.accountability.hearing.models import HearingQuestion
from participa.accountability.hearing.rows import QuestionRow, question_rows
from participa.accountability.hearing.rules import QuestionState
from participa.accountability.models import AccountabilitySession
from participa.accounts.officials import officials_of
from participa.entities.models import Entity
from participa.features import Telling
from participa.i18n import Day, _
from participa.notifications.reading import News, tell_once
from participa.notifications.rules import Kind


async def tell_owed(arguments: dict[str, object]) -> None:
    """Leave the officials of each office that owes answers a notice; a second time nobody."""
    entity_id, session_id = (int(str(arguments[name])) for name in ("entity_id", "session_id"))
    rows = AccountabilitySession.of(entity_id).filter(id=session_id, process__is_published=True)
    session = await rows.first()
    if session is None or session.ended_at is None:
        return
    people = await officials_of(entity_id, session.process_id)
    owed = HearingQuestion.of(entity_id).filter(session_id=session_id, state=QuestionState.PENDING)
    first: dict[int, int] = {}
    for question in await owed.exclude(owner_id=None).order_by("id"):
        first.setdefault(question.owner_id or 0, question.id)
    for office_id, question_id in first.items():
        source = f"hearing:{session_id}:{office_id}"
        told = [person.id for person in people if person.office_id == office_id]
        news = [News(each, Kind.HEARING, source, source, question_id) for each in told]
        await tell_once(entity_id, source, news, session.ended_at)


async def owed_told(base_url: str, entity_id: int, question_id: int) -> Telling | None:
    """Write what an office owes, by one of its questions; None once all of them are answered."""
    rows = HearingQuestion.of(entity_id).filter(id=question_id, session__process__is_published=True)
    question = await rows.select_related("session").first()
    if question is None or question.owner_id is None:
        return None
    session, owed = question.session, await _owed(question)
    if not owed:
        return None
    zone = (await Entity.get(id=entity_id)).zone
    what = _(
        "Terminó la audiencia «{title}». Preguntas que {office} quedó de responder por escrito: "
        "{count}. La primera es para el {day}.",
        title=session.title,
        office=question.owner_name,
        count=len(owed),
        day=Day(min(row.due_on for row in owed if row.due_on), zone),
    )
    link = f"{base_url}{manage_url(session.id)}/mesa"
    advice = _("Están en la mesa de preguntas, donde también se responden:\n{link}", link=link)
    subject = _("Preguntas por responder: «{title}»", title=session.title)
    return Telling(subject, (what, advice))


async def _owed(question: HearingQuestion) -> list[QuestionRow]:
    rows = HearingQuestion.of(question.entity_id).filter(
        session_id=question.session_id, owner_id=question.owner_id
    )
    own = {each.thread_id for each in await rows}
    found = await question_rows(question.entity_id, question.session_id)
    return [
        row for row in found
        if row.thread_id in own and row.state is QuestionState.PENDING and row.due_on
    ]  # fmt: skip
