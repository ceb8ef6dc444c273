"""What open data offers to the rest of the house."""

from participa.features import Feature
from participa.opendata.routes import ROUTES

FEATURE = Feature(name="opendata", routes=ROUTES)
