"""Reads of the menu: what every feature fills of it, and what officials said."""

from collections.abc import Sequence
from itertools import groupby

from participa.entities.models import Office
from participa.features import Features, Filling
from participa.i18n import Text, _
from participa.menu.models import MenuEntry
from participa.menu.rules import Checked, check
from participa.processes.models import Process
from participa.processes.rules import PARTICIPA_ITEMS

MENU_URL = "/participa"


async def checked_menu(entity_id: int, features: Features) -> list[Checked]:
    """Check every item of an entity, in a number of statements that features alone decide."""
    processes = await Process.of(entity_id).filter(is_published=True).order_by("-id")
    sections = {process.id: process.participa_item for process in processes}
    fillings = [
        Filling("menu", _("El menú Participa"), MENU_URL),
        *(_process(each) for each in processes),
        *await features.fillings(entity_id, list(sections)),
    ]
    entries = await MenuEntry.of(entity_id)
    return check(fillings, sections, entries)


def _process(process: Process) -> Filling:
    url = f"/procesos/{process.slug}"
    return Filling("process", process.title, url, process.id, process.created_at)


async def entry_of(entity_id: int, code: str) -> MenuEntry | None:
    """Give what officials said of an item."""
    return await MenuEntry.of(entity_id).filter(code=code).first()


async def offices_of(entity_id: int) -> list[str]:
    """Name the offices that can own an item."""
    rows = Office.of(entity_id).order_by("name")
    return [str(name) for name in await rows.values_list("name", flat=True)]


def by_section(checked: Sequence[Checked]) -> list[tuple[str, Text, list[Checked]]]:
    """Group items by section, with its code and title."""
    return [
        (code, PARTICIPA_ITEMS[code], list(inside))
        for code, inside in groupby(checked, key=lambda each: each.item.section)
    ]
