"""What the demonstration says, read from the files beside this module; a slip in them is loud."""

import tomllib
from datetime import time
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

DATA = Path(__file__).resolve().parent / "data"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EntityPart(_Part):
    """A municipality."""

    slug: str
    name: str
    short_name: str
    department: str
    site_name: str
    welcome: str
    timezone: str
    other_ways: str


class TerritoryPart(_Part):
    """A barrio, vereda or corregimiento."""

    key: str
    kind: str
    name: str


class OfficePart(_Part):
    """A dependencia."""

    key: str
    name: str


class PersonPart(_Part):
    """One of the cast."""

    key: str
    name: str
    territory: str


class LoginPart(_Part):
    """Somebody the demonstration lets its visitors sign in as."""

    name: str
    email: str
    office: str | None = None
    territory: str | None = None


class Municipality(_Part):
    """An entity with everybody in it."""

    entity: EntityPart
    territory: tuple[TerritoryPart, ...]
    office: tuple[OfficePart, ...]
    person: tuple[PersonPart, ...]
    logins: dict[str, LoginPart] = {}


class Words(_Part):
    """Something said: by whom or for which office, how, and what became of it."""

    key: str
    body: str
    author: str | None = None
    office: str | None = None
    official: bool = False
    reply_to: str | None = None
    stance: str | None = None
    channel: str = "web"
    place: str | None = None
    people_count: int = 1
    # The territory it is about, where it is about one.
    about: str = ""
    supports: int = 0
    # Whether who looks after the conversation shows it first.
    pinned: bool = False
    edited_body: str = ""
    removed: bool = False
    hidden_rule: str = ""
    hidden_reason: str = ""


class Post(Words):
    """An answer in a topic, so many minutes after its opening."""

    after: int


class Comment(Words):
    """Words on a section of a document, on a day, perhaps about a passage of it."""

    section: str
    remark: str = "observation"
    passage: str = ""
    proposed: str = ""
    days_ago: int
    at: time


class Topic(Words):
    """The opening of a topic, with what was answered."""

    title: str
    days_ago: int
    at: time
    post: tuple[Post, ...] = ()
    # What an office closed it with, where one did.
    conclusion: str = ""
    concluded_by: str = ""


class ForumPart(_Part):
    """A forum with its topics."""

    key: str
    title: str
    question: str
    topic: tuple[Topic, ...]


class Forums(_Part):
    """The file of forums."""

    forum: tuple[ForumPart, ...]


class CoursePart(_Part):
    """A step of a proposal's course: where to, when, which office said so and why."""

    to: str
    days_ago: int
    at: time
    office: str
    reason: str = ""


class Proposal(Words):
    """A proposal with what was said of it and where it came to."""

    title: str
    category: str
    point: tuple[float, float] | None = None
    days_ago: int
    at: time
    comment: tuple[Post, ...] = ()
    course: tuple[CoursePart, ...] = ()
    # Who made it together with its author.
    coauthors: tuple[str, ...] = ()
    # The proposal that says the same, into which a moderator merged it, and why.
    merged_into: str = ""
    merged_because: str = ""


class Call(_Part):
    """What proposals are called for."""

    title: str
    question: str
    categories: tuple[str, ...]


class Proposals(_Part):
    """The file of proposals."""

    call: Call
    proposal: tuple[Proposal, ...]


class SectionComments(_Part):
    """Comments on the plan, and the citizen's own on the decree."""

    comment: tuple[Comment, ...]
    decree_comment: tuple[Comment, ...]


class Rewording(_Part):
    """Words of a text and those that take their place."""

    before: str
    after: str


class NewVersion(_Part):
    """The next version of a text, by what it changes."""

    days_ago: int
    at: time
    change: tuple[Rewording, ...]


class ConsultationPart(_Part):
    """What the closed consultation asked."""

    title: str
    question: str
    summary: str
    what_can_change: str
    opened_days_ago: int
    closed_days_ago: int


class ClosedConsultation(_Part):
    """The closed consultation with everything said in it."""

    consultation: ConsultationPart
    contribution: tuple[Comment, ...]


class PhasePart(_Part):
    """A phase from the beginning of one day to the end of another, counted from today."""

    title: str
    from_day: int
    to_day: int
    opens: tuple[str, ...] = ()


class ProcessPart(_Part):
    """A process with its document; the decree's words stand with its consultation."""

    slug: str
    promise: str
    participa_item: str
    document_title: str
    phase: tuple[PhasePart, ...]
    title: str = ""
    summary: str = ""
    what_can_change: str = ""
    question: str = ""


class Processes(_Part):
    """The file of processes."""

    plan: ProcessPart
    decree: ProcessPart


class OfficialPart(_Part):
    """Who answers for an office."""

    office: str
    name: str


class Officials(_Part):
    """The file of officials."""

    official: tuple[OfficialPart, ...]


class ReportPart(_Part):
    """When the report was made, and the words before it."""

    prepared_days_ago: int
    published_days_ago: int
    answered_days_ago: int
    introduction: str


class ThemePart(_Part):
    """What a theme about an article is called and answered."""

    section: str
    name: str
    office: str = ""
    decision: str = ""
    answer: str = ""


class Results(_Part):
    """The file of results."""

    report: ReportPart
    theme: tuple[ThemePart, ...]


class AnswerPart(_Part):
    """What was decided of comments, called by their keys; `corrected` are its later words."""

    office: str
    verdict: str
    section: str = ""
    owed: bool = False
    said: tuple[str, ...]
    reason: str
    corrected: str = ""


class ToldPart(_Part):
    """Who was told of an answer by hand, and how."""

    said: tuple[str, ...]
    how: str


class Answers(_Part):
    """The file of answers."""

    answered_days_ago: int
    corrected_days_ago: int
    answer: tuple[AnswerPart, ...]
    told: tuple[ToldPart, ...]


class NeighbourProcess(_Part):
    """The neighbour's process."""

    title: str
    summary: str
    promise: str
    participa_item: str


class Neighbour(Municipality):
    """The other municipality, with its one process."""

    process: NeighbourProcess
    forum: tuple[ForumPart, ...]


PartT = TypeVar("PartT", bound=BaseModel)


def content(kind: type[PartT], name: str) -> PartT:
    """Read a file of the demonstration. Raises ValidationError for what it should not hold."""
    return kind.model_validate(tomllib.loads(text(name)))


@cache
def text(name: str) -> str:
    """Give a file of the demonstration as it is."""
    return (DATA / name).read_text(encoding="utf-8")
