"""Finding the process that a verb names."""

from participa.i18n import _
from participa.processes.models import Process
from participa.web.refusals import NotFound


async def find_process(entity_id: int, slug: str) -> Process:
    """Give the process named. Refuses with NotFound and the names there are."""
    found = await Process.of(entity_id).filter(slug=slug).first()
    if found is None:
        slugs = await Process.of(entity_id).order_by("slug").values_list("slug", flat=True)
        names = ", ".join(map(str, slugs)) or "—"
        raise NotFound(_("No hay un proceso «{slug}».", slug=slug), _("Hay: {names}.", names=names))
    return found
