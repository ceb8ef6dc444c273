"""What moderation offers to the rest of the house."""

from participa.features import Feature
from participa.moderation.routes import ROUTES

FEATURE = Feature(name="moderation", routes=ROUTES)
