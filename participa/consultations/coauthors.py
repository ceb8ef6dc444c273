"""Co-authors of a proposal: its author hands out a private link, and who follows it joins.

Nobody is looked up by name or address, so an invitation never tells who has an account.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.expressions import Q, Subquery

from participa.accounts.permissions import Actor
from participa.consultations.models import Coauthor, CoauthorLink
from participa.consultations.rules import PROPOSAL_KIND, PROPOSE
from participa.db import transaction
from participa.deliberation.models import Contribution, Merge, Thread
from participa.deliberation.rules import State
from participa.deliberation.service import set_support
from participa.deliberation.views import author_name
from participa.i18n import Text, _
from participa.processes.queries import schedule_of
from participa.processes.service import touch
from participa.security.tokens import new_token, token_hash
from participa.web.refusals import Conflict, NotFound

MOST = 10
LINK_LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class CoauthorView:
    """A co-author, as pages name them."""

    person_id: int
    name: str


class LinkUnknown(NotFound):
    """A link that was never given, was replaced, or is too old."""

    title = _("Esta invitación no sirve")
    advice = _("Puede que haya vencido. Pida otra a quien hizo la propuesta.")


async def opening_of(entity_id: int, thread_id: int) -> Contribution:
    """Give a proposal's first words with author and thread. Refuses with NotFound."""
    rows = Contribution.of(entity_id).filter(
        thread_id=thread_id,
        thread__kind=PROPOSAL_KIND,
        thread__is_hidden=False,
        is_opening=True,
        state=State.PUBLISHED,
    )
    found = await rows.select_related("thread", "author").first()
    if found is None:
        raise NotFound
    return found


async def make_link(actor: Actor, thread_id: int, now: datetime) -> str:
    """Give the token of a new link to a proposal of the actor's; the one before stops working.

    Refuses with NotFound for anybody else's, and with PhaseClosed.
    """
    token = new_token()
    async with transaction():
        opening = await _held(actor.entity_id, thread_id)
        if opening.author_id != actor.person_id or actor.is_anonymous:
            raise NotFound
        schedule = await schedule_of(actor.entity_id, opening.process_id)
        schedule.require_open(PROPOSE, now)
        await CoauthorLink.of(actor.entity_id).filter(thread_id=thread_id).delete()
        await CoauthorLink.create(
            entity_id=actor.entity_id,
            thread=opening.thread,
            token_hash=token_hash(token),
            expires_at=now + LINK_LIFE,
        )
    return token


async def _held(entity_id: int, thread_id: int) -> Contribution:
    """Hold a proposal until commit, as every act in its thread does."""
    await Thread.of(entity_id).filter(id=thread_id).select_for_update(no_key=True).first()
    return await opening_of(entity_id, thread_id)


async def invited_to(entity_id: int, token: str, now: datetime) -> Contribution:
    """Give the proposal that a link invites to. Refuses with LinkUnknown."""
    rows = CoauthorLink.of(entity_id).filter(token_hash=token_hash(token), expires_at__gt=now)
    link = await rows.first()
    if link is None:
        raise LinkUnknown
    try:
        opening = await opening_of(entity_id, link.thread_id)
    except NotFound as error:
        raise LinkUnknown from error
    # Whoever holds the link may see no more than everybody.
    if not (await schedule_of(entity_id, opening.process_id)).process.is_published:
        raise LinkUnknown
    return opening


async def join(actor: Actor, token: str, now: datetime) -> Contribution:
    """Become a co-author; again changes nothing. A support of one's own is taken back.

    Refuses with LinkUnknown, with PhaseClosed, and with Conflict the author and one too many.
    """
    async with transaction():
        thread_id = (await invited_to(actor.entity_id, token, now)).thread_id
        opening = await _held(actor.entity_id, thread_id)
        # The link may have been replaced while the proposal was waited for.
        await invited_to(actor.entity_id, token, now)
        schedule = await schedule_of(actor.entity_id, opening.process_id)
        schedule.require_open(PROPOSE, now)
        if opening.author_id == actor.person_id:
            raise Conflict(_("Usted ya es quien hizo esta propuesta."))
        rows = Coauthor.of(actor.entity_id).filter(thread_id=thread_id)
        if await rows.filter(person_id=actor.person_id).exists():
            return opening
        if await rows.count() >= MOST:
            raise Conflict(_("Esta propuesta ya tiene {most} coautores.", most=MOST))
        await Coauthor.create(
            entity_id=actor.entity_id, thread=opening.thread, person_id=actor.person_id,
            joined_at=now,
        )  # fmt: skip
        await set_support(actor, opening.id, wanted=False, now=now)
        await touch(actor.entity_id, opening.process_id)
    return opening


async def leave(actor: Actor, thread_id: int, person_id: int) -> None:
    """Take a co-author off: themselves, or the author does. Twice is once.

    Refuses with NotFound anybody else.
    """
    async with transaction():
        opening = await _held(actor.entity_id, thread_id)
        if actor.is_anonymous or actor.person_id not in {person_id, opening.author_id}:
            raise NotFound
        rows = Coauthor.of(actor.entity_id).filter(thread_id=thread_id, person_id=person_id)
        if await rows.delete():
            await touch(actor.entity_id, opening.process_id)


async def coauthors_of(entity_id: int, threads: Collection[int]) -> dict[int, list[CoauthorView]]:
    """List the co-authors of proposals in the order in which they joined."""
    rows = Coauthor.of(entity_id).filter(thread_id__in=list(threads)).order_by("id")
    found: dict[int, list[CoauthorView]] = {}
    for row in await rows.select_related("person"):
        view = CoauthorView(row.person_id, row.person.display_name)
        found.setdefault(row.thread_id, []).append(view)
    return found


async def cosigners(entity_id: int, thread_id: int) -> list[int]:
    """List who made a proposal together with its author."""
    return [
        each.person_id for each in (await coauthors_of(entity_id, [thread_id])).get(thread_id, ())
    ]


async def is_coauthor(entity_id: int, thread_id: int, person_id: int) -> bool:
    """Whether somebody made a proposal, or one merged into it, together with its author."""
    merged = Merge.of(entity_id).filter(into__thread_id=thread_id, contribution__is_opening=True)
    here = Q(thread_id=thread_id) | Q(
        thread_id__in=Subquery(merged.values("contribution__thread_id"))
    )
    return await Coauthor.of(entity_id).filter(here, person_id=person_id).exists()


async def also_by(entity_id: int, thread_id: int) -> list[str | Text]:
    """Name who made the proposals that were merged into one and can be read, each once."""
    merged = Merge.of(entity_id).filter(
        into__thread_id=thread_id, into__is_opening=True, contribution__is_opening=True,
        contribution__state=State.PUBLISHED,
    )  # fmt: skip
    rows = await merged.select_related("contribution__author").order_by("id")
    if not rows:
        return []
    others = await coauthors_of(entity_id, [row.contribution.thread_id for row in rows])
    names: list[str | Text] = []
    for row in rows:
        names.append(row.contribution.office or author_name(row.contribution))
        names += [each.name for each in others.get(row.contribution.thread_id, ())]
    return list(dict.fromkeys(names))
