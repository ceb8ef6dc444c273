"""What a formal answer may say, and which wordings stood when. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from participa.deliberation.verdicts import Verdict
from participa.i18n import Text, _

MAX_REASON = 10_000
PAGE_SIZE = 30
# What one form may bring: those of a page, and those that were chosen before it was shown again.
MAX_AT_ONCE = 2 * PAGE_SIZE
# What one act answers when an official answers all that a filter shows.
MAX_OF_FILTER = 2000
# Of the address, for the version that does not exist yet.
NEXT_VERSION = "proxima"

# What changes the text, and what may point at it.
CHANGING = frozenset({Verdict.ACCEPTED, Verdict.PARTLY})
POINTING = CHANGING | {Verdict.ALREADY}


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided, why, and where in the plan it went or will go."""

    verdict: Verdict
    reason: str
    section_id: int | None = None
    version: int | None = None
    is_owed: bool = False


def place_problem(decision: Decision) -> tuple[str, Text] | None:
    """Say what is wrong with the place of a decision, and in which field: section or version."""
    has_version = decision.version is not None or decision.is_owed
    if decision.section_id is None:
        if has_version:
            return "section", _("Elija también el apartado.")
        return None
    if decision.verdict not in POINTING:
        return "section", _("Indique un apartado solo si se acoge o si ya está en el plan.")
    if decision.verdict in CHANGING and not has_version:
        return "version", _("Diga en qué versión quedó, o que irá en la próxima.")
    if decision.is_owed and decision.verdict not in CHANGING:
        return "version", _("Si ya está en el plan, elija una versión publicada.")
    return None


class Worded(Protocol):
    """The words of an answer, present or earlier."""

    verdict: str
    reason_html: str
    office: str


@dataclass(frozen=True, slots=True)
class Wording:
    """How an answer read from one moment to another."""

    verdict: str
    reason_html: str
    office: str
    since: datetime
    until: datetime


def earlier_wordings(
    created_at: datetime,
    replaced: Sequence[tuple[Worded, datetime]],
    present: Worded,
    until: datetime | None = None,
) -> list[Wording]:
    """Give the wordings of an answer that count no more, newest first.

    `replaced` are those before the present one, oldest first, each with the moment it ended.
    With `until`, another answer took its place then: its present wording is one of them, and
    what it was changed to later was never this contribution's.
    """
    ends = [*replaced, (present, until)] if until is not None else [*replaced]
    wordings: list[Wording] = []
    since = created_at
    for words, end in ends:
        last = end if until is None else min(end, until)
        if last > since or not wordings:
            wordings.append(Wording(words.verdict, words.reason_html, words.office, since, last))
        since = last
    return wordings[::-1]


def seen_mark(answer_id: int | None, edit_count: int = 0) -> str:
    """Name what a page showed as answer, to notice when another official was quicker."""
    return "0" if answer_id is None else f"{answer_id}.{edit_count}"
