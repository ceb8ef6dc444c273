"""The acts by which a session is called and prepared: its facts, its documents, its recording."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from starlette.requests import Request
from tortoise.exceptions import IntegrityError

from participa.accountability.hearing.captions import read_captions, written
from participa.accountability.hearing.events import done, held
from participa.accountability.hearing.models import Captions
from participa.accountability.hearing.rules import DOCUMENT_FILES, MOST_FILES, REPORT_FILES
from participa.accountability.models import AccountabilitySession
from participa.accountability.queries import session_of, session_target
from participa.accountability.service import create_session
from participa.accounts.guard import require
from participa.accounts.permissions import Action, Actor
from participa.db import transaction
from participa.deliberation.texts import rendered
from participa.entities.models import Office
from participa.files.receiving import Received
from participa.files.service import attach, attached, take_away
from participa.files.views import FileView, file_views
from participa.i18n import _
from participa.web.context import context
from participa.web.refusals import BadInput, Conflict


@dataclass(frozen=True, slots=True)
class Called:
    """What is said when a session is called, and may be changed until it is held.

    `minutes` is how long it is to last; `survey_url` a path of this site.
    """

    title: str
    summary: str
    place: str
    held_at: datetime
    minutes: int = 180
    seats: int | None = None
    team: str = ""
    stream_url: str = ""
    survey_url: str = ""
    office_id: int | None = None


class TitleTaken(Conflict):
    """Another session of the process is called the same."""

    title = _("Ya hay una audiencia con ese título en este proceso")
    advice = _("Póngale otro, por ejemplo con el año.")


async def call_session(
    actor: Actor, process_id: int, called: Called, *, now: datetime
) -> AccountabilitySession:
    """Call a session: from here on it is announced. Permission has been asked.

    Refuses with NotFound, TextRefused, TitleTaken, and BadInput an office that is none.
    """
    try:
        async with transaction():
            session = await create_session(
                entity_id=actor.entity_id,
                process_id=process_id,
                title=called.title,
                summary=called.summary,
                place=called.place,
                held_at=called.held_at,
            )
            session = await held(actor.entity_id, session.id)
            await _write(actor, session, called)
            session.announced_at = now
            await session.save(update_fields=["announced_at"])
            await done(actor, session, "session_called", now)
    except IntegrityError as error:
        raise TitleTaken from error
    return session


async def change_session(
    actor: Actor, session_id: int, called: Called, *, now: datetime
) -> AccountabilitySession:
    """Change what was said when a session was called; calendars move with it.

    Permission has been asked. Refuses as `call_session` does.
    """
    body = await rendered(called.summary)
    try:
        async with transaction():
            session = await held(actor.entity_id, session_id)
            session.title, session.place = called.title, called.place
            session.held_at = called.held_at
            session.summary_source, session.summary_html = called.summary, body.html
            session.sanitiser_version = body.version
            session.announced_at = session.announced_at or now
            session.edit_count += 1
            await session.save()
            await _write(actor, session, called)
            await done(actor, session, "session_changed", now)
    except IntegrityError as error:
        raise TitleTaken from error
    return session


async def _write(actor: Actor, session: AccountabilitySession, called: Called) -> None:
    offices = Office.of(actor.entity_id).filter(id=called.office_id)
    if called.office_id is not None and not await offices.exists():
        raise BadInput(_("Elija una de las dependencias."))
    names = ("minutes", "seats", "team", "stream_url", "survey_url", "office_id")
    values: Mapping[str, object] = asdict(called)
    for name in names:
        setattr(session, name, values[name])
    await session.save(update_fields=list(names))


def kind_of_files(*, is_report: bool) -> str:
    """Name the files of a session: its report, or whatever else goes with it."""
    return REPORT_FILES if is_report else DOCUMENT_FILES


async def attach_document(
    actor: Actor, session_id: int, received: Received, *, is_report: bool, now: datetime
) -> None:
    """Publish the report of a session, or another document. Permission has been asked.

    Refuses with NotFound, and with Conflict one too many.
    """
    async with transaction():
        session = await held(actor.entity_id, session_id)
        kind = kind_of_files(is_report=is_report)
        await attach(actor.entity_id, kind, session.id, received, most=MOST_FILES, now=now)
        await done(actor, session, "document_published", now, reason=received.description)


async def take_document_off(
    actor: Actor, session_id: int, file_id: int, *, is_report: bool, now: datetime
) -> None:
    """Take a document off a session. Permission has been asked. Refuses with NotFound."""
    async with transaction():
        session = await held(actor.entity_id, session_id)
        kind = kind_of_files(is_report=is_report)
        await take_away(actor.entity_id, kind, session.id, file_id, now=now)
        await done(actor, session, "document_removed", now)


async def documents_of(session: AccountabilitySession) -> tuple[list[FileView], list[FileView]]:
    """Give the report files of a session and its other documents, in two statements."""
    found = [
        file_views(await attached(session.entity_id, kind, session.id))
        for kind in (REPORT_FILES, DOCUMENT_FILES)
    ]
    return found[0], found[1]


async def ask_for_document(request: Request, session_id: int, _is_public: bool) -> bool:
    """Ask permission for a session's document: who may read the session may read it."""
    session = await session_of(context(request).entity.id, session_id)
    target = session_target(session)
    require(request, Action.READ, target)
    return target.is_public


async def keep_recording(
    actor: Actor, session_id: int, url: str, captions: str, *, now: datetime
) -> int:
    """Say where the recording of a session is and keep its captions; gives how many there are.

    Without captions those kept before stay. Permission has been asked. Refuses with NotFound;
    raises NotCaptions for a file that is none.
    """
    cues = read_captions(captions) if captions else []
    async with transaction():
        session = await held(actor.entity_id, session_id)
        session.recording_url = url
        await session.save(update_fields=["recording_url"])
        if cues:
            rows = Captions.of(actor.entity_id).filter(session_id=session.id)
            await rows.delete()
            await Captions.create(
                entity_id=actor.entity_id, session=session, vtt=written(cues), added_at=now
            )
        await done(actor, session, "recording_published", now, reason=url)
    return len(cues)
