"""The rules of telling people: whom, how often, for how long. No I/O."""

import textwrap
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from participa.deliberation.views import excerpt

# At most one mail about a thread in this time; what comes meanwhile waits and goes together.
WINDOW = timedelta(minutes=10)
# What is older is no news any more: an import, or a server that stood still.
LATEST = timedelta(days=7)
# Longer than any sending, shorter than a job's claim: who takes over finds the notices free.
TAKEN = timedelta(minutes=5)
# The job of a mail gives up within half an hour. After each of these it gets a new one, and
# after the last it is let go.
RETRIES = tuple(timedelta(hours=hours) for hours in (1, 4, 12, 24, 24))
MAX_QUOTE = 300
QUOTES_SHOWN = 10
MAX_SUBJECT_TITLE = 80
LINE = 76


class Kind(StrEnum):
    """What somebody is told."""

    REPLY = "reply"
    ANSWER = "answer"
    FORMAL = "formal"
    RESULTS = "results"
    CONCLUSION = "conclusion"
    MOVED = "moved"
    MERGED = "merged"
    COURSE = "course"
    COMMITMENT = "commitment"
    DUTY = "duty"
    HEARING = "hearing"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person wants to be told by mail, and in which language; unknown is empty."""

    on_reply: bool = True
    on_answer: bool = True
    on_results: bool = True
    locale: str = ""

    def wants(self, kind: str) -> bool:
        """Whether to be told this."""
        return {
            Kind.REPLY: self.on_reply,
            Kind.ANSWER: self.on_answer,
            Kind.FORMAL: self.on_answer,
            Kind.RESULTS: self.on_results,
            Kind.CONCLUSION: self.on_answer,
            Kind.MOVED: self.on_answer,
            Kind.MERGED: self.on_answer,
            Kind.COURSE: self.on_answer,
            Kind.COMMITMENT: self.on_answer,
            # A reminder is part of the work: only who wants no mail at all goes without.
            Kind.DUTY: self.wants_any,
            Kind.HEARING: self.wants_any,
        }[Kind(kind)]

    @property
    def wants_any(self) -> bool:
        """Whether any mail is wanted at all."""
        return self.on_reply or self.on_answer or self.on_results


NOTHING = Wishes(on_reply=False, on_answer=False, on_results=False)


def kind_of(office: str) -> Kind:
    """Tell the entity's answer from everybody's."""
    return Kind.ANSWER if office else Kind.REPLY


def addressee(author: int | None, answered: int | None) -> int | None:
    """Say who is told of a contribution: the author of what it answers, but never its own."""
    return answered if answered != author else None


def free_at(last_sent: datetime | None, now: datetime) -> datetime:
    """Say when the next mail about the same thread may go."""
    return now if last_sent is None else max(now, last_sent + WINDOW)


def next_retry(tries: int, now: datetime) -> datetime | None:
    """Say when a mail that does not go out is looked at again; None when it is let go."""
    return now + RETRIES[tries] if tries < len(RETRIES) else None


def is_news(at: datetime, now: datetime) -> bool:
    """Whether what happened then is still worth a mail."""
    return now - at <= LATEST


def quotation(text: str) -> str:
    """Write somebody's words as mail quotes them, cut to what a mail may hold."""
    words = excerpt(text, MAX_QUOTE - 1)
    return textwrap.fill(
        words, LINE, initial_indent="> ", subsequent_indent="> ", break_on_hyphens=False,
        break_long_words=False,
    )  # fmt: skip
