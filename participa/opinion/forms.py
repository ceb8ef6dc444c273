"""The forms of opinion rounds, read."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import FormData

from participa.i18n import _
from participa.opinion.rules import (
    CHOICE_NAMES,
    MAX_QUESTION,
    MAX_SEEDS,
    MAX_TITLE,
    Choice,
    State,
    statement_problem,
    tidy,
)
from participa.web.forms import Form
from participa.web.refusals import BadInput

Data = FormData | Mapping[str, str] | None
# Both forms of a round's page, because a visitor's draft is one or the other.
ROUND_FIELDS = ("frase", "voto", "volver", "texto")
OPENING_FIELDS = ("title", "question", "seeds", "reviews_first", "shows_groups_live")
REVIEW_FIELDS = ("state", "reason")


@dataclass(frozen=True, slots=True)
class Cast:
    """A vote as it was sent: on which statement, what, and where to go on."""

    number: int
    choice: Choice
    from_list: bool
    form: Form


@dataclass(frozen=True, slots=True)
class Opening:
    """A round to be."""

    title: str
    question: str
    seeds: tuple[str, ...]
    reviews_first: bool
    shows_groups_live: bool


def read_vote(data: Data) -> Cast:
    """Read a vote. Refuses with BadInput what no button of ours sends."""
    form = Form(data, fields=ROUND_FIELDS)
    number = form.number("frase")
    name = form.choice("voto", tuple(CHOICE_NAMES))
    if number is None or name is None:
        raise BadInput
    return Cast(number, CHOICE_NAMES[name], form.values["volver"] == "mis-votos", form)


def read_statement(data: Data) -> tuple[str, Form]:
    """Read a statement to be proposed; what needs mending stands in the form."""
    form = Form(data, fields=ROUND_FIELDS)
    text = tidy(form.values["texto"])
    problem = statement_problem(text)
    if problem is not None:
        form.fail("texto", problem)
    return text, form


def read_opening(data: Data) -> tuple[Opening, Form]:
    """Read a new round; what needs mending stands in the form."""
    form = Form(data, fields=OPENING_FIELDS)
    title = form.text("title", required=_("Escriba un título."), longest=MAX_TITLE)
    question = form.text("question", longest=MAX_QUESTION)
    lines = form.text("seeds", required=_("Escriba al menos una frase.")).splitlines()
    seeds = tuple(line for line in map(tidy, lines) if line)
    if len(seeds) > MAX_SEEDS:
        form.fail("seeds", _("Una ronda empieza con 1 a {most} frases.", most=MAX_SEEDS))
    for seed in seeds:
        problem = statement_problem(seed)
        if problem is not None:
            form.fail("seeds", _("«{text}»: {problem}", text=seed, problem=problem))
    reviews, shows = form.checked("reviews_first"), form.checked("shows_groups_live")
    return Opening(title, question, seeds, reviews, shows), form


def read_review(data: Data) -> tuple[State, str]:
    """Read a moderator's decision. Refuses with BadInput what is none."""
    form = Form(data, fields=REVIEW_FIELDS)
    state = form.choice("state", tuple(State))
    reason = form.text("reason", longest=300)
    if state is None or form.has_errors:
        raise BadInput(_("Escriba una razón corta."))
    return state, reason
