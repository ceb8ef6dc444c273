"""What arrives from the pages of a draft."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from starlette.datastructures import FormData

from participa.i18n import _
from participa.plans.drafts import Seen
from participa.plans.editing import EDITS, MAX_LABEL, MAX_NUMBER, Edit, Wording, as_kind
from participa.plans.outlines import Piece
from participa.plans.parsing.model import MAX_TITLE, Kind
from participa.plans.texts import SectionRefused, section_html
from participa.web.forms import Form

OUTLINE_FIELDS = ("do", "kind", "marked", "revision", "desde")
WORDING_FIELDS = ("kind", "number", "label", "title", "body", "revision")
SPLIT_FIELDS = ("paragraph", "begins", "titled", "revision")
DISCARD_FIELDS = ("do", "revision")
PUBLISH_FIELDS = ("title", "revision", "version")
KINDS: tuple[Kind, ...] = get_args(Kind)
# A chapter that was read as one section must fit into the form that corrects it.
MAX_BODY = 400_000
BODY_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class OutlineOrder:
    """What to do with which sections; an `edit` of None is a step back or again."""

    do: str
    edit: Edit | None
    marked: tuple[int, ...]
    seen: Seen


def read_outline_order(data: FormData) -> tuple[OutlineOrder | None, Form]:
    """Read what is asked of an outline; None with the message when it is nothing it does."""
    form = Form(data, fields=OUTLINE_FIELDS)
    kind = form.choice("kind", KINDS)
    do = form.choice(
        "do", (*EDITS, "kind", "undo", "redo"), required=_("Elija una de las opciones.")
    )
    if do is None or form.has_errors:
        return None, form
    edit = EDITS.get(do)
    if do == "kind":
        if kind is None:
            form.fail("do", _("Elija el tipo que quiere darles."))
            return None, form
        edit = as_kind(kind)
    return OutlineOrder(do, edit, marked_in(data.getlist("marked")), seen_in(form)), form


def marked_in(values: Iterable[object]) -> tuple[int, ...]:
    """Read the ids of marked sections, leaving out what is none."""
    texts = [value for value in values if isinstance(value, str)]
    return tuple(int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 9)


def revision_of(form: Form) -> int:
    """Read which revision its reader saw; one that never was when it does not say."""
    return form.number("revision") or 0


def seen_in(form: Form) -> Seen:
    """Read which revision its reader saw, with the key of the form."""
    return Seen(revision_of(form), form.request_key or "")


def wording_form(piece: Piece, revision: int) -> Form:
    """Give the form with a section's present words."""
    values = {
        "kind": piece.kind,
        "number": piece.number,
        "label": piece.label,
        "title": piece.title,
        "body": piece.body,
        "revision": str(revision),
    }
    return Form(values, fields=WORDING_FIELDS)


def read_wording(data: FormData) -> tuple[Wording | None, Form]:
    """Read new words of a section; None with the messages when something needs mending."""
    form = Form(data, fields=WORDING_FIELDS)
    required = _("Elija una de las opciones.")
    kind = form.choice("kind", KINDS, required=required)
    number = form.text("number", longest=MAX_NUMBER)
    label = form.text("label", longest=MAX_LABEL)
    title = form.text("title", longest=MAX_TITLE)
    body = form.text("body", longest=MAX_BODY, strip=False).lstrip("\n").rstrip()
    for name in ("number", "label", "title"):
        if "\n" in form.values[name]:
            form.fail(name, _("Escriba el título en una sola línea."))
    try:
        section_html(body)
    except SectionRefused as refusal:
        form.fail("body", refusal.title)
    if kind is None or form.has_errors:
        return None, form
    return Wording(kind, number, label, title, body), form
