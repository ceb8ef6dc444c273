"""Groups of opinion are found by the worker in a process apart: soon after a round closes.

Of a round that shows them while it is open, also now and then while people vote.
"""

import logging
from collections import defaultdict
from datetime import UTC, datetime, timedelta

from participa.db import transaction
from participa.entities.models import Entity
from participa.jobs import Handler
from participa.jobs.apart import BrokeApart, run_apart
from participa.opinion.models import Round, RoundGroups
from participa.opinion.queries import votes_count
from participa.opinion.rules import ACTIVITY, FEWEST_NEW, is_due
from participa.opinion.service import forget_groups, topic
from participa.processes.models import Phase
from participa.processes.rules import final_closing
from participa.realtime import wake
from participa.settings import Settings

GROUP_ROUNDS = "opinion.group_rounds"
GROUP_EVERY = timedelta(minutes=1)
_MODULE = "participa.opinion.grouping"
_log = logging.getLogger("participa.opinion")


async def rounds_to_group(entity_id: int, now: datetime) -> list[int]:
    """List an entity's rounds whose groups are to be found, in three statements.

    Those are rounds that are over, once, and open ones that show groups, now and then (two
    statements more for each of these). What was found before the end is found again after it;
    the groups of a sealed round that was opened again are forgotten: its votes change.
    """
    rounds = await Round.of(entity_id).order_by("id")
    groups = await RoundGroups.of(entity_id).only("id", "round_id", "found_at", "votes", "seconds")
    kept = {each.round_id: each for each in groups}
    phases: defaultdict[int, list[Phase]] = defaultdict(list)
    for phase in await Phase.of(entity_id).filter(process_id__in={n.process_id for n in rounds}):
        phases[phase.process_id].append(phase)
    wanted = []
    for each in rounds:
        at = each.closed_at or final_closing(phases[each.process_id], ACTIVITY)
        if await _is_wanted(each, at, kept.get(each.id), now):
            wanted.append(each.id)
    return wanted


async def _is_wanted(
    found: Round, ends_at: datetime | None, kept: RoundGroups | None, now: datetime
) -> bool:
    if ends_at is not None and ends_at <= now:
        return kept is None or kept.found_at < ends_at
    if not found.shows_groups_live:
        if kept is not None:
            async with transaction():
                await forget_groups(found.entity_id, found.id)
        return False
    votes = await votes_count(found.entity_id, found.id)
    if kept is None:
        return votes >= FEWEST_NEW
    return is_due(kept.votes, kept.found_at, kept.seconds, votes, now)


def round_grouper(settings: Settings) -> Handler:
    """Make the handler that finds the groups of every round that needs it."""

    async def group(_arguments: dict[str, object]) -> None:
        for entity in await Entity.all().order_by("id"):
            for round_id in await rounds_to_group(entity.id, datetime.now(UTC)):
                await _group(settings, entity.id, round_id)

    return group


async def _group(settings: Settings, entity_id: int, round_id: int) -> None:
    """Find the groups of one round; one that breaks leaves the others to be found."""
    try:
        await run_apart(settings, _MODULE, {"entity_id": entity_id, "round_id": round_id})
        # What the process apart woke does not reach the pages of this one.
        wake(topic(round_id))
    except BrokeApart:
        _log.exception("groups of round %s were not found", round_id)
