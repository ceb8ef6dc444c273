"""The access matrix: every route, tried as everybody.

`access_matrix.csv` is the promise. A route without a row fails here, and so does a row
without its route.
"""

import csv
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route

from participa.accountability.hearing import live as hearing_live
from participa.accounts.guard import Declaration
from participa.accounts.middleware import session_cookie
from participa.accounts.permissions import Actor
from participa.app import create_app
from participa.deliberation import room
from participa.opinion import live
from participa.realtime import Handshake
from participa.settings import Settings
from tests.conftest import Clock
from tests.people import HOST, NEIGHBOUR_HOST, Municipality
from tests.security.world import World, build_world, fill
from tests.serving import room_of
from tests.visitors import Visitor, Web

# So many workers can share the work.
PARTS = 4
NEWS = "/hilos/{id:int}/novedades"
MATRIX = Path(__file__).with_name("access_matrix.csv")
# What a form needs so that permission, and not a missing field, decides.
FORMS = {
    "/hilos/{id:int}/aportes": {"body": "Hola."},
    "/foros/{id:int}/hilos": {"title": "Tema", "body": "Hola."},
    "/consultas/{id:int}/propuestas/nueva": {"title": "Propuesta", "body": "Hola."},
    "/propuestas/{id:int}/autores/quitar": {"person": "999"},
    "/gestion/propuestas/{id:int}": {"since": "recibida", "to": "en-estudio"},
    "/gestion/procesos/{slug}/pasajes/{id:int}": {"hacer": "apartado", "version": "1"},
    "/aportes/{receipt}/editar": {"body": "Cambiado."},
    "/hilos/{id:int}/reabrir": {"reason": "Falta hablar de algo."},
    "/aportes/{receipt}/ocultar": {"reason": "1"},
    "/aportes/{receipt}/apoyo": {"hacer": "apoyar"},
    "/rendicion-de-cuentas/{id:int}/preguntas": {"title": "¿Cuándo?"},
    "/rendicion-de-cuentas/{id:int}/en-vivo": {"title": "¿Cuándo?"},
    "/rendicion-de-cuentas/{id:int}/temas": {"title": "El agua"},
    "/rendicion-de-cuentas/{id:int}/inscripcion": {"mode": "virtual"},
    "/opiniones/{id:int}/votos": {"frase": "0", "voto": "paso"},
    "/opiniones/{id:int}/frases": {"texto": "El puente es de todos."},
    "/gestion/opiniones/{id:int}/frases/{number:int}": {"state": "published"},
    "/compromisos/{commitment_id:int}/veredicto": {"do": "confirm", "number": "1"},
    "/compromisos/{commitment_id:int}/ocultar": {"verdict": "0", "reason": "1"},
    "/gestion/compromisos/{commitment_id:int}/pruebas/quitar": {"link_id": "0"},
    "/idioma": {"locale": "es", "next": "/"},
}


def rows() -> list[dict[str, str]]:
    """Read the matrix."""
    with MATRIX.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def routes(app: object) -> list[BaseRoute]:
    """List every route of the application."""
    inner = getattr(app, "app", app)
    assert isinstance(inner, Starlette)
    return list(inner.routes)


def declared(route: BaseRoute) -> list[tuple[str, str]]:
    """Give the rows a route needs."""
    assert isinstance(route, Route)
    declaration = getattr(route, "declaration", None)
    assert isinstance(declaration, Declaration), f"{route.path} declares no permission"
    return [(method, route.path) for method in declaration.methods]


def test_every_route_has_its_row(tmp_path: Path) -> None:
    """The matrix and the route table name the same routes, once each."""
    app = create_app(Settings(_env_file=None, var_dir=tmp_path))
    wanted = sorted(pair for route in routes(app) for pair in declared(route))
    # Live sockets are no routes: the server hands them to their room.
    wanted = sorted([*wanted, ("WS", room.PATH), ("WS", live.PATH), ("WS", hearing_live.PATH)])
    assert sorted((row["method"], row["path"]) for row in rows()) == wanted


def _outcome(status: int, location: str) -> str:
    if status == 303 and location.startswith("/ingresar?next"):
        return "draft" if "borrador" in location else "login"
    if status in {200, 303, 400, 409, 422}:
        return "yes"
    return {401: "login", 403: "no", 404: "none"}.get(status, str(status))


async def _knock(web: Web, visitor: Visitor, path: str) -> str:
    """Ask at the door of a live page, as its socket does."""
    cookie = f"{session_cookie(web.settings)}={visitor.token}"
    said = {"host": visitor.host, "origin": f"http://{visitor.host}", "cookie": cookie}
    headers = [(name.encode(), value.encode()) for name, value in said.items()]
    asked = Handshake(f"{path}?despues=0&estado=open", headers, ("127.0.0.1", 40_000))
    answer = await room_of(web).admit(asked)
    return _outcome(answer if isinstance(answer, int) else 200, "")


async def _try(web: Web, world: World, row: dict[str, str], actor: Actor, host: str) -> str:
    visitor = await web.visit(actor, host)
    path = await fill(world, row["path"])
    if row["method"] == "WS":
        return await _knock(web, visitor, path)
    if row["path"] == NEWS:
        path += "?despues=0"
    if row["method"] == "GET":
        answer = await visitor.get(path)
    else:
        # Tries at one address are limited: everybody here has their own.
        form = {"email": f"{actor.person_id}@example.org"} if path == "/ingresar" else {}
        answer = await visitor.post(path, FORMS.get(row["path"], form))
    return _outcome(answer.status_code, answer.headers.get("location", ""))


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_everybody_at_every_door(
    database: Settings, town: Municipality, clock: Clock, part: int
) -> None:
    """Each cell of the matrix holds, the neighbour's administrator's too."""
    world = await build_world(town, database)
    people = {
        "anonymous": (town.elsa, HOST),
        "citizen": (town.beto, HOST),
        "author": (town.ana, HOST),
        "moderator": (town.carmen, HOST),
        "moderator_of_another": (world.other_moderator, HOST),
        "official": (town.diego, HOST),
        "administrator": (town.alma, HOST),
        "neighbour_administrator": (town.nico, NEIGHBOUR_HOST),
    }
    wrong = []
    for row in rows()[part::PARTS]:
        web = Web(create_app(database, clock=clock), database, clock)
        for name, (actor, host) in people.items():
            found = await _try(web, world, row, actor, host)
            if found != row[name]:
                wrong.append((row["method"], row["path"], name, row[name], found))
        await web.close()
    assert wrong == [], "\n".join(map(str, wrong))
