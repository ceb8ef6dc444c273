"""What the menu offers to the rest of the house."""

from participa.features import Dataset, Feature
from participa.i18n import _
from participa.menu.queries import MENU_URL
from participa.menu.routes import ROUTES


async def datasets_of(_entity_id: int) -> list[Dataset]:
    """Give the menu as a table."""
    return [Dataset(_("Menú Participa"), f"{MENU_URL}.csv")]


FEATURE = Feature(name="menu", routes=ROUTES, datasets_of=datasets_of)
