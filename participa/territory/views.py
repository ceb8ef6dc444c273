"""What the pages show of areas: a picture whose areas are links, and the same as a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from participa.deliberation.tallies import Tally
from participa.i18n import Text
from participa.territory.drawing import box, frame_of, label_at, outline
from participa.territory.queries import Place
from participa.territory.rules import kind_words, shade


@dataclass(frozen=True, slots=True)
class Drawn:
    """An area as the map draws it; without a label where its parts are drawn over it."""

    name: str
    kind: Text
    url: str
    count: int
    shade: int
    is_current: bool
    path: str
    label: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Listed:
    """An area as the list shows it."""

    name: str
    kind: Text
    url: str
    count: Tally
    is_current: bool
    is_part: bool


@dataclass(frozen=True, slots=True)
class MapView:
    """A picture of areas."""

    width: int
    height: int
    areas: tuple[Drawn, ...]


def map_view(
    places: Sequence[Place],
    counts: Mapping[int, int],
    urls: Mapping[int, str],
    current: int | None = None,
) -> MapView | None:
    """Draw the areas that have a shape, large ones first; None when none has."""
    shaped = sorted((each for each in places if each.rings), key=lambda each: -each.size)
    if not shaped:
        return None
    frame = frame_of(box([ring for place in shaped for ring in place.rings]))
    wholes = {place.parent_id for place in shaped}
    most = max((counts.get(each.id, 0) for each in shaped), default=0)
    drawn = tuple(
        Drawn(
            name=place.name,
            kind=kind_words(place.kind),
            url=urls.get(place.id, ""),
            count=counts.get(place.id, 0),
            shade=shade(counts.get(place.id, 0), most),
            is_current=place.id == current,
            path=outline(frame, place.rings),
            label=None if place.id in wholes else label_at(frame, place.rings),
        )
        for place in shaped
    )
    return MapView(frame.width, frame.height, drawn)


def list_view(
    places: Sequence[Place],
    counts: Mapping[int, Tally],
    urls: Mapping[int, str],
    current: int | None = None,
) -> tuple[Listed, ...]:
    """List all areas, those without a shape too, each after what it is part of."""
    return tuple(
        Listed(
            name=place.name,
            kind=kind_words(place.kind),
            url=urls[place.id],
            count=counts.get(place.id, Tally()),
            is_current=place.id == current,
            is_part=place.parent_id is not None,
        )
        for place in places
    )
