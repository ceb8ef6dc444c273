"""Short ways to answer formally, for tests."""

from participa.accounts.permissions import Actor
from participa.answers.models import Answer
from participa.answers.rules import Decision
from participa.answers.service import answer
from participa.deliberation.models import Contribution
from participa.deliberation.saying import Said
from participa.deliberation.service import publish
from participa.deliberation.verdicts import Verdict
from tests.people import NOW, Municipality

DESK = "/gestion/procesos/plan/respuestas"
REASON = "Hay plata en el presupuesto de 2027."


async def said(town: Municipality, text: str, who: Actor | None = None) -> Contribution:
    """Let somebody (Ana) say something under her topic."""
    return await publish(who or town.ana, town.topic.thread_id, Said(text), now=NOW)


async def answered(
    town: Municipality,
    *contributions: Contribution,
    verdict: Verdict = Verdict.ACCEPTED,
    reason: str = REASON,
    seen: str = "0",
    **place: object,
) -> Answer:
    """Let Diego answer contributions."""
    return await answer(
        town.diego,
        town.process.id,
        Decision(verdict, reason, **place),  # type: ignore[arg-type]
        {each.receipt_number: seen for each in contributions},
        now=NOW,
    )


def sent(*contributions: Contribution, **fields: str) -> dict[str, str]:
    """Fill in the desk's form for contributions without an answer."""
    boxes = {f"a-{each.receipt_number}": "0" for each in contributions}
    return {
        "verdict": "accepted",
        "reason": REASON,
        "section": "",
        "version": "",
        **boxes,
        **fields,
    }
