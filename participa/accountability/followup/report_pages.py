"""The officials' page that reports what was done for a goal."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accountability.followup.figures import PARTS, QUARTERS
from participa.accountability.followup.goal import GoalPage, goal_of, goal_page
from participa.accountability.followup.numbers import NotANumber, read_number
from participa.accountability.followup.queries import followup_url
from participa.accountability.followup.reporting import Report, report_progress
from participa.accountability.followup.rules import MAX_EVIDENCE
from participa.accountability.followup.views import goal_url
from participa.accountability.models import Goal
from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.files.forms import body_bytes, read_file
from participa.files.receiving import Received
from participa.i18n import _
from participa.processes.queries import process_target
from participa.security.limits import UPLOAD
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import BadInput
from participa.web.templating import render

_MONEY = ("appropriated", "committed", "paid")
FIGURES = ("part_executed", "executed", *_MONEY)
FIELDS = (
    "year", "part", *FIGURES, "evidence", "file", "description",
    *(f"empty_{name}" for name in FIGURES),
)  # fmt: skip


def report_url(goal_id: int) -> str:
    """Give the page where an official reports what was done for a goal."""
    return f"/gestion/metas/{goal_id}/avance"


def this_year(request: Request) -> int:
    """Give the running year by the entity's clock."""
    ctx = context(request)
    return ctx.now.astimezone(ctx.zone).year


async def _managed(request: Request) -> Goal:
    goal = await goal_of(context(request).entity.id, request.path_params["goal_id"])
    require(request, Action.MANAGE_PROCESS, process_target(goal.process))
    return goal


async def progress_form(request: Request) -> Response:
    """Show the form, for the running year or the nearest that the goal has."""
    now = this_year(request)
    found = await goal_page(await _managed(request), now)
    year = min((each.year for each in found.years), key=lambda each: abs(each - now), default=now)
    return _show(request, found, Form({"year": str(year)}, fields=FIELDS))


def _show(request: Request, found: GoalPage, form: Form) -> Response:
    ctx, goal = context(request), found.goal
    names = sorted({part.part for part in found.parts}, key=PARTS.index) or QUARTERS
    return render(
        request,
        "accountability/followup/report.html",
        status=422 if form.has_errors else 200,
        reporting={
            "url": report_url(goal.id),
            "goal": found,
            "years": [(str(each.year), str(each.year)) for each in found.years],
            "parts": [("", _("Todo el año")), *((name, name) for name in names)],
            "image_mb": ctx.settings.max_image_mb,
            "pdf_mb": ctx.settings.max_pdf_mb,
        },
        form=form,
        crumbs=[
            (followup_url(goal.process.slug), goal.process.title),
            (goal_url(goal.id), _("Meta {number}", number=goal.number)),
        ],
    )


async def save_progress(request: Request) -> Response:
    """Write down what was reported; what cannot be read is told beside its field."""
    goal = await _managed(request)
    form = Form(form_data(request), fields=FIELDS)
    report = _read(form)
    evidence = form.text(
        "evidence", required=_("Escriba qué se hizo y cómo se comprueba."), longest=MAX_EVIDENCE
    )
    received = await _file(request, form)
    if report is not None and not form.has_errors:
        try:
            await report_progress(
                actor_of(request), goal.id, report, evidence=evidence, received=received,
                now=context(request).now,
            )  # fmt: skip
            return see(with_query(goal_url(goal.id), aviso="guardado"))
        except BadInput as refusal:
            form.fail("year", refusal.title)
    return _show(request, await goal_page(goal, this_year(request)), form)


def _read(form: Form) -> Report | None:
    year = form.number("year")
    if year is None:
        form.fail("year", _("Elija el año."))
    part = form.choice("part", ("", *PARTS))
    executed, part_executed = _number(form, "executed"), _number(form, "part_executed")
    money = {name: _pesos(form, name) for name in _MONEY}
    emptied = _emptied(form)
    empties_part = "part_executed" in emptied
    if part and part_executed is None and not empties_part:
        form.fail("part_executed", _("Escriba lo hecho en el trimestre o mes."))
    if not part and (part_executed is not None or empties_part):
        form.fail("part", _("Elija el trimestre o mes."))
    if form.has_errors or year is None:
        return None
    return Report(year, executed, part or "", part_executed, **money, emptied=emptied)


def _emptied(form: Form) -> frozenset[str]:
    names = frozenset(name for name in FIGURES if form.checked(f"empty_{name}"))
    for name in names:
        if form.values[name].strip():
            form.fail(name, _("Escriba la cifra o vacíela: las dos cosas no."))
    return names


def _number(form: Form, name: str) -> float | None:
    try:
        return read_number(form.values[name], ",")
    except NotANumber:
        form.fail(name, _("Escriba un número, como 3 o 2,5."))
        return None


def _pesos(form: Form, name: str) -> int | None:
    number = _number(form, name)
    if number is not None and number < 0:
        form.fail(name, _("Escriba los pesos sin signo."))
        return None
    return None if number is None else round(number)


async def _file(request: Request, form: Form) -> Received | None:
    upload = form.files.get("file")
    if (upload is None or not upload.filename) and not form.values["description"].strip():
        return None
    return await read_file(form, context(request).settings)


_PATH = "/gestion/metas/{goal_id:int}/avance"
REPORT_ROUTES = [
    page(_PATH, progress_form, action=Action.MANAGE_PROCESS),
    page(_PATH, save_progress, action=Action.MANAGE_PROCESS, methods=("POST",), limit=UPLOAD,
         body_bytes=body_bytes),
]  # fmt: skip
