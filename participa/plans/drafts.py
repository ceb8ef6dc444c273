"""Drafts of plans: an imported document is kept, corrected step by step, undone and redone.

A draft is changed by who saw its latest revision, one act in one transaction. Its texts are
kept apart from its outline, each once, so that a step weighs little whatever it moves.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, cast

from tortoise.exceptions import IntegrityError

from participa.accounts.permissions import Actor
from participa.audit import record
from participa.db import transaction
from participa.i18n import _
from participa.plans.models import Plan, PlanDraft, PlanDraftStep, PlanDraftText
from participa.plans.outlines import (
    Change,
    Outline,
    Piece,
    change_between,
    changed,
    outline_of,
)
from participa.plans.parsing import ParsedPlan
from participa.plans.service import BATCH, MAX_TITLE
from participa.processes.models import Process
from participa.web.refusals import Conflict, NotFound

LABEL = 120
Row = list[str | int]
Label = Callable[[Outline], str]
Correction = Callable[[Outline, int], Outline]


class DraftChanged(Conflict):
    """Somebody changed the draft after this reader saw it."""

    title = _("El borrador cambió mientras usted lo revisaba.")
    advice = _("Mire cómo quedó y repita su cambio si todavía hace falta.")


class DraftGone(NotFound):
    """The draft is not there any more."""

    title = _("Ese borrador ya no está.")
    advice = _("Se publicó o se descartó. Mire el plan en la página del proceso.")


@dataclass(frozen=True, slots=True)
class Seen:
    """Which revision of a draft an official saw, and the key of the form they sent."""

    revision: int
    key: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was read, to be corrected."""

    parsed: ParsedPlan
    digest: str
    title: str
    findings: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class DraftItem:
    """A draft in a list."""

    id: int
    process_id: int
    title: str
    touched_at: datetime
    touched_by: str

    def idle_days(self, now: datetime) -> int:
        """For how many days nobody has touched it."""
        return (now - self.touched_at).days


async def open_draft(
    process: Process, document: Document, *, by: str, now: datetime
) -> tuple[PlanDraft, bool]:
    """Keep a document to correct it, and say whether it is a new draft.

    `by` names who did, and is empty for the command line. The same document sent again leads
    to the draft that there is, with its corrections.
    """
    try:
        async with transaction():
            return await _create(process, document, by, now), True
    except IntegrityError:
        rows = PlanDraft.of(process.entity_id).filter(process_id=process.id)
        return await rows.get(source_digest=document.digest), False


async def _create(process: Process, document: Document, by: str, now: datetime) -> PlanDraft:
    outline = outline_of(document.parsed)
    plan = await Plan.of(process.entity_id).filter(process_id=process.id).first()
    name = document.title or (plan.title if plan else "") or document.parsed.title or process.title
    draft = await PlanDraft.create(
        entity_id=process.entity_id,
        process=process,
        title=name[:MAX_TITLE],
        source_digest=document.digest,
        base_version=plan.current_version if plan else 0,
        next_piece=len(outline),
        pieces=[_row(piece) for piece in outline],
        findings=document.findings,
        created_at=now,
        touched_at=now,
        touched_by=by,
    )
    await _keep_texts(draft, outline)
    return draft


async def draft_of(entity_id: int, draft_id: int) -> PlanDraft:
    """Give a draft with its process. Refuses with DraftGone, also for another entity's."""
    rows = PlanDraft.of(entity_id).filter(id=draft_id)
    draft = await rows.select_related("process").first()
    if draft is None:
        raise DraftGone
    return draft


async def open_drafts(entity_id: int) -> dict[int, list[DraftItem]]:
    """List the drafts of an entity by process, the one touched last first."""
    rows = PlanDraft.of(entity_id).order_by("-touched_at", "-id")
    values = await rows.values_list("id", "process_id", "title", "touched_at", "touched_by")
    found = defaultdict[int, list[DraftItem]](list)
    for each in cast("Sequence[tuple[int, int, str, datetime, str]]", values):
        found[each[1]].append(DraftItem(*each))
    return found


async def discard(actor: Actor, draft_id: int, revision: int, now: datetime) -> None:
    """Give a draft up, with all its steps. Refuses with DraftChanged and DraftGone."""
    async with transaction():
        draft = await draft_to_end(actor, draft_id, revision)
        await draft.delete()
        await record(
            entity_id=actor.entity_id,
            actor_id=actor.person_id,
            actor_name=actor.name,
            action="plans.discard_draft",
            object_kind="plans.draft",
            object_id=draft_id,
            object_label=draft.title,
            now=now,
        )


async def read_outline(draft: PlanDraft) -> Outline:
    """Give the sections of a draft with their texts."""
    return _pieces(draft.pieces, await _texts(draft))


async def nearest_steps(draft: PlanDraft) -> tuple[PlanDraftStep | None, PlanDraftStep | None]:
    """Give the step that can be undone and the one that can be redone."""
    rows = PlanDraftStep.of(draft.entity_id).filter(draft_id=draft.id)
    found = await rows.filter(number__in=[draft.step, draft.step + 1]).only(
        "id", "number", "act", "label"
    )
    by_number = {step.number: step for step in found}
    return by_number.get(draft.step), by_number.get(draft.step + 1)


async def correct(
    actor: Actor,
    draft_id: int,
    seen: Seen,
    *,
    act: str,
    label: Label,
    correction: Correction,
    now: datetime,
) -> Change | None:
    """Take a step: what was undone before it cannot be redone any more.

    `correction` is given the outline and an id for a new piece; `label` names, of the outline
    before it, what it is about. A correction that changes
    nothing is no step; a form that comes twice gives None. Refuses with DraftChanged,
    DraftGone and as the correction does.
    """
    async with transaction():
        draft = await _at_revision(actor, draft_id, seen)
        if draft.revision != seen.revision:
            return None
        texts = await _texts(draft)
        before = _pieces(draft.pieces, texts)
        after = correction(before, draft.next_piece)
        change = change_between(before, after)
        if not change.old and not change.new:
            return change
        await _keep_texts(draft, change.new, texts)
        undone = PlanDraftStep.of(draft.entity_id).filter(draft_id=draft.id)
        await undone.filter(number__gt=draft.step).delete()
        draft.step += 1
        await PlanDraftStep.create(
            entity_id=draft.entity_id,
            draft=draft,
            number=draft.step,
            act=act,
            label=label(before)[:LABEL],
            place=change.at,
            removed=[_row(piece) for piece in change.old],
            inserted=[_row(piece) for piece in change.new],
        )
        draft.next_piece += 1
        await _store(draft, change, actor, seen, now)
    return change


async def undo(actor: Actor, draft_id: int, seen: Seen, now: datetime) -> Change | None:
    """Take the last step back; None when there is none. Refuses with DraftChanged."""
    return await _walk(actor, draft_id, seen, -1, now)


async def redo(actor: Actor, draft_id: int, seen: Seen, now: datetime) -> Change | None:
    """Take again the step last taken back; None when there is none."""
    return await _walk(actor, draft_id, seen, 1, now)


async def _walk(actor: Actor, draft_id: int, seen: Seen, by: int, now: datetime) -> Change | None:
    async with transaction():
        draft = await _at_revision(actor, draft_id, seen)
        rows = PlanDraftStep.of(draft.entity_id).filter(draft_id=draft.id)
        step = await rows.filter(number=draft.step + max(by, 0)).first()
        if step is None or draft.revision != seen.revision:
            return None
        texts = await _texts(draft)
        taken = Change(step.place, _pieces(step.removed, texts), _pieces(step.inserted, texts))
        change = taken if by > 0 else taken.undone
        draft.step += by
        # Refuses a step that does not begin here.
        changed(_pieces(draft.pieces, texts), change)
        await _store(draft, change, actor, seen, now)
    return change


async def draft_to_end(actor: Actor, draft_id: int, revision: int) -> PlanDraft:
    """Take hold of a draft at a revision, in the transaction that publishes or discards it."""
    return await _at_revision(actor, draft_id, Seen(revision))


async def _at_revision(actor: Actor, draft_id: int, seen: Seen) -> PlanDraft:
    """Take hold of a draft as it was seen, or as the same form has left it already."""
    rows = PlanDraft.of(actor.entity_id).filter(id=draft_id)
    draft = await rows.select_for_update().first()
    if draft is None:
        raise DraftGone
    is_again = seen.key and (draft.revision, draft.last_key) == (seen.revision + 1, seen.key)
    if draft.revision != seen.revision and not is_again:
        raise DraftChanged
    return draft


async def _store(draft: PlanDraft, change: Change, actor: Actor, seen: Seen, now: datetime) -> None:
    """Write a step down; the rows of what it leaves as it is stay as they are."""
    end = change.at + len(change.old)
    new = [_row(piece) for piece in change.new]
    draft.pieces = [*draft.pieces[: change.at], *new, *draft.pieces[end:]]
    draft.revision += 1
    draft.last_key = seen.key
    draft.touched_at, draft.touched_by = now, actor.name
    await draft.save(
        update_fields=[
            "pieces", "revision", "last_key", "step", "next_piece", "touched_at", "touched_by",
        ]
    )  # fmt: skip


def _digest(body: str) -> str:
    return blake2b(body.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _row(piece: Piece) -> Row:
    *names, body, line = astuple(piece)
    return [*names, _digest(body), line]


def _pieces(rows: Iterable[Sequence[Any]], texts: dict[str, str]) -> Outline:
    return tuple(
        Piece(key, level, kind, number, label, title, texts[digest], line)
        for key, level, kind, number, label, title, digest, line in rows
    )


async def _texts(draft: PlanDraft) -> dict[str, str]:
    rows = PlanDraftText.of(draft.entity_id).filter(draft_id=draft.id)
    return {str(key): str(body) for key, body in await rows.values_list("digest", "body")}


async def _keep_texts(
    draft: PlanDraft, pieces: Outline, known: Iterable[str] = frozenset()
) -> None:
    new = {_digest(piece.body): piece.body for piece in pieces}
    for digest in known:
        new.pop(digest, None)
    rows = [
        PlanDraftText(entity_id=draft.entity_id, draft_id=draft.id, digest=digest, body=body)
        for digest, body in new.items()
    ]
    if rows:
        await PlanDraftText.bulk_create(rows, batch_size=BATCH)
