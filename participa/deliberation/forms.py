"""What people write: checked, and the messages beside the fields."""

from collections.abc import Mapping

from starlette.datastructures import FormData

from participa.accounts.permissions import Action, Actor, Target, can
from participa.deliberation.rules import MAX_BODY, MAX_TITLE, STANCES
from participa.deliberation.saying import Said
from participa.i18n import _
from participa.kit.names import without_controls
from participa.web.forms import Form

POST_FIELDS = ("body", "stance", "office", "parent")
TOPIC_FIELDS = ("title", "body", "category")
EDIT_FIELDS = ("body",)

Data = FormData | Mapping[str, str] | None


def read_post(
    data: Data, actor: Actor, target: Target, more: tuple[str, ...] = ()
) -> tuple[Said | None, Form]:
    """Read a contribution; None with the messages when something needs mending.

    `more` names the fields that the thread's feature adds, and reads itself.
    """
    form = Form(data, fields=(*POST_FIELDS, *more))
    body = read_body(form)
    stance = form.choice("stance", tuple(STANCES))
    office = read_office(form, actor, target)
    if form.has_errors:
        return None, form
    return Said(body=body, stance=stance, office=office), form


def read_body(form: Form) -> str:
    """Read the words of a contribution."""
    return form.text("body", required=_("Escriba su aporte."), longest=MAX_BODY)


def read_office(form: Form, actor: Actor, target: Target) -> str:
    """Read in whose name an official speaks; nobody else may choose one."""
    offices = speaks_for(actor, target)
    return form.choice("office", ("", *offices)) or ""


def speaks_for(actor: Actor, target: Target) -> tuple[str, ...]:
    """Name the offices in whose name the actor may speak."""
    if actor.office and can(actor, Action.SPEAK_FOR_ENTITY, target):
        return (actor.office,)
    return ()


def read_topic(data: Data, more: tuple[str, ...] = ()) -> tuple[str, Said | None, Form]:
    """Read the title and the first words of a topic, a proposal or a question.

    `more` names the fields that a feature adds, and reads itself.
    """
    form = Form(data, fields=(*TOPIC_FIELDS, *more))
    typed = form.text("title", required=_("Escriba un título."), longest=MAX_TITLE)
    title = without_controls(typed).replace("\n", " ")
    body = read_body(form)
    category = form.text("category", longest=120)
    if "\n" in typed:
        form.fail("title", _("Escriba el título en una sola línea."))
    if form.has_errors:
        return title, None, form
    return title, Said(body=body, category=category), form
