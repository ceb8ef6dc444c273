"""Choosing a place in a form: from a list, or by pressing on a map, without scripts.

A press is a submission that carries where it fell; everything typed goes along with it and
comes back, until the form itself is sent.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from participa.i18n import Text, _
from participa.territory.drawing import WIDTH, Frame, box, frame_of, label_at, outline
from participa.territory.geometry import Point, bounds_of, contains
from participa.territory.queries import Place, area_at
from participa.territory.rules import kind_words
from participa.web.forms import ALWAYS, Form
from participa.web.navigation import with_query
from participa.web.templating import render

PICTURE_URL = "/territorio/mapa.svg"
# What is kept of a choice, and what only says where the chooser is.
PLACE_FIELDS = ("area", "point")
# How wide the map stands on the page, in pixels, by the name under which a press arrives.
SIZES = {"small": 280, "large": 560}
STEP_FIELDS = ("view", "do", *(f"{name}.{axis}" for name in SIZES for axis in "xy"))
# All that a form with a place may bring of it.
PLACE_FORM = (*PLACE_FIELDS, *STEP_FIELDS)
# Around an area that is looked at closely, in thousandths of the width.
_CLOSE_MARGIN = 120
# How wide a letter of a name is drawn, in thousandths of the width.
_LETTER = 21
_NUMBER = re.compile(r"-?\d{1,3}(?:\.\d{1,6})?")

AreaGroups = Sequence[tuple[Text, Sequence[tuple[int, str]]]]


class Step(StrEnum):
    """What a form with a place is sent for."""

    SEND = ""
    MAP = "map"
    WHOLE = "whole"
    BACK = "back"
    FORGET = "forget"


@dataclass(frozen=True, slots=True)
class Picked:
    """The place chosen; `view` is the area the map shows, `note` what went wrong with a press."""

    step: Step
    area: Place | None = None
    point: Point | None = None
    view: Place | None = None
    note: Text | None = None

    @property
    def is_on_map(self) -> bool:
        """Whether the map is what comes next."""
        return self.step in {Step.MAP, Step.WHOLE}


def picked(form: Form, places: Sequence[Place]) -> Picked:
    """Read the place chosen in a form, and what the form is sent for. Nonsense is no place."""
    area = _area(form.values["area"], places)
    point = _point_in(area, form.values["point"])
    for name, size in SIZES.items():
        press = _press(form, name)
        if press is not None:
            view = _area(form.values["view"], places)
            return _pressed(places, view, press, size, Picked(Step.MAP, area, point, view))
    words = form.values["do"]
    step = Step(words) if words in set(Step) else Step.SEND
    if step is Step.FORGET:
        return Picked(step, area)
    if step is Step.MAP and area is not None and area.rings:
        return Picked(step, area, point, view=area)
    return Picked(step, area, point)


def _area(words: str, places: Sequence[Place]) -> Place | None:
    return next((each for each in places if str(each.id) == words), None)


def read_point(words: str) -> Point | None:
    """Read a point as forms and addresses carry it: longitude, latitude."""
    lon, _comma, lat = words.partition(",")
    if not _NUMBER.fullmatch(lon) or not _NUMBER.fullmatch(lat):
        return None
    return float(lon), float(lat)


def written(point: Point | None) -> str:
    """Write a point as forms and addresses carry it, to the metre."""
    return f"{point[0]:.5f},{point[1]:.5f}" if point else ""


def _point_in(area: Place | None, words: str) -> Point | None:
    """Give the point chosen; who then took another area from the list has none."""
    point = read_point(words)
    if area is None or point is None or not contains(area.rings, point):
        return None
    return point


def _press(form: Form, name: str) -> tuple[int, int] | None:
    across, down = form.values[f"{name}.x"], form.values[f"{name}.y"]
    if not all(each.isascii() and each.isdigit() and len(each) < 5 for each in (across, down)):
        return None
    return int(across), int(down)


def _pressed(
    places: Sequence[Place], view: Place | None, press: tuple[int, int], size: int, before: Picked
) -> Picked:
    frame = frame_for(places, view)
    if frame is None:
        return Picked(Step.BACK, before.area, before.point)
    scale = WIDTH / size
    point = read_point(written(frame.point(press[0] * scale, press[1] * scale)))
    area = area_at(places, point) if point else None
    if area is None:
        note = _("Ahí no hay ningún barrio ni vereda. Pulse dentro del mapa, o use la lista.")
        return Picked(Step.MAP, before.area, before.point, view, note)
    return Picked(Step.MAP, area, point, view=area)


def frame_for(places: Sequence[Place], view: Place | None) -> Frame | None:
    """Give the part of the world that the map shows; None where no area has a shape."""
    if view is not None and view.rings:
        return frame_of(box(view.rings), margin=_CLOSE_MARGIN)
    rings = [ring for place in places for ring in place.rings]
    return frame_of(box(rings)) if rings else None


def keep(form: Form, found: Picked) -> None:
    """Write the place chosen into the form, for its fields."""
    form.values["area"] = str(found.area.id) if found.area else ""
    form.values["point"] = written(found.point)


def picture_url(view: int | None, point: Point | None) -> str:
    """Give the address of the map as an image, close to an area if one is named."""
    return with_query(PICTURE_URL, ver=view, punto=written(point) if point else None)


def picture_values(places: Sequence[Place], asked: Mapping[str, str]) -> dict[str, Any] | None:
    """Lay out the map as an image; None where no area has a shape."""
    view = _area(asked.get("ver", ""), places)
    frame = frame_for(places, view)
    if frame is None:
        return None
    shaped = sorted((each for each in places if each.rings), key=lambda each: -each.size)
    wholes = {place.parent_id for place in shaped}
    point = read_point(asked.get("punto", ""))
    return {
        "width": frame.width,
        "height": frame.height,
        "paths": [(outline(frame, place.rings), place == view) for place in shaped],
        "labels": [label for place in shaped if place.id not in wholes
                   for label in _label(frame, place)],
        "mark": frame.place(point) if point else None,
    }  # fmt: skip


def _label(frame: Frame, place: Place) -> Iterator[tuple[str, tuple[int, int]]]:
    """Give an area's name where it stands, if there is room for it."""
    west, _south, east, _north = bounds_of(place.rings)
    room = frame.place((east, 0))[0] - frame.place((west, 0))[0]
    wide = len(place.name) * _LETTER
    x, y = label_at(frame, place.rings)
    if wide <= room and wide / 2 <= x <= frame.width - wide / 2:
        yield place.name, (x, y)


def by_kind(places: Sequence[Place]) -> AreaGroups:
    """Group areas by what they are, as a list to choose from shows them."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for place in places:
        groups.setdefault(place.kind, []).append((place.id, place.name))
    return [(kind_words(kind), inside) for kind, inside in groups.items()]


def field_values(places: Sequence[Place], form: Form) -> dict[str, Any]:
    """Give what the form shows of its place; see components/place.html."""
    area, point = _area(form.values["area"], places), read_point(form.values["point"])
    return {
        "areas": by_kind(places),
        "has_map": any(place.rings for place in places),
        "picture": picture_url(area.id if area else None, point) if point else "",
        "point": form.values["point"],
    }


def show_map(
    request: Request,
    form: Form,
    places: Sequence[Place],
    found: Picked,
    *,
    url: str,
    title: Text,
    crumbs: Sequence[tuple[str, Any]],
) -> Response:
    """Answer with the map to press on; the form goes along, and back to `url`."""
    frame = frame_for(places, found.view)
    if frame is None:
        raise ValueError("there is no map to press on")
    aside = {*STEP_FIELDS, *ALWAYS}
    return render(
        request,
        "territory/pick.html",
        picking={
            "title": title,
            "url": url,
            "kept": [(name, text) for name, text in form.values.items() if name not in aside],
            "view": found.view.id if found.view else "",
            "is_close": found.view is not None,
            "chosen": found.area.name if found.area and found.point else "",
            "note": found.note,
            "picture": picture_url(found.view.id if found.view else None, found.point),
            "sizes": [(name, width, round(frame.height * width / frame.width))
                      for name, width in SIZES.items()],
        },
        crumbs=crumbs,
    )  # fmt: skip
