"""What people ask: one line is enough, details where there are any."""

from participa.deliberation.forms import Data
from participa.deliberation.rules import MAX_BODY, MAX_TITLE
from participa.deliberation.saying import Said
from participa.i18n import _
from participa.kit.names import without_controls
from participa.territory.picking import PLACE_FIELDS, PLACE_FORM
from participa.web.forms import Form

QUESTION_FIELDS = ("title", "body", *PLACE_FIELDS)


def read_question(data: Data) -> tuple[str, Said | None, Form]:
    """Read a question; without details the line itself is what was said."""
    form = Form(data, fields=(*QUESTION_FIELDS, *PLACE_FORM))
    typed = form.text("title", required=_("Escriba su pregunta."), longest=MAX_TITLE)
    title = without_controls(typed).replace("\n", " ")
    body = form.text("body", longest=MAX_BODY)
    if "\n" in typed:
        form.fail("title", _("Escriba la pregunta en una sola línea."))
    if form.has_errors:
        return title, None, form
    return title, Said(body=body or title), form
