"""What open answers speak of: grouped by the program apart, let pass by a person, then shown.

The texts themselves are never published. A theme needs several people, and its quotes are read
by somebody before anybody else reads them.
"""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from participa.accounts.permissions import Actor
from participa.audit import record
from participa.db import connected, fetch, transaction
from participa.jobs import Handler, enqueue
from participa.jobs.apart import BrokeApart, run_apart, take_order
from participa.kit.tally import SMALLEST
from participa.settings import Settings
from participa.surveys.models import Question, QuestionThemes, Survey
from participa.surveys.queries import questions_of
from participa.surveys.questionnaire import IN_WORDS
from participa.web.refusals import NotFound

if TYPE_CHECKING:
    from participa.insights.condense import Condensed

FIND = "surveys.find_themes"
QUEUED, FOUND, FAILED, PUBLISHED = "queued", "found", "failed", "published"
MOST_QUOTES = 3
_TEXTS = """
    SELECT id, text FROM surveys_answer WHERE entity_id = $1 AND question_id = $2 AND text <> ''
    ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Theme:
    """What several people speak of: its words, how many, and what may be quoted of them."""

    label: str
    people: int
    quotes: tuple[str, ...]


_STORED = TypeAdapter(tuple[Theme, ...])


def stored_themes(json: Sequence[Mapping[str, Any]]) -> tuple[Theme, ...]:
    """Read themes back."""
    return _STORED.validate_python(json)


async def themes_shown(survey: Survey, version: int) -> dict[int, tuple[Theme, ...]]:
    """Give the published themes of a version by the number of their question, in one statement."""
    rows = await QuestionThemes.of(survey.entity_id).filter(
        question__survey_id=survey.id, question__version=version, state=PUBLISHED
    ).select_related("question")  # fmt: skip
    return {row.question.position + 1: stored_themes(row.themes) for row in rows}


async def open_questions(survey: Survey, version: int) -> list[Question]:
    """List the questions that are answered in words."""
    return [q for q in await questions_of(survey, version) if q.asked.kind in IN_WORDS]


async def ask_for_themes(survey: Survey, version: int, now: datetime) -> None:
    """Have the open answers to a version grouped, those grouped before again."""
    async with transaction():
        for question in await open_questions(survey, version):
            await QuestionThemes.of(survey.entity_id).filter(question_id=question.id).delete()
            await QuestionThemes.create(
                entity_id=survey.entity_id, question_id=question.id, state=QUEUED
            )
            arguments: dict[str, object] = {
                "entity_id": survey.entity_id, "question_id": question.id,
            }  # fmt: skip
            await enqueue(FIND, arguments, entity_id=survey.entity_id, run_at=now)


async def publish_themes(
    actor: Actor,
    survey: Survey,
    question_id: int,
    kept: Mapping[int, tuple[str, Sequence[int]]],
    now: datetime,
) -> None:
    """Show a question's themes under the names given, with the quotes that were let pass.

    `kept` has a name and the numbers of quotes by theme, both from 0; a theme that is left out
    is not shown. Refuses with NotFound what was not found by the program.
    """
    async with transaction():
        rows = QuestionThemes.of(survey.entity_id).filter(
            question_id=question_id, question__survey_id=survey.id, state__in=[FOUND, PUBLISHED]
        )
        found = await rows.first()
        if found is None:
            raise NotFound
        themes = stored_themes(found.themes)
        if not set(kept) <= set(range(len(themes))):
            raise NotFound
        found.themes = [
            {
                "label": label,
                "people": themes[at].people,
                "quotes": [q for n, q in enumerate(themes[at].quotes) if n in quotes],
            }
            for at, (label, quotes) in sorted(kept.items())
        ]
        found.state = PUBLISHED
        await found.save(update_fields=["themes", "state"])
        await record(
            entity_id=survey.entity_id,
            actor_id=actor.person_id,
            actor_name=actor.name,
            action="surveys.publish_themes",
            object_kind="surveys.survey",
            object_id=survey.id,
            object_label=survey.title,
            now=now,
        )


def theme_finder(settings: Settings) -> Handler:
    """Make the handler that groups the open answers to a question, in a process of its own."""

    async def find(arguments: dict[str, object]) -> None:
        entity_id, question_id = (int(str(arguments[n])) for n in ("entity_id", "question_id"))
        try:
            await run_apart(
                settings, __name__, {"entity_id": entity_id, "question_id": question_id}
            )
        except BrokeApart:
            rows = QuestionThemes.of(entity_id).filter(question_id=question_id, state=QUEUED)
            await rows.update(state=FAILED)
            raise

    return find


async def find_themes(entity_id: int, question_id: int) -> None:
    """Group the open answers to a question and keep the themes for somebody to look at."""
    # The analysis is imported where it runs: never when the web process starts.
    from participa.insights.condense import Text, condense

    rows = await fetch(_TEXTS, entity_id, question_id)
    texts = [Text(int(key), str(words), str(key)) for key, words in rows]
    themes = [] if not texts else _themes(condense(texts))
    found = QuestionThemes.of(entity_id).filter(question_id=question_id)
    async with transaction():
        await found.update(state=FOUND, texts=len(texts), themes=themes)


def _themes(found: "Condensed") -> list[dict[str, object]]:
    return [
        {
            "label": " · ".join(theme.words[:4]),
            "people": len(theme.members),
            "quotes": [quote.words for quote in theme.quotes[:MOST_QUOTES]],
        }
        for theme in found.themes
        if len(theme.members) >= SMALLEST
    ]


def main() -> int:
    """Group the answers that standard input orders, at low priority."""
    settings, order = take_order()

    async def run() -> None:
        async with connected(settings):
            await find_themes(order["entity_id"], order["question_id"])

    asyncio.run(run())
    return 0


if __name__ == "__main__":
    sys.exit(main())
