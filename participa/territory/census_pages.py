"""The officials' page to say how many people live here, by age, sex and place."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, entity_target, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.audit import record
from participa.db import transaction
from participa.entities.census import (
    COLUMNS,
    MAX_SOURCE,
    Population,
    population_of,
    read_census,
    save_population,
)
from participa.i18n import Text, _
from participa.kit.csvs import write_rows
from participa.security.limits import CORRECTION
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.templating import render

CENSUS_URL = "/gestion/censo"
FIELDS = ("source", "groups")
MAX_LIST = 40_000


async def census(request: Request) -> Response:
    """Show the list as it stands, ready to be changed."""
    require(request, Action.IMPORT, entity_target(request))
    population = await population_of(context(request).entity.id)
    values = {"source": population.source, "groups": _as_list(population)}
    return _show(request, population, Form(values, fields=FIELDS))


def _as_list(population: Population) -> str:
    rows = [(each.age, each.sex, each.area, each.people) for each in population.groups]
    return b"".join(write_rows(COLUMNS, rows)).decode().replace("\r\n", "\n") if rows else ""


def _show(request: Request, population: Population, form: Form) -> Response:
    return render(
        request,
        "territory/census.html",
        status=422 if form.has_errors else 200,
        census={
            "url": CENSUS_URL,
            "updated_on": population.updated_on,
            "people": sum(each.people for each in population.groups if not each.area),
            "columns": ",".join(COLUMNS),
        },
        form=form,
        crumbs=[("/gestion", _("Gestión"))],
    )


async def save(request: Request) -> Response:
    """Put the list in the place of the present one, or say what is wrong in which line."""
    ctx, actor = context(request), actor_of(request)
    require(request, Action.IMPORT, entity_target(request))
    form = Form(form_data(request), fields=FIELDS)
    source = form.text("source", required=_("Diga de dónde son las cifras."), longest=MAX_SOURCE)
    text = form.text("groups", required=_("Pegue la lista."), longest=MAX_LIST)
    groups, problems = read_census(text) if text else ([], [])
    if problems:
        form.fail("groups", _problem_words(problems[0].line, problems[0].text))
    if form.has_errors:
        return _show(request, await population_of(ctx.entity.id), form)
    today = ctx.now.astimezone(ctx.zone).date()
    async with transaction():
        await save_population(ctx.entity.id, source, groups, today)
        await record(
            entity_id=ctx.entity.id,
            actor_id=actor.person_id,
            actor_name=actor.name,
            action="territory.census",
            object_kind="entities.census",
            object_id=ctx.entity.id,
            object_label=source,
            now=ctx.now,
        )
    return see(with_query(CENSUS_URL, aviso="guardado"))


def _problem_words(line: int, text: Text) -> Text:
    return _("Línea {line}: {problem}", line=line, problem=text) if line else text


ROUTES = [
    page(CENSUS_URL, census, action=Action.IMPORT),
    page(CENSUS_URL, save, action=Action.IMPORT, methods=("POST",), limit=CORRECTION),
]
