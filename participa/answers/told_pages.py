"""The officials' page of those who are told by hand of what was answered."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.answers.forms import CHOSEN, TOLD_FIELDS, chosen, read_told
from participa.answers.rules import PAGE_SIZE
from participa.answers.service import AnsweredMeanwhile
from participa.answers.standing import wanted
from participa.answers.told import mark_told, merged_to_tell, to_tell, told_url
from participa.i18n import _
from participa.processes.models import Process
from participa.processes.queries import schedule_by_slug
from participa.security.limits import POST
from participa.web.context import PageContext, context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import BadInput
from participa.web.templating import render

TOLD = "avisados"


async def _managed(request: Request) -> Process:
    schedule = await schedule_by_slug(context(request).entity.id, request.path_params["slug"])
    require(request, Action.SPEAK_FOR_ENTITY, schedule.target)
    return schedule.process


async def telling(request: Request) -> Response:
    """List those to be told, or with `estado=avisados` those who were."""
    process = await _managed(request)
    today = _today(context(request))
    return await _show(request, process, Form({"told_on": today}, fields=TOLD_FIELDS), {})


def _today(ctx: PageContext) -> str:
    return ctx.now.astimezone(ctx.zone).date().isoformat()


async def tell(request: Request) -> Response:
    """Note that those chosen were told; what cannot be noted keeps what was chosen and typed."""
    process = await _managed(request)
    ctx, data = context(request), form_data(request)
    sent, form = read_told(data)
    if sent is None:
        return await _show(request, process, form, chosen(data), 422)
    try:
        await mark_told(
            actor_of(request), process.id, sent.seen, told_on=sent.told_on, how=sent.how,
            today=ctx.now.astimezone(ctx.zone).date(), now=ctx.now,
        )  # fmt: skip
    except BadInput as refusal:
        form.fail("told_on", refusal.title)
        return await _show(request, process, form, sent.seen, 422)
    except AnsweredMeanwhile as refusal:
        form.fail(CHOSEN, _("La respuesta cambió. Avise de la nueva y márquelo otra vez."))
        return await _show(request, process, form, sent.seen, refusal.status)
    return see(with_query(told_url(process.slug), aviso="guardado"))


async def _show(
    request: Request, process: Process, form: Form, picked: Mapping[str, str], status: int = 200
) -> Response:
    is_told = request.query_params.get("estado") == TOLD
    asked, url = wanted(request.query_params), told_url(process.slug)
    found = await to_tell(process, told=is_told, after=asked.after)
    merged = [] if asked.after else await merged_to_tell(process, told=is_told)
    here = with_query(url, estado=TOLD if is_told else None)
    more = len(found) > PAGE_SIZE
    return render(
        request,
        "answers/told.html",
        status=status,
        telling={
            "process_title": process.title,
            "url": url,
            "is_told": is_told,
            "orders": [
                (url, _("Por avisar"), not is_told),
                (f"{url}?estado={TOLD}", _("Avisados"), is_told),
            ],
            "rows": [*merged, *found[:PAGE_SIZE]],
            "picked": picked,
            "first_url": here if asked.after else None,
            "next_url": with_query(here, desde=found[PAGE_SIZE - 1].id) if more else None,
        },
        form=form,
        crumbs=[
            ("/gestion", _("Gestión")),
            (f"/gestion/procesos/{process.slug}/respuestas", _("Responder aportes")),
        ],
    )


_TELLING = "/gestion/procesos/{slug}/avisar"
TOLD_ROUTES = [
    page(_TELLING, telling, action=Action.SPEAK_FOR_ENTITY),
    page(_TELLING, tell, action=Action.SPEAK_FOR_ENTITY, methods=("POST",), limit=POST),
]
