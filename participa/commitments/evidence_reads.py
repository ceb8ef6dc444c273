"""Reads of what shows that a commitment was fulfilled."""

from participa.commitments.models import EvidenceLink
from participa.commitments.rules import FILE_OWNER
from participa.files.models import StoredFile
from participa.files.service import attached
from participa.files.views import FileStep, FileView, file_steps, file_views
from participa.i18n import _


async def files_of(entity_id: int, commitment_id: int) -> list[FileView]:
    """Show the files attached to a commitment."""
    return file_views(await attached(entity_id, FILE_OWNER, commitment_id))


async def links_of(entity_id: int, commitment_id: int) -> list[EvidenceLink]:
    """List the addresses of a commitment, in the order in which they came."""
    rows = EvidenceLink.of(entity_id).filter(commitment_id=commitment_id, removed_at=None)
    return await rows.order_by("id")


async def evidence_count(entity_id: int, commitment_id: int) -> int:
    """Count what shows that a commitment was fulfilled."""
    files = await attached(entity_id, FILE_OWNER, commitment_id)
    return len(files) + len(await links_of(entity_id, commitment_id))


async def evidence_steps(entity_id: int, commitment_id: int) -> list[FileStep]:
    """Tell what was attached to a commitment and taken away, latest first."""
    files = StoredFile.of(entity_id).filter(owner_kind=FILE_OWNER, owner_id=commitment_id)
    steps = file_steps(await files)
    for each in await EvidenceLink.of(entity_id).filter(commitment_id=commitment_id):
        steps.append(FileStep(_("Se puso un enlace"), each.added_at))
        if each.removed_at is not None:
            steps.append(FileStep(_("Se quitó un enlace"), each.removed_at))
    return sorted(steps, key=lambda step: step.at, reverse=True)
