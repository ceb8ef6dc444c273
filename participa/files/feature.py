"""What files offer to the rest of the house: their address, and the sweep of what nobody wants."""

from datetime import timedelta

from participa.features import Feature
from participa.files.forms import store_of
from participa.files.routes import ROUTES
from participa.files.service import sweep
from participa.settings import Settings

SWEEP = "files.sweep"


def feature(settings: Settings) -> Feature:
    """Give the feature with the folder its sweep looks after."""

    async def sweeping(_arguments: dict[str, object]) -> None:
        await sweep(store_of(settings))

    return Feature(
        name="files",
        routes=ROUTES,
        jobs={SWEEP: sweeping},
        every={SWEEP: timedelta(days=1)},
    )
