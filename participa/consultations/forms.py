"""What arrives from a proposer's or an official's browser, checked beside its fields."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import FormData

from participa.consultations.categories import Arrangement
from participa.consultations.importing import MAX_FILE_BYTES, FileRefused, ReadPlan, read_plan
from participa.consultations.models import Consultation
from participa.consultations.rules import MAX_CATEGORIES, MAX_REASON, Course
from participa.deliberation.forms import Data, read_topic
from participa.deliberation.saying import Said
from participa.i18n import _
from participa.plans.service import MAX_TITLE
from participa.territory.picking import PLACE_FORM
from participa.web.forms import Form
from participa.web.refusals import BadInput

IMPORT_FIELDS = ("title", "file", "text", "do")
# Whether its writer saw the proposals like it, means to attach files, and what it is about.
PROPOSAL_FIELDS = ("seen", "attach", *PLACE_FORM)
COURSE_FIELDS = ("since", "to", "reason")
CATEGORY_FIELDS = (
    "new",
    "required",
    *(f"{name}_{at}" for at in range(MAX_CATEGORIES) for name in ("was", "name", "at", "retire")),
)


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """A plan to publish as it is, or to correct first."""

    title: str
    plan: ReadPlan
    publishes: bool


def read_proposal(data: Data, call: Consultation) -> tuple[str, Said | None, Form]:
    """Read a proposal; None with the messages when something needs mending."""
    title, said, form = read_topic(data, PROPOSAL_FIELDS)
    none = () if call.requires_category else ("",)
    missing = _("Escoja de qué trata.") if call.requires_category else None
    form.choice("category", (*none, *call.categories), required=missing)
    return title, None if form.has_errors else said, form


@dataclass(frozen=True, slots=True)
class CourseOrder:
    """Where a proposal shall stand, where it was seen to stand, and why."""

    to: Course
    since: Course
    reason: str


def read_course(data: Data) -> tuple[CourseOrder | None, Form]:
    """Read a step of a proposal's course; None with the messages when it needs mending.

    Refuses with BadInput a form that is not ours.
    """
    form = Form(data, fields=COURSE_FIELDS)
    if form.values["since"] not in set(Course):
        raise BadInput
    to = form.choice("to", tuple(Course), required=_("Escoja el estado."))
    reason = form.text("reason", longest=MAX_REASON)
    if to is None or form.has_errors:
        return None, form
    return CourseOrder(to, Course(form.values["since"]), reason), form


def category_values(call: Consultation) -> Mapping[str, str]:
    """Give the categories of a call as the form to change them holds them."""
    values = {"required": "1" if call.requires_category else ""}
    for at, name in enumerate(call.categories[:MAX_CATEGORIES]):
        values |= {f"was_{at}": name, f"name_{at}": name, f"at_{at}": str(at + 1)}
    return values


def read_categories(data: Data) -> tuple[tuple[str, ...], Arrangement, Form]:
    """Read the categories as they were seen, and as they shall be."""
    form = Form(data, fields=CATEGORY_FIELDS)
    known = [at for at in range(MAX_CATEGORIES) if form.values[f"was_{at}"]]
    kept: list[tuple[int, int, str]] = []
    renamed: dict[str, str] = {}
    for at in known:
        if form.checked(f"retire_{at}"):
            continue
        name = _one_line(form.text(f"name_{at}", required=_("Escriba el nombre de la categoría.")))
        place = form.number(f"at_{at}")
        kept.append((at + 1 if place is None else place, at, name))
        renamed[form.values[f"was_{at}"]] = name
    added = [_one_line(line) for line in form.text("new").splitlines() if line.strip()]
    names = (*(name for _place, _at, name in sorted(kept)), *added)
    was = tuple(form.values[f"was_{at}"] for at in known)
    return was, Arrangement(names, renamed, form.checked("required")), form


def _one_line(text: str) -> str:
    return " ".join(text.split())


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
