"""From a section back to the contributions whose accepted answers point at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from markupsafe import Markup

from participa.answers.models import Answer, AnswerTarget
from participa.answers.rules import CHANGING
from participa.deliberation.models import Contribution
from participa.deliberation.rules import State
from participa.deliberation.verdicts import VERDICT_PILLS, VERDICTS
from participa.deliberation.views import author_name, excerpt
from participa.i18n import Text
from participa.kit.html import SafeHtml, plain_text
from participa.processes.views import Pill

# On one section's page; the table of the process has them all.
MOST = 200
LONGEST_EXCERPT = 160


@dataclass(frozen=True, slots=True)
class Thanked:
    """A contribution that changed the section."""

    receipt: str
    url: str
    author: str | Text
    excerpt: str


@dataclass(frozen=True, slots=True)
class ChangeHere:
    """What the entity took up in a section, in which version, and from whom."""

    pill: Pill
    office: str
    html: Markup
    at: datetime
    version: int | None
    is_owed: bool
    said: tuple[Thanked, ...]


async def changed_here(entity_id: int, section_id: int) -> list[ChangeHere]:
    """List what was accepted and points at a section, latest first, in one statement.

    A contribution that cannot be read any more is not named.
    """
    rows = AnswerTarget.of(entity_id).filter(
        answer__section_id=section_id,
        answer__verdict__in=sorted(CHANGING),
        contribution__state=State.PUBLISHED,
        contribution__thread__is_hidden=False,
    )
    related = rows.select_related("answer", "contribution__author")
    targets = await related.order_by("-answer_id", "contribution_id").limit(MOST)
    return [
        _change(given, [each.contribution for each in group])
        for given, group in groupby(targets, lambda each: each.answer)
    ]


def _change(given: Answer, said: Sequence[Contribution]) -> ChangeHere:
    return ChangeHere(
        pill=Pill(VERDICT_PILLS[given.verdict], VERDICTS[given.verdict]),
        office=given.office,
        html=SafeHtml(given.reason_html),
        at=given.edited_at or given.created_at,
        version=given.version_number,
        is_owed=given.is_owed,
        said=tuple(
            Thanked(
                receipt=each.receipt_number,
                url=f"/aportes/{each.receipt_number}",
                author=author_name(each),
                excerpt=excerpt(plain_text(each.body_html), LONGEST_EXCERPT),
            )
            for each in said
        ),
    )
