"""What is attached in the demonstration: a drawing to a proposal, an acta to a mesa."""

from collections.abc import Mapping

from participa.channels.models import Recording
from participa.channels.scans import attach_scan
from participa.consultations.coauthors import opening_of
from participa.deliberation.attachments import attach_file
from participa.demo.calendar import Calendar
from participa.demo.cast import Cast
from participa.demo.content import Proposal
from participa.demo.drawings import library_bus
from participa.demo.papers import document
from participa.demo.script import proposal_thread
from participa.files.receiving import receive
from participa.files.rules import PDF, PNG
from participa.files.store import Store

_ACTA = """Acta de la mesa de trabajo de Las Guacas

Asistieron 23 personas, según la lista.
Se habló del acueducto, de la placa huella, de la ruta escolar
y de la brigada de salud.

Lista de asistencia: queda en la carpeta de la oficina."""


async def load_attachments(
    cast: Cast,
    calendar: Calendar,
    store: Store,
    threads: Mapping[str, int],
    proposal: Proposal,
    mesa: Recording,
) -> None:
    """Attach the drawing to the proposal, and to the mesa the acta that only officials see."""
    opening = await opening_of(cast.entity.id, threads[proposal_thread(proposal)])
    drawing = await receive(
        library_bus(), PNG, store, name="chiva.png",
        description="Una chiva roja sube al monte con un cajón de libros en el techo.",
    )  # fmt: skip
    author = cast.speaker(proposal.author, None)
    await attach_file(author, opening.id, drawing, now=calendar.now)
    acta = await receive(
        document(_ACTA.splitlines()), PDF, store, name="acta.pdf",
        description="Acta de la mesa de Las Guacas",
    )  # fmt: skip
    office = cast.offices["desarrollo_rural"]
    await attach_scan(office, mesa, acta, is_public=False, now=calendar.now)
