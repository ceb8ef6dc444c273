"""What became of the demonstration's conversations in the hands of those who look after them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time

from participa.consultations.coauthors import cosigners
from participa.deliberation.models import Contribution
from participa.demo.cast import Cast
from participa.demo.content import ForumPart, Proposal
from participa.demo.script import OPENING, proposal_thread
from participa.facilitation.merges import merge
from participa.facilitation.pins import pin, pin_thread
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


async def pin_topics(
    cast: Cast, forums: Iterable[ForumPart], said: Mapping[str, Contribution], now: datetime
) -> None:
    """Pin topics and answers that help who arrives; `said` has them by the script's keys."""
    moderator = cast.staff["moderator"]
    for part in forums:
        for topic in part.topic:
            thread = f"{part.key}/{topic.key}"
            if topic.pinned:
                opening = said[f"{thread}/{OPENING}"]
                await pin_thread(moderator, opening.thread_id, wanted=True, now=now)
            for post in topic.post:
                if post.pinned:
                    await pin(moderator, said[f"{thread}/{post.key}"].id, wanted=True, now=now)


async def merge_proposals(
    cast: Cast, proposals: Sequence[Proposal], said: Mapping[str, Contribution], now: datetime
) -> None:
    """Merge the proposals that say the same as another one."""
    openings = {each.key: said[f"{proposal_thread(each)}/{OPENING}"].id for each in proposals}
    for each in proposals:
        if each.merged_into:
            await merge(
                cast.staff["moderator"], openings[each.key], openings[each.merged_into],
                reason=each.merged_because, now=now, cosigners=cosigners,
            )  # fmt: skip
