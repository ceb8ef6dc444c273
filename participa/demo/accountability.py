"""The demonstration's accountability: the hearing with its questions, the plan in force.

`load_accountability` needs the cast and the calendar alone, inside the caller's transaction.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, time

from pydantic import BaseModel, ConfigDict

from participa.accountability.followup.figures import GoalFigures, YearFigures
from participa.accountability.followup.importing import import_goals
from participa.accountability.hearing.agenda import Theme, plan
from participa.accountability.hearing.agenda_acts import keep_agenda
from participa.accountability.hearing.calling import Called, call_session
from participa.accountability.models import AccountabilitySession, Goal
from participa.accountability.origins import set_origins
from participa.accountability.rules import ACTIVITY
from participa.accountability.service import ask
from participa.accounts.permissions import Actor
from participa.deliberation.models import Contribution
from participa.deliberation.saying import Said
from participa.demo.acts import acts_of
from participa.demo.calendar import Calendar
from participa.demo.cast import Cast
from participa.demo.content import Words, content
from participa.demo.hearings import ThemePart, load_held_hearing, publish_report
from participa.demo.reports import load_reports
from participa.demo.script import Line, Opening, Scene
from participa.demo.stage import Shown, Stage
from participa.files.store import Store
from participa.kit.names import slugify
from participa.processes.models import Process
from participa.processes.service import PhasePlan, create_process

FIRST_SINCE_DAYS, ASKED_SINCE_DAYS, REPORT_SINCE_DAYS = -88, -21, -36
NAMED_DAYS_AGO = 2
# By the calendar, fifteen business days and what holidays add.
ANSWERED_WITHIN_DAYS = 30
HELD_AT, ANSWERED_AT = time(8, 0), time(10, 30)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SessionPart(_Part):
    """The hearing, so many days from today."""

    title: str
    summary: str
    place: str
    days_ahead: int
    minutes: int
    seats: int
    team: str
    stream: str
    report: str


class AnswerPart(_Part):
    """What an office answered."""

    office: str
    days_ago: int
    body: str


class QuestionPart(_Part):
    """A question of one of the cast."""

    author: str
    title: str
    days_ago: int
    at: time
    supports: int
    body: str
    answer: AnswerPart | None = None


class Hearing(_Part):
    """The file of the hearing."""

    session: SessionPart
    theme: tuple[ThemePart, ...]
    question: tuple[QuestionPart, ...]


class PlanPart(_Part):
    """The plan in force; lists of figures begin with the first of its years."""

    title: str
    summary: str
    years: tuple[int, ...]
    closed_years: tuple[int, ...]
    cut_off: str


class GoalPart(_Part):
    """A goal as its file words it; only closed years have executed figures and money."""

    eje: str
    programa: str
    number: str
    title: str
    indicator: str
    unit: str
    target: str
    base_line: float | None = None
    office: str
    programmed: tuple[float, ...]
    executed: tuple[float, ...] = ()
    appropriated: tuple[int, ...] = ()
    committed: tuple[int, ...] = ()
    paid: tuple[int, ...] = ()
    note: str = ""
    # Keys of the places in which it is carried out.
    places: tuple[str, ...] = ()
    # The questions of the hearing that it comes from, counted from 1.
    questions: tuple[int, ...] = ()

    def figures(
        self, years: tuple[int, ...], office: str, places: Mapping[str, str]
    ) -> GoalFigures:
        """Give the goal as an import brings it, in the name of its office."""
        return GoalFigures(
            axis=self.eje,
            programme=self.programa,
            number=self.number,
            title=self.title,
            indicator=self.indicator,
            unit=self.unit,
            direction=self.target,
            base_line=self.base_line,
            office=office,
            years=tuple(self._year(place, year) for place, year in enumerate(years)),
            note=self.note.strip(),
            areas=tuple(places[key] for key in self.places),
        )

    def _year(self, place: int, year: int) -> YearFigures:
        closed = {
            name: figures[place]
            for name in ("executed", "appropriated", "committed", "paid")
            if place < len(figures := getattr(self, name))
        }
        return YearFigures(year, self.programmed[place], **closed)


class FollowUpFile(_Part):
    """The file of the plan in force."""

    followup: PlanPart
    goal: tuple[GoalPart, ...]


def _silent(_share: float) -> None:
    pass


async def load_accountability(
    cast: Cast, calendar: Calendar, store: Store | None = None, shown: Shown = _silent
) -> AccountabilitySession:
    """Load the plan in force as a process, with its goals, its hearing and the questions asked."""
    hearing = content(Hearing, "hearing.toml")
    process = await open_plan_in_force(cast, calendar)
    await load_held_hearing(cast, calendar, process, store)
    session = await open_hearing(cast, calendar, process, store)
    scene = Scene(cast, calendar, calendar.now)
    lines = list(question_lines(scene, session, hearing))
    stage = Stage(cast, {})
    await stage.play(acts_of(scene, lines), shown)
    await _name_origins(cast, calendar, process, stage.spoken)
    return session


async def _name_origins(
    cast: Cast, calendar: Calendar, process: Process, spoken: Mapping[str, Contribution]
) -> None:
    rows = Goal.of(process.entity_id).filter(process_id=process.id)
    goals = {goal.number: goal.id for goal in await rows}
    named_at = calendar.ago(NAMED_DAYS_AGO, ANSWERED_AT)
    for part in content(FollowUpFile, "followup.toml").goal:
        receipts = [spoken[f"hearing/{number}/"].receipt_number for number in part.questions]
        if receipts:
            await set_origins(cast.staff["official"], goals[part.number], receipts, named_at)


async def open_plan_in_force(cast: Cast, calendar: Calendar) -> Process:
    """Create the process of the plan in force, with its phases around the hearing, and its goals.

    Questions are taken until the last written answer is due, because who answers speaks in the
    same thread as who asks.
    """
    file = content(FollowUpFile, "followup.toml")
    days = content(Hearing, "hearing.toml").session.days_ahead
    asked_from, asked_to = calendar.start_of(ASKED_SINCE_DAYS), days + ANSWERED_WITHIN_DAYS
    process = await create_process(
        entity_id=cast.entity.id,
        slug=slugify(file.followup.title),
        title=file.followup.title,
        summary=file.followup.summary,
        promise="answered",
        participa_item="6.2.5",
        phases=[
            PhasePlan(
                "Primera audiencia: preguntas y respuestas",
                calendar.start_of(FIRST_SINCE_DAYS),
                calendar.start_of(REPORT_SINCE_DAYS),
                (ACTIVITY,),
            ),
            PhasePlan("Informe de gestión", calendar.start_of(REPORT_SINCE_DAYS), asked_from),
            PhasePlan(
                "Preguntas, audiencia y respuestas",
                asked_from,
                calendar.end_of(asked_to),
                (ACTIVITY,),
            ),
        ],
        now=calendar.start_of(FIRST_SINCE_DAYS),
    )
    years = file.followup.years
    goals = [
        goal.figures(years, cast.offices[goal.office].office, cast.places) for goal in file.goal
    ]
    official = cast.staff["official"]
    await import_goals(
        official, process.id, goals, now=calendar.start_of(REPORT_SINCE_DAYS),
        source="plan-indicativo-2024-2027.xlsx",
    )  # fmt: skip
    await load_reports(cast, calendar, process)
    return process


async def open_hearing(
    cast: Cast, calendar: Calendar, process: Process, store: Store | None = None
) -> AccountabilitySession:
    """Call the hearing, with its agenda and, where there is a store, its report."""
    hearing = content(Hearing, "hearing.toml")
    part = hearing.session
    session = await call_session(
        cast.staff["official"],
        process.id,
        Called(
            part.title, part.summary.strip(), part.place, calendar.ago(-part.days_ahead, HELD_AT),
            part.minutes, part.seats, part.team, part.stream,
        ),
        now=calendar.start_of(REPORT_SINCE_DAYS),
    )  # fmt: skip
    themes = [Theme(t.title, t.questions, t.voices) for t in hearing.theme]
    await keep_agenda(
        cast.entity.id, session.id, plan(part.minutes, themes), now=calendar.start_of(-1)
    )
    if store is not None:
        since = calendar.start_of(REPORT_SINCE_DAYS)
        await publish_report(cast, session, part.report, store, since)
    return session


def question_lines(
    scene: Scene, session: AccountabilitySession, hearing: Hearing
) -> Iterator[Line]:
    """Give the questions and their answers as lines of the script."""
    for number, part in enumerate(hearing.question, 1):
        thread = f"hearing/{number}"
        words = Words(key="", body=part.body, author=part.author, supports=part.supports)
        at = scene.calendar.ago(part.days_ago, part.at)
        asker = scene.cast.people[part.author]
        said = Said(part.body.strip())
        yield Line(f"{thread}/", thread, at, asker, said, words, opens=_asking(session, part))
        if part.answer is not None:
            yield _answer(scene, thread, part.answer)


def _asking(session: AccountabilitySession, part: QuestionPart) -> Opening:
    async def opens(actor: Actor, said: Said, now: datetime) -> Contribution:
        return await ask(actor, session, title=part.title, said=said, now=now)

    return opens


def _answer(scene: Scene, thread: str, part: AnswerPart) -> Line:
    official = scene.cast.offices[part.office]
    words = Words(key="answer", body=part.body, office=part.office, official=True)
    at = scene.calendar.ago(part.days_ago, ANSWERED_AT)
    said = Said(part.body.strip(), office=official.office)
    return Line(f"{thread}/answer", thread, at, official, said, words, reply_to=f"{thread}/")
