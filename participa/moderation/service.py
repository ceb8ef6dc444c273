"""The acts of a moderator. Each has a reason and stands in the public log (T41)."""

from datetime import datetime

from participa.accounts.permissions import Action, Actor, can
from participa.audit import record
from participa.db import transaction
from participa.deliberation.events import announce
from participa.deliberation.models import Contribution
from participa.deliberation.rules import FILE_OWNER, MODERATION_RULES, State
from participa.deliberation.service import held, next_number
from participa.deliberation.titles import give_title_back, withhold_title
from participa.deliberation.views import contribution_target
from participa.files.service import withhold
from participa.i18n import _
from participa.processes.service import touch
from participa.web.refusals import BadInput, Conflict, NotAllowed


async def hide(
    actor: Actor, contribution_id: int, *, rule: str, note: str = "", now: datetime
) -> Contribution:
    """Hide a contribution under a published rule; its words stay for moderators and appeals.

    Hiding twice changes nothing. Refuses with Conflict what its author took back.
    """
    if rule not in MODERATION_RULES:
        raise BadInput(_("Elija la norma que incumple."))
    reason = str(MODERATION_RULES[rule])
    return await _move(
        actor,
        contribution_id,
        to=State.HIDDEN,
        hidden_reason=rule,
        act="hidden",
        reason=f"{reason} {note}".strip(),
        now=now,
    )


async def restore(actor: Actor, contribution_id: int, *, now: datetime) -> Contribution:
    """Show a hidden contribution again."""
    return await _move(
        actor,
        contribution_id,
        to=State.PUBLISHED,
        hidden_reason="",
        act="restored",
        reason="",
        now=now,
    )


async def _move(
    actor: Actor,
    contribution_id: int,
    *,
    to: State,
    hidden_reason: str,
    act: str,
    reason: str,
    now: datetime,
) -> Contribution:
    async with transaction():
        contribution = await held(actor, contribution_id)
        if contribution.state == to:
            return contribution
        if contribution.state == State.REMOVED:
            raise Conflict(_("Su autor ya retiró ese aporte."))
        number = await next_number(contribution.thread, now)
        contribution.state, contribution.hidden_reason = to, hidden_reason
        await contribution.save(update_fields=["state", "hidden_reason"])
        await announce(contribution.thread, number, act, contribution.id, now)
        if to == State.HIDDEN:
            await withhold_title(contribution, for_good=False)
        else:
            await give_title_back(contribution)
        await record(
            entity_id=actor.entity_id,
            actor_id=actor.person_id,
            actor_name=actor.name,
            action=f"moderation.{act}",
            object_kind="deliberation.contribution",
            object_id=contribution.id,
            object_label=contribution.receipt_number,
            reason=reason,
            now=now,
        )
    return contribution


async def hide_file(
    actor: Actor, contribution_id: int, file_id: int, *, rule: str, note: str = "", now: datetime
) -> None:
    """Hide a file under a published rule, while what it is attached to stays.

    Hiding twice changes nothing. Refuses with NotAllowed, BadInput and NotFound.
    """
    if rule not in MODERATION_RULES:
        raise BadInput(_("Elija la norma que incumple."))
    reason = f"{MODERATION_RULES[rule]} {note}".strip()
    await _turn_file(actor, contribution_id, file_id, rule=rule, reason=reason, now=now)


async def show_file(actor: Actor, contribution_id: int, file_id: int, *, now: datetime) -> None:
    """Show a hidden file again. Refuses with NotAllowed and NotFound."""
    await _turn_file(actor, contribution_id, file_id, rule="", reason="", now=now)


async def _turn_file(
    actor: Actor, contribution_id: int, file_id: int, *, rule: str, reason: str, now: datetime
) -> None:
    async with transaction():
        contribution = await held(actor, contribution_id)
        if not can(actor, Action.MODERATE, contribution_target(contribution)):
            raise NotAllowed
        at = now if rule else None
        entity_id = actor.entity_id
        if not await withhold(entity_id, FILE_OWNER, contribution.id, file_id, reason=rule, at=at):
            return
        await touch(entity_id, contribution.process_id)
        await record(
            entity_id=entity_id,
            actor_id=actor.person_id,
            actor_name=actor.name,
            action="moderation.file_hidden" if rule else "moderation.file_restored",
            object_kind="deliberation.contribution",
            object_id=contribution.id,
            object_label=contribution.receipt_number,
            reason=reason,
            now=now,
        )
