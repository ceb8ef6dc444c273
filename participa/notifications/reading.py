"""From what happened to who is told: events and reports read once, whatever dies meanwhile.

Reading, storing notices with their jobs and moving the position is one transaction.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from participa.db import transaction
from participa.deliberation.models import ReceiptCounter, ThreadEvent
from participa.features import CosignersOf, Results, ResultsSince
from participa.jobs import enqueue_many
from participa.notifications.models import Notice, Position
from participa.notifications.queries import (
    answers,
    authors_of,
    conclusion_of,
    participants,
    public_processes,
    reachable,
    signers_of,
    spoke_in,
    wishes_of,
)
from participa.notifications.rules import Kind, addressee, is_news, kind_of, next_retry

TOLD = ("published", "concluded", "arrived", "merged", "unmerged")
_MERGING = frozenset({"merged", "unmerged"})
MAIL_NOTICE = "notifications.mail_notice"
BATCH = 200
_ROWS_AT_ONCE = 500
_log = logging.getLogger("participa.notifications")


@dataclass(frozen=True, slots=True)
class News:
    """Something to tell somebody: see Notice."""

    person_id: int
    kind: Kind
    source: str
    about: str
    object_id: int


async def read_events(entity_id: int, cosigners: CosignersOf, now: datetime) -> bool:
    """Read the next events after the position; gives whether there may be more."""
    async with transaction():
        position = await _locked_position(entity_id)
        # Who publishes holds the year's counter until the commit. With all of them in our hands,
        # no event with a smaller id than those seen now can still appear.
        await ReceiptCounter.of(entity_id).select_for_update()
        rows = ThreadEvent.of(entity_id).filter(kind__in=TOLD, id__gt=position.event_id)
        events = await rows.order_by("id").limit(BATCH)
        if events:
            news = [
                *await _answers_among(entity_id, events, now),
                *await _conclusions_among(entity_id, events, now),
                *await _moves_among(entity_id, events, now),
                *await _merges_among(entity_id, events, cosigners, now),
            ]
            await _store(entity_id, news, now)
            row = Position.of(entity_id).filter(id=position.id)
            await row.update(event_id=events[-1].id)
    return len(events) == BATCH


async def read_results(entity_id: int, results_since: ResultsSince, now: datetime) -> bool:
    """Read the next published report after the position; gives whether there may be more."""
    async with transaction():
        position = await _locked_position(entity_id)
        reports = await results_since(entity_id, position.result_number)
        if not reports:
            return False
        await _store(entity_id, await _who_took_part(entity_id, reports[0], now), now)
        row = Position.of(entity_id).filter(id=position.id)
        await row.update(result_number=reports[0].number)
    return len(reports) > 1


async def tell_formal(
    entity_id: int,
    answered: Sequence[tuple[int, int]],
    about: str,
    edition: int,
    now: datetime,
) -> None:
    """Tell authors, inside the act's transaction, that the entity answered formally.

    `answered` gives an author and a contribution at a time; `about` names the answer, and
    `edition` how often its words were changed.
    """
    news = [
        News(person, Kind.FORMAL, f"{about}.{edition}:{contribution}", about, contribution)
        for person, contribution in answered
    ]
    await _store(entity_id, await _wanted(entity_id, news), now)


async def tell_once(entity_id: int, source: str, news: Sequence[News], now: datetime) -> None:
    """Tell people of something that all these news come from. A second time tells nobody again."""
    async with transaction():
        if await Notice.of(entity_id).filter(source=source).exists():
            return
        await _store(entity_id, await _wanted(entity_id, news), now)


async def retry_mail(entity_id: int, now: datetime) -> bool:
    """Give a new job to mail that should have gone long ago; gives whether there may be more."""
    async with transaction():
        waiting = Notice.of(entity_id).filter(retry_at__lte=now).order_by("id").limit(BATCH)
        notices = await waiting.select_for_update()
        for notice in notices:
            notice.tries += 1
            notice.retry_at = next_retry(notice.tries, now)
            await notice.save(update_fields=["tries", "retry_at"])
        again = [notice.id for notice in notices if notice.retry_at is not None]
        await _enqueue(entity_id, again, now)
    if len(again) < len(notices):
        _log.warning("%s notices could not be sent and were let go", len(notices) - len(again))
    return len(notices) == BATCH


async def _locked_position(entity_id: int) -> Position:
    rows = Position.of(entity_id).select_for_update()
    position = await rows.first()
    if position is None:
        await Position.bulk_create([Position(entity_id=entity_id)], ignore_conflicts=True)
        position = await rows.get()
    return position


async def _answers_among(
    entity_id: int, events: Sequence[ThreadEvent], now: datetime
) -> list[News]:
    fresh = {
        e.contribution_id: e.id
        for e in events
        if e.kind == "published" and e.contribution_id and is_news(e.at, now)
    }
    news = []
    for answer in await answers(entity_id, fresh):
        said, answered = answer.said, answer.answered
        to = addressee(said.author_id, answered.author_id if answered else None)
        if to is not None:
            source, about = f"event:{fresh[said.id]}", f"thread:{said.thread_id}"
            news.append(News(to, kind_of(said.office), source, about, said.id))
    return await _wanted(entity_id, news)


async def _conclusions_among(
    entity_id: int, events: Sequence[ThreadEvent], now: datetime
) -> list[News]:
    closed = {e.thread_id: e.id for e in events if e.kind == "concluded" and is_news(e.at, now)}
    people = await spoke_in(entity_id, closed) if closed else {}
    news = []
    for thread_id, spoke in people.items():
        conclusion = await conclusion_of(entity_id, thread_id)
        for each in sorted(spoke - {conclusion.author_id if conclusion else None}):
            source, about = f"event:{closed[thread_id]}", f"conclusion:{thread_id}"
            news.append(News(each, Kind.CONCLUSION, source, about, thread_id))
    return await _wanted(entity_id, news)


async def _moves_among(entity_id: int, events: Sequence[ThreadEvent], now: datetime) -> list[News]:
    moved = {e.contribution_id: e for e in events if e.kind == "arrived" and is_news(e.at, now)}
    authors = await authors_of(entity_id, [each for each in moved if each is not None])
    news = [
        News(author, Kind.MOVED, f"event:{moved[each].id}", f"moved:{moved[each].thread_id}", each)
        for each, author in authors.items()
    ]
    return await _wanted(entity_id, news)


async def _merges_among(
    entity_id: int, events: Sequence[ThreadEvent], cosigners: CosignersOf, now: datetime
) -> list[News]:
    merged = {e.contribution_id: e for e in events if e.kind in _MERGING and is_news(e.at, now)}
    ids = [each for each in merged if each is not None]
    news = [
        News(person, Kind.MERGED, f"event:{merged[each].id}", f"merged:{each}", each)
        for each, person in await signers_of(entity_id, ids, cosigners)
    ]
    return await _wanted(entity_id, news)


async def _who_took_part(entity_id: int, report: Results, now: datetime) -> list[News]:
    if not is_news(report.published_at, now):
        return []
    if report.process_id not in await public_processes(entity_id, [report.process_id]):
        return []
    source = f"report:{report.number}"
    people = await participants(entity_id, report.process_id)
    news = [News(each, Kind.RESULTS, source, source, report.number) for each in sorted(people)]
    return await _wanted(entity_id, news)


async def _wanted(entity_id: int, news: Sequence[News]) -> list[News]:
    people = await reachable(entity_id, {each.person_id for each in news})
    wishes = await wishes_of(entity_id, people)
    return [
        each
        for each in news
        if each.person_id in people and wishes[each.person_id].wants(each.kind)
    ]


async def _store(entity_id: int, news: Sequence[News], now: datetime) -> None:
    if not news:
        return
    rows = [
        Notice(
            entity_id=entity_id,
            person_id=each.person_id,
            kind=each.kind,
            source=each.source,
            about=each.about,
            object_id=each.object_id,
            created_at=now,
            retry_at=next_retry(0, now),
        )
        for each in news
    ]
    await Notice.bulk_create(rows, batch_size=_ROWS_AT_ONCE)
    stored = Notice.of(entity_id).filter(source__in={each.source for each in news})
    ids = await stored.order_by("id").values_list("id", flat=True)
    await _enqueue(entity_id, [int(str(each)) for each in ids], now)


async def _enqueue(entity_id: int, notices: Sequence[int], now: datetime) -> None:
    if notices:
        arguments: list[dict[str, object]] = [
            {"entity_id": entity_id, "notice_id": each} for each in notices
        ]
        await enqueue_many(MAIL_NOTICE, arguments, entity_id=entity_id, run_at=now)
