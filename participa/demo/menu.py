"""What the demonstration's officials say of the Menú Participa."""

from datetime import time

from pydantic import BaseModel, ConfigDict

from participa.demo.calendar import Calendar
from participa.demo.cast import Cast
from participa.demo.content import content
from participa.menu.rules import Mode
from participa.menu.service import Said, set_entry

_SAID_DAYS_AGO, _AT = 9, time(15, 20)


class EntryPart(BaseModel):
    """What is said of one item; `office` is the key of who owns it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    office: str
    mode: Mode = Mode.LIVE
    title: str = ""
    url: str = ""
    reason: str = ""


class MenuFile(BaseModel):
    """The file of the menu."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    entry: tuple[EntryPart, ...]


async def load_menu(cast: Cast, calendar: Calendar) -> None:
    """Say who owns what of the menu, what stands elsewhere and what does not apply."""
    for part in content(MenuFile, "menu.toml").entry:
        owner = cast.offices[part.office].office
        said = Said(part.mode, owner, part.title, part.url, part.reason)
        official = cast.staff["official"]
        await set_entry(official, part.code, said, now=calendar.ago(_SAID_DAYS_AGO, _AT))
