"""The acts of a conversation: open a thread, publish, edit, remove, support."""

from dataclasses import dataclass
from datetime import datetime

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F

from participa.accounts.permissions import Actor
from participa.db import transaction
from participa.deliberation.events import announce
from participa.deliberation.models import Contribution, Revision, Support, Thread
from participa.deliberation.receipts import take_receipts
from participa.deliberation.rules import MAX_TITLE, State, child_path
from participa.deliberation.texts import Body, rendered
from participa.i18n import _
from participa.processes.queries import schedule_of
from participa.web.refusals import Conflict, NotFound


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says, before it has a place: the words and what goes with them."""

    body: str
    stance: str | None = None
    channel: str = "web"
    people_count: int = 1
    place: str = ""
    category: str = ""
    office: str = ""


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
) -> Contribution:
    """Open a thread with what is said first in it: a topic, a proposal, a question.

    The same request key gives back what it made the first time. Refuses with PhaseClosed
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
            return await _place(actor, thread, None, said, body, now, request_key, opening=True)
    except IntegrityError:
        return await _first_of(actor, request_key)


async def publish(
    actor: Actor,
    thread_id: int,
    said: Said,
    *,
    now: datetime,
    parent_id: int | None = None,
    request_key: str | None = None,
) -> Contribution:
    """Publish a contribution in a thread, as an answer to another one or not.

    The same request key gives back what it made the first time: a form sent twice counts
    once. The entity may answer when citizens may no longer speak. Refuses with NotFound for
    what is not in this entity, and with PhaseClosed.
    """
    body = await rendered(said.body)
    try:
        async with transaction():
            if earlier := await _earlier(actor, request_key):
                return earlier
            thread = await Thread.of(actor.entity_id).filter(id=thread_id).first()
            if thread is None:
                raise NotFound
            schedule = await schedule_of(actor.entity_id, thread.process_id)
            if not said.office:
                schedule.require_open(thread.activity, now)
            parent = await _parent(thread, parent_id)
            return await _place(actor, thread, parent, said, body, now, request_key)
    except IntegrityError:
        return await _first_of(actor, request_key)


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


async def _parent(thread: Thread, parent_id: int | None) -> Contribution | None:
    if parent_id is None:
        return None
    inside = Contribution.of(thread.entity_id).filter(thread_id=thread.id)
    parent = await inside.filter(id=parent_id).first()
    if parent is None:
        raise NotFound
    if parent.state != State.PUBLISHED:
        raise Conflict(_("Ya no se puede responder a ese aporte."))
    return parent


async def _place(
    actor: Actor,
    thread: Thread,
    parent: Contribution | None,
    said: Said,
    body: Body,
    now: datetime,
    request_key: str | None,
    *,
    opening: bool = False,
) -> Contribution:
    number = await next_number(thread, now, contributions=1)
    receipts = await take_receipts(actor.entity_id, now.year)
    contribution = await Contribution.create(
        entity_id=actor.entity_id,
        thread=thread,
        process_id=thread.process_id,
        number=number,
        path=child_path(parent.path if parent else "", number),
        parent=parent,
        is_opening=opening,
        author_id=actor.person_id,
        office=said.office,
        body_source=said.body,
        body_html=body.html,
        sanitiser_version=body.version,
        stance=said.stance,
        channel=said.channel,
        people_count=said.people_count,
        place=said.place,
        category=said.category,
        receipt_number=receipts[0],
        request_key=request_key,
        created_at=now,
    )
    if parent is not None:
        children = Contribution.of(actor.entity_id).filter(id=parent.id)
        await children.update(reply_count=F("reply_count") + 1)
    await announce(thread, number, "published", contribution.id, now)
    return contribution


async def next_number(thread: Thread, now: datetime, *, contributions: int = 0) -> int:
    """Take the thread's next event number; its row stays locked until commit.

    So numbers have no gaps and follow the order of commits, on both databases.
    """
    row = Thread.of(thread.entity_id).filter(id=thread.id)
    await row.update(
        last_number=F("last_number") + 1,
        contribution_count=F("contribution_count") + contributions,
        last_activity_at=now,
    )
    numbers = await row.values_list("last_number", flat=True)
    return int(str(numbers[0]))


async def _own(actor: Actor, contribution_id: int) -> Contribution:
    mine = Contribution.of(actor.entity_id).filter(id=contribution_id, author_id=actor.person_id)
    contribution = await mine.select_related("thread").first()
    if contribution is None or actor.is_anonymous:
        raise NotFound
    return contribution


async def edit(actor: Actor, contribution_id: int, text: str, *, now: datetime) -> Contribution:
    """Change the words of one's own contribution; the earlier ones stay public.

    Refuses with PhaseClosed when the thread is closed, and with Conflict when the
    contribution was removed or hidden.
    """
    body = await rendered(text)
    async with transaction():
        contribution = await _own(actor, contribution_id)
        thread = contribution.thread
        schedule = await schedule_of(actor.entity_id, thread.process_id)
        schedule.require_open(thread.activity, now)
        if contribution.state != State.PUBLISHED:
            raise Conflict(_("Este aporte ya no se puede cambiar."))
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


async def remove(actor: Actor, contribution_id: int, *, now: datetime) -> Contribution:
    """Take one's own contribution back: its words go, its place and the answers stay.

    The words and their history are erased, not hidden: who takes them back means it.
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
        await announce(contribution.thread, number, "removed", contribution.id, now)
    return contribution


async def set_support(
    actor: Actor, contribution_id: int, *, wanted: bool, now: datetime
) -> Contribution:
    """Support a contribution or stop doing so; pressing twice changes nothing.

    Refuses with PhaseClosed, and with Conflict for one's own or a hidden contribution.
    """
    try:
        return await _set_support(actor, contribution_id, wanted=wanted, now=now)
    except IntegrityError:
        # The same person's parallel press came first: what was wanted is so.
        return await Contribution.of(actor.entity_id).get(id=contribution_id)


async def _set_support(
    actor: Actor, contribution_id: int, *, wanted: bool, now: datetime
) -> Contribution:
    async with transaction():
        found = Contribution.of(actor.entity_id).filter(id=contribution_id)
        contribution = await found.select_related("thread").first()
        if contribution is None:
            raise NotFound
        schedule = await schedule_of(actor.entity_id, contribution.process_id)
        schedule.require_open(contribution.thread.activity, now)
        if contribution.author_id == actor.person_id:
            raise Conflict(_("No puede apoyar su propio aporte."))
        if contribution.state != State.PUBLISHED:
            raise Conflict(_("Ese aporte ya no se puede apoyar."))
        if await _changed_support(actor, contribution, wanted=wanted, now=now):
            # The thread's row is locked before the contribution's, as in every act.
            number = await next_number(contribution.thread, now)
            await _count_support(contribution, 1 if wanted else -1)
            await announce(contribution.thread, number, "supported", contribution.id, now)
    return contribution


async def _changed_support(
    actor: Actor, contribution: Contribution, *, wanted: bool, now: datetime
) -> bool:
    mine = Support.of(actor.entity_id).filter(
        contribution_id=contribution.id, person_id=actor.person_id
    )
    if not wanted:
        return bool(await mine.delete())
    if await mine.exists():
        return False
    await Support.create(
        entity_id=actor.entity_id,
        contribution=contribution,
        person_id=actor.person_id,
        created_at=now,
    )
    return True


async def _count_support(contribution: Contribution, change: int) -> None:
    row = Contribution.of(contribution.entity_id).filter(id=contribution.id)
    await row.update(support_count=F("support_count") + change)
    if contribution.is_opening:
        thread = Thread.of(contribution.entity_id).filter(id=contribution.thread_id)
        await thread.update(support_count=F("support_count") + change)
