"""The pages of notifications: choosing what to be told by mail, and stopping it from a mail."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.i18n import _
from participa.notifications.queries import stop_link_owner, wishes_of
from participa.notifications.rules import Wishes
from participa.notifications.service import choose, stop
from participa.security.limits import POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see
from participa.web.refusals import NotFound
from participa.web.templating import render

FIELDS = ("on_reply", "on_answer", "on_results")
# The token in the address is a key: the page is kept by nobody.
PRIVATE = {"Cache-Control": "no-store"}


async def choices(request: Request) -> Response:
    """Show what the reader is told by mail."""
    ctx = context(request)
    person_id = actor_of(request).person_id or 0
    wishes = (await wishes_of(ctx.entity.id, [person_id]))[person_id]
    return render(
        request,
        "notifications/choices.html",
        form=Form({name: "1" if getattr(wishes, name) else "" for name in FIELDS}, fields=FIELDS),
        mail_works=not ctx.settings.mail_url.startswith("null"),
        crumbs=[("/mi-participacion", _("Mi participación"))],
    )


async def save_choices(request: Request) -> Response:
    """Keep what the reader wants to be told, and the language they read."""
    ctx = context(request)
    form = Form(form_data(request), fields=FIELDS)
    wishes = Wishes(**{name: form.checked(name) for name in FIELDS}, locale=ctx.locale)
    await choose(ctx.entity.id, actor_of(request).person_id or 0, wishes, ctx.now)
    return see("/avisos?aviso=guardado")


class LinkUnknown(NotFound):
    """A stop link that stands in no mail of ours."""

    title = _("Este enlace no sirve")
    advice = _("Ábralo otra vez desde el correo, o entre con su cuenta: «Avisos por correo».")


async def stop_page(request: Request) -> Response:
    """Show the button behind a stop link: mail programs open links, and that must stop nothing."""
    token = request.path_params["token"]
    if await stop_link_owner(context(request).entity.id, token) is None:
        raise LinkUnknown
    return render(request, "notifications/stop.html", headers=PRIVATE, stop_url=request.url.path)


async def stop_all(request: Request) -> Response:
    """Stop all mail to whoever the link's mail was for, without asking who they are."""
    ctx = context(request)
    try:
        await stop(ctx.entity.id, request.path_params["token"], ctx.now)
    except NotFound as error:
        raise LinkUnknown from error
    return render(
        request,
        "web/message.html",
        headers=PRIVATE,
        message={
            "title": _("No le enviaremos más avisos por correo"),
            "text": _("Lo que le respondan sigue publicado en este sitio."),
            "receipt": "",
            "facts": [],
            "next_steps": [],
            "main": ("/", _("Ir al inicio")),
            "links": [("/avisos", _("Escoger qué avisos recibo"))],
        },
    )


ROUTES = [
    page("/avisos", choices, action=Action.SEE_OWN, on_entity=True),
    page("/avisos", save_choices, action=Action.SEE_OWN, methods=("POST",), limit=POST,
         on_entity=True),
    page("/avisos/parar/{token}", stop_page, action=Action.SEE_SITE, on_entity=True),
    page("/avisos/parar/{token}", stop_all, action=Action.SEE_SITE, methods=("POST",), limit=POST,
         on_entity=True),
]  # fmt: skip
