"""What became of the demonstration's conversations in the hands of those who look after them."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time

from participa.demo.cast import Cast
from participa.demo.content import ForumPart
from participa.facilitation.service import conclude

CLOSED_DAYS_AGO, CLOSED_AT = 6, time(16, 20)


def closed_topics(forums: Iterable[ForumPart]) -> set[str]:
    """Name the topics that have a conclusion, as the script names their threads."""
    return {
        f"{part.key}/{topic.key}" for part in forums for topic in part.topic if topic.conclusion
    }


async def close_topics(
    cast: Cast, forums: Iterable[ForumPart], threads: Mapping[str, int], now: datetime
) -> None:
    """Close the topics that have a conclusion; `threads` names them as the script does."""
    for part in forums:
        for topic in part.topic:
            if topic.conclusion:
                office = cast.offices[topic.concluded_by]
                thread_id = threads[f"{part.key}/{topic.key}"]
                await conclude(office, thread_id, topic.conclusion.strip(), now=now)
