"""The page of a contribution's files: to see, to attach, to take off."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action, Target, can
from participa.deliberation.attachments import attach_file, file_history, files_of, take_file_off
from participa.deliberation.models import Contribution
from participa.deliberation.pages import crumbs, features_of, readable
from participa.deliberation.rules import MAX_FILES, MODERATION_RULES, State
from participa.deliberation.views import contribution_target
from participa.files.forms import FILE_FIELDS, body_bytes, read_file
from participa.processes.queries import Schedule, schedule_of
from participa.security.limits import POST, UPLOAD
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see
from participa.web.refusals import BadInput, Conflict, NotFound
from participa.web.templating import render


def files_url(contribution: Contribution) -> str:
    """Give the page of a contribution's files."""
    return f"/aportes/{contribution.receipt_number}/adjuntos"


def takes_files(request: Request, contribution: Contribution) -> bool:
    """Whether files can be attached to a contribution: it opens a thread of such a kind."""
    kind = features_of(request).thread_kind(contribution.thread.kind)
    return contribution.is_opening and kind.takes_files


async def files(request: Request) -> Response:
    """Show the files of a contribution; to who made it, how to change them."""
    found = await _found(request)
    return await _show(request, found, Form(fields=FILE_FIELDS))


async def _found(request: Request) -> Contribution:
    found = await readable(request)
    if not takes_files(request, found) or found.state != State.PUBLISHED:
        raise NotFound
    return found


async def _target(request: Request, found: Contribution) -> Target:
    """Give what is acted upon; who signed it together with its author owns it as well."""
    target = contribution_target(found)
    signed_by = features_of(request).thread_kind(found.thread.kind).signed_by
    person_id = actor_of(request).person_id
    if signed_by is None or person_id is None:
        return target
    if await signed_by(found.entity_id, found.thread_id, person_id):
        return replace(target, owner_id=person_id)
    return target


async def _show(request: Request, found: Contribution, form: Form) -> Response:
    ctx = context(request)
    schedule = await schedule_of(found.entity_id, found.process_id)
    may_change = _is_open(schedule, found, request) and can(
        actor_of(request), Action.EDIT, await _target(request, found)
    )
    there = await files_of(found, actor_of(request))
    moderates = can(actor_of(request), Action.MODERATE, contribution_target(found))
    url = f"/hilos/{found.thread_id}"
    return render(
        request,
        "deliberation/attachments.html",
        status=422 if form.has_errors else 200,
        attachments={
            "title": found.thread.title,
            "url": files_url(found),
            "thread_url": url,
            "files": there,
            "steps": await file_history(found),
            "may_take_off": may_change,
            "reasons": tuple(MODERATION_RULES.items()) if moderates else (),
            "may_attach": may_change and len(there) < MAX_FILES,
            "most": MAX_FILES,
            "image_mb": ctx.settings.max_image_mb,
            "pdf_mb": ctx.settings.max_pdf_mb,
        },
        form=form,
        crumbs=[*crumbs(schedule.process), (url, found.thread.title)],
    )


def _is_open(schedule: Schedule, found: Contribution, request: Request) -> bool:
    is_open = schedule.is_open(found.thread.activity, context(request).now)
    return found.thread.closed_at is None and is_open


async def attach_one(request: Request) -> Response:
    """Attach the file that was sent."""
    found = await _found(request)
    require(request, Action.EDIT, await _target(request, found))
    form = Form(form_data(request), fields=FILE_FIELDS)
    received = await read_file(form, context(request).settings)
    if received is None:
        return await _show(request, found, form)
    try:
        await attach_file(actor_of(request), found.id, received, now=context(request).now)
    except Conflict as refusal:
        form.fail("file", refusal.title)
        return await _show(request, found, form)
    return see(f"{files_url(found)}?aviso=adjunto")


async def take_one_off(request: Request) -> Response:
    """Take a file off."""
    found = await _found(request)
    require(request, Action.EDIT, await _target(request, found))
    file_id = Form(form_data(request), fields=("id",)).number("id")
    if file_id is None:
        raise BadInput
    await take_file_off(actor_of(request), found.id, file_id, now=context(request).now)
    return see(f"{files_url(found)}?aviso=adjunto-quitado")


_FILES = "/aportes/{receipt}/adjuntos"
FILE_ROUTES = [
    page(_FILES, files, action=Action.READ),
    page(_FILES, attach_one, action=Action.EDIT, methods=("POST",), limit=UPLOAD,
         body_bytes=body_bytes),
    page(f"{_FILES}/quitar", take_one_off, action=Action.EDIT, methods=("POST",), limit=POST),
]  # fmt: skip
