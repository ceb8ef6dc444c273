"""From an uploaded document to a draft, and from a corrected draft to the plan."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from participa.accounts.permissions import Actor, Target
from participa.consultations.importing import ReadPlan, problems
from participa.consultations.service import Imported, import_plan
from participa.db import transaction
from participa.i18n import _
from participa.plans.drafts import (
    Document,
    DraftChanged,
    draft_of,
    draft_to_end,
    open_draft,
    read_outline,
)
from participa.plans.models import Plan, PlanDraft
from participa.plans.outlines import Outline, as_parsed
from participa.plans.service import Prepared, digest_of, prepare
from participa.processes.models import Process
from participa.web.refusals import Conflict

FINDINGS_KEPT = 100


class PlanMoved(Conflict):
    """Another version of the plan was published after this reader compared."""

    title = _("Mientras tanto se publicó otra versión del plan.")
    advice = _("Revise qué cambiaría ahora y publique otra vez si está de acuerdo.")


def draft_target(draft: PlanDraft) -> Target:
    """Give a draft as what is acted upon: to be seen by the process's staff alone."""
    return Target(draft.entity_id, draft.process_id, is_public=False)


async def draft_from(
    process: Process, plan: ReadPlan, *, title: str, by: str, now: datetime
) -> tuple[PlanDraft, bool]:
    """Keep an uploaded document as a draft, with what was noticed when it was read.

    Says whether it is new: the same document leads to the draft that there is.
    """
    document = Document(plan.parsed, digest_of(plan.source), title, _findings(plan))
    return await open_draft(process, document, by=by, now=now)


def _findings(plan: ReadPlan) -> list[dict[str, Any]]:
    # The words are made again in each reader's language.
    found = zip(plan.parsed.warnings, problems(plan), strict=True)
    return [
        {
            "line": warning.line,
            "code": warning.code,
            "params": warning.params,
            "excerpt": problem.excerpt,
        }
        for warning, problem in list(found)[:FINDINGS_KEPT]
    ]


async def publish_draft(
    actor: Actor, draft_id: int, *, revision: int, seen_version: int, title: str, now: datetime
) -> Imported:
    """Publish a draft as the next version of its plan; it is a draft no more.

    `seen_version` is the one the official compared it with. Refuses with DraftChanged,
    DraftGone, PlanMoved and SectionRefused; then the draft stays.
    """
    draft = await draft_of(actor.entity_id, draft_id)
    if draft.revision != revision:
        raise DraftChanged
    prepared = await _prepared(draft, await read_outline(draft), title)
    async with transaction():
        draft = await draft_to_end(actor, draft_id, revision)
        if await _version_held(draft) != seen_version:
            raise PlanMoved
        imported = await import_plan(
            prepared,
            entity_id=draft.entity_id,
            process_id=draft.process_id,
            title=title,
            now=now,
            actor=actor,
        )
        await draft.delete()
    return imported


async def _version_held(draft: PlanDraft) -> int:
    """Give the number of the version in force, 0 for none, and let no other be published."""
    rows = Plan.of(draft.entity_id).filter(process_id=draft.process_id)
    plan = await rows.select_for_update().first()
    return plan.current_version if plan else 0


async def _prepared(draft: PlanDraft, outline: Outline, title: str) -> Prepared:
    parsed = as_parsed(outline, title)
    return replace(await prepare(parsed, ""), digest=digest_for(draft, outline))


def digest_for(draft: PlanDraft, outline: Outline) -> str:
    """Give the fingerprint of a draft: its document's until something is corrected."""
    if draft.step == 0:
        return draft.source_digest
    return digest_of("\x1e".join(_words(outline)))


def _words(outline: Outline) -> Sequence[str]:
    return [
        "\x1f".join((str(p.level), p.kind, p.number, p.label, p.title, p.body)) for p in outline
    ]
