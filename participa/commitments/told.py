"""Telling by hand those whom no mail reaches: who asked by telephone, on paper or in a mesa."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from participa.accounts.permissions import Actor
from participa.answers.told import require_tellable
from participa.commitments.models import Commitment, Source, Step
from participa.commitments.rules import TOLD
from participa.commitments.service import MovedMeanwhile
from participa.commitments.steps import held, log
from participa.db import transaction
from participa.deliberation.rules import BY_ITSELF, State
from participa.deliberation.views import author_name, excerpt
from participa.i18n import Text
from participa.kit.html import plain_text
from participa.web.refusals import NotFound


@dataclass(frozen=True, slots=True)
class ToTell:
    """Somebody to be told how their commitment stands, and by which channel they spoke."""

    receipt: str
    url: str
    author: str | Text
    channel: str
    people_count: int
    place: str
    excerpt: str
    told_on: date | None
    told_how: str
    is_waiting: bool


async def to_tell(found: Commitment) -> list[ToTell]:
    """List those whom no mail reaches, those still to be told first, in two statements."""
    last = await _last_told(found)
    rows = Source.of(found.entity_id).filter(
        commitment_id=found.id, contribution__state=State.PUBLISHED,
        contribution__thread__is_hidden=False,
    )  # fmt: skip
    by_hand = rows.exclude(contribution__channel=BY_ITSELF)
    related = by_hand.select_related("contribution__author", "contribution__thread")
    views = [_view(each, last) for each in await related.order_by("id")]
    return sorted(views, key=lambda each: not each.is_waiting)


async def _last_told(found: Commitment) -> int:
    """Give the number of the last step that those who asked are told of."""
    steps = Step.of(found.entity_id).filter(commitment_id=found.id, act__in=list(TOLD))
    last = await steps.order_by("-number").first()
    return last.number if last is not None else 0


def _view(source: Source, last: int) -> ToTell:
    said = source.contribution
    return ToTell(
        receipt=said.receipt_number,
        url=f"/aportes/{said.receipt_number}",
        author=author_name(said),
        channel=said.channel,
        people_count=said.people_count,
        place=said.place,
        excerpt=excerpt(plain_text(said.body_html)),
        told_on=source.told_on,
        told_how=source.told_how,
        is_waiting=source.told_step < last,
    )


async def mark_told(
    actor: Actor,
    commitment_id: int,
    seen: Mapping[str, str],
    *,
    told_on: date,
    how: str,
    today: date,
    now: datetime,
) -> None:
    """Note on which day, and how, those who said these were told how the commitment stands.

    `seen` gives by receipt number the step they were told of. Refuses with NotFound, NotAllowed,
    with BadInput a day to come or nobody chosen, and with MovedMeanwhile.
    """
    require_tellable(seen, told_on, today)
    async with transaction():
        found = await held(actor, commitment_id)
        if set(seen.values()) != {str(found.step_count)}:
            raise MovedMeanwhile
        rows = Source.of(actor.entity_id).filter(
            commitment_id=found.id, contribution__receipt_number__in=list(seen)
        )
        ids = [each.id for each in await rows]
        if len(ids) != len(seen):
            raise NotFound
        marked = Source.of(actor.entity_id).filter(id__in=ids)
        await marked.update(told_step=found.step_count, told_on=told_on, told_how=how)
        await log(actor, found, "told", told_on.isoformat(), now)
