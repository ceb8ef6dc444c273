"""Where imported conversations are put: the forum or the call for proposals a mapping names.

The deliberation core knows neither; the page and the command line resolve them here.
"""

from dataclasses import dataclass

from participa.consultations.models import Consultation
from participa.consultations.queries import proposals_url
from participa.consultations.rules import PROPOSAL_KIND, PROPOSE
from participa.consultations.service import open_proposals
from participa.deliberation.importing import Place, PlaceOf
from participa.deliberation.mapping import Mapping, MappingError, load_mapping
from participa.forums.models import Forum
from participa.forums.queries import ACTIVITY, KIND
from participa.forums.service import create_forum
from participa.i18n import Text, _
from participa.processes.models import Process
from participa.web.refusals import Refusal

MAX_MAPPING_BYTES = 64 * 1024


class PlaceRefused(Refusal):
    """Nothing can be imported into what the mapping names."""

    status = 422
    title = _("El archivo de correspondencias nombra un lugar que no sirve.")


@dataclass(frozen=True, slots=True)
class Destination:
    """What a mapping names inside a process; `place_of` makes it if it is not there yet."""

    process: Process
    kind: str
    title: str

    async def place_of(self) -> Place:
        """Find or create the place. Refuses with PlaceRefused what holds no such threads."""
        entity_id, process_id = self.process.entity_id, self.process.id
        if self.kind == KIND:
            forum = await self._forum() or await create_forum(
                entity_id=entity_id, process_id=process_id, title=self.title, question=""
            )
            return Place(KIND, forum.id, ACTIVITY)
        call = await self._call() or await open_proposals(
            entity_id=entity_id, process_id=process_id, title=self.title
        )
        return Place(PROPOSAL_KIND, call.id, PROPOSE)

    async def url(self) -> str:
        """Give the page where it can be read; the process's while it is not there."""
        if self.kind == KIND and (forum := await self._forum()) is not None:
            return f"/foros/{forum.id}"
        if self.kind == PROPOSAL_KIND and (call := await self._call()) is not None:
            return proposals_url(call.id)
        return f"/procesos/{self.process.slug}"

    async def _forum(self) -> Forum | None:
        rows = Forum.of(self.process.entity_id).filter(process_id=self.process.id)
        return await rows.filter(title=self.title).first()

    async def _call(self) -> Consultation | None:
        rows = Consultation.of(self.process.entity_id).filter(process_id=self.process.id)
        call = await rows.filter(title=self.title).first()
        if call is not None and call.plan_id is not None:
            raise PlaceRefused(
                _("«{title}» es la consulta de un plan: ponga otro título en «thread.place».",
                  title=self.title)
            )  # fmt: skip
        return call


async def destination(process: Process, mapping: Mapping) -> Destination | None:
    """Say where a mapping's threads are opened; None where its rows open none.

    Refuses with PlaceRefused kinds of threads that only their own feature opens, such as the
    sections of a plan, and the title of a consultation about a plan.
    """
    thread = mapping.thread
    if not thread.opens or thread.place is None:
        return None
    if thread.kind not in {KIND, PROPOSAL_KIND}:
        raise PlaceRefused(
            _("Un archivo puede abrir temas de un foro o propuestas, no «{kind}».",
              kind=thread.kind)
        )  # fmt: skip
    found = Destination(process, thread.kind, thread.place)
    await found.url()
    return found


def opener(found: Destination | None) -> PlaceOf | None:
    """Give what the importer calls when it opens the first thread."""
    return None if found is None else found.place_of


def mapping_from(content: bytes) -> Mapping:
    """Read a mapping file. Refuses with MappingError, also what is too large or not UTF-8."""
    if len(content) > MAX_MAPPING_BYTES:
        raise MappingError(_("El archivo de correspondencias es demasiado grande."))
    try:
        return load_mapping(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise MappingError(_("El archivo de correspondencias no está en UTF-8.")) from error


def joined(error: MappingError) -> Text:
    """Give all that is wrong with a mapping as one text."""
    names = [f"problem{index}" for index in range(len(error.problems))]
    together = " ".join(f"{{{name}}}" for name in names)
    return Text(together, params=dict(zip(names, error.problems, strict=True)))
