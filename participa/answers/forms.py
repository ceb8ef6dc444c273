"""The form with which an official answers, read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from starlette.datastructures import FormData

from participa.answers.rules import (
    MAX_AT_ONCE,
    MAX_REASON,
    NEXT_VERSION,
    Decision,
    place_problem,
)
from participa.deliberation.verdicts import Verdict
from participa.i18n import _
from participa.kit.receipts import parse_receipt
from participa.web.forms import Form

Data = FormData | Mapping[str, str] | None
_WORDS = ("verdict", "reason", "section", "version")
FIELDS = (*_WORDS, "rest")
CHANGE_FIELDS = (*_WORDS, "seen")
TOLD_FIELDS = ("told_on", "how")
MAX_HOW = 200
CHOSEN = "chosen"
# The box of a contribution is called by its receipt number after this.
_BOX = "a-"


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer as it was sent: to which contributions, and what each had as answer then.

    `rest` is for all others of the filter that have no formal answer yet.
    """

    decision: Decision
    seen: dict[str, str]
    rest: bool


def chosen(data: Data) -> dict[str, str]:
    """Give the boxes ticked: receipt number and what the page showed as answer.

    A box that bears no receipt number is none: the form refuses it as it does unknown fields.
    """
    items = dict(data or {})
    return {
        receipt: value
        for name, value in items.items()
        if name.startswith(_BOX) and isinstance(value, str)
        for receipt in picked(name.removeprefix(_BOX))
    }


def picked(words: str) -> dict[str, str]:
    """Give the receipt number that an address names, as if its box was ticked; or nothing."""
    receipt = parse_receipt(words)
    return {} if receipt is None else {str(receipt): ""}


def read_answer(data: Data, more: Collection[str] = ()) -> tuple[Sent | None, Form]:
    """Read an answer to the contributions chosen; what needs mending stands in the form.

    `more` are fields that others read (features.AlongAnswers).
    """
    seen = chosen(data)
    form = Form(data, fields=(*FIELDS, *more, *(f"{_BOX}{receipt}" for receipt in seen)))
    rest = form.checked("rest")
    if not seen and not rest:
        form.fail(CHOSEN, _("Elija al menos un aporte."))
    if len(seen) > MAX_AT_ONCE:
        form.fail(CHOSEN, _("Elija como mucho {most} aportes.", most=MAX_AT_ONCE))
    decision = _decision(form)
    return (
        Sent(decision, seen, rest) if decision is not None and not form.has_errors else None
    ), form


def read_change(data: Data) -> tuple[Decision | None, Form]:
    """Read a changed answer."""
    form = Form(data, fields=CHANGE_FIELDS)
    return _decision(form), form


@dataclass(frozen=True, slots=True)
class Told:
    """Who was told of which answer, on which day, and how."""

    seen: dict[str, str]
    told_on: date
    how: str


def read_told(data: Data) -> tuple[Told | None, Form]:
    """Read who was told; what needs mending stands in the form."""
    seen = chosen(data)
    form = Form(data, fields=(*TOLD_FIELDS, *(f"{_BOX}{receipt}" for receipt in seen)))
    if not seen:
        form.fail(CHOSEN, _("Elija al menos un aporte."))
    how = form.text("how", longest=MAX_HOW)
    typed = form.text("told_on", required=_("Escriba el día en que se avisó."))
    try:
        told_on = date.fromisoformat(typed)
    except ValueError:
        form.fail("told_on", _("Escriba el día así: 2026-11-30."))
        return None, form
    return (None if form.has_errors else Told(seen, told_on, how)), form


def _decision(form: Form) -> Decision | None:
    verdict = form.choice("verdict", tuple(Verdict), required=_("Diga qué decide la entidad."))
    reason = form.text(
        "reason", required=_("Explique por qué: es lo que la gente espera leer."),
        longest=MAX_REASON,
    )  # fmt: skip
    is_owed = form.values["version"] == NEXT_VERSION
    decision = Decision(
        verdict=verdict or Verdict.ACCEPTED,
        reason=reason,
        section_id=form.number("section"),
        version=None if is_owed else form.number("version"),
        is_owed=is_owed,
    )
    problem = place_problem(decision) if verdict is not None else None
    if problem is not None:
        form.fail(*problem)
    return None if form.has_errors else decision


def form_of(decision: Decision, seen: str) -> Form:
    """Fill in the form with an answer as it is."""
    version = NEXT_VERSION if decision.is_owed else decision.version
    return Form(
        {
            "verdict": decision.verdict,
            "reason": decision.reason,
            "section": str(decision.section_id or ""),
            "version": str(version or ""),
            "seen": seen,
        },
        fields=CHANGE_FIELDS,
    )
