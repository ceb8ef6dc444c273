"""The manifest with which a feature offers itself to the house, and the collection of them.

Nothing registers itself: `app` holds the only list.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from participa.db import Steps
from participa.i18n import Text, _
from participa.jobs import Handler
from participa.kit.calendar import BusinessCalendar
from participa.web.forms import Form


class Shown(Protocol):
    """What a feature shows with one contribution, in a template of its own."""

    @property
    def template(self) -> str:
        """The template, which finds this as `c.beside`."""

    @property
    def cells(self) -> Mapping[str, str]:
        """What open data says of it, by the names of its columns."""


# Steps that keep something with the contribution of this id, which was just placed.
Keeping = Callable[[int], Steps[None]]
# By an entity's id and a contribution's.
Erase = Callable[[int, int], Awaitable[None]]
# By an entity's id and those of contributions, in one statement.
BesideOf = Callable[[int, Collection[int]], Awaitable[Mapping[int, Shown]]]


def both(first: Keeping | None, second: Keeping | None) -> Keeping | None:
    """Join two ways of keeping something with a contribution, of which either may be none."""
    if first is None or second is None:
        return first or second

    def keeping(contribution_id: int) -> Steps[None]:
        yield from first(contribution_id)
        yield from second(contribution_id)

    return keeping


@dataclass(frozen=True, slots=True)
class Beside:
    """What a feature keeps and shows with the contributions of its threads.

    `fields` and `template` are what it adds to the form of a contribution that answers no other;
    `read` checks them, from an entity's id and that of the thread's place, and gives None where
    there is nothing to keep. What `of` gives never changes while the contribution stays;
    `erase` forgets it, in the transaction in which its author takes the contribution back.
    `columns` are those of open data that it fills, with what they mean.
    """

    fields: tuple[str, ...]
    template: str
    read: Callable[[Form, int, int], Awaitable[Keeping | None]]
    of: BesideOf
    erase: Erase
    columns: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlaceLink:
    """A place that a contribution speaks of; `area` is its id, `picture` shows the point if any."""

    area: int
    name: str
    url: str
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Placing:
    """How a contribution, whatever its thread, says of which place it speaks.

    `fields` and `template` are what it adds to the form of a contribution that answers no other;
    `choices` gives what the template names, by an entity's id, and is empty where there is
    nothing to choose from. `read` checks the fields and gives None where no place was chosen.
    `of` gives, by an entity's id, a process's slug and a contribution's id, what that one says;
    `url` is the page, below the contribution's own, where it is changed. `erase` forgets it.
    `columns` are those of open data that `cells_of` fills, by ids and in one statement.
    """

    fields: tuple[str, ...]
    template: str
    url: str
    choices: Callable[[int], Awaitable[Sequence[Any]]]
    read: Callable[[Form, int], Awaitable[Keeping | None]]
    of: Callable[[int, str, int], Awaitable[PlaceLink | None]]
    erase: Erase
    columns: Mapping[str, Text]
    cells_of: Callable[[int, Collection[int]], Awaitable[Mapping[int, Mapping[str, str]]]]


# By an entity's id and a thread's.
CosignersOf = Callable[[int, int], Awaitable[Collection[int]]]


@dataclass(frozen=True, slots=True)
class ThreadKind:
    """What a feature says about the threads it opens.

    `url` gives the page of a thread from its id and its place's id; `label` the word for it.
    `show` renders that page again with a form that needs mending; without it, the thread's own
    page serves. `place_url` is the page that lists the thread among its neighbours. `template`
    is the thread's own page, and `around` gives from the thread's id what that page shows
    around the conversation: the same for all readers without a role, because it is kept.
    `similar` gives the threads most like one, best first, of those in its place; `cosigners` who
    made what opens one together with its author. `signed_by` says of an entity's id, a thread's
    and a person's whether that person made it together with its author: it is no more theirs to
    support than the author's. `takes_files` says that they may attach files to what opens it.
    """

    label: Text
    url: Callable[[int, int], str]
    has_stance: bool = True
    show: Callable[[Request, int, Form], Awaitable[Response]] | None = None
    place_url: Callable[[int], str] | None = None
    template: str = "deliberation/thread.html"
    around: Callable[[Request, int], Awaitable[Mapping[str, Any]]] | None = None
    beside: Beside | None = None
    similar: Callable[[Request, int], Awaitable[Sequence[int]]] | None = None
    cosigners: CosignersOf | None = None
    signed_by: Callable[[int, int, int], Awaitable[bool]] | None = None
    takes_files: bool = False

    @property
    def beside_of(self) -> BesideOf | None:
        """How what is shown with contributions is read, if anything is."""
        return self.beside.of if self.beside else None

    @property
    def beside_fields(self) -> tuple[str, ...]:
        """The fields it adds to the form of a contribution."""
        return self.beside.fields if self.beside else ()


@dataclass(frozen=True, slots=True)
class ThemeLink:
    """A theme of a published report, as other pages point to it.

    The answer is the entity's, empty until it is given; `verdict` is what it decides.
    """

    label: str | Text
    url: str
    report_title: str
    share: float = 0.0
    answer_office: str = ""
    answer_html: Markup = field(default_factory=Markup)
    verdict: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """What a formal answer said from one moment to another."""

    label: Text
    kind: str
    office: str
    html: Markup
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class FormalAnswer:
    """What the entity decided of a contribution, as other pages and mails show it.

    `kind` is the shape of its pill. `section_label` and `section_url` are empty where it names no
    part of the plan; `is_owed` is a promise for the next version. `history` has the newest first.
    """

    label: Text
    kind: str
    office: str
    html: Markup
    at: datetime
    section_label: str = ""
    section_url: str = ""
    version: int | None = None
    is_owed: bool = False
    history: tuple[EarlierAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Commitment:
    """Something that the entity is measured by and that a contribution led to, such as a goal.

    `words` say so before the link; `state` is the shape of a pill and `state_label` its words,
    empty where it has none.
    """

    label: str
    url: str
    words: Text = field(default_factory=lambda: _("Llevó a la meta"))
    state: str = ""
    state_label: Text | str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """What was written down elsewhere and left a contribution, such as a mesa de trabajo."""

    label: str | Text
    url: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a process: its latest published report."""

    url: str
    title: str
    themes: tuple[ThemeLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """A published results report, as it is announced to who took part in its process."""

    number: int
    process_id: int
    title: str
    url: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Telling:
    """What a mail tells of something: its subject and paragraphs, in no language yet."""

    subject: Text
    paragraphs: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class ActivityCard:
    """Something to take part in, as home and process pages show it.

    `kind` gives colour and shape: forum, consultation, survey, accountability or petition.
    `activity` is what a phase must open for it; `fact` says how much was said already.
    """

    kind: str
    kind_label: Text
    process_id: int
    activity: str
    title: str
    summary: str
    url: str
    fact: Text
    action: Text


@dataclass(frozen=True, slots=True)
class Dataset:
    """Something that can be downloaded."""

    title: str | Text
    url: str
    format: str = "CSV"


@dataclass(frozen=True, slots=True)
class Filling:
    """Something published that fills an item of the Menú Participa.

    `kind` is what items ask for, such as forum or report. What belongs to a process fills the
    items of its section; `at` is its day, if it has one.
    """

    kind: str
    title: str | Text
    url: str
    process_id: int | None = None
    at: datetime | None = None


# Asks permission for a file by the id of what it is attached to and whether the file is for all
# who may read that, which it is not while it is hidden; gives whether everybody may. Refuses with
# NotFound.
FileOwner = Callable[[Request, int, bool], Awaitable[bool]]
# By the address links begin with, the entity's id and that of the thing; None for what may not
# be told any more.
TellingOf = Callable[[str, int, int], Awaitable[Telling | None]]
# By an entity's id and those of things of one kind.
LinksOf = Callable[[int, Collection[int]], Awaitable[Mapping[int, Origin]]]
# What is done with an answer just given, in its transaction: by the answer's id and those of the
# contributions that it counts for.
Along = Callable[[int, Collection[int]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class AlongAnswers:
    """What a feature offers to do in the same act as a formal answer.

    `fields` and `template` are what it adds to the form; `offer` gives what the template needs,
    as `along`. `read` checks the fields, the form telling what needs mending, and gives None
    where nothing was asked for.
    """

    fields: tuple[str, ...]
    template: str
    offer: Callable[[Request, int], Awaitable[Mapping[str, Any]]]
    read: Callable[[Request, Form, int], Awaitable[Along | None]]


DatasetsOf = Callable[[int], Awaitable[Sequence[Dataset]]]
CardsOf = Callable[[int, Sequence[int]], Awaitable[Sequence[ActivityCard]]]
# By an entity's id and those of its published processes.
FillingsOf = Callable[[int, Sequence[int]], Awaitable[Sequence[Filling]]]
OutcomeOf = Callable[[int, int], Awaitable[Outcome | None]]
# Those published after a number, oldest first: numbers have no gaps and follow the commits.
ResultsSince = Callable[[int, int], Awaitable[Sequence[Results]]]
ThemesOf = Callable[[int, Sequence[int]], Awaitable[Mapping[int, ThemeLink]]]
# As things stand at a moment: whoever is late then is.
CommitmentsOf = Callable[
    [int, Sequence[int], datetime], Awaitable[Mapping[int, Sequence[Commitment]]]
]
OriginsOf = Callable[[int, Sequence[int]], Awaitable[Mapping[int, Origin]]]
AnswersOf = Callable[[int, Sequence[int]], Awaitable[Mapping[int, FormalAnswer]]]
# The days on which the terms of an entity run.
CalendarOf = Callable[[int], Awaitable[BusinessCalendar]]


def filled_by_cards(cards_of: CardsOf, kinds: Mapping[str, str]) -> FillingsOf:
    """Let a feature's cards fill the Menú Participa; `kinds` says what a card's activity is."""

    async def fillings_of(entity_id: int, processes: Sequence[int]) -> list[Filling]:
        return [
            Filling(kinds[kind], card.title, card.url, card.process_id)
            for card in await cards_of(entity_id, processes)
            if (kind := card.activity.partition(":")[0]) in kinds
        ]

    return fillings_of


@dataclass(frozen=True, slots=True)
class Feature:
    """What a feature offers: routes, thread kinds, jobs, and what became of things.

    `every` says which of the jobs come again by themselves, and how long after their last run.
    `cards_of` and `fillings_of` take an entity's id and those of processes, `outcome_of` an
    entity's and a process's id, `themes_of`, `answers_of`, `commitments_of` and `origins_of` an
    entity's id and those of contributions, `datasets_of` an entity's id, `results_since` an
    entity's id and the number of a report. `tellings` give what a mail tells, by the kind of
    notice. `file_owners` says by kind who may read the files attached to what the feature keeps.
    `links` lead to what the feature keeps, by kind, as far as the public can see it. `calendar_of`
    gives the working days of an entity. `along_answers` is what can be done in the act of
    answering, `placing` how contributions say of which place they speak.
    """

    name: str
    routes: Sequence[BaseRoute] = ()
    thread_kinds: Mapping[str, ThreadKind] = field(default_factory=dict)
    jobs: Mapping[str, Handler] = field(default_factory=dict)
    every: Mapping[str, timedelta] = field(default_factory=dict)
    cards_of: CardsOf | None = None
    fillings_of: FillingsOf | None = None
    outcome_of: OutcomeOf | None = None
    themes_of: ThemesOf | None = None
    answers_of: AnswersOf | None = None
    commitments_of: CommitmentsOf | None = None
    origins_of: OriginsOf | None = None
    datasets_of: DatasetsOf | None = None
    results_since: ResultsSince | None = None
    tellings: Mapping[str, TellingOf] = field(default_factory=dict)
    links: Mapping[str, LinksOf] = field(default_factory=dict)
    calendar_of: CalendarOf | None = None
    along_answers: AlongAnswers | None = None
    file_owners: Mapping[str, FileOwner] = field(default_factory=dict)
    placing: Placing | None = None


@dataclass(frozen=True, slots=True)
class Features:
    """All features of an application, to be asked by those who serve them without knowing them."""

    every: tuple[Feature, ...]

    @property
    def routes(self) -> list[BaseRoute]:
        """The routes of all, in the order of the list."""
        return [route for feature in self.every for route in feature.routes]

    @property
    def jobs(self) -> dict[str, Handler]:
        """The handlers of all jobs by name."""
        return {name: job for feature in self.every for name, job in feature.jobs.items()}

    @property
    def recurring(self) -> dict[str, timedelta]:
        """The jobs that come again by themselves, with the time between two runs."""
        return {name: each for feature in self.every for name, each in feature.every.items()}

    async def cards(self, entity_id: int, processes: Sequence[int]) -> list[ActivityCard]:
        """List what there is to take part in inside these processes."""
        found: list[ActivityCard] = []
        for feature in self.every:
            if feature.cards_of is not None and processes:
                found += await feature.cards_of(entity_id, processes)
        return found

    async def fillings(self, entity_id: int, processes: Sequence[int]) -> list[Filling]:
        """List what fills the Menú Participa, of these processes and of the entity itself."""
        found: list[Filling] = []
        for feature in self.every:
            if feature.fillings_of is not None:
                found += await feature.fillings_of(entity_id, processes)
        return found

    async def datasets(self, entity_id: int) -> list[Dataset]:
        """List what features publish for download, beside the contributions themselves."""
        found: list[Dataset] = []
        for feature in self.every:
            if feature.datasets_of is not None:
                found += await feature.datasets_of(entity_id)
        return found

    async def outcome(self, entity_id: int, process_id: int) -> Outcome | None:
        """Say what became of a process, if a feature knows."""
        for feature in self.every:
            if feature.outcome_of is not None:
                return await feature.outcome_of(entity_id, process_id)
        return None

    async def themes(self, entity_id: int, contributions: Sequence[int]) -> Mapping[int, ThemeLink]:
        """Say in which published themes contributions count."""
        for feature in self.every:
            if feature.themes_of is not None:
                return await feature.themes_of(entity_id, contributions)
        return {}

    async def commitments(
        self, entity_id: int, contributions: Sequence[int], now: datetime
    ) -> Mapping[int, Sequence[Commitment]]:
        """Say to which commitments of the entity contributions led, whoever keeps them."""
        found: dict[int, list[Commitment]] = {}
        for feature in self.every:
            if feature.commitments_of is not None:
                kept = await feature.commitments_of(entity_id, contributions, now)
                for each, led in kept.items():
                    found.setdefault(each, []).extend(led)
        return found

    async def origins(self, entity_id: int, contributions: Sequence[int]) -> Mapping[int, Origin]:
        """Say what contributions that came by another channel were written down with."""
        for feature in self.every:
            if feature.origins_of is not None:
                return await feature.origins_of(entity_id, contributions)
        return {}

    async def answers(
        self, entity_id: int, contributions: Sequence[int]
    ) -> Mapping[int, FormalAnswer]:
        """Give the formal answers to contributions."""
        for feature in self.every:
            if feature.answers_of is not None:
                return await feature.answers_of(entity_id, contributions)
        return {}

    async def link(self, entity_id: int, kind: str, object_id: int) -> Origin | None:
        """Give the link to a thing of any feature; None for what the public cannot see."""
        for feature in self.every:
            if kind in feature.links:
                return (await feature.links[kind](entity_id, [object_id])).get(object_id)
        return None

    @property
    def placing(self) -> Placing | None:
        """How contributions say of which place they speak, if they can."""
        return next((each.placing for each in self.every if each.placing is not None), None)

    async def calendar(self, entity_id: int) -> BusinessCalendar:
        """Give the working days of an entity. Raises LookupError where nothing knows them."""
        for feature in self.every:
            if feature.calendar_of is not None:
                return await feature.calendar_of(entity_id)
        raise LookupError("no feature keeps a calendar")

    @property
    def along_answers(self) -> AlongAnswers | None:
        """What can be done in the act of answering, if anything."""
        return next((each.along_answers for each in self.every if each.along_answers), None)

    def file_owner(self, kind: str) -> FileOwner:
        """Give who decides about files of a kind of owner; raises KeyError for an unknown one."""
        owners = {name: asks for each in self.every for name, asks in each.file_owners.items()}
        return owners[kind]

    @property
    def besides(self) -> dict[str, Beside]:
        """What features keep with contributions, by the kind of their threads."""
        return {
            name: kind.beside
            for feature in self.every
            for name, kind in feature.thread_kinds.items()
            if kind.beside is not None
        }

    def fields_of(self, kind: str) -> tuple[str, ...]:
        """Name the fields that features add to the form of a contribution to a kind of thread."""
        placing = self.placing
        return (*self.thread_kind(kind).beside_fields, *(placing.fields if placing else ()))

    def erased_with(self, kind: str) -> list[Erase]:
        """Give what forgets all that features keep with a contribution to a kind of thread."""
        kept = (self.thread_kind(kind).beside, self.placing)
        return [each.erase for each in kept if each is not None]

    def thread_kind(self, kind: str) -> ThreadKind:
        """Give what is known of a kind of thread; raises KeyError for an unknown one."""
        for feature in self.every:
            if kind in feature.thread_kinds:
                return feature.thread_kinds[kind]
        raise KeyError(kind)

    def thread_url(self, kind: str, thread_id: int, place_id: int) -> str:
        """Give the address of a thread's page."""
        return self.thread_kind(kind).url(thread_id, place_id)
