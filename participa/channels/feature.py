"""What other channels offer to the rest of the house."""

from participa.channels.queries import origins_of
from participa.channels.routes import ROUTES
from participa.features import Feature

FEATURE = Feature(name="channels", routes=ROUTES, origins_of=origins_of)
