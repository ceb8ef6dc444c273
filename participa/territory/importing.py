"""From an official's file to a map: read off the event loop, tried or stored, and told."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from participa.accounts.permissions import Actor
from participa.i18n import Text, _, n_
from participa.territory.geojson import ParsedMap, parse_areas
from participa.territory.queries import Place
from participa.territory.rules import KINDS
from participa.territory.service import Compared, compared, import_areas
from participa.territory.views import MapView, map_view
from participa.web.problems import Problem

PROBLEMS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Result:
    """What a trial or an import found, as page and command show it."""

    is_trial: bool
    is_refused: bool
    is_same: bool
    figures: tuple[tuple[Text, int], ...]
    problems: tuple[Problem, ...]
    problem_count: int
    picture: MapView | None = None
    url: str = ""


async def import_map(
    data: bytes,
    *,
    entity_id: int,
    now: datetime,
    kind: str,
    name_field: str = "",
    is_trial: bool,
    actor: Actor | None = None,
) -> Result:
    """Read a file and, unless it is a trial or has errors, store its areas.

    Refuses with AreasRefused what cannot be read at all.
    """
    parsed = await asyncio.to_thread(parse_areas, data, kind=kind, name_field=name_field)
    if parsed.errors:
        return _result(parsed, None, is_trial=is_trial)
    if is_trial:
        return _result(parsed, await compared(entity_id, parsed), is_trial=True)
    done = await import_areas(parsed, entity_id=entity_id, now=now, actor=actor)
    return _result(parsed, done, is_trial=False)


def _result(parsed: ParsedMap, done: Compared | None, *, is_trial: bool) -> Result:
    problems = [*parsed.errors, *parsed.warnings, *(_left(done) if done else ())]
    same = done is not None and not done.added and not done.redrawn
    return Result(
        is_trial=is_trial,
        is_refused=bool(parsed.errors),
        is_same=same,
        figures=tuple(_figures(parsed, done)),
        problems=tuple(problems[:PROBLEMS_SHOWN]),
        problem_count=len(problems),
        picture=None if parsed.errors else map_view(_places(parsed), {}, {}),
    )


def _figures(parsed: ParsedMap, done: Compared | None) -> list[tuple[Text, int]]:
    kinds = [area.kind for area in parsed.areas]
    found = [(_("Áreas"), len(kinds))]
    found += [(words, kinds.count(kind)) for kind, words in KINDS.items() if kind in kinds]
    if done is not None:
        found += [(_("Nuevas"), done.added), (_("Con otra forma"), done.redrawn),
                  (_("Iguales"), done.same)]  # fmt: skip
    points = sum(area.point_count for area in parsed.areas)
    return [*found, (_("Puntos leídos"), parsed.points_read), (_("Puntos que se dibujan"), points)]


def _left(done: Compared) -> list[Problem]:
    if not done.left:
        return []
    words = n_(
        "{count} lugar no está en este archivo y se queda como está.",
        "{count} lugares no están en este archivo y se quedan como están.",
        len(done.left),
    )
    return [Problem(None, words, ", ".join(done.left)[:90])]


def _places(parsed: ParsedMap) -> list[Place]:
    numbers = {area.name: at for at, area in enumerate(parsed.areas)}
    return [
        Place(at, area.kind, area.name, numbers.get(area.parent), area.rings)
        for at, area in enumerate(parsed.areas)
    ]
