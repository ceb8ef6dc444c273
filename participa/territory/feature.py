"""What territory offers to the rest of the house."""

from participa.features import Feature
from participa.territory import census_pages
from participa.territory.routes import ROUTES

FEATURE = Feature(name="territory", routes=[*ROUTES, *census_pages.ROUTES])
