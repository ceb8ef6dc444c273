"""What shows that a commitment was fulfilled: files and addresses, attached and taken away."""

from datetime import datetime

from starlette.requests import Request

from participa.accounts.guard import require
from participa.accounts.permissions import Action, Actor
from participa.commitments.evidence_reads import evidence_count, links_of
from participa.commitments.models import Commitment, EvidenceLink
from participa.commitments.rules import FILE_OWNER, MAX_FILES, MAX_LINKS, State
from participa.commitments.steps import held, log
from participa.db import transaction
from participa.files.receiving import Received
from participa.files.service import attach, take_away
from participa.i18n import _
from participa.processes.queries import process_target
from participa.web.context import context
from participa.web.refusals import Conflict, NotFound


async def attach_evidence(
    actor: Actor, commitment_id: int, received: Received, *, now: datetime
) -> None:
    """Attach a file that shows what was done; the same file twice is once.

    Refuses with NotFound, NotAllowed, and with Conflict one too many or a cancelled one.
    """
    async with transaction():
        found = await _provable(actor, commitment_id)
        await attach(actor.entity_id, FILE_OWNER, found.id, received, most=MAX_FILES, now=now)
        await log(actor, found, "attach", received.description, now)


async def add_link(
    actor: Actor, commitment_id: int, url: str, description: str, *, now: datetime
) -> None:
    """Add an address that shows what was done; the same one twice is once.

    Refuses as `attach_evidence` does.
    """
    async with transaction():
        found = await _provable(actor, commitment_id)
        there = await links_of(actor.entity_id, found.id)
        if any(each.url == url for each in there):
            return
        if len(there) >= MAX_LINKS:
            raise Conflict(_("Caben {most} enlaces, y ya están.", most=MAX_LINKS))
        await EvidenceLink.create(
            entity_id=actor.entity_id, commitment=found, url=url, description=description,
            added_at=now,
        )  # fmt: skip
        await log(actor, found, "attach", url, now)


async def remove_evidence(
    actor: Actor, commitment_id: int, *, file_id: int | None, link_id: int | None, now: datetime
) -> None:
    """Take a file or an address away; that there was one stays in the history. Twice is once.

    Refuses with NotFound, NotAllowed, and with Conflict the last proof of what is done.
    """
    async with transaction():
        found = await held(actor, commitment_id)
        if file_id is not None:
            await take_away(actor.entity_id, FILE_OWNER, found.id, file_id, now=now)
        else:
            rows = EvidenceLink.of(actor.entity_id).filter(commitment_id=found.id, id=link_id)
            if not await rows.exists():
                raise NotFound
            await rows.filter(removed_at=None).update(removed_at=now)
        if found.state == State.DONE and not await evidence_count(actor.entity_id, found.id):
            raise Conflict(
                _("Es la única prueba de que se cumplió. Adjunte otra antes de quitarla.")
            )
        await log(actor, found, "detach", "", now)


async def _provable(actor: Actor, commitment_id: int) -> Commitment:
    found = await held(actor, commitment_id)
    if found.state == State.CANCELLED:
        raise Conflict(_("El compromiso está cancelado: reábralo primero."))
    return found


async def ask_for_evidence(request: Request, commitment_id: int, _is_public: bool) -> bool:
    """Ask permission for a file of a commitment: who may read it may see what proves it."""
    rows = Commitment.of(context(request).entity.id).filter(id=commitment_id)
    found = await rows.select_related("process").first()
    if found is None:
        raise NotFound
    require(request, Action.READ, process_target(found.process))
    return found.process.is_published
