"""Files attached to what opens a conversation, by its author or who signed it too.

They share its fate: hidden with it, erased when it is taken back.
"""

from dataclasses import replace
from datetime import datetime

from starlette.requests import Request

from participa.accounts.guard import actor_of, require
from participa.accounts.permissions import Action, Actor, can
from participa.db import transaction
from participa.deliberation.closing import require_editable
from participa.deliberation.models import Contribution
from participa.deliberation.rules import FILE_OWNER, MAX_FILES, MODERATION_RULES, State
from participa.deliberation.service import held
from participa.deliberation.views import contribution_target
from participa.files.models import StoredFile
from participa.files.receiving import Received
from participa.files.service import attach, attached, take_away
from participa.files.views import FileStep, FileView, file_steps, file_views
from participa.processes.queries import schedule_of
from participa.processes.service import touch
from participa.web.context import context
from participa.web.refusals import NotFound


async def attach_file(
    actor: Actor, contribution_id: int, received: Received, *, now: datetime
) -> None:
    """Attach a file to a contribution. Permission has been asked.

    Refuses as an edit would be (closing.require_editable), and with Conflict one too many.
    """
    async with transaction():
        contribution = await held(actor, contribution_id)
        await require_editable(contribution, now)
        await attach(
            actor.entity_id, FILE_OWNER, contribution.id, received, most=MAX_FILES, now=now
        )
        await touch(actor.entity_id, contribution.process_id)


async def take_file_off(actor: Actor, contribution_id: int, file_id: int, *, now: datetime) -> None:
    """Take a file off a contribution; that there was one stays in its history.

    Permission has been asked. Refuses as `attach_file` does, and with NotFound.
    """
    async with transaction():
        contribution = await held(actor, contribution_id)
        await require_editable(contribution, now)
        await take_away(actor.entity_id, FILE_OWNER, contribution.id, file_id, now=now)
        await touch(actor.entity_id, contribution.process_id)


async def files_of(contribution: Contribution, actor: Actor) -> list[FileView]:
    """Show the files of a contribution, what is hidden without a way to it but for moderators.

    The caller knows whether the contribution may be read.
    """
    found = file_views(await attached(contribution.entity_id, FILE_OWNER, contribution.id))
    moderates = can(actor, Action.MODERATE, contribution_target(contribution))
    return [_shown(each, moderates=moderates) if each.is_hidden else each for each in found]


def _shown(hidden: FileView, *, moderates: bool) -> FileView:
    """Say that a hidden file is there and why; only moderators see what it is."""
    told = replace(hidden, hidden_reason=MODERATION_RULES.get(str(hidden.hidden_reason), ""))
    return told if moderates else replace(told, url="", description="", name="")


async def file_history(contribution: Contribution) -> list[FileStep]:
    """Tell what was attached to a contribution and taken off, latest first."""
    rows = StoredFile.of(contribution.entity_id)
    return file_steps(await rows.filter(owner_kind=FILE_OWNER, owner_id=contribution.id))


async def ask_for_file(request: Request, contribution_id: int, is_public: bool) -> bool:
    """Ask permission for a contribution's file: who may read the words may see it.

    What a moderator hid, the words or the file alone, is for moderators.
    """
    rows = Contribution.of(context(request).entity.id).filter(id=contribution_id)
    found = await rows.select_related("thread").first()
    if found is None or found.thread.is_hidden or found.state == State.REMOVED:
        raise NotFound
    process = (await schedule_of(found.entity_id, found.process_id)).process
    target = contribution_target(found, is_public=process.is_published)
    require(request, Action.READ, target)
    is_shown = is_public and found.state == State.PUBLISHED
    if not is_shown and not can(actor_of(request), Action.MODERATE, target):
        raise NotFound
    return is_shown and process.is_published
