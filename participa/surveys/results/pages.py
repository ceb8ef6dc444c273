"""The results of a survey: every question, one against another, or of one group alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import page, require
from participa.accounts.permissions import Action
from participa.deliberation.pages import crumbs
from participa.i18n import Text, _
from participa.processes.queries import Schedule, schedule_of
from participa.processes.views import activity_pill
from participa.surveys.models import ResultPlan, Survey
from participa.surveys.queries import (
    channel_counts,
    has_results,
    response_counts,
    sealed_until,
    survey_of,
    survey_target,
    survey_url,
    unverified_count,
)
from participa.surveys.questionnaire import Kind
from participa.surveys.receipts import results_note
from participa.surveys.results.counting import counting_of, live_counting_of
from participa.surveys.results.figures import Crossed, Figure, cross, of_group
from participa.surveys.results.lines import Asked
from participa.surveys.results.reading import (
    SAMPLINGS,
    Results,
    Sampling,
    place_names,
    plan_of,
    results_of,
)
from participa.surveys.results.themes import themes_shown
from participa.territory.views import MapView, map_view
from participa.web.context import context
from participa.web.navigation import with_query
from participa.web.refusals import Conflict, NotFound
from participa.web.templating import render

FEW = _("Otras, con muy pocas personas")
FEWEST_LIVE = 50
"""So many have to have answered before an open survey shows shares."""
LIMITS: dict[Sampling, Text] = {
    Sampling.OPEN: _(
        "Esto no es una encuesta representativa: respondió quien quiso. Las cifras dicen qué "
        "marcaron esas personas, no qué piensa todo el municipio. De aquí no se puede concluir que "
        "la mayoría del municipio quiere algo, ni cuánto más lo quiere un barrio que otro."
    ),
    Sampling.RANDOM: _(
        "Las personas se escogieron al azar, pero no todas respondieron. Las cifras valen para el "
        "municipio dentro de su intervalo, y solo si quienes no respondieron piensan parecido."
    ),
    Sampling.EVERYONE: _(
        "Se le preguntó a todo el mundo: no hay margen por azar. Las cifras son de quienes "
        "respondieron, y lo que piensan quienes no lo hicieron no se sabe."
    ),
}


class ResultsSealed(Conflict):
    """Nobody reads totals while somebody can still answer."""

    title = _("Los resultados todavía no se publican")
    advice = _("Se publican cuando cierre la encuesta, para todo el mundo a la vez.")


class StillCounting(Conflict):
    """The worker is putting many answers into lines."""

    title = _("Todavía se están contando las respuestas")
    advice = _("Son muchas. Vuelva a abrir la página en unos minutos.")


@dataclass(frozen=True, slots=True)
class Found:
    """A survey as a page of its results needs it."""

    survey: Survey
    schedule: Schedule
    version: int
    plan: ResultPlan

    @property
    def url(self) -> str:
        """The address of the results of this version."""
        base = f"{survey_url(self.survey)}/resultados"
        return base if self.version == self.survey.version else f"{base}?version={self.version}"


async def found(request: Request, action: Action) -> Found:
    """Find the survey and the version asked for; what is not known is the present one."""
    survey = await survey_of(context(request).entity.id, request.path_params["id"])
    require(request, action, survey_target(survey))
    asked = request.query_params.get("version", "")
    known = {str(version): version for version in range(1, survey.version + 1)}
    schedule = await schedule_of(survey.entity_id, survey.process_id)
    return Found(survey, schedule, known.get(asked, survey.version), await plan_of(survey))


async def closed_results(request: Request, here: Found) -> Results | None:
    """Give the results of a closed survey; None while they are counted.

    Refuses with ResultsSealed before it has closed.
    """
    ctx = context(request)
    closed = here.schedule.final_closing(here.survey.activity)
    if closed is None or not has_results(here.survey, here.schedule, ctx.now):
        raise ResultsSealed
    counting = await counting_of(here.survey, here.version, closed, ctx.now)
    if counting is None:
        return None
    return await results_of(here.survey, here.version, counting, here.plan, ctx.locale)


async def results(request: Request) -> Response:
    """Show the totals of every question, or of one group; before closing, only why not yet."""
    ctx = context(request)
    here = await found(request, Action.READ)
    counts = await response_counts(here.survey)
    whole = await _readable(request, here)
    is_live = whole is not None and not has_results(here.survey, here.schedule, ctx.now)
    group = None if is_live else _group(request, whole)
    return render(
        request,
        "surveys/results.html",
        survey={
            **await _head(request, here, counts),
            "result": whole,
            "note": _note(request, here, is_waiting=whole is None),
            "is_live": is_live,
            "limits": LIMITS[Sampling(here.plan.sampling)],
            "sampling": SAMPLINGS[Sampling(here.plan.sampling)],
            "figures": () if whole is None else _figures(whole, group),
            "group": None if group is None else group[1],
            "crossing": [] if is_live or whole is None else _crossing(here, whole),
            "maps": {} if is_live or whole is None else _maps(whole),
            "themes": {} if is_live else await themes_shown(here.survey, here.version),
        },
        crumbs=_crumbs(here.survey),
    )


async def _head(request: Request, here: Found, counts: Mapping[int, int]) -> dict[str, Any]:
    ctx = context(request)
    base = f"{survey_url(here.survey)}/resultados"
    return {
        "title": here.survey.title,
        "pill": activity_pill(here.schedule, here.survey.activity, ctx.now, ctx.zone),
        "response_count": counts.get(here.version, 0),
        "by_channel": await channel_counts(here.survey),
        "unverified": await unverified_count(here.survey),
        "id": here.survey.id,
        "url": here.url,
        "base_url": base,
        "cross_url": f"{base}/cruce",
        "files": [
            (with_query(f"{base}.{kind}", version=here.version), kind.upper())
            for kind in ("csv", "xlsx", "json")
        ],
        "versions": [
            (f"{base}?version={each}", each, counts[each], each == here.version)
            for each in sorted(counts)
        ]
        if len(counts) > 1
        else [],
    }


def _crumbs(survey: Survey) -> list[tuple[str, str | Text]]:
    return [*crumbs(survey.process), (survey_url(survey), survey.title)]


def _note(request: Request, here: Found, *, is_waiting: bool) -> Text | str:
    if is_waiting and has_results(here.survey, here.schedule, context(request).now):
        return _("{title}. {advice}", title=StillCounting.title, advice=StillCounting.advice)
    return results_note(request, here.survey, here.schedule, is_live=here.plan.is_live)


async def _readable(request: Request, here: Found) -> Results | None:
    """Give what may be read now: all after closing, before it only what the plan lets."""
    ctx = context(request)
    if has_results(here.survey, here.schedule, ctx.now):
        return await closed_results(request, here)
    if not here.plan.is_live or sealed_until(here.survey, here.schedule, ctx.now) is None:
        return None
    today = ctx.now.astimezone(ctx.zone).date()
    counting = await live_counting_of(here.survey, here.version, today, ctx.now)
    if counting is None or counting.responses < FEWEST_LIVE:
        return None
    return await results_of(here.survey, here.version, counting, here.plan, ctx.locale)


Group = tuple[Asked, Text | str, int]


def _group(request: Request, whole: Results | None) -> Group | None:
    """Find the group asked for with `solo`. Refuses with NotFound one that is not there."""
    wanted = request.query_params.get("solo", "")
    if not wanted or whole is None:
        return None
    name, _colon, code = wanted.partition(":")
    asked = next((each for each in whole.crossing if each.lines[0].name == name), None)
    labels = asked.lines[0].labels if asked is not None else ()
    if asked is None or code not in {str(at) for at in range(len(labels))}:
        raise NotFound
    return asked, labels[int(code)], int(code)


def _figures(whole: Results, group: Group | None) -> Sequence[Figure]:
    if group is None:
        return whole.figures
    by, _label, code = group
    others = (each for each in whole.asked if each.number != by.number)
    return [figure for each in others for figure in of_group(each, by.lines[0], code, FEW)]


def _crossing(here: Found, whole: Results) -> list[dict[str, Any]]:
    """Give the questions that others can be set against, with the address of each group."""
    figures = {figure.number: figure for figure in whole.figures}
    return [
        {
            "number": each.number,
            "text": each.text,
            "groups": [
                (with_query(here.url, solo=f"{each.lines[0].name}:{at}"), row.label)
                for at, row in enumerate(figures[each.number].rows)
                if row.count
            ],
        }
        for each in whole.crossing
    ]


def _maps(whole: Results) -> dict[int, MapView | None]:
    """Draw the counts that are shown of each question about places, by its number."""
    ids = {name: area for area, name in place_names(whole.places).items()}
    maps: dict[int, MapView | None] = {}
    for figure in whole.figures:
        if figure.kind is Kind.PLACE:
            shown = {ids[str(r.label)]: r.count for r in figure.rows if str(r.label) in ids}
            maps[figure.number] = map_view(
                whole.places, {area: count or 0 for area, count in shown.items()}, {}
            )
    return maps


async def crossing(request: Request) -> Response:
    """Show a question against another one."""
    here = await found(request, Action.READ)
    whole = await closed_results(request, here)
    if whole is None:
        raise StillCounting
    asked, by = (
        next((each for each in choices if str(each.number) == request.query_params.get(name)), None)
        for name, choices in (("pregunta", _crossable(whole)), ("por", whole.crossing))
    )
    tables: list[Crossed | None] = []
    if asked is not None and by is not None and asked.number != by.number:
        tables = [cross(line, by.lines[0], FEW) for line in asked.lines]
    counts = await response_counts(here.survey)
    return render(
        request,
        "surveys/crossing.html",
        survey={
            **await _head(request, here, counts),
            "version": here.version,
            "rows": [(each.number, each.text) for each in _crossable(whole)],
            "columns": [(each.number, each.text) for each in whole.crossing],
            "asked": asked,
            "by": by,
            "is_same": asked is not None and by is not None and asked.number == by.number,
            "tables": [table for table in tables if table is not None],
            "hidden_count": sum(table is None for table in tables),
        },
        crumbs=_crumbs(here.survey),
    )


def _crossable(whole: Results) -> list[Asked]:
    return [each for each in whole.asked if each.lines[0].width > 1]


_RESULTS = "/encuestas/{id:int}/resultados"
ROUTES = [
    page(_RESULTS, results, action=Action.READ),
    page(f"{_RESULTS}/cruce", crossing, action=Action.READ),
]
