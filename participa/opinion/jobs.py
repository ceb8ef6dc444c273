"""Groups of opinion are found by the worker soon after a round closes, in a process apart."""

import logging
from collections import defaultdict
from datetime import UTC, datetime, timedelta

from participa.entities.models import Entity
from participa.jobs import Handler
from participa.jobs.apart import BrokeApart, run_apart
from participa.opinion.models import Round, RoundGroups
from participa.opinion.rules import ACTIVITY
from participa.processes.models import Phase
from participa.processes.rules import final_closing
from participa.settings import Settings

GROUP_ROUNDS = "opinion.group_rounds"
GROUP_EVERY = timedelta(minutes=1)
_MODULE = "participa.opinion.grouping"
_log = logging.getLogger("participa.opinion")


async def rounds_to_group(entity_id: int, now: datetime) -> list[int]:
    """List an entity's rounds that are over and have no groups yet, in three statements.

    The groups of a round that was opened again are forgotten: its votes change.
    """
    rounds = await Round.of(entity_id).order_by("id")
    groups = await RoundGroups.of(entity_id).only("id", "round_id")
    kept = {each.round_id: each.id for each in groups}
    phases: defaultdict[int, list[Phase]] = defaultdict(list)
    for phase in await Phase.of(entity_id).filter(process_id__in={n.process_id for n in rounds}):
        phases[phase.process_id].append(phase)
    over = {each.id for each in rounds if _is_over(each, phases[each.process_id], now)}
    reopened = [key for number, key in kept.items() if number not in over]
    if reopened:
        await RoundGroups.of(entity_id).filter(id__in=reopened).delete()
    return sorted(over - kept.keys())


def _is_over(found: Round, phases: list[Phase], now: datetime) -> bool:
    at = found.closed_at or final_closing(phases, ACTIVITY)
    return at is not None and at <= now


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
    except BrokeApart:
        _log.exception("groups of round %s were not found", round_id)
