"""What facilitation offers to the rest of the house."""

from participa.facilitation.routes import ROUTES
from participa.features import Feature

FEATURE = Feature(name="facilitation", routes=ROUTES)
