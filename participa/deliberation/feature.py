"""What the deliberation core offers to the rest of the house."""

from participa.deliberation.live import LIVE_ROUTES
from participa.deliberation.routes import ROUTES
from participa.features import Feature

FEATURE = Feature(name="deliberation", routes=[*ROUTES, *LIVE_ROUTES])
