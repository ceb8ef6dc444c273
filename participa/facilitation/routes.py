"""The pages with which a conversation is looked after, and where all can see what was done."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.deliberation.contribution_pages import versions_of
from participa.deliberation.models import Conclusion, Thread
from participa.deliberation.pages import crumbs, features_of, thread_target
from participa.deliberation.queries import contribution_of, thread_of
from participa.deliberation.rules import MAX_BODY
from participa.deliberation.texts import TextRefused
from participa.deliberation.views import contribution_target
from participa.facilitation import pins, service
from participa.facilitation.queries import acts_upon, wordings_of
from participa.facilitation.rules import MAX_REASON
from participa.i18n import _
from participa.processes.models import Process
from participa.processes.queries import schedule_of
from participa.security.limits import POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import safe_path, see, with_query
from participa.web.refusals import NotFound
from participa.web.templating import render

CONCLUSION_FIELDS = ("body",)
REASON_FIELDS = ("reason",)
PIN_FIELDS = ("hacer", "next")


@dataclass(frozen=True, slots=True)
class Found:
    """A conversation that was asked for, with its address and its process."""

    thread: Thread
    process: Process
    url: str

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        """The way up from a page about it."""
        return [*crumbs(self.process), (self.url, self.thread.title)]


async def found_thread(request: Request, action: Action) -> Found:
    """Find the thread in the address, asking permission. Refuses with NotFound."""
    thread = await thread_of(context(request).entity.id, request.path_params["id"])
    schedule = await schedule_of(thread.entity_id, thread.process_id)
    require(request, action, thread_target(thread, schedule.process))
    url = features_of(request).thread_url(thread.kind, thread.id, thread.place_id)
    return Found(thread, schedule.process, url)


async def conclusion_form(request: Request) -> Response:
    """Show the form to close a conversation, to correct its conclusion or to reopen it."""
    found = await found_thread(request, Action.FACILITATE)
    wordings = await wordings_of(found.thread)
    body = wordings[0].body_source if wordings else ""
    return _show(request, found, wordings, Form({"body": body}, fields=CONCLUSION_FIELDS))


async def conclude(request: Request) -> Response:
    """Close a conversation with a conclusion, or write that anew."""
    found = await found_thread(request, Action.FACILITATE)
    form = Form(form_data(request), fields=CONCLUSION_FIELDS)
    body = form.text("body", required=_("Escriba la conclusión."), longest=MAX_BODY)
    if not form.has_errors:
        try:
            await service.conclude(
                actor_of(request), found.thread.id, body, now=context(request).now
            )
            return see(with_query(found.url, aviso="conclusion"))
        except TextRefused as refusal:
            form.fail("body", refusal.title)
    return _show(request, found, await wordings_of(found.thread), form)


async def reopen(request: Request) -> Response:
    """Open a conversation again that was closed with a conclusion."""
    found = await found_thread(request, Action.FACILITATE)
    form = Form(form_data(request), fields=REASON_FIELDS)
    required = _("Diga por qué se reabre.")
    reason = form.text("reason", required=required, longest=MAX_REASON)
    if form.has_errors:
        return _show(request, found, await wordings_of(found.thread), form)
    await service.reopen(
        actor_of(request), found.thread.id, reason=reason, now=context(request).now
    )
    return see(with_query(found.url, aviso="reabierta"))


def _show(request: Request, found: Found, wordings: Sequence[Conclusion], form: Form) -> Response:
    # A form that came back for the reason to reopen says nothing of the conclusion.
    if "body" not in form.values and wordings:
        form.values["body"] = wordings[0].body_source
    return render(
        request,
        "facilitation/conclusion.html",
        status=422 if form.has_errors else 200,
        closing={
            "title": found.thread.title,
            "url": f"/hilos/{found.thread.id}",
            "back_url": found.url,
            "is_closed": found.thread.closed_at is not None,
            "max_length": MAX_BODY,
        },
        form=form,
        crumbs=found.crumbs,
    )


async def conclusions(request: Request) -> Response:
    """Show every wording of a conversation's conclusion."""
    found = await found_thread(request, Action.READ)
    wordings = await wordings_of(found.thread)
    if not wordings:
        raise NotFound
    versions = versions_of(
        [(each.body_source, each.body_html) for each in wordings],
        [each.written_at for each in wordings],
    )
    authors = [each.office or each.author_name for each in wordings]
    return render(
        request,
        "facilitation/conclusions.html",
        title=found.thread.title,
        url=found.url,
        is_closed=found.thread.closed_at is not None,
        versions=list(zip(versions, authors, strict=True)),
        crumbs=found.crumbs,
    )


async def acts(request: Request) -> Response:
    """Show what moderators and officials did in a conversation, with their reasons."""
    found = await found_thread(request, Action.READ)
    return render(
        request,
        "facilitation/acts.html",
        title=found.thread.title,
        url=found.url,
        acts=await acts_upon(found.thread),
        crumbs=found.crumbs,
    )


async def pin(request: Request) -> Response:
    """Show a contribution first in its thread, or no longer, and go back to it."""
    found = await contribution_of(context(request).entity.id, request.path_params["receipt"])
    schedule = await schedule_of(found.entity_id, found.process_id)
    is_public = schedule.process.is_published
    require(request, Action.FACILITATE, contribution_target(found, is_public=is_public))
    form = Form(form_data(request), fields=PIN_FIELDS)
    wanted = form.values["hacer"] != "soltar"
    await pins.pin(actor_of(request), found.id, wanted=wanted, now=context(request).now)
    path = safe_path(form.values["next"], f"/aportes/{found.receipt_number}").split("#", 1)[0]
    return see(f"{with_query(path, aviso=_pinned(wanted))}#{found.receipt_number}")


async def pin_thread(request: Request) -> Response:
    """Show a thread first in its place's list, or no longer, and go back to it."""
    found = await found_thread(request, Action.FACILITATE)
    form = Form(form_data(request), fields=PIN_FIELDS)
    wanted = form.values["hacer"] != "soltar"
    await pins.pin_thread(
        actor_of(request), found.thread.id, wanted=wanted, now=context(request).now
    )
    return see(with_query(found.url, aviso=_pinned(wanted)))


def _pinned(wanted: bool) -> str:
    return "fijado" if wanted else "suelto"


ROUTES = [
    page("/hilos/{id:int}/conclusion", conclusion_form, action=Action.FACILITATE),
    page("/hilos/{id:int}/conclusion", conclude, action=Action.FACILITATE, methods=("POST",),
         limit=POST),
    page("/hilos/{id:int}/reabrir", reopen, action=Action.FACILITATE, methods=("POST",),
         limit=POST),
    page("/hilos/{id:int}/fijar", pin_thread, action=Action.FACILITATE, methods=("POST",),
         limit=POST),
    page("/aportes/{receipt}/fijar", pin, action=Action.FACILITATE, methods=("POST",),
         limit=POST),
    page("/hilos/{id:int}/conclusiones", conclusions, action=Action.READ),
    page("/hilos/{id:int}/actuaciones", acts, action=Action.READ),
]  # fmt: skip
