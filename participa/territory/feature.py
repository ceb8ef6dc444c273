"""What territory offers to the rest of the house."""

from participa.features import Feature
from participa.territory.routes import ROUTES

FEATURE = Feature(name="territory", routes=ROUTES)
