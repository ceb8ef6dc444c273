"""What territory offers to the rest of the house."""

from participa.features import Feature, Placing
from participa.territory import census_pages
from participa.territory.asking import choices, read_area
from participa.territory.routes import ROUTES
from participa.territory.said_places import COLUMNS, PLACE_ROUTES, URL, cells_of, place_of
from participa.territory.service import erase_place

FEATURE = Feature(
    name="territory",
    routes=(*ROUTES, *PLACE_ROUTES, *census_pages.ROUTES),
    placing=Placing(
        fields=("area",),
        template="territory/_area.html",
        url=URL,
        choices=choices,
        read=read_area,
        of=place_of,
        erase=erase_place,
        columns=COLUMNS,
        cells_of=cells_of,
    ),
)
