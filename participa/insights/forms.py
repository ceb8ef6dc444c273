"""What officials type about a report, checked and answered field by field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData

from participa.deliberation.verdicts import VERDICTS
from participa.i18n import _
from participa.insights.document import Theme
from participa.insights.rules import MAX_ANSWER, MAX_NAME, MAX_TITLE
from participa.web.forms import Form

Data = FormData | Mapping[str, str] | None
ANSWER_FIELDS = ("decision", "answer")
MAX_INTRODUCTION = 2000


@dataclass(frozen=True, slots=True)
class Names:
    """The words of a draft: its title, its introduction and the names of its themes by id."""

    title: str
    introduction: str
    themes: dict[int, str]
    seen: int | None


def names_form(
    title: str,
    introduction: str,
    themes: Sequence[Theme],
    data: Data = None,
    *,
    seen: int = 0,
) -> Form:
    """Make the form of a draft, filled in with its words or with what was typed."""
    stored = {"title": title, "introduction": introduction, "seen": str(seen)}
    stored |= {_field(theme): theme.name for theme in themes}
    return Form(stored if data is None else data, fields=tuple(stored))


def read_names(form: Form, themes: Sequence[Theme]) -> Names | None:
    """Read the words of a draft; None with the messages when something is missing or long."""
    title = form.text("title", required=_("Escriba el título del informe."), longest=MAX_TITLE)
    introduction = form.text("introduction", longest=MAX_INTRODUCTION)
    names = {theme.id: form.text(_field(theme), longest=MAX_NAME) for theme in themes}
    seen = form.number("seen")
    return None if form.has_errors else Names(title, introduction, names, seen)


def _field(theme: Theme) -> str:
    return f"name_{theme.id}"


def read_answer(data: Data) -> tuple[tuple[str, str] | None, Form]:
    """Read an answer to a theme: the decision and its reasons."""
    form = Form(data, fields=ANSWER_FIELDS)
    decision = form.choice("decision", tuple(VERDICTS), required=_("Diga qué decide la entidad."))
    answer = form.text(
        "answer", required=_("Explique por qué: es lo que la gente espera leer."),
        longest=MAX_ANSWER,
    )  # fmt: skip
    if decision is None or form.has_errors:
        return None, form
    return (decision, answer), form
