"""Contributions with how they stand, as the desk and the public table show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from participa.answers.rules import seen_mark
from participa.answers.standing import Spot
from participa.deliberation.models import Contribution
from participa.deliberation.rules import State
from participa.deliberation.verdicts import VERDICT_PILLS, VERDICTS
from participa.deliberation.views import author_name, excerpt
from participa.i18n import Text, _, n_
from participa.kit.html import plain_text
from participa.processes.views import Pill

LONGEST_EXCERPT = 280
LATE_DAYS = 15


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A contribution that can be chosen to be answered; `seen` is what it has as answer now."""

    receipt: str
    url: str
    place_title: str
    author: str | Text
    excerpt: str
    channel: str
    people_count: int
    created_at: datetime
    pill: Pill
    change_url: str
    seen: str
    is_chosen: bool


async def desk_rows(
    entity_id: int, found: Sequence[Spot], chosen: Mapping[str, str], now: datetime
) -> list[DeskRow]:
    """Read the contributions behind these, in their order; only those that can be answered."""
    rows = await _contributions(entity_id, found)
    return [
        DeskRow(
            receipt=row.receipt_number,
            url=f"/aportes/{row.receipt_number}",
            place_title=row.thread.title,
            author=author_name(row),
            excerpt=excerpt(plain_text(row.body_html), LONGEST_EXCERPT),
            channel=row.channel,
            people_count=row.people_count,
            created_at=row.created_at,
            pill=standing_pill(spot, (now - row.created_at).days),
            change_url=f"/gestion/respuestas/{spot.answer_id}" if spot.answer_id else "",
            seen=seen_mark(spot.answer_id, spot.edit_count),
            is_chosen=row.receipt_number in chosen,
        )
        for spot, row in zip(found, rows, strict=True)
        if row.state == State.PUBLISHED
    ]


async def _contributions(entity_id: int, found: Sequence[Spot]) -> list[Contribution]:
    rows = Contribution.of(entity_id).filter(id__in=[spot.id for spot in found])
    by_id = {row.id: row for row in await rows.select_related("thread", "author")}
    return [by_id[spot.id] for spot in found]


def standing_pill(spot: Spot, days: int) -> Pill:
    """Say how a contribution stands; without an answer, for how many days."""
    if spot.standing in VERDICTS:
        return Pill(VERDICT_PILLS[spot.standing], VERDICTS[spot.standing])
    if spot.source == "reply":
        return Pill("follow", _("Respondido en la conversación"))
    words = n_("Sin respuesta, {count} día", "Sin respuesta, {count} días", days)
    return Pill("late" if days > LATE_DAYS else "coming", words)
