"""The demonstration's commitments: one in each state, one of them disputed."""

from participa.commitments.listing import Wanted, standings
from participa.commitments.models import Commitment, Source, Step
from participa.commitments.rules import Standing
from participa.entities.models import Entity
from tests.people import NOW


async def test_one_in_each_state(chirata: Entity) -> None:
    """Each says what led to it; the disputed one is in progress again."""
    today = NOW.astimezone(chirata.zone).date()
    found = await standings(chirata.id, Wanted(), today)
    assert all(found.counts[each] for each in Standing)
    disputed = await Step.of(chirata.id).filter(act="disputed").select_related("commitment").get()
    assert disputed.commitment.state == "in_progress"
    for made in await Commitment.of(chirata.id):
        sources = Source.of(chirata.id).filter(commitment_id=made.id)
        assert made.session_id or await sources.exists(), made.title
