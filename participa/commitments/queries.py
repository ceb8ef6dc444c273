"""Reads of commitments: one with its history, and what other pages show of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tortoise.functions import Count

from participa.accounts.permissions import Target
from participa.commitments.models import Commitment, Source, Step, Verdict
from participa.commitments.rules import (
    ACTS,
    STANDING_PILLS,
    STANDINGS,
    Act,
    standing,
    was_late,
)
from participa.deliberation.models import Contribution
from participa.deliberation.rules import State as SaidState
from participa.deliberation.views import excerpt
from participa.features import Commitment as Led
from participa.features import Filling, Origin
from participa.i18n import Text, _
from participa.kit.html import plain_text
from participa.processes.queries import process_target
from participa.processes.views import Pill
from participa.web.refusals import NotFound

LONGEST_LABEL = 90


@dataclass(frozen=True, slots=True)
class SourceView:
    """A contribution that led to a commitment and can be read."""

    receipt: str
    url: str
    place_title: str
    excerpt: str
    support_count: int


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of the history; a dispute has the words of who asked, unless they were hidden."""

    label: Text
    state: str
    at: datetime
    by: str
    note: str
    due_on: date
    has_new_day: bool
    verdict_id: int | None = None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Agreed:
    """How many of those who asked confirm the latest fulfilment, and how many disputed any."""

    confirmed: int = 0
    disputed: int = 0


def commitment_url(commitment_id: int) -> str:
    """Give the page of a commitment."""
    return f"/compromisos/{commitment_id}"


def desk_url(commitment_id: int) -> str:
    """Give the officials' page of a commitment."""
    return f"/gestion/compromisos/{commitment_id}"


async def commitment_of(entity_id: int, commitment_id: int) -> Commitment:
    """Find a commitment with process, office and owner. Refuses with NotFound."""
    rows = Commitment.of(entity_id).filter(id=commitment_id)
    found = await rows.select_related("process", "office", "owner").first()
    if found is None:
        raise NotFound
    return found


def commitment_target(found: Commitment) -> Target:
    """Give a commitment, its process loaded, as what is acted upon: public when that is."""
    return process_target(found.process)


def standing_pill(found: Commitment, today: date) -> Pill:
    """Say where a commitment stands, in a word and a shape."""
    stands = standing(found.state, found.due_on, today)
    if was_late(found.due_on, found.done_on):
        return Pill(STANDING_PILLS[stands], _("Cumplido después de su fecha"))
    return Pill(STANDING_PILLS[stands], STANDINGS[stands])


async def sources_of(found: Commitment) -> list[SourceView]:
    """List what led to a commitment and can be read, in one statement."""
    rows = Source.of(found.entity_id).filter(
        commitment_id=found.id,
        contribution__state=SaidState.PUBLISHED,
        contribution__thread__is_hidden=False,
    )
    related = rows.select_related("contribution__thread").order_by("contribution_id")
    return [_source(each.contribution) for each in await related]


def _source(said: Contribution) -> SourceView:
    return SourceView(
        receipt=said.receipt_number,
        url=f"/aportes/{said.receipt_number}",
        place_title=said.thread.title,
        excerpt=excerpt(plain_text(said.body_html)),
        support_count=said.support_count,
    )


async def steps_of(found: Commitment) -> list[StepView]:
    """Tell the history of a commitment, newest first, in two statements."""
    rows = Step.of(found.entity_id).filter(commitment_id=found.id).order_by("number")
    steps = await rows
    disputes = Verdict.of(found.entity_id).filter(commitment_id=found.id, is_confirmed=False)
    verdicts = {each.id: each for each in await disputes.select_related("person")}
    views = []
    due_on: date | None = None
    for step in steps:
        verdict = verdicts.get(step.verdict_id or 0)
        views.append(_step(step, verdict, has_new_day=due_on not in {None, step.due_on}))
        due_on = step.due_on
    return views[::-1]


def _step(step: Step, verdict: Verdict | None, *, has_new_day: bool) -> StepView:
    is_hidden = verdict is not None and bool(verdict.hidden_rule)
    words = step.note if verdict is None else verdict.reason
    return StepView(
        label=ACTS[Act(step.act)],
        state=step.state,
        at=step.at,
        by=step.office or (verdict.person.display_name if verdict is not None else ""),
        note="" if is_hidden else words,
        due_on=step.due_on,
        has_new_day=has_new_day,
        verdict_id=step.verdict_id,
        is_hidden=is_hidden,
    )


async def agreed_of(entity_id: int, made: Sequence[Commitment]) -> Mapping[int, Agreed]:
    """Count what those who asked say of several commitments, in one statement.

    Confirmations are of the latest time each was called done, disputes of any.
    """
    rows = Verdict.of(entity_id).filter(commitment_id__in=[each.id for each in made])
    grouped = rows.annotate(n=Count("id")).group_by("commitment_id", "done_number", "is_confirmed")
    found = await grouped.values_list("commitment_id", "done_number", "is_confirmed", "n")
    confirmed: dict[tuple[int, int], int] = {}
    disputed: dict[int, int] = defaultdict(int)
    for each, number, agrees, n in found:
        if agrees:
            confirmed[int(str(each)), int(str(number))] = int(str(n))
        else:
            disputed[int(str(each))] += int(str(n))
    return {
        each.id: Agreed(confirmed.get((each.id, each.done_count), 0), disputed[each.id])
        for each in made
    }


async def commitments_of(
    entity_id: int, contributions: Collection[int], now: datetime
) -> dict[int, list[Led]]:
    """Give, by contribution, the commitments it led to in processes that the public can see."""
    rows = Source.of(entity_id).filter(
        contribution_id__in=list(contributions), commitment__process__is_published=True
    )
    found: dict[int, list[Led]] = defaultdict(list)
    for each in await rows.select_related("commitment__entity").order_by("id"):
        today = now.astimezone(each.commitment.entity.zone).date()
        found[each.contribution_id].append(_led(each.commitment, today))
    return found


def _led(made: Commitment, today: date) -> Led:
    pill = standing_pill(made, today)
    label = excerpt(made.title, LONGEST_LABEL)
    words = _("Llevó al compromiso")
    return Led(label, commitment_url(made.id), words, pill.kind, pill.text)


async def links_of(entity_id: int, ids: Collection[int]) -> dict[int, Origin]:
    """Link commitments that the public can see."""
    rows = Commitment.of(entity_id).filter(id__in=list(ids), process__is_published=True)
    return {each.id: Origin(each.title, commitment_url(each.id)) for each in await rows}


async def commitments_on(
    entity_id: int, kind: str, object_id: int, today: date
) -> list[tuple[str, str, Pill]]:
    """Give the public commitments made on a thing: title, address and where they stand."""
    rows = Commitment.of(entity_id).filter(
        origin_kind=kind, origin_id=object_id, process__is_published=True
    )
    found = await rows.order_by("is_settled", "due_on", "id")
    return [(each.title, commitment_url(each.id), standing_pill(each, today)) for each in found]


async def fillings_of(entity_id: int, processes: Sequence[int]) -> list[Filling]:
    """Give commitments, for the Menú Participa; those of a session are what it improves."""
    rows = Commitment.of(entity_id).filter(process_id__in=list(processes))
    return [
        Filling(
            "improvement" if each.session_id is not None else "commitment",
            each.title,
            commitment_url(each.id),
            None if each.session_id is not None else each.process_id,
            each.made_at,
        )
        for each in await rows.order_by("-id")
    ]
