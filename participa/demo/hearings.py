"""The demonstration's hearing that was held: questions, answers by the minute, acta, recording."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from pydantic import BaseModel, ConfigDict

from participa.accountability.hearing import desk, holding, minutes
from participa.accountability.hearing.agenda import Theme, plan
from participa.accountability.hearing.agenda_acts import keep_agenda
from participa.accountability.hearing.calling import (
    Called,
    attach_document,
    call_session,
    keep_recording,
)
from participa.accountability.hearing.captions import Cue, written
from participa.accountability.hearing.registering import register, register_other
from participa.accountability.hearing.rules import Mode, Move, QuestionState, Registering
from participa.accountability.models import AccountabilitySession
from participa.accountability.service import ask
from participa.deliberation.saying import Said
from participa.deliberation.service import set_support
from participa.demo.calendar import Calendar
from participa.demo.cast import Cast
from participa.demo.content import content
from participa.demo.papers import document
from participa.entities.models import Office
from participa.files.receiving import receive
from participa.files.rules import PDF
from participa.files.store import Store
from participa.petitions.queries import calendar_of
from participa.processes.models import Process

CALLED_BEFORE, REPORT_BEFORE, ASKED_BEFORE, MINUTES_AFTER = 38, 32, 8, 6
HELD_AT, WRITTEN_AT = time(9, 0), time(11, 0)
CUE_SECONDS = 12


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ThemePart(_Part):
    """What several questions were about."""

    title: str
    questions: int
    voices: int


class HeldQuestion(_Part):
    """A question: asked by one of the cast or typed in, answered at a minute or afterwards.

    `written_after` counts days from the hearing; without an answer it is still owed.
    """

    title: str
    author: str = ""
    channel: str = ""
    supports: int = 0
    minute: int = 0
    written_after: int = 0
    owner: str = ""
    office: str = ""
    answer: str = ""


class CuePart(_Part):
    """What was said at a second of the recording."""

    second: int
    words: str


class MinutesPart(_Part):
    """The text of the acta."""

    body: str


class HeldHearing(_Part):
    """The file of the hearing that was held."""

    title: str
    summary: str
    place: str
    team: str
    days_ago: int
    minutes: int
    seats: int
    stream: str
    recording: str
    in_room: int
    report: str
    theme: tuple[ThemePart, ...]
    question: tuple[HeldQuestion, ...]
    cue: tuple[CuePart, ...]
    minutes_text: MinutesPart


@dataclass
class _Hearing:
    """The hearing as it is played, its file and who holds it."""

    cast: Cast
    calendar: Calendar
    part: HeldHearing
    session: AccountabilitySession
    offices: Mapping[str, Office]

    def at(self, days: int, hour: time = HELD_AT, minute: int = 0) -> datetime:
        """Give a moment so many days after the hearing; before it they are negative."""
        return self.calendar.ago(self.part.days_ago - days, hour) + timedelta(minutes=minute)

    def office(self, key: str) -> Office:
        """Give an office by its key in the content."""
        return self.offices[self.cast.offices[key].office]


async def load_held_hearing(
    cast: Cast, calendar: Calendar, process: Process, store: Store | None
) -> AccountabilitySession:
    """Play the hearing from its call to its acta, inside the caller's transaction.

    Without a store it has no report to be read.
    """
    part = content(HeldHearing, "held_hearing.toml")
    official = cast.staff["official"]
    offices = {each.name: each for each in await Office.of(cast.entity.id)}
    session = await call_session(
        official,
        process.id,
        Called(
            part.title, part.summary.strip(), part.place, calendar.ago(part.days_ago, HELD_AT),
            part.minutes, part.seats, part.team, part.stream, "", None,
        ),
        now=calendar.ago(part.days_ago + CALLED_BEFORE, WRITTEN_AT),
    )  # fmt: skip
    hearing = _Hearing(cast, calendar, part, session, offices)
    if store is not None:
        await publish_report(cast, session, part.report, store, hearing.at(-REPORT_BEFORE))
    threads = await _ask(hearing)
    await _register(hearing)
    await _hold(hearing, threads)
    await _put_on_record(hearing, threads)
    return session


async def publish_report(
    cast: Cast, session: AccountabilitySession, title: str, store: Store, now: datetime
) -> None:
    """Publish a report of a page for a hearing."""
    pages = document([title, "", session.title, session.place])
    received = await receive(pages, PDF, store, name="informe.pdf", description=title)
    official = cast.staff["official"]
    await attach_document(official, session.id, received, is_report=True, now=now)


async def _ask(hearing: _Hearing) -> list[int]:
    """Ask and type in the questions; give their conversations."""
    threads = []
    people = {each.person_id: each for each in hearing.cast.people.values()}
    for number, part in enumerate(hearing.part.question):
        at = hearing.at(-ASKED_BEFORE, WRITTEN_AT, number * 7)
        if part.channel:
            asked = await desk.record_question(
                hearing.cast.staff["moderator"], hearing.session.id, part.title, part.title,
                part.channel, now=at,
            )  # fmt: skip
        else:
            author = hearing.cast.people[part.author]
            asked = await ask(
                author, hearing.session, title=part.title, said=Said(part.title), now=at
            )
            for person_id in hearing.cast.supporters(part.title, author, part.supports):
                await set_support(
                    people[person_id], asked.id, wanted=True, now=at + timedelta(minutes=9)
                )
        threads.append(asked.thread_id)
    return threads


async def _register(hearing: _Hearing) -> None:
    people = list(hearing.cast.people.values())[:9]
    said = [Registering(Mode.IN_PERSON), Registering(Mode.VIRTUAL),
            Registering(Mode.IN_PERSON, ("sign_language",)),
            Registering(Mode.IN_PERSON, ("transport",))]  # fmt: skip
    for number, person in enumerate(people):
        if not person.is_anonymous:
            await register(
                person, hearing.session.id, said[number % 4], now=hearing.at(-ASKED_BEFORE)
            )
    slots = plan(
        hearing.part.minutes,
        [Theme(theme.title, theme.questions, theme.voices) for theme in hearing.part.theme],
    )
    entity_id = hearing.cast.entity.id
    await keep_agenda(entity_id, hearing.session.id, slots, now=hearing.at(-2, WRITTEN_AT))


async def _hold(hearing: _Hearing, threads: list[int]) -> None:
    moderator, official = hearing.cast.staff["moderator"], hearing.cast.staff["official"]
    session_id = hearing.session.id
    await holding.start(moderator, session_id, now=hearing.at(0))
    for number in range(hearing.part.in_room):
        name = f"Asistente {number + 1}"
        await register_other(
            official, session_id, name, "paper", Registering(Mode.IN_PERSON), now=hearing.at(0),
            is_here=True,
        )  # fmt: skip
    for thread_id, part in zip(threads, hearing.part.question, strict=True):
        if not part.minute:
            continue
        shown = hearing.at(0, HELD_AT, part.minute)
        await desk.move(
            moderator, session_id, thread_id, Move.SHOW, QuestionState.RECEIVED, now=shown
        )
        said = desk.Answered(hearing.cast.offices[part.office].office, part.answer)
        await desk.answer(moderator, session_id, thread_id, said, now=shown + timedelta(minutes=4))
    await _owe_the_rest(hearing, threads)


async def _owe_the_rest(hearing: _Hearing, threads: list[int]) -> None:
    moderator, session_id = hearing.cast.staff["moderator"], hearing.session.id
    calendar = await calendar_of(hearing.cast.entity.id)
    over = hearing.at(0, HELD_AT, hearing.part.minutes)
    for thread_id, part in zip(threads, hearing.part.question, strict=True):
        if part.owner:
            owner = hearing.office(part.owner)
            await desk.owe(moderator, session_id, thread_id, owner.id, calendar=calendar, now=over)
    planning = hearing.office("infraestructura")
    await holding.end(moderator, session_id, planning.id, calendar=calendar, now=over)


async def _put_on_record(hearing: _Hearing, threads: list[int]) -> None:
    official, session_id = hearing.cast.staff["official"], hearing.session.id
    cues = [
        Cue(cue.second * 1000, (cue.second + CUE_SECONDS) * 1000, cue.words)
        for cue in hearing.part.cue
    ]
    await keep_recording(
        official, session_id, hearing.part.recording, written(cues), now=hearing.at(1)
    )
    at = hearing.at(MINUTES_AFTER, WRITTEN_AT)
    await minutes.keep_draft(official, session_id, hearing.part.minutes_text.body.strip(), now=at)
    await minutes.publish(official, session_id, "", now=at)
    for thread_id, part in zip(threads, hearing.part.question, strict=True):
        if part.written_after:
            said = desk.Answered(hearing.cast.offices[part.office].office, part.answer)
            answered = hearing.at(part.written_after, WRITTEN_AT)
            await desk.answer(official, session_id, thread_id, said, now=answered)
