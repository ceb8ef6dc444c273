"""What reached the demonstration's plan by other ways than the web.

`load_channels` needs a plan whose phase receives comments on those days.
"""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict

from participa.channels.models import Recording
from participa.channels.queries import places_of
from participa.channels.rules import Places, Where
from participa.channels.service import Line, OrganisationNamed, Session, record_session
from participa.deliberation.texts import rendered
from participa.demo.calendar import Calendar
from participa.demo.cast import Cast
from participa.demo.content import content
from participa.demo.territory import area_of
from participa.processes.models import Process


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LinePart(_Part):
    """One thing said, and the number of the section it is about."""

    where: str
    body: str
    stance: str | None = None
    # The part of the municipality it speaks of, where that is not where the session was.
    about: str | None = None


class SessionPart(_Part):
    """A session and the office that recorded it; an organisation has a name and a sort."""

    kind: str
    office: str
    days_ago: int
    line: tuple[LinePart, ...]
    place: str | None = None
    people_count: int = 0
    name: str = ""
    sort: str = ""


class ChannelsFile(_Part):
    """The file of sessions."""

    session: tuple[SessionPart, ...]


async def load_channels(cast: Cast, process: Process, calendar: Calendar) -> list[Recording]:
    """Record every session. Raises ValueError where a line names no section of the plan."""
    places = await places_of(cast.entity.id, process.id)
    return [
        await record_session(
            cast.offices[part.office],
            process,
            await _session(cast, places, calendar, part),
            now=calendar.now,
            request_key=None,
        )
        for part in content(ChannelsFile, "channels.toml").session
    ]


async def _session(cast: Cast, places: Places, calendar: Calendar, part: SessionPart) -> Session:
    return Session(
        kind=part.kind,
        held_on=calendar.day_of(calendar.now - timedelta(days=part.days_ago)),
        lines=[await _line(cast, places, line, line.about or part.place) for line in part.line],
        place=cast.places[part.place] if part.place else "",
        people_count=part.people_count,
        organisation=OrganisationNamed(part.name, part.sort) if part.name else None,
    )


async def _line(cast: Cast, places: Places, part: LinePart, about: str | None) -> Line:
    where = places.find(part.where)
    if not isinstance(where, Where):
        raise ValueError(f"{part.where}: {where}")  # noqa: TRY004 - what the file says is wrong
    text = part.body.strip()
    area = await area_of(cast, about) if about else None
    return Line(where, text, await rendered(text), stance=part.stance, area_id=area)
