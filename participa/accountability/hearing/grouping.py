"""Grouping a session's questions and topics into its agenda, in a process apart.

`python -m participa.accountability.hearing.grouping` is started by the worker's job; the web
process imports neither numpy nor scikit-learn.
"""

import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from participa.accountability.hearing.agenda import Theme, plan
from participa.accountability.hearing.agenda_acts import keep_agenda
from participa.accountability.hearing.rules import TOPIC_KIND
from participa.accountability.models import AccountabilitySession
from participa.accountability.rules import KIND
from participa.db import connected
from participa.deliberation.models import Contribution
from participa.deliberation.rules import State
from participa.insights.condensing import LANGUAGE, SEED
from participa.jobs.apart import take_order
from participa.kit.html import plain_text

MAX_TITLE_WORDS = 5


async def openings_of(session: AccountabilitySession) -> list[Contribution]:
    """List what was asked and proposed for a session and can be read, but for what was merged."""
    rows = Contribution.of(session.entity_id).filter(
        is_opening=True, state=State.PUBLISHED, thread__kind__in=[KIND, TOPIC_KIND],
        thread__place_id=session.id, thread__is_hidden=False, thread__merged_at=None,
    )  # fmt: skip
    return await rows.select_related("thread").order_by("id")


def themes_of(openings: Sequence[Contribution]) -> list[Theme]:
    """Group what was asked into themes by what it is about, and say how many stand behind each."""
    from participa.insights.condense import Text, condense

    texts = [
        Text(
            id=said.id,
            body=f"{said.thread.title}. {plain_text(said.body_html)}",
            person=str(said.author_id) if said.author_id is not None else None,
            weight=said.people_count,
        )
        for said in openings
    ]
    by_id = {said.id: said for said in openings}
    found = condense(texts, language=LANGUAGE, seed=SEED)
    themes = [
        Theme(
            title=" · ".join(theme.words[:MAX_TITLE_WORDS]),
            questions=len(theme.members),
            voices=voices([by_id[member] for member in theme.members]),
        )
        for theme in found.themes
    ]
    alone = [by_id[each] for each in (*found.heard_once, *found.empty)]
    if alone:
        themes.append(Theme("", len(alone), voices(alone), is_others=True))
    return themes


def voices(openings: Sequence[Contribution]) -> int:
    """Count who asked and who supports."""
    return sum(said.people_count + said.support_count for said in openings)


async def make_agenda(entity_id: int, session_id: int, now: datetime) -> None:
    """Make the agenda of a session from what was asked until now, in place of the one before."""
    session = await AccountabilitySession.of(entity_id).get(id=session_id)
    slots = plan(session.minutes, themes_of(await openings_of(session)))
    await keep_agenda(entity_id, session_id, slots, now=now)


def main() -> int:
    """Make the agenda of the session that standard input names."""
    settings, order = take_order()

    async def run() -> None:
        async with connected(settings):
            await make_agenda(order["entity_id"], order["session_id"], datetime.now(UTC))

    asyncio.run(run())
    return 0


if __name__ == "__main__":
    sys.exit(main())
