"""What arrives from a proposer's or an official's browser, checked beside its fields."""

from dataclasses import dataclass

from starlette.datastructures import FormData

from participa.consultations.importing import MAX_FILE_BYTES, FileRefused, ReadPlan, read_plan
from participa.consultations.models import Consultation
from participa.deliberation.forms import Data, read_topic
from participa.deliberation.saying import Said
from participa.i18n import _
from participa.plans.service import MAX_TITLE
from participa.web.forms import Form

IMPORT_FIELDS = ("title", "file", "text", "do")


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """A plan to publish as it is, or to correct first."""

    title: str
    plan: ReadPlan
    publishes: bool


def read_proposal(data: Data, call: Consultation) -> tuple[str, Said | None, Form]:
    """Read a proposal; None with the messages when something needs mending."""
    title, said, form = read_topic(data)
    form.choice("category", ("", *call.categories))
    return title, None if form.has_errors else said, form


async def read_import(data: FormData) -> tuple[ImportOrder | None, Form]:
    """Read the import form; None with the messages when something needs mending.

    A browser never sends a chosen file back, so the message asks for it again.
    """
    form = Form(data, fields=IMPORT_FIELDS)
    title = form.text("title", longest=MAX_TITLE)
    plan = await _plan(form)
    if "\n" in title:
        form.fail("title", _("Escriba el título en una sola línea."))
    if plan is None or form.has_errors:
        return None, form
    return ImportOrder(title, plan, publishes=form.values["do"] == "import"), form


async def _plan(form: Form) -> ReadPlan | None:
    upload, pasted = form.files.get("file"), form.values["text"]
    has_file = upload is not None and bool(upload.filename)
    if has_file == bool(pasted.strip()):
        both = _("Escoja el documento o pegue su texto, no las dos cosas.")
        form.fail("file", both if has_file else _("Escoja el documento o pegue su texto."))
        return None
    at = "file" if has_file else "text"
    try:
        sent = await upload.read(MAX_FILE_BYTES + 1) if upload and has_file else pasted.encode()
        return await read_plan(sent)
    except FileRefused as refusal:
        form.fail(at, refusal.title)
        return None
