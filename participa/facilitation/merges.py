"""Merging a contribution into another one that says the same, and taking that back.

What is merged stays where it is read, closed, with its receipt, its author and its supports. What
it was merged into has the supports of both, each person once: the database lets no second in.
"""

from dataclasses import dataclass
from datetime import datetime

from participa.accounts.permissions import Actor
from participa.db import transaction
from participa.deliberation.closing import MergedAlready, ThreadConcluded
from participa.deliberation.models import (
    Contribution,
    Departure,
    Merge,
    Pin,
    ReceiptCounter,
    Thread,
)
from participa.deliberation.rules import BY_ITSELF, State
from participa.facilitation.carrying import carry, with_answers
from participa.facilitation.rules import MOST_MOVED
from participa.facilitation.service import done, held_threads
from participa.facilitation.uniting import divide, unite
from participa.features import CosignersOf
from participa.i18n import Text, _
from participa.web.refusals import Conflict, NotFound


class Unmergeable(Conflict):
    """What cannot be merged, with the reason as its title."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """What is merged and what it is merged into, with their threads held until commit."""

    one: Contribution
    into: Contribution
    threads: dict[int, Thread]

    @property
    def source(self) -> Thread:
        return self.threads[self.one.thread_id]

    @property
    def target(self) -> Thread:
        return self.threads[self.into.thread_id]


async def merge(
    actor: Actor,
    contribution_id: int,
    into_id: int,
    *,
    reason: str,
    now: datetime,
    cosigners: CosignersOf | None = None,
) -> Merge:
    """Merge a contribution into another one of the same process; gives the merge.

    What opens a conversation is merged with the whole of it: its answers go over to the other
    one and it is closed. A contribution inside one keeps its place as a pointer, with what
    answers it. Refuses with NotFound what is not in this entity or process, with MergedAlready,
    ThreadConcluded and Unmergeable.
    """
    async with transaction():
        pair = await _held_pair(actor, contribution_id, into_id)
        await _require_mergeable(pair)
        merged = await Merge.create(
            entity_id=actor.entity_id, contribution=pair.one, into=pair.into, merged_at=now
        )
        await unite(merged, await _signers(pair, cosigners), pair.into)
        if pair.one.is_opening:
            await _close(pair, merged, now)
        await Pin.of(actor.entity_id).filter(contribution_id=pair.one.id).delete()
        await _tell(actor, pair, ("merged", "united"), reason, now)
    return merged


async def unmerge(
    actor: Actor,
    contribution_id: int,
    *,
    reason: str,
    now: datetime,
    cosigners: CosignersOf | None = None,
) -> None:
    """Let a contribution stand by itself again.

    Supports that came only by the merge go back to where people gave them, and so do the answers
    that went over. Refuses with NotFound, and with Unmergeable what is not merged.
    """
    async with transaction():
        merged = await Merge.of(actor.entity_id).filter(contribution_id=contribution_id).first()
        pair = await _held_pair(actor, contribution_id, merged.into_id if merged else None)
        merged = await Merge.of(actor.entity_id).filter(contribution_id=contribution_id).first()
        if merged is None or merged.into_id != pair.into.id:
            raise Unmergeable(_("Ese aporte no está unido a otro."))
        await divide(merged, await _signers(pair, cosigners), pair.one, pair.into)
        if pair.one.is_opening:
            await _reopen(pair, merged, now)
        await merged.delete()
        await _tell(actor, pair, ("unmerged", "parted"), reason, now)


async def _held_pair(actor: Actor, contribution_id: int, into_id: int | None) -> _Pair:
    ids = {contribution_id, into_id or contribution_id}
    rows = Contribution.of(actor.entity_id).filter(id__in=ids)
    before = {row.id: row.thread_id for row in await rows}
    if len(before) < len(ids):
        raise NotFound
    threads = await held_threads(actor, set(before.values()))
    found = {row.id: row for row in await rows}
    if {row.id: row.thread_id for row in found.values()} != before:
        raise Unmergeable(_("Alguien acaba de trasladar ese aporte."))
    # As every act that numbers events for the mail: see `service.done`.
    await ReceiptCounter.of(actor.entity_id).select_for_update()
    return _Pair(found[contribution_id], found[into_id or contribution_id], threads)


async def _require_mergeable(pair: _Pair) -> None:
    if pair.one.process_id != pair.into.process_id:
        raise NotFound
    merges = Merge.of(pair.one.entity_id)
    if await merges.filter(contribution_id__in=[pair.one.id, pair.into.id]).exists():
        raise MergedAlready
    if pair.source.closed_at is not None or pair.target.closed_at is not None:
        raise ThreadConcluded
    problem = _problem(pair)
    if problem is None and await merges.filter(into_id=pair.one.id).exists():
        problem = _("A ese aporte ya se unieron otros. Una el otro a este, o sepárelos primero.")
    if problem is not None:
        raise Unmergeable(problem)


def _problem(pair: _Pair) -> Text | None:
    one, into = pair.one, pair.into
    if one.id == into.id:
        return _("Un aporte no se une a sí mismo.")
    if {one.state, into.state} != {State.PUBLISHED}:
        return _("Solo se une lo que se puede leer.")
    if one.office or into.office:
        return _("Lo que responde la entidad no se une a un aporte.")
    if one.is_opening and not into.is_opening:
        return _("Lo que abre una conversación solo se une a lo que abre otra.")
    if one.is_opening and pair.source.sole_key is not None:
        return _("Esta conversación es la única de su lugar y no se une a otra.")
    return None


async def _signers(pair: _Pair, cosigners: CosignersOf | None) -> tuple[set[int], set[int]]:
    """Give who said what is merged, and who said what it is merged into or was merged there."""
    entity_id = pair.one.entity_id
    rows = Merge.of(entity_id).filter(into_id=pair.into.id).exclude(contribution_id=pair.one.id)
    others = [each.contribution for each in await rows.select_related("contribution")]
    own = await _said_by(pair.one, cosigners)
    there = [await _said_by(each, cosigners) for each in (pair.into, *others)]
    return own, set().union(*there)


async def _said_by(said: Contribution, cosigners: CosignersOf | None) -> set[int]:
    people = set()
    # Who writes down what came by another channel did not say it.
    if said.author_id is not None and said.channel == BY_ITSELF:
        people.add(said.author_id)
    if said.is_opening and cosigners is not None:
        people |= set(await cosigners(said.entity_id, said.thread_id))
    return people


async def _close(pair: _Pair, merged: Merge, now: datetime) -> None:
    entity_id, source = pair.one.entity_id, pair.source
    inside = Contribution.of(entity_id).filter(thread_id=source.id).exclude(id=pair.one.id)
    moved = await inside.order_by("number")
    if len(moved) > MOST_MOVED:
        raise Unmergeable(_("Esa conversación tiene demasiadas respuestas para unirla."))
    roots = [each for each in moved if each.parent_id in {None, pair.one.id}]
    await carry(moved, roots, source, pair.target, now=now, merge_id=merged.id)
    row = Thread.of(entity_id).filter(id=source.id)
    await row.update(closed_at=now, merged_at=now, pinned_at=None)


async def _reopen(pair: _Pair, merged: Merge, now: datetime) -> None:
    entity_id, source, target = pair.one.entity_id, pair.source, pair.target
    left = Departure.of(entity_id).filter(thread_id=source.id, merge_id=merged.id)
    # What somebody moved on since stays where it is.
    there = left.filter(contribution__thread_id=target.id).select_related("contribution")
    roots = [each.contribution for each in await there.order_by("contribution__number")]
    if roots:
        await carry(await with_answers(roots), roots, target, source, now=now)
    await Thread.of(entity_id).filter(id=source.id).update(closed_at=None, merged_at=None)


async def _tell(
    actor: Actor, pair: _Pair, acts: tuple[str, str], reason: str, now: datetime
) -> None:
    """Number the act in both threads, and write in both logs which contributions it was."""
    for act, said, other, thread in (
        (acts[0], pair.one, pair.into, pair.source),
        (acts[1], pair.into, pair.one, pair.target),
    ):
        why = f"{other.receipt_number} · {reason}"
        await done(actor, thread, act, reason=why, now=now, contribution=said)
