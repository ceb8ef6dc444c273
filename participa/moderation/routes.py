"""The forms with which a moderator hides and shows."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.deliberation.attachment_pages import files_url
from participa.deliberation.models import Contribution
from participa.deliberation.queries import contribution_of
from participa.deliberation.rules import MODERATION_RULES
from participa.deliberation.views import contribution_target
from participa.i18n import _
from participa.moderation import service
from participa.processes.queries import schedule_of
from participa.security.limits import SUPPORT
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import safe_path, see, with_query
from participa.web.refusals import BadInput


async def hide(request: Request) -> Response:
    """Hide a contribution and go back to where it stood."""
    found = await _moderated(request)
    form = Form(form_data(request), fields=("reason", "note", "next"))
    rule = form.choice("reason", tuple(MODERATION_RULES), required=_("Elija la norma."))
    note = form.text("note", longest=1000)
    if rule is None or form.has_errors:
        raise BadInput(_("Elija la norma que incumple y escriba una nota corta."))
    await service.hide(actor_of(request), found.id, rule=rule, note=note, now=context(request).now)
    return _back(form, found, "oculto")


async def restore(request: Request) -> Response:
    """Show a hidden contribution again and go back to it."""
    found = await _moderated(request)
    form = Form(form_data(request), fields=("next",))
    await service.restore(actor_of(request), found.id, now=context(request).now)
    return _back(form, found, "restaurado")


async def hide_file(request: Request) -> Response:
    """Hide one file of a contribution and go back to its files."""
    found = await _moderated(request)
    form = Form(form_data(request), fields=("id", "reason", "note"))
    rule = form.choice("reason", tuple(MODERATION_RULES), required=_("Elija la norma."))
    note = form.text("note", longest=1000)
    file_id = form.number("id")
    if rule is None or file_id is None or form.has_errors:
        raise BadInput(_("Elija la norma que incumple y escriba una nota corta."))
    now = context(request).now
    await service.hide_file(actor_of(request), found.id, file_id, rule=rule, note=note, now=now)
    return see(f"{files_url(found)}?aviso=adjunto-oculto")


async def show_file(request: Request) -> Response:
    """Show a hidden file again and go back to the files of its contribution."""
    found = await _moderated(request)
    file_id = Form(form_data(request), fields=("id",)).number("id")
    if file_id is None:
        raise BadInput
    await service.show_file(actor_of(request), found.id, file_id, now=context(request).now)
    return see(f"{files_url(found)}?aviso=adjunto-mostrado")


async def _moderated(request: Request) -> Contribution:
    entity_id = context(request).entity.id
    found = await contribution_of(entity_id, request.path_params["receipt"])
    schedule = await schedule_of(entity_id, found.process_id)
    is_public = schedule.process.is_published
    require(request, Action.MODERATE, contribution_target(found, is_public=is_public))
    return found


def _back(form: Form, found: Contribution, notice: str) -> Response:
    path = safe_path(form.values["next"], f"/aportes/{found.receipt_number}").split("#", 1)[0]
    return see(f"{with_query(path, aviso=notice)}#{found.receipt_number}")


ROUTES = [
    page(
        "/aportes/{receipt}/ocultar", hide, action=Action.MODERATE, methods=("POST",), limit=SUPPORT
    ),
    page(
        "/aportes/{receipt}/mostrar",
        restore,
        action=Action.MODERATE,
        methods=("POST",),
        limit=SUPPORT,
    ),
    page(
        "/aportes/{receipt}/adjuntos/ocultar",
        hide_file,
        action=Action.MODERATE,
        methods=("POST",),
        limit=SUPPORT,
    ),
    page(
        "/aportes/{receipt}/adjuntos/mostrar",
        show_file,
        action=Action.MODERATE,
        methods=("POST",),
        limit=SUPPORT,
    ),
]
