"""What other channels offer to the rest of the house."""

from participa.channels.queries import origins_of
from participa.channels.routes import ROUTES
from participa.channels.waiting import SWEEP, SWEEP_EVERY, sweep_sheets
from participa.features import Feature

FEATURE = Feature(
    name="channels",
    routes=ROUTES,
    origins_of=origins_of,
    jobs={SWEEP: sweep_sheets},
    every={SWEEP: SWEEP_EVERY},
)
