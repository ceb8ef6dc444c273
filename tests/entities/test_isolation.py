"""Nothing of one municipality is reachable from another."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
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
# Routes whose code is the law's, the same for every entity: what stands there is the visitor's own.
SHARED_CODES = {"/gestion/participa/{code}"}


def entity_models() -> set[str]:
    """Name every model whose rows belong to an entity."""
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


# Statements that name no entity, each with what keeps it from reaching the neighbour's rows.
_STANDING = "by thread, after its standing said whose it is and the permission was asked"
_FOUND = "by the id of a row found with its entity in the same transaction"
UNSCOPED_SQL = {
    "accounts/sessions.py:_alive_sql": "by secret: says which sign-ins live, and nothing else",
    "deliberation/acts.py:_NUMBER": _FOUND,
    "deliberation/acts.py:_COUNT": _FOUND,
    "deliberation/acts.py:_COUNT_THREAD": _FOUND,
    "deliberation/acts.py:_REPLIED": _FOUND,
    "deliberation/fragments.py:_CHANGED": _STANDING,
    "deliberation/live.py:_EVENTS": _STANDING,
    "deliberation/shown.py:_SPOTS": _STANDING,
    "deliberation/reading.py:_supported_sql": "by the person who is signed in",
    "deliberation/scripts.py:supported": "by the id of a row found with its entity",
}


def entity_tables() -> set[str]:
    """Name every table whose rows belong to an entity."""
    return {
        str(value.Meta.table)  # type: ignore[attr-defined]
        for table in TABLES
        for value in vars(importlib.import_module(f"participa.{table}.models")).values()
        if inspect.isclass(value) and issubclass(value, EntityRow) and value is not EntityRow
    }


def unscoped_statements(source: str, tables: set[str]) -> set[str]:
    """Name what holds a statement of SQL that reaches such a table and names no entity."""
    return {
        name
        for name, holder in _holders(ast.parse(source).body)
        for node in ast.walk(holder)
        if _is_unscoped(_words(node), tables)
    }


def _holders(body: list[ast.stmt]) -> Iterator[tuple[str, ast.stmt]]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _holders(node.body)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node
        else:
            yield ast.unparse(getattr(node, "targets", [node])[0]), node


def _words(node: ast.AST) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    parts = node.values if isinstance(node, ast.JoinedStr) else []
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "?" for part in parts)


def _is_unscoped(sql: str, tables: set[str]) -> bool:
    return (
        _SQL.match(sql) is not None
        and "entity_id" not in sql
        and not tables.isdisjoint(_TABLES.findall(sql))
    )


_SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE)\b")
_TABLES = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)")


def test_every_statement_says_whose_rows() -> None:
    """SQL written by hand names the entity too, or is listed above with its reason."""
    tables = entity_tables()
    assert {"deliberation_contribution", "accounts_person"} <= tables
    found = {
        f"{path.relative_to(PACKAGE)}:{name}"
        for path in PACKAGE.rglob("*.py")
        # The measuring of speed fills and counts a database of its own.
        if not {"migrations", "bench"} & set(path.parts)
        for name in unscoped_statements(path.read_text(encoding="utf-8"), tables)
    }
    assert found == set(UNSCOPED_SQL)


def test_the_search_finds_an_unscoped_statement() -> None:
    """The check above is not blind either."""
    tables = {"accounts_person"}
    blind = '_ALL = "SELECT id FROM accounts_person WHERE id = $1"'
    assert unscoped_statements(blind, tables) == {"_ALL"}
    inside = 'def f(n):\n    return "SELECT 1 " f"FROM accounts_person WHERE id IN ({n})"'
    assert unscoped_statements(inside, tables) == {"f"}
    assert unscoped_statements(blind.replace("id = $1", "entity_id = $1"), tables) == set()
    assert unscoped_statements('_NOTE = "SELECT FROM nowhere"', tables) == set()


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_t20_the_neighbours_ids_are_not_there(
    database: Settings, town: Municipality, clock: Clock
) -> None:
    """Every route with an id, asked with another entity's id by its own administrator, is 404."""
    world = await build_world(town, database)
    reached = []
    for route in routes(create_app(database, clock=clock)):
        if not isinstance(route, Route) or "{" not in route.path or "slug" in route.path:
            continue
        if route.path in SHARED_CODES:
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
    world = await build_world(town, database)
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
