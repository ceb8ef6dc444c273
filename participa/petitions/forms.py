"""What arrives from browsers about petitions: typed values, or messages beside the fields."""

from collections.abc import Collection, Mapping
from datetime import date

from starlette.datastructures import FormData

from participa.accounts.service import normal_email
from participa.i18n import _
from participa.kit.names import without_controls
from participa.petitions.rules import KINDS, MAX_SUBJECT, MAX_TEXT
from participa.petitions.service import Asked
from participa.web.forms import Form

PETITION_FIELDS = ("kind", "office", "subject", "body", "contact_email", "is_reserved")
FOLLOW_FIELDS = ("filing_number", "code")
ANSWER_FIELDS = ("body",)
EXTENSION_FIELDS = ("days", "reason")
CLOSED_DAY_FIELDS = ("on", "name")

Data = FormData | Mapping[str, str] | None


def read_petition(data: Data, offices: Collection[str]) -> tuple[Asked | None, Form]:
    """Read a petition; None with the messages when something needs mending."""
    form = Form(data, fields=PETITION_FIELDS)
    kind = form.choice("kind", tuple(KINDS), required=_("Elija qué presenta."))
    office = form.choice("office", ("", *offices))
    subject = form.text("subject", required=_("Escriba el asunto."), longest=MAX_SUBJECT)
    if "\n" in subject:
        form.fail("subject", _("Escriba el asunto en una sola línea."))
    body = form.text("body", required=_("Escriba su petición."), longest=MAX_TEXT)
    email = read_contact(form)
    if form.has_errors or kind is None:
        return None, form
    asked = Asked(
        kind=kind,
        subject=without_controls(subject),
        body=without_controls(body),
        office_id=int(office) if office else None,
        contact_email=email,
        is_reserved=form.checked("is_reserved"),
    )
    return asked, form


def read_contact(form: Form) -> str:
    """Read the address for news; leaving it empty is a choice."""
    typed = form.text("contact_email", longest=254)
    email = normal_email(typed) if typed else ""
    if email is None:
        form.fail("contact_email", _("Escriba el correo completo, como nombre@ejemplo.com."))
    return email or ""


def read_follow(data: Data) -> tuple[str, str, Form]:
    """Read a filing number and its code, as they were typed."""
    form = Form(data, fields=FOLLOW_FIELDS)
    number = form.text("filing_number", required=_("Escriba el radicado."), longest=60)
    code = form.text("code", required=_("Escriba el código."), longest=60)
    return number, code, form


def read_answer(data: Data) -> tuple[str, Form]:
    """Read an official's answer."""
    form = Form(data, fields=ANSWER_FIELDS)
    text = form.text("body", required=_("Escriba la respuesta."), longest=MAX_TEXT)
    return without_controls(text), form


def read_extension(data: Data, most: int) -> tuple[int, str, Form]:
    """Read how many days an extension adds, and why."""
    form = Form(data, fields=EXTENSION_FIELDS)
    days = form.number("days") or 0
    if not 1 <= days <= most:
        form.fail("days", _("Escriba un número de días entre 1 y {most}.", most=most))
    required = _("Escriba el motivo: se le comunica a quien presentó la petición.")
    reason = form.text("reason", required=required, longest=2_000)
    return days, without_controls(reason), form


def read_closed_day(data: Data, today: date) -> tuple[date, str, Form]:
    """Read a day without service; days that have passed cannot be taken back."""
    form = Form(data, fields=CLOSED_DAY_FIELDS)
    name = form.text("name", required=_("Escriba el motivo."), longest=120)
    on = today
    try:
        on = date.fromisoformat(form.text("on"))
    except ValueError:
        form.fail("on", _("Escriba la fecha, como 2026-12-31."))
    else:
        if on <= today:
            form.fail("on", _("Elija un día que todavía no haya llegado."))
    return on, without_controls(name), form
