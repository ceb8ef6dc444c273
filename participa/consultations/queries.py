"""Reads of consultations: counts of what was said about sections, and what lists show.

Each takes a fixed number of statements, whatever the size of the plan.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tortoise.functions import Count, Sum

from participa.accounts.permissions import Target
from participa.consultations.models import Consultation
from participa.consultations.rules import (
    COMMENT,
    PROPOSAL_KIND,
    PROPOSE,
    SECTION_KIND,
    section_key,
)
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.queries import activity_by_place
from participa.deliberation.rules import State
from participa.deliberation.tallies import Tally, tally_kind, tally_places, tally_processes
from participa.features import ActivityCard
from participa.i18n import Number, Text, _, n_
from participa.processes.queries import Schedule
from participa.processes.views import Pill, activity_pill, ended_pill
from participa.web.navigation import with_query
from participa.web.refusals import NotFound


@dataclass(frozen=True, slots=True)
class Stances:
    """How many of the contributions that can be read take each side."""

    in_favour: int = 0
    against: int = 0
    neutral: int = 0


async def call_of(entity_id: int, consultation_id: int) -> Consultation:
    """Find a call for proposals with its process.

    Refuses with NotFound, also for another entity's and for a consultation about a text.
    """
    rows = Consultation.of(entity_id).filter(id=consultation_id, plan_id=None)
    found = await rows.select_related("process").first()
    if found is None:
        raise NotFound
    return found


def call_target(call: Consultation) -> Target:
    """Give a call as what is acted upon: public when it is published and its process too."""
    is_public = call.process.is_published and call.is_published
    return Target(call.entity_id, call.process_id, is_public=is_public)


def is_receiving(call: Consultation, schedule: Schedule, now: datetime) -> bool:
    """Tell whether a call receives proposals now."""
    return call.is_published and call.closed_at is None and schedule.is_open(PROPOSE, now)


def call_pill(call: Consultation, schedule: Schedule, now: datetime, zone: ZoneInfo) -> Pill:
    """Say where a call stands."""
    if not call.is_published:
        return Pill("coming", _("Sin publicar"))
    if call.closed_at is not None:
        return ended_pill(call.closed_at, zone)
    return activity_pill(schedule, PROPOSE, now, zone)


async def question_about(entity_id: int, plan_id: int) -> str:
    """Give what is asked about a plan; empty when nothing is, or nobody asks yet."""
    rows = Consultation.of(entity_id).filter(plan_id=plan_id)
    return str(next(iter(await rows.values_list("question", flat=True)), ""))


async def section_counts(entity_id: int, process_id: int) -> dict[int, Tally]:
    """Count the contributions to each section that has any, in two statements."""
    rows = Thread.of(entity_id).filter(process_id=process_id, kind=SECTION_KIND)
    said = rows.filter(is_hidden=False, contribution_count__gt=0)
    found = await said.values_list("place_id", "contribution_count")
    totals = {int(str(section)): int(str(count)) for section, count in found}
    return await tally_kind(entity_id, process_id, SECTION_KIND, totals)


async def counts_of(entity_id: int, sections: Collection[int]) -> dict[int, Tally]:
    """Count the contributions to some sections, in two statements."""
    found = await activity_by_place(entity_id, SECTION_KIND, list(sections))
    totals = {section: said for section, (_threads, said, _last) in found.items()}
    return await tally_places(entity_id, SECTION_KIND, totals)


async def section_thread(entity_id: int, section_id: int) -> Thread | None:
    """Find the conversation about a section, if it was opened."""
    rows = Thread.of(entity_id).filter(sole_key=section_key(section_id), is_hidden=False)
    return await rows.first()


async def stances_of(thread: Thread) -> Stances:
    """Count who is in favour and who is against, among what can be read."""
    rows = Contribution.of(thread.entity_id).filter(thread_id=thread.id, state=State.PUBLISHED)
    sides = rows.filter(stance__isnull=False).annotate(n=Count("id")).group_by("stance")
    found = await sides.values_list("stance", "n")
    return Stances(**{str(stance): int(str(count)) for stance, count in found})


async def cards_of(entity_id: int, processes: Sequence[int]) -> list[ActivityCard]:
    """Give the consultations of several processes as cards, in five statements."""
    rows = Consultation.of(entity_id).filter(process_id__in=list(processes), is_published=True)
    found = await rows.select_related("process").order_by("process_id", "id")
    calls = [each.id for each in found if each.plan_id is None]
    proposals = await activity_by_place(entity_id, PROPOSAL_KIND, calls)
    said = {place: count for place, (_threads, count, _last) in proposals.items()}
    tallies = await tally_places(entity_id, PROPOSAL_KIND, said)
    comments = await _comments_by_process(entity_id, processes)
    none = (0, Tally())
    return [
        _call_card(each, proposals.get(each.id, (0,))[0], tallies.get(each.id, Tally()))
        if each.plan_id is None
        else _plan_card(each, *comments.get(each.process_id, none))
        for each in found
    ]


async def _comments_by_process(
    entity_id: int, processes: Sequence[int]
) -> dict[int, tuple[int, Tally]]:
    rows = Thread.of(entity_id).filter(kind=SECTION_KIND, process_id__in=list(processes))
    counted = rows.filter(is_hidden=False).annotate(n=Count("id"), said=Sum("contribution_count"))
    found = await counted.group_by("process_id").values_list("process_id", "n", "said")
    counts = {int(str(process)): (int(str(n)), int(str(said))) for process, n, said in found}
    totals = {process: said for process, (_n, said) in counts.items()}
    tallies = await tally_processes(entity_id, SECTION_KIND, totals)
    return {process: (n, tallies[process]) for process, (n, _said) in counts.items()}


def _plan_card(consultation: Consultation, sections: int, said: Tally) -> ActivityCard:
    return _card(
        consultation,
        activity=COMMENT,
        url=plan_url(consultation.process.slug),
        fact=_("{sections} apartados, {said}", sections=Number(sections), said=said.words),
        action=_("Leer y comentar"),
    )


def _call_card(consultation: Consultation, proposals: int, said: Tally) -> ActivityCard:
    fact = n_(
        "{proposals} propuesta", "{proposals} propuestas", proposals, proposals=Number(proposals)
    )
    if said.total > proposals:
        count = said.total - proposals
        comments = n_("{n} comentario", "{n} comentarios", count, n=Number(count))
        fact = _("{proposals}, {comments}", proposals=fact, comments=comments)
    if said.others:
        fact = _("{fact}: {channels}", fact=fact, channels=said.channels)
    is_closed = consultation.closed_at is not None
    return _card(
        consultation,
        activity=PROPOSE,
        url=proposals_url(consultation.id),
        fact=_("{fact}, ya no recibe más", fact=fact) if is_closed else fact,
        action=_("Ver las propuestas") if is_closed else _("Ver y proponer"),
    )


def _card(
    consultation: Consultation, *, activity: str, url: str, fact: Text, action: Text
) -> ActivityCard:
    return ActivityCard(
        kind="consultation",
        kind_label=_("Consulta"),
        process_id=consultation.process_id,
        activity=activity,
        title=consultation.title,
        summary=consultation.question,
        url=url,
        fact=fact,
        action=action,
    )


def plan_url(slug: str) -> str:
    """Give the page of a process's plan."""
    return f"/procesos/{slug}/plan"


def changes_url(
    plan_url: str,
    before: int | None = None,
    after: int | None = None,
    *,
    apartado: int | None = None,
) -> str:
    """Give the page of what changed between two versions of a plan, or in one of its sections."""
    return with_query(f"{plan_url}/cambios", de=before, a=after, apartado=apartado)


def versions_url(plan_url: str, number: int | None = None) -> str:
    """Give the page of all versions of a plan, or that on which one of them is read."""
    return f"{plan_url}/versiones" if number is None else f"{plan_url}/versiones/{number}"


def proposals_url(consultation_id: int) -> str:
    """Give the page of a call for proposals."""
    return f"/consultas/{consultation_id}/propuestas"
