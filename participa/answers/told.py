"""Telling by hand those whom no mail reaches: what came by telephone, on paper, from a mesa."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from markupsafe import Markup
from tortoise.expressions import Subquery
from tortoise.queryset import QuerySet

from participa.accounts.permissions import Actor
from participa.answers.models import AnswerTarget
from participa.answers.rules import PAGE_SIZE, seen_mark
from participa.answers.service import AnsweredMeanwhile, locked_process
from participa.audit import record
from participa.db import transaction
from participa.deliberation.models import Contribution, Merge
from participa.deliberation.rules import BY_ITSELF, State
from participa.deliberation.verdicts import VERDICT_PILLS, VERDICTS
from participa.deliberation.views import author_name, excerpt
from participa.i18n import Text, _
from participa.kit.html import SafeHtml, plain_text
from participa.processes.models import Process
from participa.processes.views import Pill
from participa.web.refusals import BadInput, NotFound

LONGEST_EXCERPT = 200
MOST_MERGED = 200
_MERGE = "u"


@dataclass(frozen=True, slots=True)
class ToTell:
    """Somebody to be told, or told already: by which channel they spoke, and what to tell.

    `seen` names the answer as it is now.
    """

    id: int
    receipt: str
    url: str
    author: str | Text
    channel: str
    people_count: int
    place: str
    said_at: datetime
    excerpt: str
    place_title: str
    pill: Pill
    office: str
    html: Markup | Text
    told_on: date | None
    told_how: str
    seen: str


def told_url(slug: str) -> str:
    """Give the address of the list of those to be told by hand."""
    return f"/gestion/procesos/{slug}/avisar"


def _by_hand(process: Process) -> QuerySet[AnswerTarget]:
    rows = AnswerTarget.of(process.entity_id).filter(
        answer__process_id=process.id,
        contribution__state=State.PUBLISHED,
        contribution__thread__is_hidden=False,
    )
    return rows.exclude(contribution__channel=BY_ITSELF)


async def to_tell(process: Process, *, told: bool, after: int = 0) -> list[ToTell]:
    """List those to be told, or those told already: a page, and one more if there is more."""
    rows = _by_hand(process).filter(told_on__isnull=not told, id__gt=after)
    related = rows.select_related("answer", "contribution__thread", "contribution__author")
    return [_shown(each) for each in await related.order_by("id").limit(PAGE_SIZE + 1)]


async def waiting_count(process: Process) -> int:
    """Count those who are still to be told."""
    merged = await _merged_by_hand(process).filter(told_on__isnull=True).count()
    return merged + await _by_hand(process).filter(told_on__isnull=True).count()


def _merged_by_hand(process: Process) -> QuerySet[Merge]:
    """Give what was merged and not answered since: an answer is told with the merge."""
    answered = AnswerTarget.of(process.entity_id).filter(answer__process_id=process.id)
    rows = Merge.of(process.entity_id).filter(
        contribution__process_id=process.id,
        contribution__state=State.PUBLISHED,
        contribution__thread__is_hidden=False,
    )
    rows = rows.exclude(contribution_id__in=Subquery(answered.values("contribution_id")))
    return rows.exclude(contribution__channel=BY_ITSELF)


async def merged_to_tell(process: Process, *, told: bool) -> list[ToTell]:
    """List those to be told, or told already, that what they said was merged."""
    rows = _merged_by_hand(process).filter(told_on__isnull=not told).order_by("id")
    related = rows.select_related("contribution__thread", "contribution__author", "into__thread")
    return [_shown_merge(each) for each in await related.limit(MOST_MERGED)]


def _shown_merge(merged: Merge) -> ToTell:
    into = merged.into
    return _row(
        merged.contribution,
        id=merged.id,
        pill=Pill("follow", _("Se unió a otro")),
        html=_("Se unió a «{title}» ({receipt}), que dice lo mismo: sus apoyos cuentan allá.",
               title=into.thread.title, receipt=into.receipt_number),
        told_on=merged.told_on,
        told_how=merged.told_how,
        seen=f"{_MERGE}{merged.id}",
    )  # fmt: skip


def _shown(target: AnswerTarget) -> ToTell:
    given = target.answer
    return _row(
        target.contribution,
        id=target.id,
        pill=Pill(VERDICT_PILLS[given.verdict], VERDICTS[given.verdict]),
        office=given.office,
        html=SafeHtml(given.reason_html),
        told_on=target.told_on,
        told_how=target.told_how,
        seen=seen_mark(given.id, given.edit_count),
    )


def _row(said: Contribution, *, office: str = "", **more: Any) -> ToTell:
    return ToTell(
        receipt=said.receipt_number,
        url=f"/aportes/{said.receipt_number}",
        author=author_name(said),
        channel=said.channel,
        people_count=said.people_count,
        place=said.place,
        said_at=said.created_at,
        excerpt=excerpt(plain_text(said.body_html), LONGEST_EXCERPT),
        place_title=said.thread.title,
        office=office,
        **more,
    )


def require_tellable(seen: Mapping[str, str], told_on: date, today: date) -> None:
    """Refuse with BadInput where nobody was chosen, or a day to come."""
    if not seen:
        raise BadInput(_("Elija al menos un aporte."))
    if told_on > today:
        raise BadInput(_("El día en que se avisó no puede ser futuro."))


async def mark_told(
    actor: Actor,
    process_id: int,
    seen: Mapping[str, str],
    *,
    told_on: date,
    how: str,
    today: date,
    now: datetime,
) -> None:
    """Note on which day, and how, those who said these were told of the answer.

    `seen` gives by receipt number the answer they were told. Refuses with BadInput a day to
    come or nobody chosen, with AnsweredMeanwhile when the answer is another one now, and with
    NotFound.
    """
    require_tellable(seen, told_on, today)
    of_merges = {receipt: mark for receipt, mark in seen.items() if mark.startswith(_MERGE)}
    async with transaction():
        process = await locked_process(actor.entity_id, process_id)
        targets = await _targets(process, {r: seen[r] for r in seen if r not in of_merges})
        merges = await _merges(process, of_merges)
        found = AnswerTarget.of(process.entity_id).filter(id__in=[each.id for each in targets])
        await found.update(told_on=told_on, told_how=how)
        merged = Merge.of(process.entity_id).filter(id__in=[each.id for each in merges])
        await merged.update(told_on=told_on, told_how=how)
        said = [each.contribution for each in targets]
        said += [each.contribution for each in merges]
        first, more = said[0], len(said) - 1
        await record(
            entity_id=actor.entity_id,
            actor_id=actor.person_id,
            actor_name=actor.name,
            action="answers.told",
            object_kind="answers.answer" if targets else "deliberation.contribution",
            object_id=targets[0].answer_id if targets else first.id,
            object_label=f"{first.receipt_number} (+{more})" if more else first.receipt_number,
            reason=told_on.isoformat(),
            now=now,
        )


async def _targets(process: Process, seen: Mapping[str, str]) -> list[AnswerTarget]:
    rows = _by_hand(process).filter(contribution__receipt_number__in=list(seen))
    targets = await rows.select_related("answer", "contribution").order_by("id")
    if len(targets) != len(seen):
        raise NotFound
    _require_unchanged(targets, seen)
    return targets


async def _merges(process: Process, seen: Mapping[str, str]) -> list[Merge]:
    """Give the merges of which people were told; one that is no more is refused."""
    rows = _merged_by_hand(process).filter(contribution__receipt_number__in=list(seen))
    merges = await rows.select_related("contribution").order_by("id")
    if {f"{_MERGE}{each.id}" for each in merges} != set(seen.values()):
        raise AnsweredMeanwhile
    return merges


def _require_unchanged(targets: Sequence[AnswerTarget], seen: Mapping[str, str]) -> None:
    for each in targets:
        mark = seen_mark(each.answer_id, each.answer.edit_count)
        if seen[each.contribution.receipt_number] != mark:
            raise AnsweredMeanwhile
