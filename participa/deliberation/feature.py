"""What the deliberation core offers: pages of threads and contributions, and what is live."""

from participa.deliberation.routes import ROUTES
from participa.features import Feature

FEATURE = Feature(name="deliberation", routes=ROUTES)
