"""What an official types to change a draft, checked and answered field by field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData

from participa.i18n import _
from participa.insights.document import Theme
from participa.insights.editing import Change, EditKind
from participa.insights.rules import MAX_NAME
from participa.web.forms import Form

Data = FormData | Mapping[str, str] | None
LONGEST_REASON = 300
NEW = "new"
# Boxes are called by the number of a part, or the id of a contribution, after these.
_PART, _TEXT = "p-", "a-"
FIELDS = ("into", "name", "reason", "seen")


@dataclass(frozen=True, slots=True)
class Sent:
    """A change as it was sent: on which state of the draft, and why."""

    change: Change
    seen: int
    reason: str


def ticked(data: Data, prefix: str) -> tuple[int, ...]:
    """Give the numbers of the boxes that were ticked."""
    names = [name.removeprefix(prefix) for name in dict(data or {}) if name.startswith(prefix)]
    return tuple(int(n) for n in names if n.isascii() and n.isdigit() and len(n) <= 9)


def review_form(data: Data, seen: int) -> Form:
    """Make the form of a change, with what was ticked kept."""
    boxes = [f"{p}{n}" for p in (_PART, _TEXT) for n in ticked(data, p)]
    return Form({"seen": str(seen)} if data is None else data, fields=(*FIELDS, *boxes))


def read_merge(data: Data, theme: Theme, themes: Sequence[Theme]) -> tuple[Sent | None, Form]:
    """Read into which theme another one shall go."""
    form = review_form(data, 0)
    others = tuple(str(each.number) for each in themes if each.number != theme.number)
    into = form.choice("into", others, required=_("Elija a qué tema se une."))
    return _sent(form, Change(EditKind.MERGE, theme=theme.number, into=int(into or 0))), form


def read_split(data: Data, new: int) -> tuple[Sent | None, Form]:
    """Read which parts of a theme shall be one of their own, and its name."""
    form = review_form(data, 0)
    parts = ticked(data, _PART)
    if not parts:
        form.fail("into", _("Elija al menos un subtema."))
    name = _name(form)
    return _sent(form, Change(EditKind.SPLIT, parts=parts, new=new, name=name)), form


def read_move(data: Data, themes: Sequence[Theme], new: int) -> tuple[Sent | None, Form]:
    """Read which contributions go where: to a theme, to what was said once, to a new theme."""
    form = review_form(data, 0)
    chosen = ticked(data, _TEXT)
    if not chosen:
        form.fail("into", _("Elija al menos un aporte."))
    places = (NEW, "0", *(str(theme.number) for theme in themes))
    into = form.choice("into", places, required=_("Elija a dónde pasan."))
    if into == NEW:
        name = _name(form)
        change = Change(EditKind.SPLIT, contributions=chosen, new=new, name=name)
    else:
        change = Change(EditKind.MOVE, contributions=chosen, into=int(into or 0))
    return _sent(form, change), form


def _name(form: Form) -> str:
    return form.text("name", required=_("Escriba cómo se llama el tema nuevo."), longest=MAX_NAME)


def _sent(form: Form, change: Change) -> Sent | None:
    reason = form.text("reason", longest=LONGEST_REASON)
    seen = form.number("seen")
    return None if form.has_errors else Sent(change, seen or 0, reason)
