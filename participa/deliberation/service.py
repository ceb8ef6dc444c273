"""The acts of a conversation: open a thread, publish, edit, remove, support."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F

from participa.accounts.permissions import Actor
from participa.db import Lock, fetch, transaction, writer
from participa.deliberation.acts import (
    Placed,
    Spot,
    Supported,
    placing,
    publishing,
    supporting,
)
from participa.deliberation.closing import require_editable
from participa.deliberation.events import announce
from participa.deliberation.models import Contribution, Revision, Thread
from participa.deliberation.rules import FILE_OWNER, MAX_TITLE, State
from participa.deliberation.saying import Said
from participa.deliberation.telling import tell_published, tell_supported
from participa.deliberation.texts import rendered
from participa.deliberation.titles import withhold_title
from participa.features import Erase, Keeping
from participa.files.service import erase_all
from participa.processes.queries import schedule_of
from participa.web.refusals import Conflict, NotFound

Also = Callable[[int], Awaitable[None]]


async def open_thread(
    *,
    entity_id: int,
    process_id: int,
    kind: str,
    place_id: int,
    activity: str,
    title: str,
    now: datetime,
    category: str = "",
    sole_key: str | None = None,
) -> Thread:
    """Open a thread, without a word in it yet. Its feature has checked who may."""
    return await Thread.create(
        entity_id=entity_id,
        process_id=process_id,
        kind=kind,
        place_id=place_id,
        activity=activity,
        title=title[:300],
        category=category,
        sole_key=sole_key,
        created_at=now,
        last_activity_at=now,
    )


async def open_topic(
    actor: Actor,
    *,
    process_id: int,
    kind: str,
    place_id: int,
    activity: str,
    title: str,
    said: Said,
    now: datetime,
    request_key: str | None = None,
    also: Also | None = None,
) -> Contribution:
    """Open a thread with what is said first in it: a topic, a proposal, a question.

    The same request key gives back what it made the first time. `also` is done with the id of
    what was said, in the same transaction. Refuses with PhaseClosed
    outside the phases that open the activity.
    """
    body = await rendered(said.body)
    try:
        async with transaction():
            if earlier := await _earlier(actor, request_key):
                return earlier
            schedule = await schedule_of(actor.entity_id, process_id)
            schedule.require_open(activity, now)
            thread = await open_thread(
                entity_id=actor.entity_id,
                process_id=process_id,
                kind=kind,
                place_id=place_id,
                activity=activity,
                title=title[:MAX_TITLE],
                category=said.category,
                now=now,
            )
            spot = Spot(thread.id, process_id, is_opening=True)
            placed = await writer().run(
                lambda: placing(actor, spot, said, body, now=now, request_key=request_key),
                tell=lambda placed: tell_published(placed, actor, said, body, now),
            )
            if also is not None:
                await also(placed.id)
        return await Contribution.of(actor.entity_id).get(id=placed.id)
    except IntegrityError:
        return await _first_of(actor, request_key)


async def publish_post(
    actor: Actor,
    thread_id: int,
    said: Said,
    *,
    now: datetime,
    parent_id: int | None = None,
    request_key: str | None = None,
    keeping: Keeping | None = None,
) -> Placed:
    """Publish a contribution in a thread, as an answer to another one or not.

    `keeping` keeps with it what its feature has beside it, in the same transaction.

    The same request key gives back what it made the first time: a form sent twice counts
    once. The entity may answer when citizens may no longer speak. Refuses with NotFound for
    what is not in this entity, with PhaseClosed, and with ThreadConcluded.
    """
    body = await rendered(said.body)
    try:
        return await writer().run(
            lambda: publishing(
                actor,
                thread_id,
                said,
                body,
                now=now,
                parent_id=parent_id,
                request_key=request_key,
                keeping=keeping,
            ),
            locks=[thread_lock(thread_id)],
            tell=lambda placed: tell_published(
                placed, actor, said, body, now, is_plain=keeping is None
            ),
        )
    except IntegrityError:
        first = await _first_of(actor, request_key)
        return Placed(
            first.id, first.thread_id, first.process_id, first.number, first.path,
            first.receipt_number, is_new=False,
        )  # fmt: skip


async def publish(
    actor: Actor,
    thread_id: int,
    said: Said,
    *,
    now: datetime,
    parent_id: int | None = None,
    request_key: str | None = None,
    keeping: Keeping | None = None,
) -> Contribution:
    """Publish as `publish_post` does, and give the whole row."""
    placed = await publish_post(
        actor, thread_id, said, now=now, parent_id=parent_id, request_key=request_key,
        keeping=keeping,
    )  # fmt: skip
    return await Contribution.of(actor.entity_id).get(id=placed.id)


def thread_lock(thread_id: int) -> Lock:
    """Name the row by which acts in a thread queue."""
    return Lock("deliberation_thread", thread_id)


async def _earlier(actor: Actor, request_key: str | None) -> Contribution | None:
    if request_key is None:
        return None
    mine = Contribution.of(actor.entity_id).filter(author_id=actor.person_id)
    return await mine.filter(request_key=request_key).first()


async def _first_of(actor: Actor, request_key: str | None) -> Contribution:
    """Give what a parallel sending of the same form made: the database let only one in."""
    earlier = await _earlier(actor, request_key)
    if earlier is None:
        raise Conflict
    return earlier


async def next_number(
    thread: Thread, now: datetime, *, contributions: int = 0, is_activity: bool = True
) -> int:
    """Take the thread's next event number; its row stays locked until commit.

    So numbers have no gaps and follow the order of commits, on both databases. What is no
    activity leaves the thread where it stands in its list.
    """
    row = Thread.of(thread.entity_id).filter(id=thread.id)
    await row.update(
        last_number=F("last_number") + 1,
        contribution_count=F("contribution_count") + contributions,
        **({"last_activity_at": now} if is_activity else {}),
    )
    numbers = await row.values_list("last_number", flat=True)
    return int(str(numbers[0]))


async def _own(actor: Actor, contribution_id: int) -> Contribution:
    contribution = await held(actor, contribution_id)
    if contribution.author_id != actor.person_id or actor.is_anonymous:
        raise NotFound
    return contribution


async def held(actor: Actor, contribution_id: int) -> Contribution:
    """Read a contribution and hold its thread until commit: what is read stays true.

    The thread's row is the first that every act holds, so that none waits in a circle. Raises
    NotFound for what is not in this entity.
    """
    found = Contribution.of(actor.entity_id).filter(id=contribution_id)
    ids = await found.values_list("thread_id", flat=True)
    await Thread.of(actor.entity_id).filter(id__in=ids).select_for_update(no_key=True).first()
    contribution = await found.select_related("thread").first()
    if contribution is None:
        raise NotFound
    return contribution


async def edit(actor: Actor, contribution_id: int, text: str, *, now: datetime) -> Contribution:
    """Change the words of one's own contribution; the earlier ones stay public.

    Refuses as `require_editable` does.
    """
    body = await rendered(text)
    async with transaction():
        contribution = await _own(actor, contribution_id)
        thread = contribution.thread
        await require_editable(contribution, now)
        if contribution.body_source == text:
            return contribution
        number = await next_number(thread, now)
        await Revision.create(
            entity_id=actor.entity_id,
            contribution=contribution,
            number=contribution.edit_count + 1,
            body_source=contribution.body_source,
            body_html=contribution.body_html,
            replaced_at=now,
        )
        contribution.body_source, contribution.body_html = text, body.html
        contribution.sanitiser_version = body.version
        contribution.edit_count += 1
        contribution.edited_at = now
        await contribution.save(
            update_fields=[
                "body_source",
                "body_html",
                "sanitiser_version",
                "edit_count",
                "edited_at",
            ]
        )
        await announce(thread, number, "edited", contribution.id, now)
    return contribution


async def remove(
    actor: Actor, contribution_id: int, *, now: datetime, erased: Sequence[Erase] = ()
) -> Contribution:
    """Take one's own contribution back: its words go, its place and the answers stay.

    The words, their history, the title they gave, the files attached to them and what features
    keep with them are erased, not hidden: who takes them back means it. `erased` forgets the last.
    """
    async with transaction():
        contribution = await _own(actor, contribution_id)
        if contribution.state == State.REMOVED:
            return contribution
        number = await next_number(contribution.thread, now)
        contribution.state = State.REMOVED
        contribution.body_source = contribution.body_html = ""
        await contribution.save(update_fields=["state", "body_source", "body_html"])
        await Revision.of(actor.entity_id).filter(contribution_id=contribution.id).delete()
        await erase_all(actor.entity_id, FILE_OWNER, contribution.id)
        for erase in erased:
            await erase(actor.entity_id, contribution.id)
        await announce(contribution.thread, number, "removed", contribution.id, now)
        await withhold_title(contribution, for_good=True)
    return contribution


async def set_support(
    actor: Actor, contribution_id: int, *, wanted: bool, now: datetime
) -> Supported:
    """Support a contribution or stop doing so; pressing twice changes nothing.

    Refuses with PhaseClosed or ThreadConcluded, and with Conflict for one's own or a hidden
    contribution.
    """
    rows = await fetch(_THREAD_OF, actor.entity_id, contribution_id)
    if not rows:
        raise NotFound
    return await writer().run(
        lambda: supporting(actor, contribution_id, wanted=wanted, now=now),
        locks=[thread_lock(rows[0][0])],
        tell=tell_supported,
    )


_THREAD_OF = "SELECT thread_id FROM deliberation_contribution WHERE entity_id = $1 AND id = $2"
