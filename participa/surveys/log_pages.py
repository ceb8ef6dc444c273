"""The public log of a survey, and the program that anybody can check it with."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from participa.accounts.guard import page, require
from participa.accounts.permissions import Action
from participa.deliberation.pages import crumbs
from participa.security.limits import EXPORT
from participa.surveys.log import head_of, log_lines
from participa.surveys.models import Survey
from participa.surveys.queries import survey_of, survey_target, survey_url
from participa.web.context import context
from participa.web.templating import render

VERIFIER = Path(__file__).with_name("verify_survey.py")


async def _found(request: Request, action: Action) -> Survey:
    survey = await survey_of(context(request).entity.id, request.path_params["id"])
    require(request, action, survey_target(survey))
    return survey


async def checking(request: Request) -> Response:
    """Say how anybody can check that nothing was changed, and what the log ends with."""
    survey = await _found(request, Action.READ)
    number, head = await head_of(survey)
    return render(
        request,
        "surveys/checking.html",
        survey={
            "title": survey.title,
            "lines": number,
            "head": head,
            "log_url": f"{survey_url(survey)}/bitacora.jsonl",
            "program_url": f"{survey_url(survey)}/comprobar.py",
            "file_name": f"encuesta-{survey.id}.jsonl",
        },
        crumbs=[*crumbs(survey.process), (survey_url(survey), survey.title)],
    )


async def log_file(request: Request) -> Response:
    """Send the whole log."""
    survey = await _found(request, Action.EXPORT)
    await context(request).limit(EXPORT)
    headers = {
        "Content-Disposition": f'attachment; filename="encuesta-{survey.id}.jsonl"',
        "Cache-Control": "no-cache",
    }
    kind = "application/jsonl; charset=utf-8"
    return StreamingResponse(log_lines(survey), media_type=kind, headers=headers)


async def program(request: Request) -> Response:
    """Send the program that checks a log."""
    await _found(request, Action.READ)
    headers = {"Content-Disposition": f'attachment; filename="{VERIFIER.name}"'}
    return Response(VERIFIER.read_bytes(), media_type="text/x-python", headers=headers)


_SURVEY = "/encuestas/{id:int}"
ROUTES = [
    page(f"{_SURVEY}/comprobar", checking, action=Action.READ),
    page(f"{_SURVEY}/bitacora.jsonl", log_file, action=Action.EXPORT),
    page(f"{_SURVEY}/comprobar.py", program, action=Action.READ),
]
