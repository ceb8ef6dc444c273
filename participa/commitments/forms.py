"""What officials and those who asked send about commitments: typed values, or messages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from starlette.datastructures import FormData

from participa.commitments.rules import (
    MAX_DESCRIPTION,
    MAX_INDICATOR,
    MAX_REASON,
    MAX_SOURCES,
    MAX_TERM_DAYS,
    MAX_TITLE,
    MAX_URL,
    State,
    due_after,
)
from participa.i18n import _
from participa.kit.calendar import BusinessCalendar
from participa.kit.names import without_controls
from participa.kit.receipts import parse_receipt
from participa.web.forms import Form

Data = FormData | Mapping[str, str] | None
WHO_FIELDS = ("office", "owner")
MAKE_FIELDS = ("title", "indicator", "due_on", "term_days", *WHO_FIELDS, "receipts", "origin")
CHANGE_FIELDS = ("due_on", "indicator", *WHO_FIELDS, "receipts", "change_reason", "seen")
PROGRESS_FIELDS = ("note", "seen")
MOVE_FIELDS = ("to", "reason", "seen")
LINK_FIELDS = ("url", "link_description")
VERDICT_FIELDS = ("do", "reason", "number")
_ORIGIN_PARTS = 2


@dataclass(frozen=True, slots=True)
class Due:
    """A day, and the working days it was counted from, if it was."""

    on: date
    term_days: int | None = None


def read_due(form: Form, today: date, calendar: BusinessCalendar) -> Due | None:
    """Read a day, or a term in working days from today: one of the two."""
    typed, days = form.text("due_on"), form.number("term_days")
    if bool(typed) is (days is not None):
        form.fail("due_on", _("Escriba la fecha o los días hábiles: una de las dos cosas."))
        return None
    if days is not None:
        try:
            return Due(due_after(days, today, calendar), days)
        except ValueError:
            most = MAX_TERM_DAYS
            form.fail("term_days", _("Escriba un número de días entre 1 y {most}.", most=most))
            return None
    return read_day(form, today)


def read_day(form: Form, today: date) -> Due | None:
    """Read a day that has not passed."""
    try:
        on = date.fromisoformat(form.text("due_on"))
    except ValueError:
        form.fail("due_on", _("Escriba la fecha, como 2026-12-31."))
        return None
    if on < today:
        form.fail("due_on", _("Elija un día que todavía no haya pasado."))
        return None
    return Due(on)


def read_who(form: Form) -> tuple[int, int] | None:
    """Read the office and the official who answer."""
    office, owner = form.number("office"), form.number("owner")
    if office is None:
        form.fail("office", _("Elija la dependencia que responde."))
    if owner is None:
        form.fail("owner", _("Elija a quien responde."))
    return None if office is None or owner is None else (office, owner)


def read_title(form: Form, field: str = "title") -> str:
    """Read what is promised, in one line."""
    typed = form.text(
        field, required=_("Escriba qué se compromete a hacer la entidad."), longest=MAX_TITLE
    )
    return " ".join(without_controls(typed).split())


def read_indicator(form: Form) -> str:
    """Read how it will be known that it was done."""
    typed = form.text("indicator", longest=MAX_INDICATOR)
    return " ".join(without_controls(typed).split())


def read_receipts(form: Form) -> list[str]:
    """Read receipt numbers, one by line or with commas; what is none is named."""
    typed = list(dict.fromkeys(form.text("receipts").replace(",", " ").upper().split()))
    receipts = {each: parse_receipt(each) for each in typed}
    wrong = [each for each, receipt in receipts.items() if receipt is None]
    if wrong:
        form.fail("receipts", _("No hay un aporte a la vista con {list}.", list=", ".join(wrong)))
    if len(typed) > MAX_SOURCES:
        form.fail("receipts", _("Un compromiso nombra como mucho {most} aportes.",
                                most=MAX_SOURCES))  # fmt: skip
    return [str(receipt) for receipt in receipts.values() if receipt is not None]


def read_origin(form: Form) -> tuple[str, int] | None:
    """Read on what a commitment is made, as `kind:id`; nothing is a choice."""
    parts = form.text("origin", longest=60).split(":")
    if len(parts) != _ORIGIN_PARTS or not (parts[1].isascii() and parts[1].isdigit()):
        return None
    return (parts[0], int(parts[1])) if len(parts[1]) <= len("999999999") else None


def read_reason(form: Form, field: str = "reason") -> str:
    """Read why, in plain words."""
    return without_controls(form.text(field, longest=MAX_REASON))


def read_move(data: Data) -> tuple[State | None, str, Form]:
    """Read where an official says that a commitment stands, and why."""
    form = Form(data, fields=MOVE_FIELDS)
    to = form.choice("to", tuple(State), required=_("Elija en qué queda el compromiso."))
    return to, read_reason(form), form


def read_link(data: Data) -> tuple[str, str, Form]:
    """Read an address that shows what was done."""
    form = Form(data, fields=LINK_FIELDS)
    url = form.text("url", required=_("Escriba la dirección."), longest=MAX_URL)
    if url and not (url.startswith(("https://", "http://")) and url.isprintable()):
        form.fail("url", _("Escriba la dirección completa, como https://ejemplo.gov.co."))
    if " " in url:
        form.fail("url", _("Escriba la dirección sin espacios."))
    description = form.text(
        "link_description", required=_("Escriba qué se ve o qué es."), longest=MAX_DESCRIPTION
    )
    return url, " ".join(without_controls(description).split()), form


def read_verdict(data: Data) -> tuple[bool, str, int, Form]:
    """Read whether who asked confirms, why not, and which fulfilment was shown."""
    form = Form(data, fields=VERDICT_FIELDS)
    do = form.choice("do", ("confirm", "dispute"), required=_("Elija una de las opciones."))
    reason = read_reason(form)
    if do == "dispute" and not reason:
        form.fail("reason", _("Cuente qué falta o qué no se hizo."))
    return do == "confirm", reason, form.number("number") or 0, form
