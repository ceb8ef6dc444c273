"""Nothing of one municipality is reachable from another."""

import ast
import inspect
from pathlib import Path

import pytest
from starlette.routing import Route

import participa
from participa.app import create_app
from participa.db import TABLES
from participa.entities.models import EntityRow
from participa.settings import Settings
from tests.conftest import Clock
from tests.people import HOST, NEIGHBOUR_HOST, Municipality
from tests.security.test_matrix import FORMS, routes
from tests.security.world import build_world, fill
from tests.visitors import Web

PACKAGE = Path(participa.__file__).parent
# Starting a query with any of these would reach every entity's rows.
UNSCOPED = {
    "all", "filter", "exclude", "get", "get_or_none", "first", "last", "exists", "in_bulk",
    "annotate", "update_or_create", "get_or_create", "select_for_update", "raw", "fetch_for_list",
}  # fmt: skip
SECRET = "Secreto de la vecina"


def entity_models() -> set[str]:
    """Name every model whose rows belong to an entity."""
    import importlib

    names = set()
    for table in TABLES:
        module = importlib.import_module(f"participa.{table}.models")
        for name, value in vars(module).items():
            if inspect.isclass(value) and issubclass(value, EntityRow):
                names.add(name)
    return names


def unscoped_queries(source: str, models: set[str]) -> list[int]:
    """Find the lines that query a model without saying whose rows."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        model = node.func.value
        if isinstance(model, ast.Name) and model.id in models and node.func.attr in UNSCOPED:
            lines.append(node.lineno)
    return lines


def test_every_query_says_whose_rows() -> None:
    """No code reads or changes an entity's rows but through `Model.of(entity_id)`."""
    models = entity_models()
    assert {"Contribution", "Person", "Process"} <= models
    found = [
        f"{path.relative_to(PACKAGE)}:{line}"
        for path in PACKAGE.rglob("*.py")
        if "migrations" not in path.parts
        for line in unscoped_queries(path.read_text(encoding="utf-8"), models)
    ]
    assert found == []


def test_the_search_finds_an_unscoped_query() -> None:
    """The check above is not blind."""
    assert unscoped_queries("await Person.filter(id=1)", {"Person"}) == [1]
    assert unscoped_queries("await Person.of(1).filter(id=1)", {"Person"}) == []


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_t20_the_neighbours_ids_are_not_there(
    database: Settings, town: Municipality, clock: Clock
) -> None:
    """Every route with an id, asked with another entity's id by its own administrator, is 404."""
    world = await build_world(town)
    reached = []
    for route in routes(create_app(database, clock=clock)):
        if not isinstance(route, Route) or "{" not in route.path or "slug" in route.path:
            continue
        web = Web(create_app(database, clock=clock), database, clock)
        nico = await web.visit(town.nico, NEIGHBOUR_HOST)
        path = await fill(world, route.path)
        for method in route.methods or ():
            if method == "GET":
                answer = await nico.get(path)
            elif method == "POST":
                answer = await nico.post(path, FORMS.get(route.path, {}))
            else:
                continue
            if answer.status_code != 404:
                reached.append((method, route.path, answer.status_code))
        await web.close()
    assert reached == []


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_t23_the_neighbours_words_appear_nowhere(
    database: Settings, town: Municipality, clock: Clock
) -> None:
    """A word said next door is on no page, feed or file of ours, whoever looks."""
    world = await build_world(town)
    web = Web(create_app(database, clock=clock), database, clock)
    for actor in (town.elsa, town.ana, town.alma):
        visitor = await web.visit(actor, HOST)
        for route in routes(web.app):
            if isinstance(route, Route) and "GET" in (route.methods or ()):
                answer = await visitor.get(await fill(world, route.path))
                assert SECRET not in answer.text, route.path
    nora = await web.visit(town.nora, NEIGHBOUR_HOST)
    assert SECRET in (await nora.get(f"/hilos/{town.neighbour_topic.thread_id}")).text
    await web.close()
