"""Short ways to promise, for tests."""

from datetime import date, timedelta

from participa.accounts.permissions import Actor
from participa.commitments.evidence import add_link
from participa.commitments.models import Commitment
from participa.commitments.rules import Promise, State
from participa.commitments.service import make_commitment, move
from participa.deliberation.models import Contribution
from participa.entities.models import Office
from tests.people import NOW, Municipality

TODAY: date = NOW.date()
SOON = TODAY + timedelta(days=20)
TITLE = "Poner luces en el puente"


async def promised(
    town: Municipality, *said: Contribution, by: Actor | None = None, **changes: object
) -> Commitment:
    """Let Diego promise something that these contributions asked for."""
    office = await Office.of(town.entity.id).get(name="Secretaría de Planeación")
    values: dict[str, object] = {
        "title": TITLE,
        "office_id": office.id,
        "owner_id": town.diego.person_id,
        "due_on": SOON,
        "sources": tuple(each.id for each in said),
        **changes,
    }
    promise = Promise(**values)  # type: ignore[arg-type]
    return await make_commitment(by or town.diego, town.process.id, promise, now=NOW)


async def fulfilled(town: Municipality, *said: Contribution) -> Commitment:
    """Let Diego promise something and call it done, with a link as proof."""
    made = await promised(town, *said)
    await add_link(town.diego, made.id, "https://laloma.test/acta", "El acta", now=NOW)
    await move(town.diego, made.id, State.DONE, reason="", seen="1", now=NOW)
    return await Commitment.of(town.entity.id).get(id=made.id)
