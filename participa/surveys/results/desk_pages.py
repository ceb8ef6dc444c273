"""Where officials decide how results are shown, and which themes of open answers pass."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page, require, require_bare
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.deliberation.pages import crumbs
from participa.entities.census import DIMENSIONS, Dimension, population_of
from participa.i18n import Text, _
from participa.processes.queries import schedule_of
from participa.security.limits import CORRECTION, POST
from participa.surveys.models import Question, QuestionThemes, Survey
from participa.surveys.queries import (
    has_results,
    questions_of,
    survey_of,
    survey_target,
    survey_url,
)
from participa.surveys.questionnaire import in_language
from participa.surveys.results.planning import save_plan
from participa.surveys.results.reading import SAMPLINGS, Sampling, plan_of
from participa.surveys.results.themes import (
    MOST_QUOTES,
    ask_for_themes,
    open_questions,
    publish_themes,
    stored_themes,
)
from participa.surveys.results.traits import tells
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import Conflict
from participa.web.templating import render

FIELDS = ("live", "sampling", *Dimension)
MAX_LABEL = 120
_MOST_THEMES = 30


async def _managed(request: Request) -> Survey:
    survey = await survey_of(context(request).entity.id, request.path_params["id"])
    require(request, Action.MANAGE_PROCESS, survey_target(survey))
    return survey


def desk_url(survey: Survey) -> str:
    """Give the page where a survey's results are decided about."""
    return f"/gestion/encuestas/{survey.id}/resultados"


async def desk(request: Request) -> Response:
    """Show how results are shown, and the themes that were found."""
    survey = await _managed(request)
    plan = await plan_of(survey)
    values = {"live": "1" if plan.is_live else "", "sampling": plan.sampling, **plan.traits}
    return await _show(request, survey, Form(values, fields=FIELDS))


async def _show(request: Request, survey: Survey, form: Form) -> Response:
    ctx = context(request)
    questions = await questions_of(survey)
    schedule = await schedule_of(survey.entity_id, survey.process_id)
    population = await population_of(survey.entity_id)
    return render(
        request,
        "surveys/results_desk.html",
        status=422 if form.has_errors else 200,
        survey={
            "title": survey.title,
            "url": desk_url(survey),
            "public_url": f"{survey_url(survey)}/resultados",
            "samplings": [(each.value, words) for each, words in SAMPLINGS.items()],
            "dimensions": [
                (d.value, DIMENSIONS[d], _tellers(questions, d, ctx.locale)) for d in Dimension
            ],
            "census": population.source,
            "is_closed": has_results(survey, schedule, ctx.now),
            "questions": await _theme_views(survey, ctx.locale),
        },
        form=form,
        crumbs=[
            ("/gestion", _("Gestión")),
            *crumbs(survey.process),
            (f"/gestion/encuestas/{survey.id}", survey.title),
        ],
    )


def _tellers(
    questions: Sequence[Question], dimension: Dimension, language: str
) -> list[tuple[str, str | Text]]:
    """List the questions that could tell a dimension, by their code."""
    return [
        ("", _("Ninguna")),
        *(
            (q.asked.code, f"{q.position + 1}. {in_language(q.asked.text, language)}")
            for q in questions
            if tells(dimension, q.asked)
        ),
    ]


async def _theme_views(survey: Survey, language: str) -> list[dict[str, Any]]:
    rows = QuestionThemes.of(survey.entity_id).filter(question__survey_id=survey.id)
    found = {row.question_id: row for row in await rows}
    return [
        {
            "id": question.id,
            "number": question.position + 1,
            "text": in_language(question.asked.text, language),
            "state": found[question.id].state if question.id in found else "",
            "texts": found[question.id].texts if question.id in found else 0,
            "themes": stored_themes(found[question.id].themes) if question.id in found else (),
        }
        for question in await open_questions(survey, survey.version)
    ]


async def save(request: Request) -> Response:
    """Keep how results are shown."""
    ctx = context(request)
    survey = await _managed(request)
    form = Form(form_data(request), fields=FIELDS)
    sampling = form.choice("sampling", list(Sampling), required=_("Diga a quién se le pregunta."))
    questions = {q.asked.code: q.asked for q in await questions_of(survey)}
    traits: dict[str, str] = {}
    for dimension in Dimension:
        code = form.values[dimension]
        if code and (code not in questions or not tells(dimension, questions[code])):
            form.fail(dimension, _("Escoja una de las preguntas de la lista."))
        elif code:
            traits[dimension.value] = code
    if form.has_errors or sampling is None:
        return await _show(request, survey, form)
    is_live = bool(form.values["live"])
    try:
        await save_plan(
            actor_of(request), survey, is_live=is_live, sampling=sampling, traits=traits,
            now=ctx.now,
        )  # fmt: skip
    except Conflict as refusal:
        form.fail("live", refusal.title)
        return await _show(request, survey, form)
    return see(with_query(desk_url(survey), aviso="guardado"))


async def find(request: Request) -> Response:
    """Have the open answers of a closed survey grouped by what they speak of."""
    ctx = context(request)
    survey = await _managed(request)
    require_bare(request)
    schedule = await schedule_of(survey.entity_id, survey.process_id)
    if not has_results(survey, schedule, ctx.now):
        raise Conflict(_("Los temas se buscan cuando la encuesta haya cerrado."))
    await ask_for_themes(survey, survey.version, ctx.now)
    return see(f"{desk_url(survey)}#temas")


async def publish(request: Request) -> Response:
    """Show the themes that were let pass, under the names written."""
    ctx = context(request)
    survey = await _managed(request)
    names = [f"nombre_{at}" for at in range(_MOST_THEMES)]
    quotes = [f"cita_{at}_{n}" for at in range(_MOST_THEMES) for n in range(MOST_QUOTES)]
    form = Form(form_data(request), fields=(*names, *quotes))
    kept: dict[int, tuple[str, Sequence[int]]] = {}
    for at, name in enumerate(names):
        label = form.text(name, longest=MAX_LABEL)
        if label:
            kept[at] = label, [n for n in range(MOST_QUOTES) if form.values[f"cita_{at}_{n}"]]
    if form.has_errors:
        raise Conflict(_("Un nombre de tema es demasiado largo: caben {n} letras.", n=MAX_LABEL))
    question = request.path_params["question"]
    await publish_themes(actor_of(request), survey, question, kept, ctx.now)
    return see(f"{desk_url(survey)}#temas")


_DESK = "/gestion/encuestas/{id:int}/resultados"
MANAGE: Mapping[str, Any] = {"action": Action.MANAGE_PROCESS}
ROUTES = [
    page(_DESK, desk, **MANAGE),
    page(_DESK, save, methods=("POST",), limit=CORRECTION, **MANAGE),
    page(f"{_DESK}/temas", find, methods=("POST",), limit=POST, **MANAGE),
    page(f"{_DESK}/temas/{{question:int}}", publish, methods=("POST",), limit=CORRECTION, **MANAGE),
]
