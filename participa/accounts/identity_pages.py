"""The page where an official verifies an account: they have its person's document before them."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.forms import read_email
from participa.accounts.guard import actor_of, page
from participa.accounts.guard import form as form_data
from participa.accounts.identity import check_identity, read_document
from participa.accounts.permissions import Action
from participa.i18n import _
from participa.security.limits import LOGIN_PLACE
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see
from participa.web.refusals import Conflict, NotFound
from participa.web.templating import render

FIELDS = ("email", "document")
URL = "/gestion/verificar"


async def verifying(request: Request) -> Response:
    """Show the form."""
    return _show(request, Form(fields=FIELDS))


def _show(request: Request, form: Form, status: int = 200) -> Response:
    return render(
        request,
        "accounts/verifying.html",
        status=status,
        form=form,
        verifying={"url": URL},
        crumbs=[("/gestion", _("Gestión"))],
    )


async def verify(request: Request) -> Response:
    """Note that the official saw the document."""
    ctx = context(request)
    form = Form(form_data(request), fields=FIELDS)
    email = read_email(form)
    document = read_document(form.values["document"])
    if not document:
        form.fail("document", _("Escriba el número del documento, de 5 a 15 cifras o letras."))
    if form.has_errors:
        return _show(request, form, 422)
    try:
        await check_identity(actor_of(request), email, document, ctx.settings.secret, ctx.now)
    except NotFound as unknown:
        form.fail("email", unknown.title)
        return _show(request, form, 422)
    except Conflict as taken:
        form.fail("document", taken.title)
        return _show(request, form, 409)
    return see(f"{URL}?aviso=verificada")


ROUTES = [
    page(URL, verifying, action=Action.MANAGE_PROCESS, on_entity=True),
    page(
        URL,
        verify,
        action=Action.MANAGE_PROCESS,
        on_entity=True,
        methods=("POST",),
        limit=LOGIN_PLACE,
    ),
]
