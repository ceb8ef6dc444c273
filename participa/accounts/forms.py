"""What people type about themselves, checked and answered field by field."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import FormData

from participa.accounts.service import normal_email
from participa.i18n import _
from participa.kit.names import NameRefused, normalise_name
from participa.security.passwords import password_problem
from participa.web.forms import Form

REGISTRATION_FIELDS = ("display_name", "email", "password", "consent", "next")
SIGN_IN_FIELDS = ("email", "password", "next")

Data = FormData | Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Registration:
    """A registration that can be carried out."""

    name: str
    email: str
    password: str


def read_registration(data: Data, *context: str) -> tuple[Registration | None, Form]:
    """Read a registration; None with the messages when something is missing or wrong."""
    form = Form(data, fields=REGISTRATION_FIELDS)
    name = read_name(form, "display_name")
    email = read_email(form)
    password = read_new_password(form, name, email, *context)
    if not form.checked("consent"):
        form.fail("consent", _("Para abrir la cuenta necesitamos su autorización."))
    return (None if form.has_errors else Registration(name, email, password)), form


def read_name(form: Form, field: str) -> str:
    """Read a name to be shown in public."""
    text = form.text(field, required=_("Escriba el nombre con el que quiere aparecer."), longest=60)
    if not text:
        return ""
    try:
        return normalise_name(text)
    except NameRefused:
        form.fail(field, _("Use solo letras, números y signos comunes en el nombre."))
        return ""


def read_email(form: Form) -> str:
    """Read a mail address."""
    text = form.text("email", required=_("Escriba su correo electrónico."), longest=254)
    email = normal_email(text) if text else ""
    if email is None:
        form.fail("email", _("Escriba el correo completo, como nombre@ejemplo.co."))
    return email or ""


def read_new_password(form: Form, *context: str) -> str:
    """Read a new password and say what is wrong with it."""
    password = form.text("password", required=_("Escriba una contraseña."), strip=False)
    problem = password_problem(password, *context) if password else None
    if problem is not None:
        form.fail("password", problem)
    return password
