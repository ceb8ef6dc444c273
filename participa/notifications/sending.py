"""Sending a mail: taken by one worker, written from what may be read now, marked when it went.

A worker that dies between the mail server's yes and the mark sends again: nothing better can be
had of a mail server.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.queryset import QuerySet

from participa.accounts.models import Person
from participa.db import transaction
from participa.deliberation.models import Contribution, Merge
from participa.deliberation.rules import State
from participa.entities.models import Entity
from participa.features import AnswersOf, ResultsSince, TellingOf
from participa.i18n import known_locale
from participa.jobs import enqueue
from participa.notifications.mails import (
    Mail,
    answers_mail,
    conclusion_mail,
    footer,
    formal_mail,
    merged_mail,
    moved_mail,
    results_mail,
)
from participa.notifications.models import Notice
from participa.notifications.queries import (
    Answer,
    answers,
    conclusion_of,
    public_processes,
    reachable,
    shown_title,
    shown_titles,
    wishes_of,
)
from participa.notifications.reading import MAIL_NOTICE
from participa.notifications.rules import TAKEN, WINDOW, Kind, free_at
from participa.security.tokens import new_token, token_hash


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail ready to go, and the notices it carries."""

    to: str
    subject: str
    text: str
    notices: tuple[int, ...]


async def take(entity_id: int, notice_id: int, now: datetime) -> tuple[str, list[Notice]]:
    """Take a notice and what else waits to be told about the same, so that nobody else does.

    Gives the token of the stop link with them. Too soon after the last mail, or while another
    one is on its way, the job is set for later and nothing is taken.
    """
    async with transaction():
        notice = await Notice.of(entity_id).filter(id=notice_id).first()
        if notice is None:
            return "", []
        # One taking at a time for each person: the window cannot be passed by two at once.
        await Person.of(entity_id).filter(id=notice.person_id).select_for_update(no_key=True)
        same = Notice.of(entity_id).filter(person_id=notice.person_id, about=notice.about)
        waiting = same.filter(retry_at__isnull=False)
        if not await waiting.filter(id=notice_id).exists():
            return "", []
        at = await _free_at(same, now)
        if at > now:
            arguments: dict[str, object] = {"entity_id": entity_id, "notice_id": notice_id}
            await enqueue(MAIL_NOTICE, arguments, entity_id=entity_id, run_at=at)
            return "", []
        token = new_token()
        await waiting.update(mail_hash=token_hash(token), claimed_until=now + TAKEN)
        return token, await _carried(entity_id, token).order_by("id")


async def _free_at(same: QuerySet[Notice], now: datetime) -> datetime:
    if await same.filter(claimed_until__gt=now).exists():
        return now + WINDOW
    last = await same.exclude(sent_at=None).order_by("-sent_at").first()
    return free_at(last.sent_at if last else None, now)


def _carried(entity_id: int, token: str) -> QuerySet[Notice]:
    return Notice.of(entity_id).filter(mail_hash=token_hash(token), retry_at__isnull=False)


async def write(
    entity_id: int,
    token: str,
    notices: Sequence[Notice],
    results_since: ResultsSince,
    answers_of: AnswersOf,
    tellings: Mapping[str, TellingOf],
) -> Letter | None:
    """Write the mail as things stand now; None when none of it may be told any more."""
    person_id = notices[0].person_id
    person = (await reachable(entity_id, [person_id])).get(person_id)
    if person is None or person.email is None:
        return None
    wishes = (await wishes_of(entity_id, [person_id]))[person_id]
    wanted = [notice for notice in notices if wishes.wants(notice.kind)]
    if not wanted:
        return None
    entity = await Entity.get(id=entity_id)
    if wanted[0].kind == Kind.RESULTS:
        mail = await _about_results(entity, wanted[0].object_id, results_since)
        carried = [wanted[0].id]
    elif wanted[0].kind == Kind.CONCLUSION:
        mail = await _about_conclusion(entity, wanted[0].object_id)
        carried = [each.id for each in wanted]
    elif wanted[0].kind == Kind.MOVED:
        mail = await _about_moved(entity, person, [notice.object_id for notice in wanted])
        carried = [each.id for each in wanted]
    elif wanted[0].kind == Kind.MERGED:
        mail = await _about_merged(entity, wanted[0].object_id)
        carried = [each.id for each in wanted]
    elif wanted[0].kind in tellings:
        # Of several steps the last one is told: the page has the others.
        last = max(each.object_id for each in wanted)
        mail = await _as_told(entity, last, tellings[wanted[0].kind])
        carried = [each.id for each in wanted]
    elif wanted[0].kind == Kind.FORMAL:
        mail, told = await _about_formal(entity, person, wanted, answers_of)
        carried = [notice.id for notice in wanted if notice.object_id in told]
    else:
        mail, told = await _about_answers(entity, person, wanted)
        carried = [notice.id for notice in wanted if notice.object_id in told]
    if mail is None:
        return None
    locale = known_locale(wishes.locale, entity.locale)
    whole = Mail(mail.subject, (*mail.paragraphs, *footer(entity, token)))
    return Letter(person.email, mail.subject.render(locale), whole.text(locale), tuple(carried))


async def _about_results(entity: Entity, number: int, results_since: ResultsSince) -> Mail | None:
    found = await results_since(entity.id, number - 1)
    if not found or found[0].number != number:
        return None
    processes = await public_processes(entity.id, [found[0].process_id])
    process = processes.get(found[0].process_id)
    return results_mail(entity, process.title, found[0]) if process is not None else None


async def _about_moved(entity: Entity, person: Person, moved: Sequence[int]) -> Mail | None:
    rows = Contribution.of(entity.id).filter(id__in=list(moved), author_id=person.id)
    said = await rows.filter(state=State.PUBLISHED).select_related("thread").order_by("id")
    titles = await shown_titles(entity.id, said)
    told = [each for each in said if each.thread_id in titles and not each.thread.is_hidden]
    return moved_mail(entity, titles[told[0].thread_id], told) if told else None


async def _about_merged(entity: Entity, contribution_id: int) -> Mail | None:
    """Tell how it stands now, however often it was merged and separated meanwhile."""
    rows = Contribution.of(entity.id).filter(
        id=contribution_id, state=State.PUBLISHED, thread__is_hidden=False
    )
    said = await rows.select_related("thread").first()
    if said is None:
        return None
    merges = Merge.of(entity.id).filter(contribution_id=said.id)
    merged = await merges.select_related("into__thread").first()
    about = merged.into if merged is not None else said
    titles = await shown_titles(entity.id, [about])
    if about.thread_id not in titles:
        return None
    return merged_mail(entity, titles[about.thread_id], said, merged.into if merged else None)


async def _about_conclusion(entity: Entity, thread_id: int) -> Mail | None:
    found = await conclusion_of(entity.id, thread_id)
    if found is None:
        return None
    title = await shown_title(found.thread)
    return conclusion_mail(entity, title, found) if title is not None else None


async def _as_told(entity: Entity, object_id: int, telling_of: TellingOf) -> Mail | None:
    told = await telling_of(entity.base_url, entity.id, object_id)
    return Mail(told.subject, told.paragraphs) if told is not None else None


async def _about_answers(
    entity: Entity, person: Person, notices: Sequence[Notice]
) -> tuple[Mail | None, set[int]]:
    found = await answers(entity.id, [notice.object_id for notice in notices])
    said = [each.said for each in found if _may_be_told(each, person)]
    titles = await shown_titles(entity.id, said)
    said = [each for each in said if each.thread_id in titles]
    if not said:
        return None, set()
    mail = answers_mail(entity, titles[said[0].thread_id], said)
    return mail, {each.id for each in said}


async def _about_formal(
    entity: Entity, person: Person, notices: Sequence[Notice], answers_of: AnswersOf
) -> tuple[Mail | None, set[int]]:
    ids = sorted({notice.object_id for notice in notices})
    rows = Contribution.of(entity.id).filter(
        id__in=ids, author_id=person.id, state=State.PUBLISHED, thread__is_hidden=False
    )
    said = await rows.select_related("thread").order_by("id")
    formal = await answers_of(entity.id, [each.id for each in said])
    titles = await shown_titles(entity.id, said)
    told = [each for each in said if each.id in formal and each.thread_id in titles]
    if not told:
        return None, set()
    first = formal[told[0].id]
    # One that got another answer meanwhile is told of that one, in a mail of its own.
    told = [
        each
        for each in told
        if (formal[each.id].html, formal[each.id].at) == (first.html, first.at)
    ]
    mail = formal_mail(entity, titles[told[0].thread_id], first, told)
    return mail, {each.id for each in told}


def _may_be_told(answer: Answer, person: Person) -> bool:
    said, answered = answer.said, answer.answered
    return (
        said.state == State.PUBLISHED
        and not said.thread.is_hidden
        and answered is not None
        and answered.state == State.PUBLISHED
        and answered.author_id == person.id
    )


async def sent(entity_id: int, token: str, letter: Letter | None, now: datetime) -> None:
    """Mark what a mail carried as told, and let go of what could not be told any more."""
    async with transaction():
        carried = _carried(entity_id, token)
        if letter is not None:
            told = carried.filter(id__in=letter.notices)
            await told.update(sent_at=now, retry_at=None, claimed_until=None)
        await carried.update(retry_at=None, claimed_until=None, mail_hash=None)


async def give_back(entity_id: int, token: str) -> None:
    """Free what was taken for a mail that did not go: the job's next try takes it again."""
    await _carried(entity_id, token).update(claimed_until=None)
